package org.plimsoll.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Query;
import org.plimsoll.data.Schema;
import org.plimsoll.scoring.FeatureSpec;
import org.plimsoll.scoring.Features;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.scoring.Precision;
import org.plimsoll.scoring.Task;

/**
 * Trains by a built-in trainer: raw rows → features fitted on them → x → model file → the artifact, which carries the features,
 * so that serving encodes with the same code.
 */
record TrainExecution(Work.Train work) implements StepExecution {

    @Override
    public void execute(Workbench bench) {
        Task task = work.task();
        Trainer trainer = Trainer.named(work.trainer()).orElseThrow(() -> Problem.notFound("trainer", work.trainer()));
        Workbench.Input input = bench.onlyInput();
        Columns rows = read(bench, input);
        Features features = Features.fit(specs(rows.schema()), rows, task.zoneOrUtc());
        EncodedRows encoded = encode(task, features, rows);
        try {
            Path model = bench.folder().resolve("model" + trainer.suffix());
            trainer.train(encoded, work.params(), bench.seed(), bench.threads(), model, bench);
            Path artifact = Files.createDirectories(bench.output(0));
            ModelArtifact.write(artifact, new ModelArtifact.Draft(model, task, features, rows, bench.seed()));
        } catch (IOException e) {
            throw Problem.internal("cannot write the model", e);
        }
        bench.say("%s, %,d rows, %d features".formatted(trainer.name(), rows.rows(), features.width()));
    }

    /** Only the columns that are needed. */
    private Columns read(Workbench bench, Workbench.Input input) {
        String alias = PipelineStep.alias(input.port().name());
        List<Path> files = SqlExecution.tabular(alias, input).stream()
                .map(Query.Input::file)
                .toList();
        Query.Table table = bench.query().describe(files);
        work.task().check(table.schema());
        Set<String> needed = new TreeSet<>();
        specs(table.schema()).forEach(spec -> needed.add(spec.column()));
        needed.add(work.task().label());
        work.task().weight().ifPresent(needed::add);
        work.task().group().ifPresent(needed::add);
        work.task().eventTime().ifPresent(needed::add); // the artifact tells how its training days differ
        List<String> columns = new ArrayList<>(); // in the order of the file, whatever the order of declaration
        for (String name : table.schema().names()) {
            if (needed.remove(name)) {
                columns.add(name);
            }
        }
        needed.forEach(table.schema()::column); // says which one is not there
        Columns rows = bench.query().read(files, columns);
        if (rows.rows() == 0) {
            throw Problem.of(Problem.Kind.INVALID, "there are no rows to train on");
        }
        return rows;
    }

    private List<FeatureSpec> specs(Schema raw) {
        if (work.features().isEmpty()) {
            return FeatureSpec.defaults(raw, work.task().bookkeeping());
        }
        List<FeatureSpec> specs = new ArrayList<>();
        for (Work.Feature feature : work.features()) {
            if (feature.column().equals(work.task().label())) {
                throw Problem.invalid(
                        "features." + feature.column(),
                        "the label",
                        "columns that are known when the question is asked");
            }
            specs.add(FeatureSpec.read(feature.column(), feature.declared()));
        }
        return specs;
    }

    private static EncodedRows encode(Task task, Features features, Columns rows) {
        if ((long) rows.rows() * features.width() > Integer.MAX_VALUE - 8) {
            throw Problem.of(
                    Problem.Kind.TOO_LARGE,
                    "%,d rows of %d features do not fit in one matrix; train on fewer rows, or encode categories by ordinal"
                            .formatted(rows.rows(), features.width()));
        }
        return new EncodedRows(
                task,
                rows.rows(),
                features.width(),
                floats(features.encode(rows, Precision.SINGLE)),
                labels(task, rows),
                task.weight().map(column -> floats(rows.numbers(column))),
                task.group().map(column -> groups(rows, column)));
    }

    private static float[] labels(Task task, Columns rows) {
        double[] labels = task.labels(rows);
        int missing = 0;
        for (double label : labels) {
            missing += Double.isNaN(label) ? 1 : 0;
        }
        if (missing > 0) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the label %s is missing in %,d of %,d training rows; leave those out in a step before"
                            .formatted(task.label(), missing, labels.length),
                    Map.of("column", task.label()));
        }
        if (task.kind() == Task.Kind.BINARY) {
            refuseOneClass(task, labels);
        }
        return floats(labels);
    }

    private static void refuseOneClass(Task task, double[] labels) {
        double sum = 0;
        for (double label : labels) {
            sum += label;
        }
        if (sum == 0 || sum == labels.length) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the label %s is %s in all %,d training rows; there is nothing to tell apart"
                                    .formatted(task.label(), sum == 0 ? "negative" : "positive", labels.length)
                            + task.positive()
                                    .map(value -> " (positive is " + value + ")")
                                    .orElse(""));
        }
    }

    private static float[] floats(double[] numbers) {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }

    /** Sizes of the runs of equal queries; a query's rows must stand together. */
    private static int[] groups(Columns rows, String column) {
        int place = rows.index(column);
        List<Integer> sizes = new ArrayList<>();
        Set<String> seen = new TreeSet<>();
        Optional<String> last = Optional.empty();
        for (int row = 0; row < rows.rows(); row++) {
            String query = rows.written(place, row).orElse("");
            if (last.isPresent() && last.get().equals(query)) {
                sizes.set(sizes.size() - 1, sizes.getLast() + 1);
                continue;
            }
            if (!seen.add(query)) {
                throw Problem.invalid(
                        "rows of " + column + " " + query, "apart", "rows of one query beside each other");
            }
            sizes.add(1);
            last = Optional.of(query);
        }
        return sizes.stream().mapToInt(Integer::intValue).toArray();
    }
}
