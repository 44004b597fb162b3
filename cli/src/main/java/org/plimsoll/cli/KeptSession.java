package org.plimsoll.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import org.plimsoll.access.AccessOperations.SignedIn;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import tools.jackson.core.JacksonException;

/**
 * The session that {@code plimsoll login} left: in the home for the home's own server, in the person's configuration folder for
 * a server elsewhere. Readable by nobody else. {@code PLIMSOLL_TOKEN} comes before it.
 */
record KeptSession(String login, String token, Instant expiresAt) {

    private static final String FILE = "session.json";

    static Path inHome(Path home) {
        return home.resolve(FILE);
    }

    static Path elsewhere(URI server) {
        String configuration = Home.setting("XDG_CONFIG_HOME").orElse(System.getProperty("user.home") + "/.config");
        String name = (server.getHost() + "_" + server.getPort()).replaceAll("[^\\w.-]", "_");
        return Path.of(configuration, "plimsoll", name + ".json");
    }

    static Optional<String> tokenFor(URI server) {
        return token(elsewhere(server));
    }

    /** The credential to use with what this file is kept for. */
    static Optional<String> token(Path file) {
        return Home.setting("PLIMSOLL_TOKEN").or(() -> read(file).map(KeptSession::token));
    }

    static Optional<KeptSession> read(Path file) {
        try {
            return Files.exists(file)
                    ? Optional.of(Json.read(Files.readAllBytes(file), KeptSession.class))
                    : Optional.empty();
        } catch (IOException | JacksonException unreadable) {
            return Optional.empty();
        }
    }

    static void keep(Path file, SignedIn session) {
        var kept = new KeptSession(session.principal().login(), session.token(), session.expiresAt());
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder == null) {
                throw new IOException(file + " has no folder");
            }
            Files.createDirectories(folder);
            writePrivately(folder, file, Json.bytes(kept));
        } catch (IOException e) {
            throw Problem.of(Problem.Kind.INVALID, "cannot keep the session in " + file + ": " + e.getMessage());
        }
    }

    static void forget(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw Problem.of(Problem.Kind.INVALID, "cannot delete " + file + ": " + e.getMessage());
        }
    }

    /** Whole or not at all, and never readable by others, not even for a moment. */
    static void writePrivately(Path folder, Path file, byte[] bytes) throws IOException {
        Path fresh = Files.createTempFile(
                folder,
                ".fresh",
                ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(fresh, bytes);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
