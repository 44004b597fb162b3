package org.plimsoll.scoring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Spans;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * What a model is asked, in the columns of its data. It travels in the artifact; policies and obligations name columns only
 * through it.
 *
 * @param kind what sort of answer
 * @param label the column that holds the truth
 * @param positive binary tasks: the label's value that counts as positive; {@code true} or 1 where it is not given
 * @param classes multiclass tasks: the label's values, in the order of the model's probabilities; none where the label is a class's
 *     number, from 0; other kinds leave them unread, as they do {@code positive}, so that another kind is one line of a pipeline
 * @param entity the column that names what a row is about: the unit of routing
 * @param eventTime the TIMESTAMP column that says when the question was asked
 * @param zone where days begin; UTC where it is not given
 * @param cluster rows that share luck, the unit of every interval: {@code day}, {@code row}, or a column
 * @param segments the columns whose values are judged one by one
 * @param maturity how long after the event its truth is known for good; zero where it is not given
 * @param weight the column of row weights
 * @param group ranking tasks: the column of the query that rows compete in
 * @param threshold binary tasks: a score of at least this much decides for the positive class
 * @param costs binary tasks: what wrong decisions cost; gives the threshold where none is named
 * @param tolerance regression tasks: a prediction that is off by more than this, in the label's unit, is a wrong decision
 */
