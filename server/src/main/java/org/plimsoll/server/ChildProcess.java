package org.plimsoll.server;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.monitoring.PipelineProcess;

/**
 * Executes a retraining's steps in a child process, {@link PipelineMain}: a JVM with an empty environment, in a folder of its own,
 * that is told by its standard input where the server is, which token it has and what to execute. It knows neither the home nor the
 * keys nor the database, and it ends when its standard input does, so also when this process is killed.
 */
final class ChildProcess implements PipelineProcess {

    private static final System.Logger LOG = System.getLogger(ChildProcess.class.getName());
    private static final String HEAP = "-Xmx2g";

    private final Supplier<String> server;
    private final Path scratch;

    /** @param server the address of this server, once it listens */
    ChildProcess(Supplier<String> server, Path scratch) {
        this.server = server;
        this.scratch = scratch;
    }

    @Override
    public void execute(Order order, String token) throws InterruptedException {
        Path folder = scratch.resolve(Ids.next()).toAbsolutePath();
        Optional<Process> child = Optional.empty();
        try {
            Files.createDirectories(folder.resolve("tmp"));
            Path said = folder.resolve("said.txt");
            Process process = start(folder, said);
            child = Optional.of(process);
            try (OutputStream in = process.getOutputStream()) {
                byte[] line = (Json.text(new PipelineMain.Task(server.get(), token, order)) + "\n")
                        .getBytes(StandardCharsets.UTF_8);
                in.write(line);
                in.flush();
                int code = process.waitFor();
                if (code != 0) {
                    LOG.log(Level.WARNING, "the steps of run " + order.run() + " ended with code " + code);
                    refuse(code, said);
                }
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the steps of run " + order.run() + " could not be executed", e);
        } finally {
            if (child.isPresent()) {
                child.get().destroy();
                if (!child.get().waitFor(5, TimeUnit.SECONDS)) {
                    child.get().destroyForcibly();
                }
            }
            delete(folder);
        }
    }

    private static Process start(Path folder, Path said) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                HEAP,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // the heavy work is native; minutes do not pay back what C2 costs
                "-Xlog:disable",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djdk.serialFilter=!*",
                "-Djava.io.tmpdir=" + folder.resolve("tmp"),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option ->
                        option.startsWith("-XX:AOTCache=")) // the same classes: the child starts from them too
                .forEach(command::add);
        command.add(PipelineMain.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().clear();
        builder.environment()
                .put("OMP_WAIT_POLICY", "passive"); // before the JVM starts, or trainers spin while they wait
        return builder.start();
    }

    /** Code 2 means that a rule forbids it; the last line says which. */
    private static void refuse(int code, Path said) throws IOException {
        if (code == PipelineMain.REFUSED) {
            List<String> lines = Files.readAllLines(said);
            throw Problem.refused(lines.isEmpty() ? "the pipeline may not be executed here" : lines.getLast());
        }
    }

    private static void delete(Path folder) {
        try (var all = Files.walk(folder)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            LOG.log(Level.DEBUG, folder + " was not cleared away", e);
        }
    }
}
