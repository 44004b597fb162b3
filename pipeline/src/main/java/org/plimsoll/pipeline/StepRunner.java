package org.plimsoll.pipeline;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.plimsoll.access.Bytes;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Query;
import org.plimsoll.scoring.Execution;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Folder;
import org.plimsoll.store.Folders;
import org.plimsoll.tracking.MetricPoint;
import org.plimsoll.tracking.Port;
import org.plimsoll.tracking.Run;

/**
 * Executes one step: lays its inputs on a clean workbench, does the work on a platform thread (training and queries are native
 * and would pin a virtual thread's carrier), keeps the outputs as blobs and records the step.
 */
final class StepRunner {

    private final RunRecorder recorder;
    private final BlobStore blobs;
    private final SnapshotFiles snapshots;
    private final Query query;
    private final Execution execution;
    private final Path scratch;
    private final Clock clock;
    private final Watch watch;

    StepRunner(
            RunRecorder recorder,
            BlobStore blobs,
            SnapshotFiles snapshots,
            Query query,
            Execution execution,
            Path scratch,
            Clock clock,
            Watch watch) {
        this.recorder = recorder;
        this.blobs = blobs;
        this.snapshots = snapshots;
        this.query = query;
        this.execution = execution;
        this.scratch = scratch;
        this.clock = clock;
        this.watch = watch;
    }

    /** Takes over what an executed step of this key made, with its metrics, if all of it is still there. */
    Optional<StepReport> restore(Run run, String name, StepKey key) {
        long began = clock.millis();
        for (Run earlier : recorder.executed(key)) {
            if (earlier.outputs().stream().allMatch(this::isThere)) {
                Run step = recorder.step(run, name, key);
                recorder.log(step.id(), earlier.metrics(), Map.of());
                recorder.log(run.id(), underStep(name, earlier.metrics()), Map.of());
                recorder.finishStep(step, earlier.outputs(), Optional.of(earlier.id()));
                return Optional.of(new StepReport(
                        name,
                        step.id(),
                        key.digest(),
                        Optional.of(earlier.id()),
                        Duration.ofMillis(clock.millis() - began),
                        List.of(),
                        earlier.outputs(),
                        Optional.empty(),
                        List.of()));
            }
        }
        return Optional.empty();
    }

    private boolean isThere(Port output) {
        return blobs.has(output.digest())
                && (output.form() != Port.Form.FOLDER
                        || Folders.read(blobs, output.digest()).files().stream()
                                .map(Folder.File::digest)
                                .allMatch(blobs::has));
    }

    /** Executes the step, whatever is in the cache. */
    StepReport execute(Run run, String name, StepKey key) {
        long began = clock.millis();
        blobs.add(new ByteArrayInputStream(key.bytes()));
        List<Run> before = recorder.executed(key);
        Run step = recorder.step(run, name, key);
        watch.began(name);
        Path folder = scratch.resolve("work").resolve(step.id());
        try {
            Heard heard = new Heard(name);
            try {
                onPlatformThread(name, () -> work(folder, key, heard));
            } finally {
                keepLog(run, name, folder);
                record(run, step, name, heard);
            }
            List<Port> outputs = keep(key, folder);
            recorder.finishStep(step, outputs, Optional.empty());
            return new StepReport(
                    name,
                    step.id(),
                    key.digest(),
                    Optional.empty(),
                    Duration.ofMillis(clock.millis() - began),
                    List.copyOf(heard.sentences),
                    outputs,
                    before.stream()
                            .filter(it -> !it.outputs().equals(outputs))
                            .map(Run::id)
                            .findFirst(),
                    List.of());
        } finally {
            delete(folder);
        }
    }

    /** What a step said; written by its thread, read when it has ended. */
    private final class Heard implements Workbench.Reports {
        private final String step;
        private final List<MetricPoint> points = Collections.synchronizedList(new ArrayList<>());
        private final List<String> sentences = Collections.synchronizedList(new ArrayList<>());

        Heard(String step) {
            this.step = step;
        }

        @Override
        public void metric(String key, double value, long at) {
            points.add(recorder.point(key, value, at));
        }

        @Override
        public void progress(long done, long total, String unit) {
            watch.advanced(step, done, total, unit);
        }

        @Override
        public void say(String sentence) {
            sentences.add(sentence);
        }
    }

