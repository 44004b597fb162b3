package org.plimsoll.scoring;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;

/**
 * One Python process that answers for one model: started, asked, killed. Asked by one thread at a time; {@link #close} by any.
 *
 * <pre>
 *  folder of its own, 0700, below the temporary files; gone with the process
 *    child.py      our program
 *    socket        where the server listens, once
 *    work/         its working directory, home and temporary files; all that it may write
 * </pre>
 *
 * It gets a clean environment, no descriptors but the three, and ends with the server: the program asks the kernel to be ended
 * when its standard input closes, which it does even when the server is killed. Whatever it started is killed with it.
 */
final class PythonChild implements AutoCloseable {

    /**
     * What it has opened.
     *
     * @param inputs the columns it takes, in its order
     * @param classes of a classifier
     * @param openEnds what the platform did not cut off, for people
     * @param notes where the interpreter differs from the requirements, for people
     */
    record Ready(
            String python,
            String library,
            String model,
            List<String> inputs,
            List<String> classes,
            List<String> openEnds,
            List<String> notes) {}

    /** It has ended, or was killed: why, for people. Whoever asks again asks another process. */
    static final class Ended extends Exception {
        Ended(String reason) {
            super(reason, null, false, false);
        }

        String reason() {
            return Objects.requireNonNull(getMessage());
        }
    }

    /** Wakes up for deadlines of all processes, and for starts that were put off. */
    static final ScheduledThreadPoolExecutor CLOCK = clock();

    private static final String PROGRAM = "python_child.py";
    private static final int STDERR_KEPT = 8 << 10;
    private static final int LONGEST_SOCKET_PATH = 100;
    private static final int SIGKILL = 9;

    private final Path folder;
    private final Process process;
    private final PythonFrame frame = new PythonFrame(PythonOrder.FRAME_BYTES);
    private final Thread errors;
    private final StringBuilder said = new StringBuilder(); // guarded by itself
    private @Nullable SocketChannel socket;
    private final AtomicBoolean isWatched = new AtomicBoolean();
    private volatile boolean isAsked;
    private volatile long due; // of the question of now, in the time of System.nanoTime
    private volatile Optional<String> killedFor = Optional.empty();

