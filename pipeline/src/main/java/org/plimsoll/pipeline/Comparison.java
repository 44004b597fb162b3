package org.plimsoll.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.plimsoll.access.Operations;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.DataOperations.GetSnapshot;
import org.plimsoll.data.Snapshot;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Folder;
import org.plimsoll.store.Folders;
import org.plimsoll.tracking.MetricPoint;
import org.plimsoll.tracking.Port;
import org.plimsoll.tracking.Run;
import org.plimsoll.tracking.Step;
import org.plimsoll.tracking.TrackingOperations.GetRun;
import org.plimsoll.tracking.TrackingOperations.GetSteps;
import tools.jackson.databind.JsonNode;

/**
 * What changed between two runs of a pipeline: first what determines them (data, code, parameters, runtime, seed), read from the
 * keys of their steps, then what came out. What a step got from another step is not listed: it is a consequence.
 *
 * @param first id of the run on the left
 * @param second id of the run on the right
 * @param causes what determines the runs and differs
 * @param outputs each output of each step, and whether its bytes are the same
 * @param metrics that either run has
 */
public record Comparison(
        String first, String second, List<Difference> causes, List<OutputPair> outputs, List<MetricPair> metrics) {

    /** What sort of thing differs. */
    public enum Cause {
        STEPS,
        DATA,
        CODE,
        PARAMETERS,
        RUNTIME,
        SEED
    }

    /**
     * One thing that differs.
     *
     * @param what in the words of the pipeline file
     */
    public record Difference(Cause cause, String step, String what, String before, String after) {}

    /** One output; a digest is absent where a run did not make it. */
    public record OutputPair(String step, String output, Optional<Digest> before, Optional<Digest> after) {

        public boolean isSame() {
            return before.isPresent() && before.equals(after);
        }
    }

    /** One metric; absent where a run does not have it. */
    public record MetricPair(String key, Optional<Double> before, Optional<Double> after) {}

    /** Compares two runs by id, the beginning of an id, or {@code latest}. */
    public static Comparison of(Operations operations, BlobStore blobs, String first, String second) {
        return new Comparer(operations, blobs).compare(first, second);
    }

    private record Comparer(Operations operations, BlobStore blobs) {

        Comparison compare(String first, String second) {
            Run before = operations.perform(new GetRun(first));
            Run after = operations.perform(new GetRun(second));
            Map<String, Run> stepsBefore = steps(before);
            Map<String, Run> stepsAfter = steps(after);
            Set<String> names = new LinkedHashSet<>(stepsBefore.keySet());
            names.addAll(stepsAfter.keySet());
            List<Difference> causes = new ArrayList<>();
            List<OutputPair> outputs = new ArrayList<>();
            for (String name : names) {
                Optional<Run> one = Optional.ofNullable(stepsBefore.get(name));
                Optional<Run> other = Optional.ofNullable(stepsAfter.get(name));
                if (one.isPresent() && other.isPresent()) {
                    causes.addAll(causes(name, one.get(), other.get()));
                } else {
                    causes.add(new Difference(
                            Cause.STEPS,
                            name,
                            "step",
                            one.isPresent() ? "there" : "absent",
                            other.isPresent() ? "there" : "absent"));
                }
                outputs.addAll(outputs(name, one, other));
            }
            return new Comparison(
                    before.id(), after.id(), List.copyOf(causes), List.copyOf(outputs), metrics(before, after));
        }

        private Map<String, Run> steps(Run run) {
            Map<String, Run> steps = new LinkedHashMap<>();
            for (Run step : operations.perform(new GetSteps(run.id())).runs()) {
                steps.put(step.step().map(Step::name).orElseThrow(), step);
            }
            return steps;
        }

        private List<Difference> causes(String name, Run before, Run after) {
            if (before.step().map(Step::key).equals(after.step().map(Step::key))) {
                return List.of();
            }
            StepKey one = key(before);
            StepKey other = key(after);
            List<Difference> found = new ArrayList<>();
            found.addAll(data(name, one, other));
            found.addAll(code(name, one, other));
            entries(one.work(), other.work())
                    .forEach((what, values) ->
                            found.add(new Difference(Cause.PARAMETERS, name, what, values.before, values.after)));
            if (one.threads() != other.threads()) {
                found.add(new Difference(
                        Cause.PARAMETERS,
                        name,
                        "threads",
                        String.valueOf(one.threads()),
                        String.valueOf(other.threads())));
            }
            one.runtime()
                    .differing(other.runtime())
                    .forEach((what, values) ->
                            found.add(new Difference(Cause.RUNTIME, name, what, values.before(), values.after())));
            if (!one.seed().equals(other.seed())) {
                found.add(new Difference(Cause.SEED, name, "seed", one.seed(), other.seed()));
            }
            return found;
        }

        private StepKey key(Run step) {
            Digest key = step.step().map(Step::key).orElseThrow();
            if (!blobs.has(key)) {
                throw Problem.notFound("document of the step's key", key);
            }
            return StepKey.read(blobs.read(key));
        }

        private List<Difference> data(String step, StepKey before, StepKey after) {
            Map<String, Digest> one = snapshots(before);
            Map<String, Digest> other = snapshots(after);
            Set<String> names = new TreeSet<>(one.keySet());
            names.addAll(other.keySet());
            List<Difference> found = new ArrayList<>();
            for (String name : names) {
                Optional<Digest> was = Optional.ofNullable(one.get(name));
                Optional<Digest> is = Optional.ofNullable(other.get(name));
                if (!was.equals(is)) {
                    found.add(new Difference(
                            Cause.DATA,
                            step,
                            name,
                            was.map(this::described).orElse("absent"),
                            is.map(this::described).orElse("absent")));
                }
            }
            return found;
        }

        private static Map<String, Digest> snapshots(StepKey key) {
            Map<String, Digest> snapshots = new TreeMap<>();
            key.data().stream()
                    .filter(port -> port.form() == Port.Form.SNAPSHOT)
                    .forEach(port -> snapshots.put(port.name(), port.digest()));
            return snapshots;
        }

        private String described(Digest digest) {
            Snapshot snapshot = operations.perform(new GetSnapshot(digest.value()));
            return "%s@%s (%d files, %,d rows)"
                    .formatted(
                            snapshot.dataset(), digest.brief(), snapshot.files().size(), snapshot.rows());
        }

        private List<Difference> code(String step, StepKey before, StepKey after) {
            Map<String, Digest> one = files(before);
            Map<String, Digest> other = files(after);
            Set<String> names = new TreeSet<>(one.keySet());
            names.addAll(other.keySet());
            List<Difference> found = new ArrayList<>();
            for (String name : names) {
                Optional<Digest> was = Optional.ofNullable(one.get(name));
                Optional<Digest> is = Optional.ofNullable(other.get(name));
                if (!was.equals(is)) {
                    found.add(new Difference(
                            Cause.CODE,
                            step,
                            name,
                            was.map(Digest::brief).orElse("absent"),
                            is.map(Digest::brief).orElse("absent")));
                }
            }
            return found;
        }

        private Map<String, Digest> files(StepKey key) {
            Map<String, Digest> files = new TreeMap<>();
            key.code().ifPresent(port -> {
                for (Folder.File file : Folders.read(blobs, port.digest()).files()) {
                    files.put(file.name(), file.digest());
                }
            });
            return files;
        }

        private static List<OutputPair> outputs(String name, Optional<Run> before, Optional<Run> after) {
            Set<String> outputs = new LinkedHashSet<>();
            before.ifPresent(run -> run.outputs().forEach(port -> outputs.add(port.name())));
            after.ifPresent(run -> run.outputs().forEach(port -> outputs.add(port.name())));
            return outputs.stream()
                    .map(output -> new OutputPair(
                            name,
                            output,
                            before.flatMap(run -> run.output(output)).map(Port::digest),
                            after.flatMap(run -> run.output(output)).map(Port::digest)))
                    .toList();
        }

        private static List<MetricPair> metrics(Run before, Run after) {
            Set<String> keys = new TreeSet<>();
            before.metrics().forEach(point -> keys.add(point.key()));
            after.metrics().forEach(point -> keys.add(point.key()));
            return keys.stream()
                    .map(key -> new MetricPair(
                            key,
                            before.metric(key).map(MetricPoint::value),
                            after.metric(key).map(MetricPoint::value)))
                    .toList();
        }
    }

    /** A value on either side. */
    record Pair(String before, String after) {}

    /** The entries of two kinds of work that differ, by their path in the key. */
    private static Map<String, Pair> entries(Work before, Work after) {
        return differing(flat(Json.MAPPER.valueToTree(before)), flat(Json.MAPPER.valueToTree(after)));
    }

    static Map<String, Pair> differing(Map<String, String> before, Map<String, String> after) {
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        Map<String, Pair> found = new LinkedHashMap<>();
        for (String key : keys) {
            String was = before.getOrDefault(key, "absent");
            String is = after.getOrDefault(key, "absent");
            if (!Objects.equals(was, is)) {
                found.put(key, new Pair(was, is));
            }
        }
        return found;
    }

    private static Map<String, String> flat(JsonNode node) {
        Map<String, String> entries = new TreeMap<>();
        flatten("", node, entries);
        return entries;
    }

    private static void flatten(String path, JsonNode node, Map<String, String> into) {
        if (node.isArray() && node.size() > 0 && node.get(0).has("column")) { // features, by their column
            node.forEach(feature -> into.put(
                    path + "." + feature.path("column").asString(), PipelineFile.plain(feature.path("declared"))));
            return;
        }
        if (!node.isObject()) {
            into.put(path, PipelineFile.plain(node));
            return;
        }
        node.forEachEntry((key, value) -> flatten(path.isEmpty() ? key : path + "." + key, value, into));
    }
}
