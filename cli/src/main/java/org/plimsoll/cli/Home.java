package org.plimsoll.cli;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.plimsoll.access.Operations;
import org.plimsoll.api.HttpOperations;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.server.Application;
import org.plimsoll.server.Configuration;
import org.plimsoll.server.Rooms;
import org.plimsoll.server.Settings;
import tools.jackson.core.JacksonException;

/**
 * A home, and the server that serves it: found, or become.
 *
 * <pre>
 *   read server.json ── ask it who it is ── the same instance answers ──> talk to it
 *        │ no file, no answer, another instance
 *   try the lock ── got it ──> start a server on a free port, write server.json, go on in this process
 *        │ held: somebody is starting, draining or stopped
 *   wait 20 ms and begin again; after 15 s say who holds it
 * </pre>
 *
 * The kernel frees the lock when its holder dies, so nobody asks whether a process lives; the lock file itself is never deleted.
 */
final class Home implements AutoCloseable {

    /** The folder's name where none was given. */
    static final String FOLDER = ".plimsoll";

    private static final String SERVER_FILE = "server.json";
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Map<String, String> ON_ANY_PORT = Map.of("server.port", "0", "server.host", "127.0.0.1");
    private static final int CONNECT_MILLIS = 1_000;
    private static final int ANSWER_MILLIS = 5_000;

    /**
     * What server.json says.
     *
     * @param instance a random name; only the server that answers to it is the one meant
     * @param token while the home serves one person, that person's session; later it opens nothing
     * @param brief whether a command serves meanwhile, and will drain when it ends
     */
    record Address(URI url, long pid, String instance, String token, boolean brief) {}

    private final Path path;
    private @Nullable FileChannel channel;
    private @Nullable FileLock lock;
    private @Nullable Application application;
    private String homeToken = "";

    Home(Path path) {
        this.path = path;
        keepTemporaryFilesInside(path);
    }

    Path path() {
        return path;
    }

    // ---- finding the folder ----

    /** The nearest home upward from here. */
    static Optional<Path> nearest(Path from) {
        for (Path folder = from; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(FOLDER))) {
                return Optional.of(folder.resolve(FOLDER));
            }
        }
        return Optional.empty();
    }

    /** Makes the folder where it is not there yet, for its owner alone. */
    static Path create(Path wanted) {
        Path path = wanted.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(path)) {
                Path parent = path.getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                Files.createDirectory(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            return path;
        } catch (IOException e) {
            throw notUsable(path, e);
        }
    }

    /** A variable of the environment that is set to something. */
    static Optional<String> setting(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }

    // ---- the server ----

    /** Asks whoever serves this home now, or serves it in this process; when that one goes away, the next. */
    Operations operations() {
        return new PersistentOperations(this::find);
    }

    /** Whoever serves this home now, if anybody does. */
    Optional<Address> running() {
        Address found;
        try {
            found = Json.read(Files.readAllBytes(path.resolve(SERVER_FILE)), Address.class);
        } catch (IOException | JacksonException none) {
            return Optional.empty();
        }
        try {
            var connection =
                    (HttpURLConnection) found.url().resolve("/instance").toURL().openConnection();
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(ANSWER_MILLIS);
            try (var in = connection.getInputStream()) {
                String answer = new String(in.readNBytes(200), StandardCharsets.UTF_8);
                return answer.equals(found.instance()) ? Optional.of(found) : Optional.empty();
            }
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /**
     * Serves this home in this process, until closed. Waits for a command that serves it meanwhile.
     *
     * @throws Problem where another server does
     */
    Application serve(Map<String, String> flags) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!become(flags, false)) {
            Optional<Address> other = running();
            if (other.isPresent() && !other.get().brief()) {
                throw Problem.of(
                        Problem.Kind.CONFLICT,
                        "process " + other.get().pid() + " serves " + path + " already, at "
                                + other.get().url());
            }
            waitOrGiveUp(deadline);
        }
        if (application == null) {
            throw new IllegalStateException("this process does not serve the home");
        }
        return application;
    }

    private Operations find() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            if (application != null) {
                Optional<String> token = credential(homeToken);
                return application.entrance().as(application.standing().actor(token));
            }
            Optional<Address> other = running();
            if (other.isPresent()) {
                Optional<String> token = credential(other.get().token());
                return new HttpOperations(other.get().url(), token, Rooms.CATALOGUE);
            }
            if (become(ON_ANY_PORT, true)) {
                continue;
            }
            waitOrGiveUp(deadline);
        }
    }

    /** What opens the home that this process serves to its one person, until the process ends. */
    String ownToken() {
        return homeToken;
    }

    /** The session that somebody signed in with; else the home's own token, which opens a home of one person. */
    private Optional<String> credential(String homeToken) {
        return KeptSession.token(KeptSession.inHome(path)).or(() -> Optional.of(homeToken));
    }

    private boolean become(Map<String, String> flags, boolean brief) {
        try {
            FileChannel opened =
                    FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock got = tryLock(opened);
            if (got == null) {
                opened.close();
                return false;
            }
            channel = opened;
            lock = got;
            var random = new byte[24];
            new SecureRandom().nextBytes(random);
            homeToken = HexFormat.of().formatHex(random);
            var configuration = Configuration.of(Settings.of(path, System.getenv(), flags));
            application = new Application(path, configuration, Clock.systemUTC(), homeToken);
            announce(application, brief);
            return true;
        } catch (IOException e) {
            throw notUsable(path, e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldInThisProcess) {
            return null;
        }
    }

    private void announce(Application serving, boolean brief) throws IOException {
        var address = new Address(
                URI.create(serving.address()), ProcessHandle.current().pid(), serving.instance(), homeToken, brief);
        KeptSession.writePrivately(path, path.resolve(SERVER_FILE), Json.bytes(address));
    }

    /** Drains: nobody finds this server any more, what is under way ends, and then the lock goes. */
    @Override
    public synchronized void close() {
        if (lock == null) {
            return;
        }
        try {
            if (application != null) {
                Files.deleteIfExists(path.resolve(SERVER_FILE));
                application.close();
                application = null;
            }
            lock.release();
            lock = null;
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw notUsable(path, e);
        }
    }

    private void waitOrGiveUp(long deadline) {
        if (System.nanoTime() > deadline) {
            throw Problem.of(
                    Problem.Kind.BUSY,
                    "another process holds " + path.resolve("lock") + " but does not answer; find it with: fuser "
                            + path.resolve("lock"));
        }
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(Problem.Kind.BUSY, "interrupted while waiting for the server of " + path);
        }
    }

    /** Libraries that unpack themselves do it here; must run before anything makes a temporary file. */
    private static void keepTemporaryFilesInside(Path path) {
        try {
            Path inside = path.resolve("tmp");
            Files.createDirectories(inside);
            System.setProperty("java.io.tmpdir", inside.toString());
        } catch (IOException e) {
            throw notUsable(path, e);
        }
    }

    private static Problem notUsable(Path path, IOException e) {
        String why = e.getClass().getSimpleName().replace("Exception", "");
        return Problem.of(
                Problem.Kind.INVALID,
                "the home " + path + " cannot be used (" + why + ": " + e.getMessage()
                        + "); it must be a folder that you may write to");
    }
}
