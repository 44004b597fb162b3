package org.plimsoll.scoring;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;
import org.plimsoll.scoring.ArtifactFiles.Declared;
import org.plimsoll.scoring.Engines.Asked;
import org.plimsoll.store.Folder;

/**
 * A trained model as it is kept, approved and served: an MLflow model folder with what is needed to ask it raw questions.
 *
 * <pre>
 *  MLmodel             which flavour, which file; Python's MLflow loads the folder as it is
 *  model.ubj           the model (or model.json; model.lgb of LightGBM; model.onnx; what the flavour says)
 *  features.json       raw columns → x ({@link Features}); not there where the model takes raw columns itself
 *  golden.json         raw rows and their answers ({@link GoldenRows})
 *  profile.json        what the training rows looked like ({@link TrainingProfile})
 *  task.json           {"v":1,"task":…,"signature":…,"output":…}, canonical JSON
 *  requirements.txt    python_env.yaml    conda.yaml      for Python
 * </pre>
 *
 * One digest names the whole folder: that of its manifest ({@link Folder}), the same that the blob store gives it. Nothing in it
 * tells of time or place, so training again gives the same digest. Reading verifies that the parts belong together.
 */
public final class ModelArtifact {

    /** The file that holds the task and the signature. */
    public static final String TASK = "task.json";

    /** The file that holds the {@link TrainingProfile}; artifacts of older releases have none. */
    public static final String PROFILE = "profile.json";

    /** Whoever trained the model, asked for its own answers. */
    public interface Maker {
        /** Its name and version: {@code XGBoost 3.0.4}. */
        String name();

        /** Its answers for x, row-major, in the shape of the model's first output; x in the precision of its engine. */
        double[] score(double[] x, int rows);
    }

    /**
     * What a new artifact is made of.
     *
     * @param model the model file: {@code .ubj} or {@code .json} of XGBoost, text of LightGBM, {@code .onnx}
     * @param rows raw rows to choose the golden rows from: the training rows
     * @param seed for the golden rows that are drawn at random
     * @param maker gives the golden rows' answers; where there is none, our own engine does, and parity then tells of changes
     *     after training only
     */
    public record Draft(Path model, Task task, Features features, Columns rows, long seed, Optional<Maker> maker) {

        public Draft(Path model, Task task, Features features, Columns rows, long seed) {
            this(model, task, features, rows, seed, Optional.empty());
        }
    }

    private final Path folder;
    private final Digest digest;
    private final MlflowFolder mlflow;
    private final Declared declared;
    private final Optional<Features> features;
    private final GoldenRows golden;

    private ModelArtifact(
            Path folder,
            Digest digest,
            MlflowFolder mlflow,
            Declared declared,
            Optional<Features> features,
            GoldenRows golden) {
        this.folder = folder;
        this.digest = digest;
        this.mlflow = mlflow;
        this.declared = declared;
        this.features = features;
        this.golden = golden;
    }

