package org.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTest {

    @TempDir
    Path folder;

    @Test
    void passing_isGoneOnceItIsClosed() throws IOException {
        Path work = folder.resolve("work");
        try (Folder.Passing passing = Folder.passing(work)) {
            Files.createDirectories(passing.path().resolve("a/b"));
            Files.writeString(passing.path().resolve("a/b/c"), "x");
        }
        assertThat(work).doesNotExist();
    }

    /** Whoever stops a command with Ctrl-C finds nothing half-written. */
    @Test
    void passing_isGoneWhenItsProcessIsStopped() throws Exception {
        Path work = folder.resolve("work");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Waiting.class.getName(),
                        work.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(process.getInputStream().read()).as("it has begun").isEqualTo('+');
        assertThat(work.resolve("half")).exists();
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(work).doesNotExist();
    }

    /** A command that is stopped on the way. */
    static final class Waiting {

        private Waiting() {}

        public static void main(String[] arguments) throws Exception {
            try (Folder.Passing passing = Folder.passing(Path.of(arguments[0]))) {
                Files.writeString(passing.path().resolve("half"), "x");
                System.out.print('+');
                System.out.flush();
                Thread.sleep(TimeUnit.MINUTES.toMillis(1));
            }
        }
    }
}
