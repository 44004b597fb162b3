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
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;
import org.plimsoll.scoring.Engines.Asked;
import org.plimsoll.scoring.MlflowFolder.Flavour;
import org.plimsoll.store.Folder;
import tools.jackson.core.JacksonException;

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

    private static final int V = 1;
    private static final String MLMODEL = "MLmodel";
    private static final String FEATURES = "features.json";
    private static final String GOLDEN = "golden.json";
    private static final String RUNTIME = "onnxruntime";

    /** The file that holds the task and the signature. */
    public static final String TASK = "task.json";

    /** The file that holds the {@link TrainingProfile}; artifacts of older releases have none. */
    public static final String PROFILE = "profile.json";

    /**
     * {@code task.json}.
     *
     * @param output which of the model's own outputs answers the task, where somebody said so
     * @param engine {@code onnxruntime} where the golden rows of a graph that our own engine knows were not equal
     */
    private record Declared(int v, Task task, Signature signature, Optional<String> output, Optional<String> engine) {}

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
        MlflowFolder mlflow = MlflowFolder.read(new String(Engines.bytes(folder, MLMODEL), StandardCharsets.UTF_8));
        Declared declared = declared(Engines.bytes(folder, TASK));
        boolean takesColumns = switch (mlflow.flavour()) {
            case XGBOOST, LIGHTGBM, LINEAR -> false;
            case ONNX, SKLEARN, PYFUNC, REMOTE -> true;
        };
        Optional<Features> features = takesColumns && !Files.exists(folder.resolve(FEATURES))
                ? Optional.empty()
                : Optional.of(Features.read(Engines.bytes(folder, FEATURES)));
        GoldenRows golden = GoldenRows.read(Engines.bytes(folder, GOLDEN));
        if (features.isPresent()
                && !declared.signature.inputs().equals(features.get().inputs())) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "task.json and features.json of the artifact name different inputs: " + declared.signature.inputs()
                            + " and " + features.get().inputs());
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
        byte[] model = Engines.bytes(draft.model);
        MlflowFolder mlflow = MlflowFolder.of(draft.model, model, draft.features.names());
        Schema encoded = encoded(draft.features);
        try (Engine engine = Engines.open(asked(draft, mlflow, encoded))) {
            Signature signature = new Signature(draft.features.inputs(), engine.outputs());
            check(engine, draft.task, Optional.of(draft.features));
            Optional<Features> features = Optional.of(draft.features);
            GoldenRows golden = golden(new Scorer(signature, features, engine), draft.rows, draft.seed);
            if (draft.maker.isPresent()) {
                golden = answered(golden, draft.maker.get(), draft.features, engine);
            }
            List<Column> inputs =
                    engine instanceof ColumnEngine columns ? columns.inputs().columns() : encoded.columns();
            fill(folder, MlflowFolder.bare(mlflow, model, engine.version(), inputs));
            complete(
                    folder,
                    new Declared(V, draft.task, signature, Optional.empty(), Optional.empty()),
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
                parent(draft.model), mlflow, draft.task, encoded, Optional.empty(), true, draft.rows, Optional.empty());
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
        Path given = Files.exists(remote) && !Files.exists(named.resolve(MLMODEL)) ? remote : named;
        boolean isFolder = Files.isDirectory(given);
        byte[] model = isFolder ? new byte[0] : Engines.bytes(given);
        MlflowFolder mlflow = isFolder
                ? MlflowFolder.read(new String(Engines.bytes(given, MLMODEL), StandardCharsets.UTF_8))
                : MlflowFolder.of(given, model, List.of());
        Path source = isFolder ? given : parent(given);
        Asked asked = new Asked(source, mlflow, task, sample.schema(), output, true, sample, execution);
        Made made = Made.of(asked, sample, seed);
        try (Engine engine = made.engine) {
            List<Column> inputs = made.features
                    .map(features -> encoded(features).columns())
                    .orElse(made.signature.inputs().columns());
            fill(folder, isFolder ? files(given) : MlflowFolder.bare(mlflow, model, engine.version(), inputs));
            Declared declared = new Declared(V, task, made.signature, output, made.instead);
            complete(folder, declared, made.features, made.golden, sample);
        } catch (IOException e) {
            throw Problem.internal("cannot write the artifact to " + folder, e);
        }
        return open(folder);
    }

    /**
     * What a model made elsewhere becomes, before it is written.
     *
     * @param instead the engine that executes it in place of our own
     */
    private record Made(
            Engine engine,
            Optional<Features> features,
            Signature signature,
            GoldenRows golden,
            Optional<String> instead) {

        static Made of(Asked asked, Columns sample, long seed) {
            Engine engine = Engines.open(asked);
            try {
                Optional<Features> features = switch (engine) {
                    case MatrixEngine matrix -> Optional.of(asTheyCome(matrix, asked.mlflow(), asked.task(), sample));
                    case ColumnEngine _ -> Optional.empty();
                };
                check(engine, asked.task(), features);
                Signature signature = switch (engine) {
                    case MatrixEngine matrix ->
                        new Signature(features.orElseThrow().inputs(), matrix.outputs());
                    case ColumnEngine columns -> new Signature(columns.inputs(), columns.tensors(), columns.outputs());
                };
                Scorer scorer = new Scorer(signature, features, engine);
                GoldenRows golden = ModelArtifact.golden(scorer, sample, seed);
                refuseMargins(asked.task(), golden);
                Made made = new Made(engine, features, signature, golden, Optional.empty());
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
        private Made provenBy(Asked asked, Scorer own, Columns sample, long seed) {
            Asked other = new Asked(
                    asked.folder(),
                    asked.mlflow(),
                    asked.task(),
                    asked.columns(),
                    asked.output(),
                    false,
                    asked.sample(),
                    asked.execution());
            Made runtime = of(other, sample, seed);
            boolean same = false;
            try {
                ColumnEngine judge = (ColumnEngine) runtime.engine;
                Columns rows = golden.rows();
                GoldenRows judged =
                        new GoldenRows("ONNX Runtime " + judge.version(), rows, signature.outputs(), judge.score(rows));
                same = runtime.signature.outputs().equals(signature.outputs())
                        && judged.judge(own).holds();
                return same
                        ? new Made(engine, features, signature, judged, Optional.empty())
                        : new Made(judge, Optional.empty(), runtime.signature, runtime.golden, Optional.of(RUNTIME));
            } finally {
                (same ? runtime.engine : engine).close();
            }
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
                                + "; leave exactly the model's columns in the data, in its order, or train it with feature"
                                + " names"));
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

    /** What features make, as columns. */
    private static Schema encoded(Features features) {
        return new Schema(features.names().stream()
                .map(name -> Column.optional(name, ColumnType.NUMBER))
                .toList());
    }

    private static Path parent(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    /** Rows that cover most, with the answers of this scorer. */
    private static GoldenRows golden(Scorer scorer, Columns candidates, long seed) {
        Signature signature = scorer.signature();
        Columns rows = GoldenRows.choose(answerable(signature, candidates), seed);
        return new GoldenRows(
                scorer.by(), rows, signature.outputs(), scorer.score(rows).values());
    }

    /** The rows that have a value wherever one is required. */
    private static Columns answerable(Signature signature, Columns candidates) {
        Columns asked = candidates.select(signature.inputs().names());
        int[] whole = IntStream.range(0, asked.rows())
                .filter(row -> IntStream.range(0, asked.schema().size())
                        .allMatch(c -> signature.inputs().columns().get(c).optional() || !asked.isMissing(c, row)))
                .toArray();
        if (whole.length == 0) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "no row has a value in every column that the model requires: " + signature.inputs());
        }
        return whole.length == asked.rows() ? asked : asked.pick(whole);
    }

    private static GoldenRows answered(GoldenRows golden, Maker maker, Features features, Engine engine) {
        Precision precision = engine instanceof MatrixEngine matrix ? matrix.precision() : Precision.DOUBLE;
        double[][] scores = golden.scores().clone();
        scores[0] = maker.score(
                features.encode(golden.rows(), precision), golden.rows().rows());
        return new GoldenRows(maker.name(), golden.rows(), golden.outputs(), scores);
    }

    /** A number that is no probability must not be taken for one. */
    private static void refuseMargins(Task task, GoldenRows golden) {
        if (task.kind() != Task.Kind.BINARY && task.kind() != Task.Kind.MULTICLASS) {
            return;
        }
        for (double value : golden.scores()[0]) {
            if (!(value >= -Scorer.ROUNDING && value <= 1 + Scorer.ROUNDING)) {
                Signature.Output answer = golden.outputs().getFirst();
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "the model answers " + value + " where a probability is needed; its output "
                                + answer.from().orElse(answer.name())
                                + " is none: export the model with its probabilities, or name another output");
            }
        }
    }

    private static void check(Engine engine, Task task, Optional<Features> features) {
        if (engine instanceof MatrixEngine matrix) {
            Features encoding = features.orElseThrow(() -> Problem.of(
                    Problem.Kind.INVALID,
                    "the artifact has no features.json, and its model takes a matrix of features"));
            if (matrix.features() != encoding.width()) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "the model has " + matrix.features() + " features, and the declared features give "
                                + encoding.width());
            }
            if (!matrix.names().isEmpty() && !matrix.names().equals(encoding.names())) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "the model's features are " + matrix.names() + ", and the declared features give "
                                + encoding.names());
            }
        }
        Signature.Output answer = engine.outputs().getFirst();
        boolean fits = switch (task.kind()) {
            case BINARY -> answer.name().equals("probability");
            case MULTICLASS -> answer.name().equals("probabilities");
            case REGRESSION -> answer.name().equals("prediction");
            case RANKING -> answer.width() == 1;
        };
        if (!fits) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the task is " + task.kind().word() + ", and the model answers " + answer
                            + "; train it with an objective of the task's kind");
        }
        if (task.kind() == Task.Kind.MULTICLASS) {
            checkClasses(task.classes(), answer);
        }
    }

    /** A probability must not be taken for that of another class. Words that no task names are the label's own affair. */
    private static void checkClasses(List<String> declared, Signature.Output answer) {
        List<String> own = answer.classes();
        boolean isNumbered = own.stream().allMatch(each -> each.matches("-?[0-9]+"));
        List<String> numbers =
                IntStream.range(0, answer.width()).mapToObj(Integer::toString).toList();
        boolean fits = declared.isEmpty()
                ? own.isEmpty() || !isNumbered || own.equals(numbers)
                : declared.size() == answer.width() && (own.isEmpty() || own.equals(declared) || own.equals(numbers));
        if (!fits) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the model answers the probabilities of "
                            + (own.isEmpty() ? answer.width() + " classes" : "the classes " + String.join(", ", own))
                            + ", and task.classes names "
                            + (declared.isEmpty()
                                    ? "none, so that they would be numbers from 0"
                                    : String.join(", ", declared))
                            + "; name the label's values in the model's order");
        }
    }

    private static void fill(Path folder, Map<String, byte[]> files) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> there = Files.list(folder)) {
            if (there.findAny().isPresent()) {
                throw Problem.of(Problem.Kind.CONFLICT, folder + " is not empty; name a folder that is not there yet");
            }
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path target = folder.resolve(file.getKey());
            Files.createDirectories(parent(target));
            Files.write(target, file.getValue());
        }
    }

    private static void complete(
            Path folder, Declared declared, Optional<Features> features, GoldenRows golden, Columns rows)
            throws IOException {
        if (features.isPresent()) {
            Files.write(folder.resolve(FEATURES), features.get().write());
        }
        Files.write(folder.resolve(TASK), CanonicalJson.bytes(declared));
        Files.write(
                folder.resolve(PROFILE),
                TrainingProfile.of(declared.task, declared.signature.inputs().names(), rows)
                        .write());
        Files.write(folder.resolve(GOLDEN), golden.write());
    }

    /** The files of a folder as they are; links are not followed, since they could lead anywhere. */
    private static Map<String, byte[]> files(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.toList()) {
                if (Files.isSymbolicLink(file)) {
                    throw Problem.of(
                            Problem.Kind.INVALID, file + " is a link; a model folder holds its files themselves");
                }
                String name = folder.relativize(file).toString().replace('\\', '/');
                boolean ours =
                        name.equals(FEATURES) || name.equals(TASK) || name.equals(GOLDEN) || name.equals(PROFILE);
                if (Files.isRegularFile(file) && !ours) {
                    files.put(name, Engines.bytes(file));
                }
            }
        }
        return files;
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
        Schema columns = features.map(ModelArtifact::encoded).orElse(declared.signature.inputs());
        Engine engine = Engines.open(new Asked(
                folder,
                mlflow,
                declared.task,
                columns,
                declared.output,
                declared.engine.isEmpty(),
                golden.rows(),
                execution));
        try {
            check(engine, declared.task, features);
            if (!engine.outputs().equals(declared.signature.outputs())) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "the model answers " + engine.outputs() + ", and its signature says "
                                + declared.signature.outputs());
            }
            return new Scorer(declared.signature, features, engine);
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
        return declared(json).task;
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