    /**
     * Reads an artifact and verifies that its parts belong together.
     *
     * @throws Problem naming the file and what is wrong with it
     */
    public static ModelArtifact open(Path folder) {
        MlflowFolder mlflow =
                MlflowFolder.read(new String(Engines.bytes(folder, ArtifactFiles.MLMODEL), StandardCharsets.UTF_8));
        Declared declared = ArtifactFiles.declared(Engines.bytes(folder, TASK));
        boolean takesColumns = switch (mlflow.flavour()) {
            case XGBOOST, LIGHTGBM, LINEAR -> false;
            case ONNX, SKLEARN, PYFUNC, REMOTE -> true;
        };
        Optional<Features> features = takesColumns && !Files.exists(folder.resolve(ArtifactFiles.FEATURES))
                ? Optional.empty()
                : Optional.of(Features.read(Engines.bytes(folder, ArtifactFiles.FEATURES)));
        GoldenRows golden = GoldenRows.read(Engines.bytes(folder, ArtifactFiles.GOLDEN));
        if (features.isPresent()
                && !declared.signature().inputs().equals(features.get().inputs())) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "task.json and features.json of the artifact name different inputs: "
                            + declared.signature().inputs() + " and "
                            + features.get().inputs());
        }
        if (golden.rows().rows() == 0) {
            throw Problem.of(Problem.Kind.INVALID, "golden.json of the artifact has no rows");
        }
        return new ModelArtifact(folder, ArtifactFiles.digestOf(folder), mlflow, declared, features, golden);
    }

    /**
     * Writes an artifact into a folder that is empty or not there yet.
     *
     * @return the artifact, read again and verified, its golden rows answered
     */
    public static ModelArtifact write(Path folder, Draft draft) {
        byte[] model = Engines.bytes(draft.model);
        MlflowFolder mlflow = MlflowFolder.of(draft.model, model, draft.features.names());
        Schema encoded = draft.features.encoded();
        try (Engine engine = Engines.open(asked(draft, mlflow, encoded))) {
            Signature signature = new Signature(draft.features.inputs(), engine.outputs());
            TaskFit.check(engine, draft.task, Optional.of(draft.features));
            Optional<Features> features = Optional.of(draft.features);
            GoldenRows golden = GoldenRows.of(new Scorer(signature, features, engine), draft.rows, draft.seed);
            if (draft.maker.isPresent()) {
                golden = answered(golden, draft.maker.get(), draft.features, engine);
            }
            List<Column> inputs =
                    engine instanceof ColumnEngine columns ? columns.inputs().columns() : encoded.columns();
            ArtifactFiles.fill(folder, MlflowFolder.bare(mlflow, model, engine.version(), inputs));
            ArtifactFiles.complete(
                    folder,
                    new Declared(draft.task, signature, Optional.empty(), Optional.empty()),
                    features,
                    golden,
                    draft.rows);
        } catch (IOException e) {
            throw Problem.internal("cannot write the artifact to " + folder, e);
        }
        return open(folder);
    }

    /**
     * Makes an artifact of a model that was made elsewhere: the one door for models that Plimsoll did not train. What is given
     * is a folder as Python's MLflow wrote it (flavours xgboost, lightgbm, onnx, sklearn, python_function), or a bare file:
     * {@code .json} and {@code .ubj} of XGBoost, text of LightGBM, {@code .onnx}. The folder's files stay as they are.
     *
     * <p>A model's columns are found by their names in the sample. Where the model names none, the MLflow signature does, or
     * else they are all the sample's columns, in order, but the label and what else the task names as bookkeeping.
     *
     * @param given the folder or the file
     * @param folder where the artifact is written; empty or not there yet
     * @param sample raw rows with every column the model asks for; golden rows are chosen from them
     * @param seed for the golden rows that are drawn at random
     * @throws Problem where the model is not executed here, columns do not fit, or no output answers the task
     */
    public static ModelArtifact from(Path given, Path folder, Task task, Columns sample, long seed) {
        return from(given, folder, task, sample, seed, Optional.empty(), Optional.empty());
    }

    /** The same for a model whose outputs leave open which one answers the task: its name, or {@code variable[2]}. */
    public static ModelArtifact from(
            Path given, Path folder, Task task, Columns sample, long seed, Optional<String> output) {
        return from(given, folder, task, sample, seed, output, Optional.empty());
    }

    private static Asked asked(Draft draft, MlflowFolder mlflow, Schema encoded) {
        return new Asked(
                ArtifactFiles.parent(draft.model),
                mlflow,
                draft.task,
                encoded,
                Optional.empty(),
                true,
                draft.rows,
                Optional.empty());
    }

    /**
     * The same for every model: also one whose outputs leave open which one answers the task, and one that Python or another
     * server executes.
     *
     * @param given a folder or a file as above, or a {@code remote.json} ({@link RemoteModel})
     * @param output the model's own output that answers the task: its name, or one of its values {@code variable[2]}
     */
    public static ModelArtifact from(
            Path given,
            Path folder,
            Task task,
            Columns sample,
            long seed,
            Optional<String> output,
            Execution execution) {
        return from(given, folder, task, sample, seed, output, Optional.of(execution));
    }

    private static ModelArtifact from(
            Path named,
            Path folder,
            Task task,
            Columns sample,
            long seed,
            Optional<String> output,
            Optional<Execution> execution) {
        Path remote = named.resolve(RemoteModel.FILE);
        Path given = Files.exists(remote) && !Files.exists(named.resolve(ArtifactFiles.MLMODEL)) ? remote : named;
        boolean isFolder = Files.isDirectory(given);
        byte[] model = isFolder ? new byte[0] : Engines.bytes(given);
        MlflowFolder mlflow = isFolder
                ? MlflowFolder.read(new String(Engines.bytes(given, ArtifactFiles.MLMODEL), StandardCharsets.UTF_8))
                : MlflowFolder.of(given, model, List.of());
        Path source = isFolder ? given : ArtifactFiles.parent(given);
        Asked asked = new Asked(source, mlflow, task, sample.schema(), output, true, sample, execution);
        ImportedModel made = ImportedModel.of(asked, sample, seed);
        try (Engine engine = made.engine()) {
            List<Column> inputs = made.features()
                    .map(features -> features.encoded().columns())
                    .orElse(made.signature().inputs().columns());
            ArtifactFiles.fill(
                    folder,
                    isFolder ? ArtifactFiles.of(given) : MlflowFolder.bare(mlflow, model, engine.version(), inputs));
            Declared declared = new Declared(task, made.signature(), output, made.instead());
            ArtifactFiles.complete(folder, declared, made.features(), made.golden(), sample);
        } catch (IOException e) {
            throw Problem.internal("cannot write the artifact to " + folder, e);
        }
        return open(folder);
    }

    private static GoldenRows answered(GoldenRows golden, Maker maker, Features features, Engine engine) {
        Precision precision = engine instanceof MatrixEngine matrix ? matrix.precision() : Precision.DOUBLE;
        double[][] scores = golden.scores().clone();
        scores[0] = maker.score(
                features.encode(golden.rows(), precision), golden.rows().rows());
        return new GoldenRows(maker.name(), golden.rows(), golden.outputs(), scores);
    }

    /** The digest of the folder's manifest: what the blob store calls it. */
    public Digest digest() {
        return digest;
    }

    public Path folder() {
        return folder;
    }

    public Task task() {
        return declared.task();
    }

    public Signature signature() {
        return declared.signature();
    }

    /** How raw columns become the model's features; empty where it takes raw columns itself. */
    public Optional<Features> features() {
        return features;
    }

    public GoldenRows golden() {
        return golden;
    }

    /**
     * Loads a model that this process executes itself.
     *
     * @throws Problem where its file is broken, or holds what no engine of ours is proved for; where Python or another server
     *     would execute it
     */
    public Scorer scorer() {
        return scorer(Optional.empty());
    }

    /** Loads the model, whatever executes it. @throws Problem where it cannot be executed, with the reason */
    public Scorer scorer(Execution execution) {
        return scorer(Optional.of(execution));
    }

    private Scorer scorer(Optional<Execution> execution) {
        Schema columns =
                features.map(Features::encoded).orElse(declared.signature().inputs());
        Engine engine = Engines.open(new Asked(
                folder,
                mlflow,
                declared.task(),
                columns,
                declared.output(),
                declared.engine().isEmpty(),
                golden.rows(),
                execution));
        try {
            TaskFit.check(engine, declared.task(), features);
            if (!engine.outputs().equals(declared.signature().outputs())) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "the model answers " + engine.outputs() + ", and its signature says "
                                + declared.signature().outputs());
            }
            return new Scorer(declared.signature(), features, engine);
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /**
     * Loads what says why the model scores as it does; apart from the {@link #scorer}, since only some ask.
     *
     * @throws Problem where the model's kind or file has no exact answer to that
     */
    public Explainer explainer() {
        Attribution attribution = Engines.attribution(folder, mlflow);
        return new Explainer(features.orElseThrow(), attribution);
    }

    /** The task in the bytes of {@link #TASK}. */
    public static Task readTask(byte[] json) {
        return ArtifactFiles.declared(json).task();
    }
}