public record Task(
        Kind kind,
        String label,
        Optional<String> positive,
        List<String> classes,
        Optional<String> entity,
        Optional<String> eventTime,
        Optional<ZoneId> zone,
        Optional<String> cluster,
        List<String> segments,

        @JsonDeserialize(contentUsing = SpanReading.class) @JsonSerialize(contentUsing = SpanWriting.class)
        Optional<Duration> maturity,

        Optional<String> weight,
        Optional<String> group,
        Optional<Double> threshold,
        Optional<Costs> costs,
        Optional<Double> tolerance) {

    /** The cluster that means the day of the event, in the task's zone. */
    public static final String DAY = "day";

    /** The cluster that means each row by itself, where its day or entity would be taken otherwise. */
    public static final String ROW = "row";

    /** What sort of answer is asked for. */
    public enum Kind {
        BINARY,
        MULTICLASS,
        REGRESSION,
        RANKING;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        public static Kind of(String word) {
            return Stream.of(values())
                    .filter(kind -> kind.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> Problem.invalid("task.kind", word, "binary, multiclass, regression or ranking"));
        }
    }

    /**
     * What wrong decisions of a binary task cost, in one unit of the owner's choice.
     *
     * @param falsePositive cost of deciding positive where the truth is negative
     * @param falseNegative cost of deciding negative where the truth is positive
     */
    public record Costs(double falsePositive, double falseNegative) {

        public Costs {
            if (!(falsePositive > 0 && falseNegative > 0)
                    || Double.isInfinite(falsePositive)
                    || Double.isInfinite(falseNegative)) {
                throw Problem.invalid(
                        "task.costs", falsePositive + " and " + falseNegative, "two finite numbers greater than zero");
            }
        }

        /** Deciding positive is cheaper from this calibrated probability on: fp / (fp + fn). */
        double threshold() {
            return falsePositive / (falsePositive + falseNegative);
        }
    }

    public Task {
        segments = List.copyOf(segments);
        classes = kind == Kind.MULTICLASS ? List.copyOf(classes) : List.of();
        positive = kind == Kind.BINARY ? positive : Optional.empty();
        if (label.isBlank()) {
            throw Problem.invalid("task.label", "''", "the name of a column");
        }
        if (threshold.isPresent() && !Double.isFinite(threshold.get())) {
            throw Problem.invalid("task.threshold", threshold.get(), "a finite number");
        }
        if (maturity.isPresent() && maturity.get().isNegative()) {
            throw Problem.invalid("task.maturity", maturity.get(), "zero or more");
        }
        if (kind != Kind.BINARY && (threshold.isPresent() || costs.isPresent())) {
            throw Problem.invalid(
                    "task.kind", kind.word(), "binary, since threshold and costs belong to binary tasks only");
        }
        if (classes.size() == 1) {
            throw Problem.invalid("task.classes", classes, "two values of the label or more");
        }
        if (new HashSet<>(classes).size() < classes.size()) {
            throw Problem.invalid("task.classes", classes, "values that differ");
        }
        if (tolerance.isPresent()
                && (kind != Kind.REGRESSION || !(tolerance.get() > 0 && Double.isFinite(tolerance.get())))) {
            throw Problem.invalid("task.tolerance", tolerance.get(), "a number above 0, of a regression task");
        }
        if (kind == Kind.RANKING && group.isEmpty()) {
            throw Problem.invalid("task.group", "missing", "the column of the query that rows compete in");
        }
        if (cluster.isPresent() && cluster.get().equals(DAY) && eventTime.isEmpty()) {
            throw Problem.invalid("task.cluster", DAY, "a column, or an event_time that the day is taken from");
        }
        if (segments.contains(label)) {
            throw Problem.invalid("task.segments", label, "columns that are known when the question is asked");
        }
    }

    /** A task with nothing but its kind and its label. */
    public static Task of(Kind kind, String label) {
        return new Task(
                kind,
                label,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** This task, judged by these segments. */
    public Task withSegments(List<String> judged) {
        return new Task(
                kind, label, positive, classes, entity, eventTime, zone, cluster, judged, maturity, weight, group,
                threshold, costs, tolerance);
    }

    /** Where days begin. */
    public ZoneId zoneOrUtc() {
        return zone.orElse(ZoneOffset.UTC);
    }

    /** How long after the event its truth is known for good. */
    public Duration maturityOrZero() {
        return maturity.orElse(Duration.ZERO);
    }

    /** The unit of every interval: as declared, else the entity, else the day; empty where there is none of them. */
    public Optional<String> clusterOrDefault() {
        return cluster.or(() -> entity).or(() -> eventTime.map(_ -> DAY));
    }

    /** Binary tasks: a score of at least this much decides for the positive class. */
    public double decisionThreshold() {
        return threshold.or(() -> costs.map(Costs::threshold)).orElse(0.5);
    }

    /** The columns that are about the row and its truth rather than inputs by themselves. */
    public Set<String> bookkeeping() {
        Set<String> names = new LinkedHashSet<>();
        names.add(label);
        entity.ifPresent(names::add);
        eventTime.ifPresent(names::add);
        weight.ifPresent(names::add);
        group.ifPresent(names::add);
        names.add(Schema.FILE);
        names.add(Schema.ROW);
        return names;
    }

    /** That the columns this task names are there, with fitting types. @throws Problem where one is not */
    public void check(Schema schema) {
        schema.column(label);
        entity.ifPresent(schema::column);
        weight.ifPresent(schema::column);
        group.ifPresent(schema::column);
        segments.forEach(schema::column);
        cluster.filter(name -> !name.equals(DAY) && !name.equals(ROW)).ifPresent(schema::column);
        eventTime.map(schema::column).ifPresent(Task::checkEventTime);
    }

    /** That a column can say when the question was asked. @throws Problem where it cannot */
    public static void checkEventTime(Column column) {
        if (column.type() != ColumnType.TIMESTAMP) {
            throw Problem.invalid(
                    "task.event_time " + column.name(), column.type().word(), "a timestamp column");
        }
    }

    /**
     * The truth of each row as a number: binary 1 or 0, multiclass the place of its class, otherwise the label itself; NaN where it
     * is missing.
     *
     * @throws Problem where a label cannot be read as this task's kind needs it
     */
    public double[] labels(Columns rows) {
        int column = rows.index(label);
        boolean text = rows.schema().columns().get(column).type().isText();
        boolean isNumber = kind == Kind.REGRESSION || kind == Kind.RANKING;
        if (isNumber && text) {
            throw Problem.invalid(
                    "the label " + label,
                    "text",
                    "a number, of a " + kind.word() + " task; texts are classes (kind: binary or multiclass)");
        }
        if (isNumber || kind == Kind.MULTICLASS && classes.isEmpty() && !text) {
            return rows.numbers(column);
        }
        double[] labels = new double[rows.rows()];
        Map<String, Double> known = new HashMap<>(); // there are few values, and many rows
        for (int row = 0; row < labels.length; row++) {
            Optional<String> written = rows.written(column, row);
            if (written.isEmpty()) {
                labels[row] = Double.NaN;
                continue;
            }
            @Nullable Double truth = known.get(written.get());
            if (truth == null) {
                int at = row;
                truth = truth(written.get()).orElseThrow(() -> unreadable(written.get(), at));
                known.put(written.get(), truth);
            }
            labels[row] = truth;
        }
        return labels;
    }

    /** What a label means, as people write it: binary 1 or 0, multiclass the place of its class, otherwise the number itself. */
    public OptionalDouble truth(String written) {
        return switch (kind) {
            case BINARY ->
                positive.isPresent() ? OptionalDouble.of(isSame(written, positive.get()) ? 1 : 0) : zeroOrOne(written);
            case MULTICLASS -> classes.isEmpty() ? whole(written) : place(written);
            case REGRESSION, RANKING -> number(written);
        };
    }

    private OptionalDouble place(String written) {
        int place = classes.indexOf(written);
        for (int i = 0; place < 0 && i < classes.size(); i++) {
            place = isSame(written, classes.get(i)) ? i : place;
        }
        return place < 0 ? OptionalDouble.empty() : OptionalDouble.of(place);
    }

    /** Equal texts, or the same number: 2 and 2.0. */
    private static boolean isSame(String one, String other) {
        if (one.equals(other)) {
            return true;
        }
        OptionalDouble number = number(other);
        return number.isPresent() && number.equals(number(one));
    }

    private static OptionalDouble zeroOrOne(String written) {
        return switch (written) {
            case "true", "1", "1.0" -> OptionalDouble.of(1);
            case "false", "0", "0.0" -> OptionalDouble.of(0);
            default -> OptionalDouble.empty();
        };
    }

    private static OptionalDouble whole(String written) {
        OptionalDouble number = number(written);
        return number.isPresent()
                        && number.getAsDouble() >= 0
                        && number.getAsDouble() == Math.rint(number.getAsDouble())
                ? number
                : OptionalDouble.empty();
    }

    private static OptionalDouble number(String written) {
        if (!written.isEmpty() && Character.isLetter(written.charAt(0))) {
            return OptionalDouble.empty(); // a word: of a hundred thousand labels, that many exceptions would be made
        }
        try {
            double number = Double.parseDouble(written);
            return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
        } catch (NumberFormatException _) {
            return OptionalDouble.empty();
        }
    }

    private Problem unreadable(String written, int row) {
        return Problem.invalid(
                label + " in row " + row,
                written,
                kind == Kind.BINARY
                        ? "0 or 1; or name in task.positive the value that counts as positive"
                        : classes.isEmpty()
                                ? "a class's number, from 0; or name the label's values in task.classes"
                                : "one of task.classes: " + String.join(", ", classes));
    }

    /** Spans are written as people do: {@code 12h}. */
    private static final class SpanReading extends ValueDeserializer<Duration> {
        @Override
        public Duration deserialize(JsonParser json, DeserializationContext context) {
            return Spans.parse(json.getString());
        }
    }

    private static final class SpanWriting extends ValueSerializer<Duration> {
        @Override
        public void serialize(Duration span, JsonGenerator json, SerializationContext context) {
            json.writeString(Spans.text(span));
        }
    }
}
