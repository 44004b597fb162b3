package org.plimsoll.scoring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Spans;
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
 * @param entity the column that names what a row is about: the unit of routing
 * @param eventTime the TIMESTAMP column that says when the question was asked
 * @param zone where days begin; UTC where it is not given
 * @param cluster rows that share luck, the unit of every interval: {@code day}, or a column
 * @param segments the columns whose values are judged one by one
 * @param maturity how long after the event its truth is known for good; zero where it is not given
 * @param weight the column of row weights
 * @param group ranking tasks: the column of the query that rows compete in
 * @param threshold binary tasks: a score of at least this much decides for the positive class
 * @param costs binary tasks: what wrong decisions cost; gives the threshold where none is named
 */
public record Task(
        Kind kind,
        String label,
        Optional<String> positive,
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
        Optional<Costs> costs) {

    /** The cluster that means the day of the event, in the task's zone. */
    public static final String DAY = "day";

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
        if (label.isBlank()) {
            throw Problem.invalid("task.label", "''", "the name of a column");
        }
        if (threshold.isPresent() && !Double.isFinite(threshold.get())) {
            throw Problem.invalid("task.threshold", threshold.get(), "a finite number");
        }
        if (maturity.isPresent() && maturity.get().isNegative()) {
            throw Problem.invalid("task.maturity", maturity.get(), "zero or more");
        }
        if (kind != Kind.BINARY && (positive.isPresent() || threshold.isPresent() || costs.isPresent())) {
            throw Problem.invalid(
                    "task.kind",
                    kind.word(),
                    "binary, since positive, threshold and costs belong to binary tasks only");
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
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
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
        cluster.filter(name -> !name.equals(DAY)).ifPresent(schema::column);
        eventTime.map(schema::column).ifPresent(column -> {
            if (column.type() != ColumnType.TIMESTAMP) {
                throw Problem.invalid(
                        "task.event_time " + column.name(), column.type().word(), "a timestamp column");
            }
        });
    }

    /**
     * The truth of each row as a number: binary 1 or 0, otherwise the label itself; NaN where it is missing.
     *
     * @throws Problem where a label cannot be read as this task's kind needs it
     */
    public double[] labels(Columns rows) {
        int column = rows.index(label);
        if (kind != Kind.BINARY) {
            return rows.numbers(column);
        }
        double[] labels = new double[rows.rows()];
        String wanted = positive.orElse("");
        for (int row = 0; row < labels.length; row++) {
            labels[row] = rows.isMissing(column, row)
                    ? Double.NaN
                    : positive.isPresent()
                            ? (rows.written(column, row).orElseThrow().equals(wanted) ? 1 : 0)
                            : zeroOrOne(rows, column, row);
        }
        return labels;
    }

    private double zeroOrOne(Columns rows, int column, int row) {
        if (rows.schema().columns().get(column).type().isText()) {
            throw Problem.invalid("task.positive", "missing", "the value of " + label + " that counts as positive");
        }
        double value = rows.number(column, row);
        if (value != 0 && value != 1) {
            throw Problem.invalid(label + " in row " + row, value, "0 or 1, or name task.positive");
        }
        return value;
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
