package org.plimsoll.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.plimsoll.access.Operations;
import org.plimsoll.core.Digest;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.store.Folders;
import org.plimsoll.tracking.MetricPoint;
import org.plimsoll.tracking.Port;
import org.plimsoll.tracking.Run;
import org.plimsoll.tracking.TrackingOperations.GetRun;
import org.plimsoll.tracking.TrackingOperations.GetSteps;
import org.plimsoll.tracking.TrackingOperations.RunList;
import org.plimsoll.tracking.TrackingOperations.SearchRuns;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "runs",
        description = "Lists runs, the newest first; with a run, shows that one.",
        footer = {
            "",
            "Filters are MLflow's: metrics.`train/auc` > 0.7 and params.`train.max_depth` = '6' and status = 'FINISHED'"
        })
final class RunsCommand extends RemoteCommand {

    private static final int METRICS_SHOWN = 3;

    @Parameters(paramLabel = "RUN", arity = "0..1", description = "an id, the beginning of one, or run:latest")
    Optional<String> run = Optional.empty();

    @Option(
            names = "--experiment",
            paramLabel = "NAME",
            description = "only runs of this one; a pipeline's has its name")
    Optional<ExperimentName> experiment = Optional.empty();

    @Option(names = "--where", paramLabel = "FILTER", description = "only runs that this picks")
    Optional<String> where = Optional.empty();

    @Option(names = "--order", paramLabel = "METRIC", description = "such as: metrics.auc desc")
    Optional<String> order = Optional.empty();

    @Option(names = "--most", paramLabel = "N", description = "at most so many (default: 20)")
    int most = 20;

    @Option(
            names = "--rows",
            paramLabel = "FILE",
            description = "write the rows a run was evaluated on, with truth and answers, as .csv or .parquet")
    Optional<Path> rows = Optional.empty();

    @Override
    int run() throws IOException {
        if (rows.isPresent()) {
            rows(operations(), run.orElse("run:latest"), rows.get());
            return Exit.DONE;
        }
        if (run.isPresent()) {
            show(operations(), run.get());
        } else {
            list(operations());
        }
        return Exit.DONE;
    }

    private void rows(Operations operations, String name, Path file) throws IOException {
        Run found = operations.perform(new GetRun(name));
        List<Run> steps = operations.perform(new GetSteps(found.id())).runs();
        Digest model = output(steps, "model")
                .orElseThrow(() -> Problem.notFound("output `model` of run", found.id()))
                .digest();
        Digest judged = steps.stream()
                .filter(step ->
                        step.inputs().stream().anyMatch(port -> port.digest().equals(model)))
                .flatMap(step -> step.outputs().stream())
                .filter(port -> port.form() == Port.Form.FILE)
                .map(Port::digest)
                .findFirst()
                .orElseThrow(() -> Problem.of(
                        Problem.Kind.NOT_FOUND,
                        "run " + found.id() + " evaluated no rows: its pipeline has no step `evaluate: […]`"));
        Path folder = Workshop.scratch(this).resolve("rows-" + Ids.next());
        try {
            Folders.restore(blobs(), model, folder);
            long written = JudgedRows.write(
                    blobs().fetch(judged), ModelArtifact.open(folder).task(), Workshop.query(this), file);
            out().say(
                            "Wrote %,d rows of run %s to %s: ids, truth, answers and segments, as its metrics were computed from."
                                    .formatted(written, Workshop.brief(found.id()), file));
            out().json(Map.of("run", found.id(), "rows", written, "file", file.toString()));
        } finally {
            Folder.remove(folder);
        }
    }

    private static Optional<Port> output(List<Run> steps, String name) {
        return steps.stream().flatMap(step -> step.output(name).stream()).findFirst();
    }

    private void list(Operations operations) {
        RunList found =
                operations.perform(new SearchRuns(experiment, where, order, Optional.of(most), Optional.empty()));
        var table = out().table("RUN", "EXPERIMENT", "NAME", "STATUS", "STARTED", "TOOK", "METRICS");
        for (Run each : found.runs()) {
            table.row(
                    Workshop.brief(each.id()),
                    each.experiment(),
                    each.name().orElse(each.purpose() == Run.Purpose.RERUN ? "rerun" : ""),
                    each.status().name().toLowerCase(Locale.ROOT),
                    Workshop.when(each.startedAt()),
                    took(each),
                    metrics(each.metrics()));
        }
        table.print();
        found.next().ifPresent(more -> out().say("There are more: --most " + most * 5));
        out().json(found);
    }

    private static String took(Run run) {
        return run.endedAt()
                .map(end -> Workshop.took(Duration.between(run.startedAt(), end)))
                .orElse("");
    }

    private static String metrics(List<MetricPoint> metrics) {
        return metrics.stream()
                .limit(METRICS_SHOWN)
                .map(point -> point.key() + " " + String.format(Locale.ROOT, "%.4f", point.value()))
                .collect(Collectors.joining(", "));
    }

    private void show(Operations operations, String name) {
        Run run = operations.perform(new GetRun(name));
        List<Run> steps = operations.perform(new GetSteps(run.id())).runs();
        out().say("Run " + run.id() + " of " + run.experiment()
                + run.name().map(it -> " (" + it + ")").orElse("") + ": "
                + run.status().name().toLowerCase(Locale.ROOT)
                + run.reason().map(it -> ", " + it).orElse(""));
        out().say("Started " + Workshop.when(run.startedAt()) + " by " + run.startedBy()
                + (took(run).isEmpty() ? "" : ", took " + took(run))
                + run.seal().map(it -> ", seal " + it.brief()).orElse(""));
        run.origin().ifPresent(it -> out().say("Repeats run " + Workshop.brief(it)));
        entries("PARAMETER", run.parameters());
        if (!run.metrics().isEmpty()) {
            out().say("");
            var table = out().table("METRIC", "VALUE", "STEP");
            run.metrics().forEach(point -> table.row(point.key(), point.value(), point.step()));
            table.print();
        }
        if (!steps.isEmpty()) {
            out().say("");
            var table = out().table("STEP", "STATUS", "TOOK", "KEY", "OUTPUTS");
            steps.forEach(step -> table.row(
                    step.name().orElse(""),
                    step.step().flatMap(it -> it.restoredFrom()).isPresent()
                            ? "from cache"
                            : step.status().name().toLowerCase(Locale.ROOT),
                    took(step),
                    step.step().map(it -> it.key().brief()).orElse(""),
                    step.outputs().stream().map(RunsCommand::words).collect(Collectors.joining(", "))));
            table.print();
        }
        if (!run.verifications().isEmpty()) {
            out().say("");
            var table = out().table("REPEATED", "LEVEL", "BEFORE", "NOW");
            run.verifications()
                    .forEach(it -> table.row(
                            it.step() + "." + it.output(),
                            it.level().code(),
                            it.original().brief(),
                            it.repeated().brief()));
            table.print();
        }
        out().json(Map.of("run", run, "steps", steps));
    }

    private static String words(Port port) {
        return port.name() + " " + port.digest().brief();
    }

    private void entries(String header, Map<String, String> entries) {
        if (!entries.isEmpty()) {
            out().say("");
            var table = out().table(header, "VALUE");
            entries.forEach(table::row);
            table.print();
        }
    }
}
