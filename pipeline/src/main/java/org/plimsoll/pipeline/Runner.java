package org.plimsoll.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.plimsoll.access.Bytes;
import org.plimsoll.access.Operations;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.data.DataOperations.GetSnapshot;
import org.plimsoll.data.Query;
import org.plimsoll.data.Snapshot;
import org.plimsoll.scoring.Execution;
import org.plimsoll.store.BlobStore;
import org.plimsoll.tracking.Port;
import org.plimsoll.tracking.Run;
import org.plimsoll.tracking.Step;
import org.plimsoll.tracking.TrackingOperations.GetRun;
import org.plimsoll.tracking.TrackingOperations.GetSteps;
import org.plimsoll.tracking.Verification;

/**
 * Runs pipelines, in the process of whoever asks; tracking and blobs may be here or on a server.
 *
 * <pre>
 *  for each step, in the order of their inputs:
 *    key = everything that determines the step ({@link StepKey})
 *    executed before, and its outputs still there?  ── yes ──> take them
 *                                                   ── no  ──> clean folder, only the declared inputs, execute, keep, record
 * </pre>
 *
 * A step is recorded with its outputs as it ends. So a run that is interrupted or killed loses only the step it was in: the next
 * run takes the others from the cache.
 */
public final class Runner {

    private final Operations operations;
    private final BlobStore blobs;
    private final Query query;
    private final Path scratch;
    private final Clock clock;
    private final Execution execution;

    /**
     * @param scratch a folder for what steps work on; emptied as they end
     * @param execution how models are executed, when a repeated one is compared with the first
     */
    public Runner(Operations operations, BlobStore blobs, Query query, Path scratch, Clock clock, Execution execution) {
        this.execution = execution;
        this.operations = operations;
        this.blobs = blobs;
        this.query = query;
        this.scratch = scratch.toAbsolutePath();
        this.clock = clock;
    }

    /**
     * Runs a pipeline.
     *
     * @param name what people call this run
     * @param fresh executes every step, also those whose outputs are in the cache
     * @throws Problem where a step cannot be done; the run has FAILED then, and says why
     */
    public RunReport run(Pipeline pipeline, Optional<String> name, boolean fresh, Watch watch) {
        Start start = start(pipeline);
        RunRecorder recorder = new RunRecorder(operations, clock);
        recorder.endAbandoned(pipeline.name());
        Run run = recorder.start(pipeline.name(), name, Optional.empty(), parameters(pipeline));
        return recorded(recorder, run, () -> execute(recorder, run, pipeline, start, fresh, watch));
    }

    /**
     * Runs a pipeline as a run that was begun already, such as by a server that handed on no more than the right to write it.
     *
     * @param run that is RUNNING; its experiment is the pipeline's
     */
    public RunReport run(Pipeline pipeline, Run run, Watch watch) {
        RunRecorder recorder = new RunRecorder(operations, clock);
        return recorded(recorder, run, () -> {
            recorder.log(run.id(), List.of(), parameters(pipeline));
            return execute(recorder, run, pipeline, start(pipeline), false, watch);
        });
    }

    /** What is found out before a run begins. */
    private record Start(Map<String, Port> data, Map<String, Runtime> runtimes) {}

    private Start start(Pipeline pipeline) {
        Map<String, Port> data = new HashMap<>();
        pipeline.data()
                .forEach((alias, reference) -> data.put(
                        alias, new Port(alias, snapshot(alias, reference).digest(), Port.Form.SNAPSHOT)));
        Map<String, Runtime> runtimes = new HashMap<>();
        pipeline.steps().forEach(step -> runtimes.put(step.name(), Runtime.of(step.work())));
        return new Start(data, runtimes);
    }

    private RunReport execute(
            RunRecorder recorder, Run run, Pipeline pipeline, Start start, boolean fresh, Watch watch) {
        recorder.keep(run, PipelineFile.NAME, Bytes.of(pipeline.text().getBytes(StandardCharsets.UTF_8)));
        StepRunner steps = steps(recorder, watch);
        Map<String, Port> made = new HashMap<>(start.data());
        List<StepReport> reports = new ArrayList<>();
        for (PipelineStep step : pipeline.steps()) {
            List<Port> inputs = inputs(step, made);
            code(pipeline, step.work()).ifPresent(inputs::add);
            StepKey key = StepKey.of(
                    step, inputs, Objects.requireNonNull(start.runtimes().get(step.name())));
            Optional<StepReport> restored = fresh ? Optional.empty() : steps.restore(run, step.name(), key);
            StepReport report = restored.orElseGet(() -> execute(steps, run, step.name(), key));
            watch.ended(report);
            reports.add(report);
            report.outputs().forEach(output -> made.put(step.name() + "." + output.name(), output));
        }
        recorder.finish(run, List.of());
        return new RunReport(run.id(), run.experiment(), Optional.empty(), since(run), List.copyOf(reports), List.of());
    }

