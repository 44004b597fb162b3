package org.plimsoll.scoring;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.ClosedByInterruptException;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.plimsoll.core.Problem;

/**
 * A Python process that runs our program, with its folder, what it says on standard error, and its end. {@link PythonChild} talks
 * to it.
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
final class PythonProcess implements AutoCloseable {

    private static final String PROGRAM = "python_child.py";
    private static final int STDERR_KEPT = 8 << 10;
    private static final int LONGEST_SOCKET_PATH = 100;
    private static final int SIGKILL = 9;

    private final Path folder;
    private final Process process;
    private final Thread errors;
    private final StringBuilder said = new StringBuilder(); // guarded by itself
    private volatile Optional<String> killedFor = Optional.empty();

    private PythonProcess(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
        this.errors = Thread.ofPlatform()
                .daemon()
                .name("python-stderr-" + process.pid())
                .start(this::listen);
    }

    /** A folder for {@link #start}. */
    static Path folder() {
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

    /** Where the process will connect to. */
    static Path socket(Path folder) {
        return folder.resolve("socket");
    }

    /** @throws IOException where the interpreter does not start; the folder is left to be {@link #delete}d then */
    static PythonProcess start(Path interpreter, Path folder, ScoringConfig config) throws IOException {
        Files.createDirectory(folder.resolve("work"));
        return new PythonProcess(folder, process(interpreter, folder, config));
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

    /** All that it may write. */
    Path work() {
        return folder.resolve("work");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** @param reason what {@link #whyEnded} will say */
    void kill(String reason) {
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

    /** Why the conversation failed, in words that follow "the process": it was killed for something, has ended, or lives and talks nonsense. */
    String whyEnded(IOException failure) {
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

    /** Kills it, waits for its end and removes its folder. */
    @Override
    public void close() {
        killGroup();
        try {
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

    static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | java.io.UncheckedIOException _) {
            // the temporary files are swept by others
        }
    }
}
