package org.plimsoll.pipeline;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Spelling;
import org.plimsoll.core.YamlDocument;
import org.plimsoll.evaluation.Metric;
import org.plimsoll.scoring.FeatureSpec;
import org.plimsoll.scoring.Task;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads {@code pipeline.yaml}. Everything that can be wrong with the file is said here, with line and column, before anything
 * runs: unknown keys, unknown names, circles, parameters nobody declared.
 *
 * <pre>
 *  pipeline: late-arrival
 *  parameters: {train_to: 2001-01-25, rounds: 100}       defaults; $name or ${name} in any value below, $name in SQL
 *  task: {kind: binary, label: late, event_time: departed_at, maturity: 12h}
 *  segments: [origin]                                     goes into the task
 *  data: {raw: flights@latest}
 *  steps:
 *    NAME: {sql: FILE, in: […], out: [rows]}
 *    NAME: {split: {by: time, train: {from:, to:}, test: {from:, to:}}, in: […], out: [train, test]}
 *          {split: {by: time, test: last 7 days}, …}  {split: {by: entity, test: 0.2}, seed: 1, …}
 *          {split: {test: 0.2, incomplete: leave_out, at_most: 1000000}, seed: 1, …}     by what the task has: time, entity, row
 *    NAME: {trainer: xgboost, in: […], features: {…}, params: {…}, seed: 42, threads: 2, out: [model]}
 *    NAME: {evaluate: [auc, log_loss], in: [train.model, split.test], out: [rows]}
 *    NAME: {run: [python, train.py], in: […], code: [train.py], params: {…}, seed: 42, threads: 2, out: [model]}
 * </pre>
 */
public final class PipelineFile {

    /** Its name where none is given. */
    public static final String NAME = "pipeline.yaml";