    /**
     * Repeats a run from what was recorded of it: every step is executed, on the outputs of the steps repeated before it, and
     * what comes out is compared with the first time.
     *
     * @param name of the run: id, the beginning of one, or {@code latest}
     */
    public RunReport rerun(String name, Watch watch) {
        Run named = operations.perform(new GetRun(name));
        Run origin = named.origin().isEmpty()
                ? named
                : operations.perform(new GetRun(named.origin().get()));
        if (origin.status() != Run.Status.FINISHED) {
            throw Problem.of(
                    Problem.Kind.CONFLICT,
                    "run " + origin.id() + " is " + origin.status() + "; only a finished run is repeated");
        }
        List<Run> first = operations.perform(new GetSteps(origin.id())).runs();
        if (first.isEmpty()) {
            throw Problem.of(
                    Problem.Kind.CONFLICT,
                    "run " + origin.id() + " is not a pipeline's: it has no steps, so nothing says how to repeat it");
        }
        List<StepKey> keys = first.stream().map(step -> key(step)).toList();
        List<String> differences = differences(first, keys);
        RunRecorder recorder = new RunRecorder(operations, clock);
        recorder.endAbandoned(origin.experiment());
        Run run = recorder.start(origin.experiment(), origin.name(), Optional.of(origin.id()), origin.parameters());
        return recorded(recorder, run, () -> {
            StepRunner steps = steps(recorder, watch);
            Repetition repetition = new Repetition(blobs, query, scratch, execution);
            Map<Digest, Port> repeated = new HashMap<>();
            List<StepReport> reports = new ArrayList<>();
            List<Verification> verifications = new ArrayList<>();
            for (int i = 0; i < first.size(); i++) {
                String step = first.get(i).step().map(Step::name).orElseThrow();
                StepKey key = again(keys.get(i), repeated);
                StepReport report = execute(steps, run, step, key);
                List<Verification> levels =
                        repetition.compare(step, first.get(i).outputs(), report.outputs());
                StepReport verified = with(report, levels);
                watch.ended(verified);
                reports.add(verified);
                verifications.addAll(levels);
                for (int o = 0; o < levels.size(); o++) {
                    repeated.put(levels.get(o).original(), report.outputs().get(o));
                }
            }
            recorder.finish(run, verifications);
            return new RunReport(
                    run.id(),
                    run.experiment(),
                    Optional.of(origin.id()),
                    since(run),
                    List.copyOf(reports),
                    differences);
        });
    }

    private Duration since(Run run) {
        return Duration.between(run.startedAt(), clock.instant());
    }

    private static StepReport with(StepReport report, List<Verification> levels) {
        return new StepReport(
                report.name(),
                report.run(),
                report.key(),
                report.restoredFrom(),
                report.took(),
                report.sentences(),
                report.outputs(),
                report.differsFrom(),
                levels);
    }

    private StepKey key(Run step) {
        Digest key = step.step().map(Step::key).orElseThrow();
        if (!blobs.has(key)) {
            throw Problem.notFound("document of the step's key", key);
        }
        return StepKey.read(blobs.read(key));
    }

    /** The same work, in the runtime of this process, on what the steps before have made this time. */
    private static StepKey again(StepKey first, Map<Digest, Port> repeated) {
        List<Port> inputs = first.inputs().stream()
                .map(port -> Optional.ofNullable(repeated.get(port.digest()))
                        .map(made -> new Port(port.name(), made.digest(), made.form()))
                        .orElse(port))
                .toList();
        return first.with(inputs, Runtime.of(first.work()));
    }

