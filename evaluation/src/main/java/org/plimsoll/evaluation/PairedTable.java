package org.plimsoll.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.evaluation.Measurement.Estimate;
import org.plimsoll.scoring.Task;
import org.plimsoll.statistics.ClusterRobust;
import org.plimsoll.statistics.Clusters;
import org.plimsoll.statistics.Influence;
import org.plimsoll.statistics.PairedDifference;
import org.plimsoll.statistics.PoissonBootstrap;

/**
 * Candidate, champion and anchor beside the truth, row by row: all that a gate's numbers are made of. Kept as a Parquet file
 * under its digest, so that anyone can compute them again.
 *
 * <pre>
 *  _file TEXT   _row INTEGER     which raw row it is
 *  cluster TEXT                  rows that share luck: the day, a customer
 *  label NUMBER  weight NUMBER   the truth, and how much the row counts
 *  candidate NUMBER              scores; champion is the constant model's at a first release
 *  champion NUMBER?  anchor NUMBER?
 *  segment.NAME TEXT …           a column for each segment of the task
 * </pre>
 */
public final class PairedTable {

    static final String CLUSTER = "cluster";
    static final String LABEL = "label";
    static final String WEIGHT = "weight";
    static final String CANDIDATE = "candidate";
    static final String SEGMENT = "segment.";

    /** What a segment without a value is called. */
    static final String MISSING = "missing";

    /** Draws for metrics without a closed form; 20, as elsewhere, are too few for a bound. */
    private static final int REPLICATES = 2_000;

    private static final long SEED = 20_010_115;

    private final Columns rows;
    private final Task task;
    private final Map<String, Map<String, int[]>> segments = new LinkedHashMap<>();

    /** The table in these columns, judged as this task says. */
    public PairedTable(Columns rows, Task task) {
        this.rows = rows;
        this.task = task;
        for (String segment : task.segments()) {
            segments.put(segment, rowsByValue(rows, rows.index(SEGMENT + segment)));
        }
    }

    private static Map<String, int[]> rowsByValue(Columns rows, int column) {
        Map<String, List<Integer>> found = new TreeMap<>();
        for (int row = 0; row < rows.rows(); row++) {
            found.computeIfAbsent(rows.text(column, row).orElseThrow(), _ -> new ArrayList<>())
                    .add(row);
        }
        Map<String, int[]> byValue = new LinkedHashMap<>();
        found.forEach((value, list) ->
                byValue.put(value, list.stream().mapToInt(Integer::intValue).toArray()));
        return byValue;
    }

    public Columns rows() {
        return rows;
    }

    /** The values of a segment column that have rows here, sorted. */
    public SortedSet<String> values(String segment) {
        return new TreeSet<>(byValue(segment).keySet());
    }

    private Map<String, int[]> byValue(String segment) {
        return Optional.ofNullable(segments.get(segment))
                .orElseThrow(() -> Problem.invalid(
                        "segment", segment, "a segment of the task: " + String.join(", ", task.segments())));
    }

    /** How many independent units there are. */
    public int clusters() {
        return Clusters.of(texts(CLUSTER, all())).count();
    }

    /** Measures what a claim about one scope needs to know. A number that does not exist is a measurement without estimate. */
    public Measurement measure(Metric metric, Scope scope, Optional<Reference> than) {
        int[] picked = picked(scope);
        double[] labels = Answers.picked(rows.numbers(LABEL), picked);
        Clusters clusters = Clusters.of(texts(CLUSTER, picked));
        long rarer = Answers.rarer(task.kind(), labels);
        try {
            if (picked.length == 0) {
                throw Problem.invalid("rows of " + scope, 0, "some rows");
            }
            if (metric.isBinary() != (task.kind() == Task.Kind.BINARY)) {
                throw Problem.invalid(
                        "metric", metric, "a metric of " + task.kind().word() + " tasks");
            }
            Estimated estimated = estimate(metric, than, picked, clusters);
            return new Measurement(
                    metric,
                    scope,
                    than,
                    picked.length,
                    clusters.count(),
                    rarer,
                    Optional.of(estimated.estimate),
                    estimated.method,
                    Optional.empty());
        } catch (Problem absent) {
            return Measurement.missing(metric, scope, than, picked.length, clusters.count(), rarer, absent.detail());
        }
    }

    private record Estimated(Estimate estimate, String method) {}

    private Estimated estimate(Metric metric, Optional<Reference> than, int[] picked, Clusters clusters) {
        Answers candidate = answers(CANDIDATE);
        OptionalDouble threshold = candidate.threshold(metric, task);
        Answers some = candidate.pick(picked);
        Optional<Influence> influence = some.influence(metric, task, threshold);
        if (than.isEmpty()) {
            return influence.isPresent()
                    ? alone(influence.get(), some.weights(), clusters)
                    : drawn(metric, some, Optional.empty(), clusters);
        }
        Answers reference = answers(than.get().word());
        OptionalDouble otherThreshold = reference.threshold(metric, task);
        Answers others = reference.pick(picked);
        if (influence.isEmpty()) {
            return drawn(metric, some, Optional.of(others), clusters);
        }
        PairedDifference difference = ClusterRobust.compare(
                influence.get(),
                others.influence(metric, task, otherThreshold).orElseThrow(),
                some.weights(),
                clusters);
        return new Estimated(
                new Estimate(
                        difference.candidate(),
                        Optional.of(difference.champion()),
                        difference.difference(),
                        difference.standardError()),
                method(metric) + ", paired, t by cluster");
    }

    private static Estimated alone(Influence influence, double[] weights, Clusters clusters) {
        double error = ClusterRobust.standardError(influence, weights, clusters);
        return new Estimated(
                new Estimate(influence.metric(), Optional.empty(), influence.metric(), error), "t by cluster");
    }

    private static String method(Metric metric) {
        return metric.kind() == Metric.Kind.AUC ? "DeLong" : "influence values";
    }

    private Estimated drawn(Metric metric, Answers candidate, Optional<Answers> reference, Clusters clusters) {
        double[] weights = candidate.weights();
        double own = candidate.value(metric, weights);
        Optional<Double> other = reference.map(answers -> answers.value(metric, weights));
        double error = new PoissonBootstrap(SEED, REPLICATES)
                .of(
                        times -> candidate.value(metric, times)
                                - reference
                                        .map(answers -> answers.value(metric, times))
                                        .orElse(0.0),
                        weights,
                        clusters)
                .standardError();
        return new Estimated(
                new Estimate(own, other, own - other.orElse(0.0), error),
                "Poisson bootstrap of " + REPLICATES + " draws by cluster");
    }

    private Answers answers(String column) {
        if (!rows.schema().has(column)) {
            throw Problem.invalid("reference", column, "a model that was scored; there is none of this role");
        }
        return new Answers(rows.numbers(column), rows.numbers(LABEL), rows.numbers(WEIGHT));
    }

    private int[] picked(Scope scope) {
        if (scope.column().isEmpty()) {
            return all();
        }
        String value =
                scope.value().orElseThrow(() -> Problem.invalid("scope", scope, "all rows, or those of one value"));
        return Optional.ofNullable(byValue(scope.column().get()).get(value)).orElse(new int[0]);
    }

    private int[] all() {
        int[] all = new int[rows.rows()];
        java.util.Arrays.setAll(all, i -> i);
        return all;
    }

    private String[] texts(String column, int[] picked) {
        int index = rows.index(column);
        String[] texts = new String[picked.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = rows.text(index, picked[i]).orElseThrow();
        }
        return texts;
    }
}
