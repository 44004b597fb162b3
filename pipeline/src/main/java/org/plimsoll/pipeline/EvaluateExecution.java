package org.plimsoll.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;
import org.plimsoll.evaluation.Measurement;
import org.plimsoll.evaluation.Metric;
import org.plimsoll.evaluation.PairedTable;
import org.plimsoll.evaluation.Scope;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.scoring.Task;

/** Scores rows by a model and measures it there; the numbers are those that a gate computes from the same rows. */
record EvaluateExecution(Work.Evaluate work) implements StepExecution {

    private static final double CONFIDENCE = 0.975;

    @Override
    public void execute(Workbench bench) {
        List<Workbench.Input> inputs = List.copyOf(bench.inputs().values());
        Path folder = inputs.get(0)
                .folder()
                .orElseThrow(
                        () -> Problem.invalid("input " + inputs.get(0).port().name(), "no folder", "a model first"));
        ModelArtifact model = ModelArtifact.open(folder);
        Columns rows = read(bench, model, inputs.get(1));
        PairedTable table = PairedTable.of(model, bench.execution(), rows);
        bench.query().write(table.rows(), bench.output(0));
        for (Metric metric : metrics(model.task())) {
            Measurement measured = table.measure(metric, Scope.ALL, Optional.empty());
            measured.estimate().ifPresent(known -> bench.metric(metric.toString(), known.value(), 0));
            bench.say(words(measured));
        }
        bench.say("%,d rows".formatted(rows.rows()));
    }

    private static Columns read(Workbench bench, ModelArtifact model, Workbench.Input input) {
        List<Path> files = SqlExecution.tabular(input.port().name(), input).stream()
                .map(it -> it.file())
                .toList();
        Schema schema = bench.query().describe(files).schema();
        Task task = model.task();
        Set<String> needed = task.bookkeeping();
        needed.addAll(task.segments());
        needed.addAll(model.signature().inputs().names());
        task.cluster().filter(schema::has).ifPresent(needed::add);
        List<String> names = schema.names().stream().filter(needed::contains).toList();
        return bench.query().read(files, names);
    }

    private List<Metric> metrics(Task task) {
        if (!work.metrics().isEmpty()) {
            return work.metrics();
        }
        List<Metric> usual = new ArrayList<>();
        String names = switch (task.kind()) {
            case BINARY -> "auc log_loss accuracy";
            case MULTICLASS -> "log_loss accuracy";
            case REGRESSION -> "rmse mae r_squared";
            case RANKING -> throw Problem.invalid("evaluate", "nothing", "a task of classes or a quantity");
        };
        for (String name : names.split(" ")) {
            usual.add(Metric.parse(name));
        }
        return usual;
    }

    /** {@code auc 0.702 (0.689–0.715)}, or why it is not known. */
    private static String words(Measurement measured) {
        return measured.difference()
                .map(it -> measured.metric() + " " + number(it.difference()) + " (" + number(it.lower(CONFIDENCE))
                        + " to " + number(it.upper(CONFIDENCE)) + ")")
                .orElseGet(() -> measured.metric() + " is not known: "
                        + measured.missing().orElse(""));
    }

    private static String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 1_000 ? "%,.0f" : size >= 10 ? "%.2f" : "%.4f", value);
    }
}