    private static List<String> differences(List<Run> steps, List<StepKey> keys) {
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            String step = steps.get(i).step().map(Step::name).orElseThrow();
            Runtime before = keys.get(i).runtime();
            before.differing(Runtime.of(keys.get(i).work()))
                    .forEach((what, values) ->
                            differences.add(step + ": " + what + " " + values.before() + " → " + values.after()));
        }
        return List.copyOf(differences);
    }

    private StepReport execute(StepRunner steps, Run run, String step, StepKey key) {
        try {
            return steps.execute(run, step, key);
        } catch (Problem problem) {
            throw Problem.of(problem.kind(), "step " + step + ": " + problem.detail(), problem.facts());
        }
    }

    /** What happens between the beginning and the end of a run. */
    private interface Body {
        RunReport run();
    }

    /** Whatever happens to the body, the run does not stay RUNNING; and when the process is told to end, it says so. */
    private static RunReport recorded(RunRecorder recorder, Run run, Body body) {
        Thread farewell = Thread.ofPlatform()
                .unstarted(() -> end(
                        recorder,
                        run,
                        Run.Status.KILLED,
                        "its process was told to end; what its steps had made is in the cache"));
        java.lang.Runtime.getRuntime().addShutdownHook(farewell);
        try {
            return body.run();
        } catch (CancellationException e) {
            end(recorder, run, Run.Status.KILLED, "interrupted; what its steps had made is in the cache");
            Thread.currentThread().interrupt();
            throw Problem.of(
                    Problem.Kind.CONFLICT, "run " + run.id() + " was interrupted; run again to go on where it was");
        } catch (RuntimeException e) {
            end(recorder, run, Run.Status.FAILED, e instanceof Problem problem ? problem.detail() : e.toString());
            throw e;
        } finally {
            forget(farewell);
        }
    }

    private static void forget(Thread farewell) {
        try {
            java.lang.Runtime.getRuntime().removeShutdownHook(farewell);
        } catch (IllegalStateException _) {
            // the process ends just now, and the hook runs
        }
    }

    private static void end(RunRecorder recorder, Run run, Run.Status status, String reason) {
        try {
            recorder.end(run, status, reason);
        } catch (RuntimeException e) { // the next run of this pipeline on this machine ends it
            System.getLogger(Runner.class.getName())
                    .log(System.Logger.Level.WARNING, "run " + run.id() + " could not be ended: " + e.getMessage());
        }
    }

    private StepRunner steps(RunRecorder recorder, Watch watch) {
        return new StepRunner(recorder, blobs, this::files, query, execution, scratch, clock, watch);
    }

    private List<Query.Input> files(Digest snapshot) {
        return operations.perform(new GetSnapshot(snapshot.value())).files().stream()
                .map(file -> new Query.Input(blobs.fetch(file.digest()), file.digest()))
                .toList();
    }

    private Snapshot snapshot(String alias, String reference) {
        try {
            return operations.perform(new GetSnapshot(reference));
        } catch (Problem problem) {
            throw problem.kind() == Problem.Kind.NOT_FOUND
                    ? Problem.of(
                            Problem.Kind.NOT_FOUND,
                            "data `" + alias + "` is " + reference + ": " + problem.detail()
                                    + "; add it with: plimsoll data add "
                                    + reference.replaceFirst("@.*", "") + " FILE…",
                            problem.facts())
                    : problem;
        }
    }

    private static List<Port> inputs(PipelineStep step, Map<String, Port> made) {
        List<Port> inputs = new ArrayList<>();
        for (String name : step.inputs()) {
            Port port = made.get(name);
            if (port == null) {
                throw new IllegalStateException("step " + step.name() + " ran before " + name + " was made");
            }
            inputs.add(new Port(name, port.digest(), port.form()));
        }
        return inputs;
    }

    private Optional<Port> code(Pipeline pipeline, Work work) {
        List<String> names = switch (work) {
            case Work.Sql sql -> List.of(sql.file());
            case Work.Command command -> command.code();
            case Work.Split ignored -> List.of();
            case Work.Train ignored -> List.of();
            case Work.Evaluate ignored -> List.of();
        };
        if (names.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Port(Port.CODE, CodeTree.add(blobs, pipeline.folder(), names), Port.Form.FOLDER));
        } catch (IOException e) {
            throw Problem.of(Problem.Kind.INVALID, "the code " + names + " cannot be read: " + e.getMessage());
        }
    }

    private static Map<String, String> parameters(Pipeline pipeline) {
        Map<String, String> all = new LinkedHashMap<>();
        pipeline.parameters().forEach((name, value) -> all.put(name, PipelineFile.plain(value)));
        for (PipelineStep step : pipeline.steps()) {
            switch (step.work()) {
                case Work.Train train ->
                    train.params()
                            .forEach((name, value) -> all.put(step.name() + "." + name, PipelineFile.plain(value)));
                case Work.Command command ->
                    command.params()
                            .forEach((name, value) -> all.put(step.name() + "." + name, PipelineFile.plain(value)));
                case Work.Sql ignored -> {}
                case Work.Split ignored -> {}
                case Work.Evaluate ignored -> {}
            }
        }
        return all;
    }
}