    private static ScheduledThreadPoolExecutor clock() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("python-clock").factory());
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    private PythonChild(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
        this.errors = Thread.ofPlatform()
                .daemon()
                .name("python-stderr-" + process.pid())
                .start(this::listen);
    }

    /** A process with its model open. */
    record Started(PythonChild child, Ready ready) {}

    /**
     * Starts a process and waits until it has opened its model.
     *
     * @throws Problem where it could not, with what Python said
     */
    static Started start(Path interpreter, PythonOrder order, ScoringConfig config) {
        Path folder = fresh();
        PythonChild child;
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Path socket = folder.resolve("socket");
            server.bind(UnixDomainSocketAddress.of(socket));
            Path work = Files.createDirectory(folder.resolve("work"));
            child = new PythonChild(folder, process(interpreter, folder, config));
            Future<?> alarm = child.alarm(config.pythonStart(), "did not open its model within ");
            try {
                child.socket = child.accept(server);
                Files.delete(socket);
                child.frame.send(child.channel(), PythonFrame.OPEN, Json.bytes(order.in(work, config)));
                return new Started(child, child.ready());
            } catch (IOException e) {
                String reason = child.whyEnded(e);
                child.close();
                throw Problem.refused("the Python process of the model " + reason);
            } catch (RuntimeException e) {
                child.close();
                throw e;
            } finally {
                alarm.cancel(false);
            }
        } catch (IOException e) {
            delete(folder);
            throw Problem.refused(
                    "the Python interpreter " + interpreter + " does not start: " + e.getMessage() + "; name another");
        }
    }

    private static Path fresh() {
        try {
            var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Path folder = Files.createTempDirectory("plimsoll-python-", owner);
            if (folder.resolve("socket").toString().length() > LONGEST_SOCKET_PATH) {
                Files.delete(folder);
                folder = Files.createTempDirectory(Path.of("/tmp"), "plimsoll-python-", owner);
            }
            try (InputStream program = Objects.requireNonNull(PythonChild.class.getResourceAsStream(PROGRAM))) {
                Files.copy(program, folder.resolve("child.py"));
            }
            return folder.toRealPath();
        } catch (IOException e) {
            throw Problem.internal("cannot make a folder for a Python process", e);
        }
    }

    private static Process process(Path interpreter, Path folder, ScoringConfig config) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                interpreter.toString(),
                "-s",
                "-B",
                folder.resolve("child.py").toString(),
                folder.resolve("socket").toString());
        builder.directory(folder.resolve("work").toFile());
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        String work = folder.resolve("work").toString();
        String threads = Integer.toString(config.pythonThreads());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(Map.of("PATH", "/usr/bin:/bin", "HOME", work, "TMPDIR", work, "LANG", "C.UTF-8"));
        for (String library : List.of("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")) {
            environment.put(library + "_NUM_THREADS", threads);
        }
        environment.put("OMP_WAIT_POLICY", "passive");
        environment.put("PYTHONHASHSEED", "0"); // the order of sets is the same in every process
        environment.put("MLFLOW_DISABLE_TELEMETRY", "true");
        return builder.start();
    }

    private SocketChannel accept(ServerSocketChannel server) throws IOException {
        server.configureBlocking(false);
        while (true) {
            SocketChannel accepted = server.accept();
            if (accepted != null) {
                return accepted;
            }
            if (!process.isAlive()) {
                throw new IOException("it ended before it began");
            }
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (ClosedByInterruptException) new ClosedByInterruptException().initCause(e);
            }
        }
    }

    private Ready ready() throws IOException {
        return switch (frame.receive(channel())) {
            case PythonFrame.READY -> Json.read(frame.body(), Ready.class);
            case PythonFrame.FAILED -> throw Problem.refused(new String(frame.body(), StandardCharsets.UTF_8));
            default -> throw new IOException("it did not say what it opened");
        };
    }

    private SocketChannel channel() {
        return Objects.requireNonNull(socket);
    }

    /**
     * The model's own outputs for some of these rows.
     *
     * @param places where the model's inputs stand in the rows; -1 where an optional one does not
     * @return empty where the rows are more than one frame takes: ask for fewer
     * @throws Problem INVALID with what the model said of these rows
     * @throws Ended where the process ended, or was killed at the deadline
     */
    Optional<List<PythonFrame.Output>> ask(
            Schema inputs, int[] places, Columns rows, int from, int until, Duration deadline) throws Ended {
        begin(deadline);
        try {
            if (!frame.send(channel(), inputs, places, rows, from, until)) {
                return Optional.empty();
            }
            return switch (frame.receive(channel())) {
                case PythonFrame.SCORES -> Optional.of(frame.outputs(until - from));
                case PythonFrame.FAILED ->
                    throw Problem.of(
                            Problem.Kind.INVALID,
                            "the model does not answer: " + new String(frame.body(), StandardCharsets.UTF_8));
                default -> throw new IOException("an answer of no known kind");
            };
        } catch (IOException e) {
            String reason = whyEnded(e);
            close();
            throw new Ended(reason);
        } finally {
            isAsked = false;
        }
    }

    /** A clock that was set for every question and stopped again would wake its thread every time, which costs what an answer does. */
    private void begin(Duration deadline) {
        due = System.nanoTime() + deadline.toNanos();
        isAsked = true;
        if (isWatched.compareAndSet(false, true)) {
            watchIn(deadline.toNanos(), deadline);
        }
    }

    private void watchIn(long nanos, Duration deadline) {
        var _ = CLOCK.schedule(() -> watch(deadline), nanos, TimeUnit.NANOSECONDS);
    }

    /** Looks whether the question of now is overdue, and looks again when it will be. */
    private void watch(Duration deadline) {
        if (!isAsked) {
            isWatched.set(false);
            if (!isAsked
                    || !isWatched.compareAndSet(false, true)) { // or a question has come just now, and watches itself
                return;
            }
        }
        long left = due - System.nanoTime();
        if (left > 0) {
            watchIn(left, deadline);
        } else {
            kill("did not answer within " + text(deadline) + " and was killed");
        }
    }

    private Future<?> alarm(Duration after, String what) {
        return CLOCK.schedule(
                () -> kill(what + text(after) + " and was killed"), after.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String text(Duration span) {
        return span.toMillis() % 1000 == 0 ? span.toSeconds() + " s" : span.toMillis() + " ms";
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Why it has ended; what it leaves behind is removed. */
    String buried() {
        String reason = whyEnded(new IOException("it has ended"));
        close();
        return reason;
    }

    /** The process, for people who look for it. */
    long pid() {
        return process.pid();
    }

    private void kill(String reason) {
        killedFor = Optional.of(reason);
        killGroup();
    }

    /** The process leads a group of its own; what it started belongs to it, or to its namespace, which ends with it. */
    private void killGroup() {
        if (process.isAlive()) {
            try {
                int unused = (int) Kill.HANDLE.invokeExact((int) -process.pid(), SIGKILL);
            } catch (Throwable e) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
            }
        }
        process.destroyForcibly();
    }

    /** {@code kill(2)}, which Java has only for single processes. */
    private static final class Kill {
        static final MethodHandle HANDLE = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    /** Keeps the last words of standard error. */
    private void listen() {
        byte[] some = new byte[4096];
        try (InputStream in = process.getErrorStream()) {
            for (int read = in.read(some); read >= 0; read = in.read(some)) {
                synchronized (said) {
                    said.append(new String(some, 0, read, StandardCharsets.UTF_8));
                    said.delete(0, Math.max(0, said.length() - STDERR_KEPT));
                }
            }
        } catch (IOException _) {
            // it was killed while it spoke
        }
    }

    /** The last lines that it wrote to standard error; empty where it wrote none. */
    private String lastWords() {
        synchronized (said) {
            List<String> lines =
                    said.toString().lines().filter(line -> !line.isBlank()).toList();
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - 4), lines.size()));
        }
    }

    private String whyEnded(IOException failure) {
        try {
            if (process.waitFor(1, TimeUnit.SECONDS)) {
                errors.join(Duration.ofSeconds(1));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof ClosedByInterruptException) {
            return "was asked by somebody who no longer waits for it, and was killed";
        }
        String words = lastWords();
        String what = killedFor.orElseGet(() -> process.isAlive()
                ? "broke the protocol (" + failure.getMessage() + ") and was killed"
                : "ended with status " + process.exitValue());
        return words.isEmpty() ? what : what + ": " + words;
    }

    /** Kills the process and removes its folder. */
    @Override
    public void close() {
        killGroup();
        try {
            if (socket != null) {
                socket.close();
            }
            process.getOutputStream().close();
        } catch (IOException _) {
            // closed already
        }
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        delete(folder);
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | java.io.UncheckedIOException _) {
            // the temporary files are swept by others
        }
    }
}