    private void work(Path folder, StepKey key, Heard heard) throws IOException {
        Files.createDirectories(folder);
        Map<String, Workbench.Input> inputs = new LinkedHashMap<>();
        for (Port port : key.data()) {
            inputs.put(PipelineStep.alias(port.name()), input(folder, port));
        }
        Optional<Path> code = Optional.empty();
        if (key.code().isPresent()) {
            Path place = folder.resolve("code");
            Folders.restore(blobs, key.code().get().digest(), place);
            code = Optional.of(place);
        }
        Path out = Files.createDirectories(folder.resolve("out"));
        Map<String, Path> outputs = new LinkedHashMap<>();
        key.outputs().forEach(name -> outputs.put(name, out.resolve(name)));
        StepExecution.of(key.work())
                .execute(new Workbench(
                        folder,
                        inputs,
                        code,
                        outputs,
                        Long.parseLong(key.seed()),
                        key.threads(),
                        query,
                        execution,
                        heard));
    }

    private Workbench.Input input(Path folder, Port port) {
        return switch (port.form()) {
            case SNAPSHOT -> new Workbench.Input(port, snapshots.of(port.digest()), Optional.empty());
            case FILE ->
                new Workbench.Input(
                        port, List.of(new Query.Input(blobs.fetch(port.digest()), port.digest())), Optional.empty());
            case FOLDER -> {
                Path place = folder.resolve("in-" + PipelineStep.alias(port.name()));
                Folders.restore(blobs, port.digest(), place);
                yield new Workbench.Input(port, List.of(), Optional.of(place));
            }
        };
    }

    private List<Port> keep(StepKey key, Path folder) {
        List<Port> outputs = new ArrayList<>();
        for (String name : key.outputs()) {
            Path made = folder.resolve("out").resolve(name);
            if (Files.isDirectory(made)) {
                outputs.add(new Port(name, Folders.add(blobs, made), Port.Form.FOLDER));
            } else if (Files.exists(made)) {
                outputs.add(new Port(name, blobs.add(made), Port.Form.FILE));
            } else {
                throw Problem.of(Problem.Kind.INVALID, "the step made no output " + name);
            }
        }
        return List.copyOf(outputs);
    }

    private void keepLog(Run run, String name, Path folder) {
        Path log = folder.resolve(CommandExecution.LOG);
        if (Files.exists(log)) {
            recorder.keep(run, "logs/" + name + ".txt", Bytes.of(log));
        }
    }

    /** The points on the step; the last of each also on the run, under the step's name, where searches look. */
    private void record(Run run, Run step, String name, Heard heard) {
        List<MetricPoint> points = List.copyOf(heard.points);
        recorder.log(step.id(), points, Map.of());
        Map<String, MetricPoint> last = new LinkedHashMap<>();
        points.forEach(point -> last.put(point.key(), point));
        recorder.log(run.id(), underStep(name, List.copyOf(last.values())), Map.of());
    }

    private static List<MetricPoint> underStep(String name, List<MetricPoint> points) {
        return points.stream()
                .map(point -> new MetricPoint(name + "/" + point.key(), point.value(), point.step(), point.at()))
                .toList();
    }

    /** What a step does; may fail with anything. */
    private interface Work {
        void run() throws IOException;
    }

    private static void onPlatformThread(String name, Work work) {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            work.run();
            return true;
        });
        Thread thread = Thread.ofPlatform().name("step-" + name).start(task);
        try {
            task.get();
        } catch (InterruptedException e) {
            thread.interrupt();
            joinUninterruptibly(thread);
            throw new CancellationException(
                    "interrupted"); // flagged again by the Runner: files cannot be written meanwhile
        } catch (ExecutionException e) {
            switch (Objects.requireNonNullElse(e.getCause(), e)) {
                case RuntimeException known -> throw known;
                case OutOfMemoryError _ ->
                    throw Problem.of(
                            Problem.Kind.TOO_LARGE,
                            "step " + name + " needs more memory than the JVM has ("
                                    + java.lang.Runtime.getRuntime().maxMemory() / (1 << 20)
                                    + " MiB): start with a larger heap (JAVA_TOOL_OPTIONS=-Xmx8g), or use fewer rows or features");
                case IOException io ->
                    throw Problem.of(
                            Problem.Kind.INTERNAL,
                            "the workbench of step " + name + " cannot be used: " + io.getMessage());
                case Throwable other -> throw Problem.internal("step " + name + " failed", other);
            }
        }
    }

    private static void joinUninterruptibly(Thread thread) {
        while (true) {
            try {
                thread.join();
                return;
            } catch (InterruptedException _) {
                // it has been told to stop; its files are deleted after it has
            }
        }
    }

    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(
                        Path dir, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
                    Files.delete(dir);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            System.getLogger(StepRunner.class.getName())
                    .log(System.Logger.Level.WARNING, "the workbench " + folder + " is left behind: " + e);
        }
    }

    /** The files of a dataset's snapshot, fetched. */
    interface SnapshotFiles {
        List<Query.Input> of(Digest snapshot);
    }
}
