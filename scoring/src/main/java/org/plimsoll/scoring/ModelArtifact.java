package org.plimsoll.scoring;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.scoring.MlflowFolder.Flavour;
import org.plimsoll.store.Folder;
import tools.jackson.core.JacksonException;

/**
 * A trained model as it is kept, approved and served: an MLflow model folder with what is needed to ask it raw questions.
 *
 * <pre>
 *  MLmodel             which flavour, which file; Python's MLflow loads the folder as it is
 *  model.ubj           the model (or model.json; model.lgb of LightGBM)
 *  features.json       raw columns → x ({@link Features})
 *  golden.json         raw rows and their answers ({@link GoldenRows})
 *  task.json           {"v":1,"task":…,"signature":…}, canonical JSON
 *  requirements.txt    python_env.yaml    conda.yaml      for Python
 * </pre>
 *
 * One digest names the whole folder: that of its manifest ({@link Folder}), the same that the blob store gives it. Nothing in it
 * tells of time or place, so training again gives the same digest. Reading verifies that the parts belong together.
 */
public final class ModelArtifact {

    private static final int V = 1;
    private static final String MLMODEL = "MLmodel";
    private static final String FEATURES = "features.json";
    private static final String GOLDEN = "golden.json";
    private static final String TASK = "task.json";

    /** {@code task.json}. */
    private record Declared(int v, Task task, Signature signature) {}

    /** Whoever trained the model, asked for its own answers. */
    public interface Maker {
        /** Its name and version: {@code XGBoost 3.0.4}. */
        String name();

        /** Its answers for x, row-major, in the shape of the model's first output. */
        double[] score(float[] x, int rows);
    }

    /**
     * What a new artifact is made of.
     *
     * @param model the model file: {@code .ubj} or {@code .json} of XGBoost, text of LightGBM
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
    private final Features features;
    private final GoldenRows golden;

    private ModelArtifact(
            Path folder, Digest digest, MlflowFolder mlflow, Declared declared, Features features, GoldenRows golden) {
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
        MlflowFolder mlflow = MlflowFolder.read(new String(bytes(folder, MLMODEL), StandardCharsets.UTF_8));
        Declared declared = declared(bytes(folder, TASK));
        Features features = Features.read(bytes(folder, FEATURES));
        GoldenRows golden = GoldenRows.read(bytes(folder, GOLDEN));
        if (!declared.signature.inputs().equals(features.inputs())) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "task.json and features.json of the artifact name different inputs: " + declared.signature.inputs()
                            + " and " + features.inputs());
        }
        if (golden.rows().rows() == 0) {
            throw Problem.of(Problem.Kind.INVALID, "golden.json of the artifact has no rows");
        }
        return new ModelArtifact(folder, digestOf(folder), mlflow, declared, features, golden);
    }

    /**
     * Writes an artifact into a folder that is empty or not there yet.
     *
     * @return the artifact, read again and verified, its golden rows answered
     */
    public static ModelArtifact write(Path folder, Draft draft) {
        String name = draft.model.getFileName().toString();
        byte[] model = bytes(draft.model);
        Flavour flavour = LightgbmFile.is(model) ? Flavour.LIGHTGBM : Flavour.XGBOOST;
        String file = "model" + (flavour == Flavour.LIGHTGBM ? ".lgb" : name.endsWith(".json") ? ".json" : ".ubj");
        try (TreeEngine engine = engine(flavour, name, model)) {
            check(engine, draft);
            Signature signature = new Signature(draft.features.inputs(), engine.outputs());
            Files.createDirectories(folder);
            try (Stream<Path> there = Files.list(folder)) {
                if (there.findAny().isPresent()) {
                    throw Problem.of(
                            Problem.Kind.CONFLICT, folder + " is not empty; name a folder that is not there yet");
                }
            }
            Files.write(folder.resolve(file), model);
            Files.write(folder.resolve(FEATURES), draft.features.write());
            Files.write(folder.resolve(TASK), CanonicalJson.bytes(new Declared(V, draft.task, signature)));
            Files.write(folder.resolve(GOLDEN), golden(draft, signature, engine).write());
            for (Map.Entry<String, String> each : MlflowFolder.files(
                            flavour, file, model, engine.version(), draft.features.names())
                    .entrySet()) {
                Files.writeString(folder.resolve(each.getKey()), each.getValue());
            }
        } catch (IOException e) {
            throw Problem.internal("cannot write the artifact to " + folder, e);
        }
        return open(folder);
    }

