package org.plimsoll.evaluation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;
import org.plimsoll.evaluation.Measurement.Estimate;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.ModelArtifact;
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
 *  candidate.0 candidate.1 …     of a multiclass task in their place: the probability of each class, in the task's order
 *  segment.NAME TEXT …           a column for each segment of the task
 * </pre>
 */
public final class PairedTable {

    public static final String CLUSTER = "cluster";
    public static final String LABEL = "label";
    public static final String WEIGHT = "weight";
    public static final String CANDIDATE = "candidate";
    public static final String SEGMENT = "segment.";

    /** What a segment without a value is called. */
    static final String MISSING = "missing";

    /** Draws for metrics without a closed form; 20, as elsewhere, are too few for a bound. */
    private static final int REPLICATES = 2_000;

    private static final long SEED = 20_010_115;

    private final Columns rows;
    private final Task task;
    private final Map<String, Map<String, int[]>> segments = new ConcurrentHashMap<>(); // as they are asked for

    /** The table in these columns, judged as this task says. */
    public PairedTable(Columns rows, Task task) {
        this.rows = rows;
        this.task = task;
        task.segments().forEach(segment -> rows.index(SEGMENT + segment)); // refuses rows without one
    }

    /**
     * What this model answers on these rows, beside their truth: a table of a candidate alone.
     *
     * @param execution how models are executed
     * @throws Problem where a row has no label, or is answered by what is no number
     */
    public static PairedTable of(ModelArtifact model, Execution execution, Columns rows) {
        Task task = model.task();
        task.check(rows.schema());
        long without = Arrays.stream(task.labels(rows)).filter(Double::isNaN).count();
        if (without > 0 || rows.rows() == 0) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    rows.rows() == 0
                            ? "there are no rows"
                            : without + " of " + rows.rows() + " rows have no " + task.label());
        }
        return new PairedTable(
                columns(task, rows, Map.of(CANDIDATE, Scored.by("the model", model, execution, rows))), task);
    }

    /** The table's columns, from rows with their truth and what each role answered on them. */
    static Columns columns(Task task, Columns judged, Map<String, Scored> roles) {
        List<Column> columns = new ArrayList<>(List.of(
                Column.required(Schema.FILE, ColumnType.TEXT),
                Column.required(Schema.ROW, ColumnType.INTEGER),
                Column.required(CLUSTER, ColumnType.TEXT),
                Column.required(LABEL, ColumnType.NUMBER),
                Column.required(WEIGHT, ColumnType.NUMBER)));
        List<Scored> scored = List.copyOf(roles.values());
        int width = scored.getFirst().width();
        roles.forEach((role, answers) -> {
            if (answers.width() != width) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "the candidate answers " + width + " values a row, and the " + role + " " + answers.width());
            }
            columns(role, width).forEach(name -> columns.add(Column.required(name, ColumnType.NUMBER)));
        });
        int scores = 5;
        int segments = columns.size();
        task.segments().forEach(name -> columns.add(Column.required(SEGMENT + name, ColumnType.TEXT)));
        double[] labels = task.labels(judged);
        Optional<double[]> weights = task.weight().map(judged::numbers);
        ColumnsBuilder table = Columns.builder(new Schema(columns), judged.rows());
        int file = judged.index(Schema.FILE);
        int number = judged.index(Schema.ROW);
        int[] places = task.segments().stream().mapToInt(judged::index).toArray();
        for (int row = 0; row < judged.rows(); row++) {
            table.text(0, judged.text(file, row).orElseThrow())
                    .integer(1, judged.integer(number, row))
                    .text(2, cluster(task, judged, row))
                    .number(3, labels[row])
                    .number(4, weights.isPresent() ? weights.get()[row] : 1);
            for (int role = 0; role < scored.size(); role++) {
                for (int k = 0; k < width; k++) {
                    table.number(scores + role * width + k, scored.get(role).values()[row * width + k]);
                }
            }
            for (int s = 0; s < places.length; s++) {
                table.text(segments + s, judged.written(places[s], row).orElse(MISSING));
            }
            table.endRow();
        }
        return table.build();
    }

    private static String cluster(Task task, Columns judged, int row) {
        Optional<String> unit = task.clusterOrDefault().filter(name -> !name.equals(Task.ROW));
        if (unit.isEmpty()) {
            return "row " + row;
        }
        if (unit.get().equals(Task.DAY)) {
            long time = judged.integer(judged.index(task.eventTime().orElseThrow()), row);
            return Instant.ofEpochMilli(time)
                    .atZone(task.zoneOrUtc())
                    .toLocalDate()
                    .toString();
        }
        return judged.written(judged.index(unit.get()), row).orElse(MISSING);
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
        if (!task.segments().contains(segment)) {
            throw Problem.invalid("segment", segment, "a segment of the task: " + String.join(", ", task.segments()));
        }
        return segments.computeIfAbsent(segment, name -> rowsByValue(rows, rows.index(SEGMENT + name)));
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
            if (!metric.isOf(task.kind())) {
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

    /** How many rows there are of this scope. */
    public int count(Scope scope) {
        return picked(scope).length;
    }

    /**
     * A metric's value for the candidate alone, as {@link #measure} has it, without any interval: nothing is asked of clusters. Empty
     * where it is not defined.
     */
    public OptionalDouble value(Metric metric, Scope scope) {
        int[] picked = picked(scope);
        if (picked.length == 0 || !metric.isOf(task.kind())) {
            return OptionalDouble.empty();
        }
        try {
            Answers candidate = answers(CANDIDATE);
            Answers some = candidate.pick(picked);
            return OptionalDouble.of(some.influence(metric, task, candidate.threshold(metric, task))
                    .map(Influence::metric)
                    .orElseGet(() -> some.value(metric, some.weights())));
        } catch (Problem undefined) {
            return OptionalDouble.empty();
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
                    ? alone(influence.get(), counted(metric, threshold, some, clusters), some.weights(), clusters)
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
        Optional<boolean[]> right = counted(metric, threshold, some, clusters);
        return new Estimated(
                new Estimate(
                        difference.candidate(),
                        Optional.of(difference.champion()),
                        difference.difference(),
                        difference.standardError(),
                        right.map(own -> Counted.of(
                                own, others.right(metric, task, otherThreshold).orElseThrow()))),
                right.isPresent() ? "Tango's score interval, paired" : method(metric) + ", paired, t by cluster");
    }

    private static Estimated alone(
            Influence influence, Optional<boolean[]> right, double[] weights, Clusters clusters) {
        double error = ClusterRobust.standardError(influence, weights, clusters);
        return new Estimated(
                new Estimate(influence.metric(), Optional.empty(), influence.metric(), error, right.map(Counted::of)),
                right.isPresent() ? "exact binomial bounds" : "t by cluster");
    }

    /** Which decisions were right, where a share of few independent rows that all count alike is better counted. */
    private Optional<boolean[]> counted(Metric metric, OptionalDouble threshold, Answers answers, Clusters clusters) {
        boolean isIndependent = clusters.count() == clusters.rows();
        boolean countAlike = Arrays.stream(answers.weights()).allMatch(weight -> weight == 1);
        return isIndependent && countAlike
                ? answers.right(metric, task, threshold).filter(right -> right.length < Counted.FEW)
                : Optional.empty();
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
                new Estimate(own, other, own - other.orElse(0.0), error, Optional.empty()),
                "Poisson bootstrap of " + REPLICATES + " draws by cluster");
    }

    /** The columns that hold a role's scores: one, or one a class. */
    public static List<String> columns(String role, int width) {
        if (width == 1) {
            return List.of(role);
        }
        return IntStream.range(0, width).mapToObj(place -> role + "." + place).toList();
    }

    /** The columns of a table that hold a role's scores. */
    public static List<String> columns(String role, Schema schema) {
        int width = 0;
        while (schema.has(role + "." + width)) {
            width++;
        }
        return columns(role, Math.max(1, width));
    }

    private Answers answers(String role) {
        List<String> columns = columns(role, rows.schema());
        if (!rows.schema().has(columns.getFirst())) {
            throw Problem.invalid("reference", role, "a model that was scored; there is none of this role");
        }
        double[] scores = columns.size() == 1
                ? rows.numbers(role)
                : sideBySide(columns.stream().map(rows::numbers).toList());
        return new Answers(scores, columns.size(), rows.numbers(LABEL), rows.numbers(WEIGHT));
    }

    private static double[] sideBySide(List<double[]> columns) {
        int width = columns.size();
        double[] all = new double[width * columns.getFirst().length];
        for (int column = 0; column < width; column++) {
            double[] values = columns.get(column);
            for (int row = 0; row < values.length; row++) {
                all[row * width + column] = values[row];
            }
        }
        return all;
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
        Arrays.setAll(all, i -> i);
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