    private static final long LARGEST = 1 << 20;
    static final Pattern WORD = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]{0,63}");
    private static final Pattern USE = Pattern.compile("\\$\\$|\\$\\{([a-zA-Z_][a-zA-Z0-9_]*)}");
    private static final Pattern WHOLE = Pattern.compile("\\$([a-zA-Z_][a-zA-Z0-9_]*)");
    private static final Set<String> KINDS = Set.of("sql", "split", "trainer", "evaluate", "run");
    private static final String CODE = "code";

    private record Declared(
            ExperimentName pipeline,
            Map<String, JsonNode> parameters,
            Optional<JsonNode> task,
            List<String> segments,
            Map<String, String> data,
            Map<String, JsonNode> steps) {}

    private final Path folder;
    private final YamlDocument document;
    private final Declared declared;
    private final Map<String, JsonNode> parameters;
    private final Optional<Task> task;

    private PipelineFile(Path folder, String name, String text, Map<String, String> set) {
        this.folder = folder;
        YamlDocument written = YamlDocument.parse(name, text);
        this.parameters = parameters(written, written.read(Declared.class).parameters(), set);
        this.document = written.with((pointer, value) -> filled(written, pointer, value));
        this.declared = document.read(Declared.class);
        this.task = document.tree().has("task") ? Optional.of(task()) : Optional.empty();
    }

    /**
     * Reads a pipeline.
     *
     * @param set values of parameters that replace the declared defaults, as a person wrote them
     * @throws Problem INVALID, with the place, or NOT_FOUND where there is no such file
     */
    public static Pipeline read(Path file, Map<String, String> set) {
        String text = text(file);
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElseThrow();
        PipelineFile read = new PipelineFile(folder, String.valueOf(file.getFileName()), text, set);
        return new Pipeline(
                read.declared.pipeline(),
                folder,
                text,
                read.parameters,
                read.task,
                new LinkedHashMap<>(read.declared.data()),
                read.steps());
    }

    static String text(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw Problem.of(
                        Problem.Kind.TOO_LARGE, file + " has " + Files.size(file) + " bytes; at most 1 MiB is read");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw Problem.of(
                    Problem.Kind.NOT_FOUND,
                    "there is no file " + file + " here (" + Path.of("").toAbsolutePath() + ")",
                    Map.of("file", file.toString()));
        } catch (MalformedInputException e) {
            throw Problem.of(Problem.Kind.INVALID, file + " is not UTF-8 text", Map.of("file", file.toString()));
        } catch (IOException e) {
            throw Problem.of(Problem.Kind.INVALID, file + " cannot be read: " + e, Map.of("file", file.toString()));
        }
    }

    private static Map<String, JsonNode> parameters(
            YamlDocument written, Map<String, JsonNode> defaults, Map<String, String> set) {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        defaults.forEach((name, value) -> {
            if (!WORD.matcher(name).matches()) {
                throw written.problem(
                        "/parameters/" + name,
                        "`" + name + "` is not a name of a parameter: letters, digits and _",
                        List.of());
            }
            if (value.isContainer() || value.isNull()) {
                throw written.problemAtValue(
                        "/parameters/" + name, "the default of a parameter is a text, a number, true or false");
            }
            values.put(name, value);
        });
        set.forEach((name, text) -> {
            JsonNode before = values.get(name);
            if (before == null) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "there is no parameter " + name + " to set"
                                + Spelling.nearest(name, values.keySet())
                                        .map(likely -> "; did you mean " + likely + "?")
                                        .orElse(
                                                values.isEmpty()
                                                        ? "; the pipeline declares none"
                                                        : "; there are " + String.join(", ", values.keySet())),
                        Map.of("field", name));
            }
            values.put(name, set(name, text, before));
        });
        return values;
    }

    /** The value as YAML reads it, so that 7 is a number; a text where the default is a text. */
    private static JsonNode set(String name, String text, JsonNode before) {
        if (before.isString()) {
            return JsonNodeFactory.instance.stringNode(text);
        }
        JsonNode value = YamlDocument.parse("--set " + name, text.isBlank() ? "''" : text)
                .tree();
        if (before.isNumber() != value.isNumber() || before.isBoolean() != value.isBoolean()) {
            throw Problem.invalid(
                    "parameter " + name,
                    text,
                    (before.isNumber() ? "a number" : "true or false") + " like its default " + before);
        }
        return value;
    }

    private JsonNode filled(YamlDocument written, String pointer, JsonNode value) {
        if (!value.isString() || pointer.startsWith("/parameters/") || pointer.equals("/pipeline")) {
            return value;
        }
        String text = value.stringValue();
        Matcher whole = WHOLE.matcher(text);
        if (whole.matches()) {
            return parameter(written, pointer, whole.group(1));
        }
        String filled = USE.matcher(text)
                .replaceAll(use -> Matcher.quoteReplacement(
                        use.group(1) == null ? "$" : plain(parameter(written, pointer, use.group(1)))));
        return JsonNodeFactory.instance.stringNode(filled);
    }

    private JsonNode parameter(YamlDocument written, String pointer, String name) {
        JsonNode value = parameters.get(name);
        if (value == null) {
            throw written.problemAtValue(
                    pointer,
                    "$" + name + " is not a parameter"
                            + Spelling.nearest(name, parameters.keySet())
                                    .map(likely -> "; did you mean $" + likely + "?")
                                    .orElse("; declare it under parameters"));
        }
        return value;
    }

    /** A value as text: a string without its quotes. */
    static String plain(JsonNode value) {
        return value.isString() ? value.stringValue() : value.toString();
    }

    private Task task() {
        Task task = document.read("/task", Task.class);
        if (!declared.segments().isEmpty()) {
            Set<String> segments = new LinkedHashSet<>(task.segments());
            segments.addAll(declared.segments());
            task = task.withSegments(List.copyOf(segments));
        }
        return task;
    }

    // ---- steps

    private List<PipelineStep> steps() {
        if (declared.steps().isEmpty()) {
            throw document.problem("/steps", "there are no steps", List.of());
        }
        Map<String, PipelineStep> steps = new LinkedHashMap<>();
        declared.steps().forEach((name, written) -> {
            String pointer = "/steps/" + name;
            checkWord(pointer, "a step", name);
            steps.put(name, step(name, pointer, written));
        });
        declared.data().keySet().forEach(name -> checkWord("/data/" + name, "data", name));
        return new StepOrder(document, declared.data().keySet(), steps).checked();
    }

    private void checkWord(String pointer, String what, String name) {
        if (!WORD.matcher(name).matches() || name.equals(CODE)) {
            throw document.problem(
                    pointer,
                    "`" + name + "` cannot be the name of " + what
                            + ": a letter, then letters, digits and _, but not `code`",
                    List.of());
        }
    }

    private PipelineStep step(String name, String pointer, JsonNode written) {
        List<String> kinds =
                written.propertyNames().stream().filter(KINDS::contains).toList();
        if (kinds.size() != 1) {
            if (kinds.isEmpty()) {
                for (String key : written.propertyNames()) {
                    if (Spelling.nearest(key, KINDS).isPresent()) {
                        throw document.problem(pointer + "/" + key, "`" + key + "` is not a key of a step", KINDS);
                    }
                }
            }
            throw document.problem(
                    pointer,
                    "step `" + name + "` has " + (kinds.isEmpty() ? "none" : String.join(" and ", kinds))
                            + " of sql, split, trainer, evaluate and run; it needs exactly one",
                    List.of());
        }
        return switch (kinds.getFirst()) {
            case "sql" -> sql(name, pointer);
            case "split" -> split(name, pointer);
            case "trainer" -> train(name, pointer);
            case "evaluate" -> evaluate(name, pointer);
            default -> command(name, pointer);
        };
    }

    private record SqlKeys(String sql, List<String> in, List<String> out) {}

    private PipelineStep sql(String name, String pointer) {
        SqlKeys keys = document.read(pointer, SqlKeys.class);
        checkOutputs(pointer, keys.out(), 1, "the rows");
        Path file = inside(pointer + "/sql", keys.sql());
        Map<String, JsonNode> used = new LinkedHashMap<>();
        for (String parameter : SqlText.parameters(text(file))) {
            JsonNode value = parameters.get(parameter);
            if (value == null) {
                throw document.problemAtValue(
                        pointer + "/sql",
                        keys.sql() + " uses $" + parameter + ", which is not a parameter"
                                + Spelling.nearest(parameter, parameters.keySet())
                                        .map(likely -> "; did you mean $" + likely + "?")
                                        .orElse("; declare it under parameters"));
            }
            used.put(parameter, value);
        }
        return new PipelineStep(name, new Work.Sql(keys.sql(), used), keys.in(), keys.out(), 0, 1);
    }

    private record SplitKeys(SplitKey split, List<String> in, List<String> out, Optional<Long> seed) {}

    private PipelineStep split(String name, String pointer) {
        SplitKeys keys = document.read(pointer, SplitKeys.class);
        checkOutputs(pointer, keys.out(), 2, "training rows and test rows");
        Task task = neededTask(pointer, "a split");
        Work.Split work;
        try {
            work = keys.split().work(task);
        } catch (Problem problem) {
            throw document.problemAtValue(pointer + "/split", problem.detail());
        }
        return new PipelineStep(name, work, keys.in(), keys.out(), keys.seed().orElse(0L), 1);
    }

    private record TrainKeys(
            String trainer,
            List<String> in,
            Map<String, JsonNode> features,
            Map<String, JsonNode> params,
            Optional<Long> seed,
            Optional<Integer> threads,
            List<String> out) {}

    private PipelineStep train(String name, String pointer) {
        TrainKeys keys = document.read(pointer, TrainKeys.class);
        checkOutputs(pointer, keys.out(), 1, "the model");
        checkThreads(pointer, keys.threads());
        Task task = neededTask(pointer, "a trainer");
        Optional<Trainer> trainer = Trainer.named(keys.trainer());
        if (trainer.isEmpty()) {
            throw document.problemAtValue(
                    pointer + "/trainer", "`" + keys.trainer() + "` is not a trainer; there are " + Trainer.names());
        }
        trainer.get()
                .check(
                        keys.params(),
                        (parameter, why) -> document.problem(
                                pointer + "/params/" + parameter,
                                why,
                                trainer.get().parameters()));
        List<Work.Feature> features = new ArrayList<>();
        keys.features().forEach((column, declared) -> {
            try {
                FeatureSpec.read(column, declared);
            } catch (Problem problem) {
                throw document.problemAtValue(
                        pointer + "/features/" + column.replace("~", "~0").replace("/", "~1"), problem.detail());
            }
            features.add(new Work.Feature(column, declared));
        });
        return new PipelineStep(
                name,
                new Work.Train(keys.trainer(), features, keys.params(), task),
                keys.in(),
                keys.out(),
                keys.seed().orElse(0L),
                keys.threads().orElse(PipelineStep.THREADS));
    }

    private record EvaluateKeys(List<Metric> evaluate, List<String> in, List<String> out) {}

    private PipelineStep evaluate(String name, String pointer) {
        EvaluateKeys keys = document.read(pointer, EvaluateKeys.class);
        checkOutputs(pointer, keys.out(), 1, "the rows with what was answered");
        Task task = neededTask(pointer, "an evaluation");
        if (keys.in().size() != 2) {
            throw document.problemAtValue(
                    pointer + "/in",
                    "an evaluation has two inputs, the model and the rows; here are "
                            + keys.in().size());
        }
        for (int i = 0; i < keys.evaluate().size(); i++) {
            if (!keys.evaluate().get(i).isOf(task.kind())) {
                throw document.problemAtValue(
                        pointer + "/evaluate/" + i,
                        keys.evaluate().get(i) + " is no metric of "
                                + task.kind().word() + " tasks; there are " + Metric.namesOf(task.kind()));
            }
        }
        return new PipelineStep(name, new Work.Evaluate(keys.evaluate()), keys.in(), keys.out(), 0, 1);
    }

    private record CommandKeys(
            List<JsonNode> run,
            List<String> in,
            List<String> code,
            Map<String, JsonNode> params,
            Optional<Long> seed,
            Optional<Integer> threads,
            List<String> out) {}

    private PipelineStep command(String name, String pointer) {
        CommandKeys keys = document.read(pointer, CommandKeys.class);
        checkThreads(pointer, keys.threads());
        if (keys.run().isEmpty() || keys.run().stream().anyMatch(JsonNode::isContainer)) {
            throw document.problemAtValue(
                    pointer + "/run", "a program and its arguments are needed, such as [python, train.py]");
        }
        if (keys.out().isEmpty()) {
            throw document.problem(pointer, "step `" + name + "` makes nothing: name its outputs under out", List.of());
        }
        for (int i = 0; i < keys.code().size(); i++) {
            inside(pointer + "/code/" + i, keys.code().get(i));
        }
        List<String> argv = keys.run().stream().map(PipelineFile::plain).toList();
        return new PipelineStep(
                name,
                new Work.Command(argv, keys.code(), keys.params()),
                keys.in(),
                keys.out(),
                keys.seed().orElse(0L),
                keys.threads().orElse(PipelineStep.THREADS));
    }

    private void checkThreads(String pointer, Optional<Integer> threads) {
        if (threads.isPresent() && (threads.get() < 1 || threads.get() > 1024)) {
            throw document.problemAtValue(
                    pointer + "/threads", "threads is " + threads.get() + "; expected a whole number from 1 to 1024");
        }
    }

    private void checkOutputs(String pointer, List<String> outputs, int count, String what) {
        if (outputs.size() != count) {
            throw document.problemAtValue(
                    pointer + "/out", "out names " + outputs.size() + " outputs; expected " + count + ": " + what);
        }
    }

    private Task neededTask(String pointer, String who) {
        return task.orElseThrow(() -> document.problem(
                pointer, who + " needs to know the task: add a top-level `task` with kind and label", List.of()));
    }

    /** A file beside the pipeline's, never one above it. */
    private Path inside(String pointer, String name) {
        Path path = folder.resolve(name).normalize();
        if (name.isBlank() || Path.of(name).isAbsolute() || !path.startsWith(folder) || path.equals(folder)) {
            throw document.problemAtValue(pointer, "`" + name + "` is not a file inside the pipeline's folder");
        }
        if (!Files.exists(path)) {
            throw document.problemAtValue(pointer, "there is no file " + path);
        }
        return path;
    }
}