    /**
     * Completes an MLflow folder of the flavours xgboost and lightgbm, such as a training script of one's own leaves: the model
     * takes its columns as they come, so they are the raw inputs, and golden rows are chosen from the sample.
     *
     * @param mlflow the folder as Python's MLflow wrote it
     * @param folder where the artifact is written; empty or not there yet
     * @param sample raw rows that hold every column the model asks for, as numbers or booleans
     * @throws Problem where the folder holds a flavour that is not executed here, or columns do not fit
     */
    public static ModelArtifact complete(Path mlflow, Path folder, Task task, Columns sample, long seed) {
        MlflowFolder found = MlflowFolder.read(new String(bytes(mlflow, MLMODEL), StandardCharsets.UTF_8));
        byte[] model = bytes(mlflow, found.modelFile());
        List<String> names;
        try (TreeEngine engine = engine(found.flavour(), found.modelFile(), model)) {
            if (engine.goesOnAfterBest() && found.modelClass().startsWith("xgboost.sklearn")) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "the model was stopped early, and holds trees that " + found.modelClass()
                                + " leaves out; save get_booster()[:best_iteration + 1] instead");
            }
            names = engine.names().isEmpty() ? found.columns() : engine.names();
            if (names.size() != engine.features()) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "the model asks for " + engine.features() + " features and does not name them; train it with "
                                + "feature names, or log it with a signature of columns");
            }
        }
        List<FeatureSpec> specs = names.stream()
                .map(name -> new FeatureSpec(name, List.of(new FeatureStep.Number())))
                .toList();
        Features features = Features.fit(specs, sample, task.zoneOrUtc());
        return write(folder, new Draft(mlflow.resolve(found.modelFile()), task, features, sample, seed));
    }

    private static GoldenRows golden(Draft draft, Signature signature, TreeEngine engine) {
        Columns rows =
                GoldenRows.choose(draft.rows.select(draft.features.inputs().names()), draft.seed);
        float[] x = draft.features.encode(rows);
        double[][] scores = draft.maker.isPresent()
                ? new double[][] {draft.maker.get().score(x, rows.rows())}
                : engine.score(x, rows.rows());
        String by = draft.maker.map(Maker::name).orElse("Plimsoll");
        return new GoldenRows(by, rows, signature.outputs(), scores);
    }

    private static void check(Engine engine, Draft draft) {
        if (engine.features() != draft.features.width()) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the model has " + engine.features() + " features, and the declared features give "
                            + draft.features.width());
        }
        if (!engine.names().isEmpty() && !engine.names().equals(draft.features.names())) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the model's features are " + engine.names() + ", and the declared features give "
                            + draft.features.names());
        }
        Signature.Output answer = engine.outputs().getFirst();
        boolean fits = switch (draft.task.kind()) {
            case BINARY -> answer.name().equals("probability");
            case MULTICLASS -> answer.name().equals("probabilities");
            case REGRESSION -> answer.name().equals("prediction");
            case RANKING -> answer.width() == 1;
        };
        if (!fits) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the task is " + draft.task.kind().word() + ", and the model answers " + answer
                            + "; train it with an objective of the task's kind");
        }
    }

    /** The digest of the folder's manifest: what the blob store calls it. */
    public Digest digest() {
        return digest;
    }

    public Path folder() {
        return folder;
    }

    public Task task() {
        return declared.task;
    }

    public Signature signature() {
        return declared.signature;
    }

    public Features features() {
        return features;
    }

    public GoldenRows golden() {
        return golden;
    }

    /** Loads the model. @throws Problem where its file is broken, or holds what no engine of ours is proved for */
    public Scorer scorer() {
        TreeEngine engine = engine(mlflow.flavour(), mlflow.modelFile(), bytes(folder, mlflow.modelFile()));
        check(engine, new Draft(folder, declared.task, features, golden.rows(), 0));
        if (!engine.outputs().equals(declared.signature.outputs())) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the model answers " + engine.outputs() + ", and its signature says "
                            + declared.signature.outputs());
        }
        return new Scorer(declared.signature, features, engine);
    }

    private static Declared declared(byte[] json) {
        Declared declared;
        try {
            declared = Json.read(json, Declared.class);
        } catch (JacksonException e) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "task.json: " + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
        if (declared.v > V) {
            throw Problem.invalid("task.json v", declared.v, "at most " + V + "; a newer Plimsoll wrote it");
        }
        return declared;
    }

    private static TreeEngine engine(Flavour flavour, String file, byte[] model) {
        return switch (flavour) {
            case XGBOOST -> XgboostFile.read(file, model);
            case LIGHTGBM -> LightgbmFile.read(file, model);
        };
    }

    private static byte[] bytes(Path folder, String name) {
        Path file = folder.resolve(name).normalize();
        if (!file.startsWith(folder.normalize()) || !Files.isRegularFile(file)) {
            throw Problem.of(
                    Problem.Kind.INVALID, "the folder " + folder + " is no model artifact: it has no file " + name);
        }
        return bytes(file);
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw Problem.of(Problem.Kind.INVALID, "cannot read " + file + ": " + e.getMessage());
        }
    }

    private static Digest digestOf(Path folder) {
        List<Folder.File> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                files.add(new Folder.File(name, digest(file), Files.size(file)));
            }
        } catch (IOException e) {
            throw Problem.internal("cannot read the folder " + folder, e);
        }
        return CanonicalJson.digest(Folder.of(files));
    }

    private static Digest digest(Path file) throws IOException {
        MessageDigest sha256 = Digest.sha256();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha256.update(buffer, 0, read);
            }
        }
        return Digest.of(sha256);
    }
}
