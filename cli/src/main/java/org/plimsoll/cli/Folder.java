package org.plimsoll.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Folders that live as long as one command. */
final class Folder {

    private Folder() {}

    /** A folder that is taken away when it is closed, and when the process is stopped before that. */
    static final class Passing implements AutoCloseable {

        private final Path path;
        private final Thread atEnd;

        private Passing(Path path) {
            this.path = path;
            this.atEnd = new Thread(this::removeWhileWritten, "remove " + path.getFileName());
            Runtime.getRuntime().addShutdownHook(atEnd);
        }

        Path path() {
            return path;
        }

        /** The other threads go on until the process has ended, and may write once more. */
        private void removeWhileWritten() {
            for (int i = 0; i < 3 && Files.exists(path); i++) {
                remove(path);
            }
        }

        @Override
        public void close() {
            remove(path);
            try {
                Runtime.getRuntime().removeShutdownHook(atEnd);
            } catch (IllegalStateException _) {
                // the process is being stopped, and the hook does the same
            }
        }
    }

    /** Makes such a folder. */
    static Passing passing(Path path) throws IOException {
        return new Passing(Files.createDirectories(path));
    }

    /** Takes it away with everything in it; nothing happens where it is not there. */
    static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            System.getLogger(Folder.class.getName())
                    .log(System.Logger.Level.WARNING, folder + " could not be removed", e);
        }
    }
}
