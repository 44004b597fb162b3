package org.plimsoll.scoring;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.Columns;
import org.plimsoll.scoring.Engines.Asked;
import org.plimsoll.scoring.MlflowFolder.Flavour;

/**
 * What a model made elsewhere becomes, before it is written: its engine, open, how raw columns reach it, and what it answers.
 *
 * @param instead the engine that executes it in place of our own
 */
record ImportedModel(
        Engine engine, Optional<Features> features, Signature signature, GoldenRows golden, Optional<String> instead) {

    private static final String RUNTIME = "onnxruntime";

    /** Opens it. @throws Problem where it is not executed here, columns do not fit, or no output answers the task */
    static ImportedModel of(Asked asked, Columns sample, long seed) {
        Engine engine = Engines.open(asked);
        try {
            Optional<Features> features = switch (engine) {
                case MatrixEngine matrix -> Optional.of(asTheyCome(matrix, asked.mlflow(), asked.task(), sample));
                case ColumnEngine _ -> Optional.empty();
            };
            TaskFit.check(engine, asked.task(), features);
            Signature signature = switch (engine) {
                case MatrixEngine matrix -> new Signature(features.orElseThrow().inputs(), matrix.outputs());
                case ColumnEngine columns -> new Signature(columns.inputs(), columns.tensors(), columns.outputs());
            };
            Scorer scorer = new Scorer(signature, features, engine);
            GoldenRows golden = GoldenRows.of(scorer, sample, seed);
            TaskFit.refuseMargins(asked.task(), golden);
            ImportedModel made = new ImportedModel(engine, features, signature, golden, Optional.empty());
            return asked.mlflow().flavour() == Flavour.ONNX && engine instanceof MatrixEngine
                    ? made.provenBy(asked, scorer, sample, seed)
                    : made;
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /**
     * Our own engine for an ONNX graph, its golden rows answered by ONNX Runtime, who is the judge of what a graph means;
     * where the two differ, ONNX Runtime executes it.
     */
    private ImportedModel provenBy(Asked asked, Scorer own, Columns sample, long seed) {
        Asked other = new Asked(
                asked.folder(),
                asked.mlflow(),
                asked.task(),
                asked.columns(),
                asked.output(),
                false,
                asked.sample(),
                asked.execution());
        ImportedModel runtime = of(other, sample, seed);
        boolean same = false;
        try {
            ColumnEngine judge = (ColumnEngine) runtime.engine;
            Columns rows = golden.rows();
            GoldenRows judged =
                    new GoldenRows("ONNX Runtime " + judge.version(), rows, signature.outputs(), judge.score(rows));
            same = runtime.signature.outputs().equals(signature.outputs())
                    && judged.judge(own).holds();
            return same
                    ? new ImportedModel(engine, features, signature, judged, Optional.empty())
                    : new ImportedModel(
                            judge, Optional.empty(), runtime.signature, runtime.golden, Optional.of(RUNTIME));
        } finally {
            (same ? runtime.engine : engine).close();
        }
    }

    /** The features of a model that takes its columns as they come. */
    private static Features asTheyCome(MatrixEngine engine, MlflowFolder mlflow, Task task, Columns sample) {
        if (engine instanceof TreeEngine trees
                && trees.goesOnAfterBest()
                && mlflow.modelClass().startsWith("xgboost.sklearn")) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the model was stopped early, and holds trees that " + mlflow.modelClass()
                            + " leaves out; save get_booster()[:best_iteration + 1] instead");
        }
        List<String> left = sample.schema().without(task.bookkeeping()).names();
        List<String> names = Stream.of(engine.names(), mlflow.columns(), left)
                .filter(each -> each.size() == engine.features())
                .findFirst()
                .orElseThrow(() -> Problem.of(
                        Problem.Kind.INVALID,
                        "the model asks for " + engine.features()
                                + " features and does not name them, and the data has " + left.size()
                                + " columns beside the label: " + String.join(", ", left)
                                + "; leave exactly the model's columns in the data, in its order, or train it with"
                                + " feature names"));
        List<String> absent =
                names.stream().filter(name -> !sample.schema().has(name)).toList();
        if (!absent.isEmpty()) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the model takes the columns " + String.join(", ", names) + ", and the data has no "
                            + String.join(", ", absent) + "; it has " + String.join(", ", left));
        }
        List<FeatureSpec> specs = IntStream.range(0, names.size())
                .mapToObj(i -> new FeatureSpec(
                        names.get(i), List.of(step(engine, i, sample.schema().column(names.get(i))))))
                .toList();
        return Features.fit(specs, sample, task.zoneOrUtc());
    }

    private static FeatureStep step(MatrixEngine engine, int feature, Column given) {
        FeatureStep step = engine.categories().step(feature);
        if (step instanceof FeatureStep.Number && given.type().isText()) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the model takes column " + given.name() + " as a number, and the data has words there: the model's"
                            + " file does not keep which number each word has. XGBoost from 3.1 on and LightGBM keep it"
                            + " for columns of dtype category of a pandas table; else give the column as numbers");
        }
        return step;
    }
}
