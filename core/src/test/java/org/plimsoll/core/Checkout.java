package org.plimsoll.core;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of this repository, whichever of its modules a test runs in. */
public final class Checkout {

    private static final Path ROOT = root();

    private Checkout() {}

    /** A file or folder by its place in the repository, such as {@code docs/openapi.json}. */
    public static Path resolve(String place) {
        return ROOT.resolve(place);
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("ARCHITECTURE.md"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
