package org.plimsoll.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.plimsoll.core.Checkout;
import org.plimsoll.core.Json;

/**
 * The {@code plimsoll} command as a person calls it: in a process of its own, on a home of its own, without the launcher's build.
 *
 * @param folder where it is called
 * @param home the home it works on
 * @param root the clone it believes to be in: where {@code examples/} lies
 */
record CommandLine(Path folder, Path home, Path root) {

    private static final long PATIENCE_MINUTES = 15;

    CommandLine(Path folder) {
        this(folder, folder.resolve("home"), Checkout.resolve(""));
    }

    /** How a call ended. @param output what it wrote, both streams in the order written */
    record Ended(int exit, String output) {

        /** What it wrote, where it did what was asked. */
        String done() {
            assertThat(exit).as(output).isZero();
            return output;
        }
    }

    /** Calls the command and waits for its end. */
    Ended call(String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "said", ".txt");
        Process process = start(output, arguments);
        assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES))
                .as(() -> read(output))
                .isTrue();
        return new Ended(process.exitValue(), read(output));
    }

    /** Starts the command and leaves it running. */
    Process start(Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Launcher.script().toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment()
                .putAll(Map.of(
                        "PLIMSOLL_HOME",
                        home.toString(),
                        "PLIMSOLL_ROOT",
                        root.toString(),
                        "OMP_WAIT_POLICY",
                        "passive"));
        return builder.start();
    }

    /** Ends the server that a command left running, as {@code kill} does, and waits until it has drained. */
    void stopServer() throws IOException {
        Path server = home.resolve("server.json");
        if (Files.exists(server)) {
            long pid =
                    Json.MAPPER.readTree(Files.readAllBytes(server)).path("pid").asLong();
            ProcessHandle.of(pid).ifPresent(process -> {
                process.destroy();
                process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
            });
        }
    }

    private static String read(Path output) {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "nothing to read: " + e;
        }
    }
}
