package org.plimsoll.evaluation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Spelling;
import org.plimsoll.scoring.Task;
import org.plimsoll.statistics.Judgement.Better;

/**
 * A number that says how good a model is, as people write it: {@code auc}, {@code log_loss}, {@code recall@10%} (flagging the
 * tenth of all rows with the highest scores), {@code precision@0.7} (deciding at a score of 0.7), {@code recall@fpr=5%} (where
 * one negative row in twenty is flagged). Without an operating point a decision is taken at the task's threshold.
 *
 * @param point where a decision metric decides; {@link Point#TASK} for every other metric
 */
public record Metric(Kind kind, Point point) implements Comparable<Metric> {

    /** What is measured. */
    public enum Kind {
        /** Area under the ROC curve: the chance that a positive row scores above a negative one. */
        AUC(Better.HIGHER, false, Task.Kind.BINARY),
        /** Precision averaged over the recall gained. */
        AVERAGE_PRECISION(Better.HIGHER, false, Task.Kind.BINARY),
        /** Mean −ln of the probability given to what came true, in nats. */
        LOG_LOSS(Better.LOWER, false, Task.Kind.BINARY, Task.Kind.MULTICLASS),
        /** Mean squared error of the probability. */
        BRIER(Better.LOWER, false, Task.Kind.BINARY),
        /** How far forecasts and shares lie apart, on average over ten equally filled bins. */
        CALIBRATION_ERROR(Better.LOWER, false, Task.Kind.BINARY),
        /** Share of right decisions; of several classes the most probable is the decision. */
        ACCURACY(Better.HIGHER, true, Task.Kind.BINARY, Task.Kind.MULTICLASS),
        /** Mean of recall and specificity. */
        BALANCED_ACCURACY(Better.HIGHER, true, Task.Kind.BINARY),
        /** Share of flagged rows that are positive. */
        PRECISION(Better.HIGHER, true, Task.Kind.BINARY),
        /** Share of positive rows that are flagged. */
        RECALL(Better.HIGHER, true, Task.Kind.BINARY),
        /** Share of negative rows that are not flagged. */
        SPECIFICITY(Better.HIGHER, true, Task.Kind.BINARY),
        /** Mean cost of a decision, in the unit of the task's costs. */
        EXPECTED_COST(Better.LOWER, true, Task.Kind.BINARY),
        /** Mean absolute error, in the label's unit. */
        MAE(Better.LOWER, false, Task.Kind.REGRESSION),
        /** Mean squared error, in the label's unit squared. */
        MSE(Better.LOWER, false, Task.Kind.REGRESSION),
        /** Root of the mean squared error, in the label's unit. */
        RMSE(Better.LOWER, false, Task.Kind.REGRESSION),
        /** Share of the label's variance that is explained. */
        R_SQUARED(Better.HIGHER, false, Task.Kind.REGRESSION);

        private final Better better;
        private final boolean decides;
        private final Set<Task.Kind> tasks;

        Kind(Better better, boolean decides, Task.Kind... tasks) {
            this.better = better;
            this.decides = decides;
            this.tasks = Set.of(tasks);
        }

        /** Whether it is about decisions, and so has an operating point. */
        boolean decides() {
            return decides;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Where a decision is taken. */
    public sealed interface Point {
        /** The point that every metric has where none is written: the task's threshold, for those that decide. */
        Point TASK = new AtTask();

        /** At the task's threshold. */
        record AtTask() implements Point {}

        /** At and above this score. */
        record AtScore(double score) implements Point {
            public AtScore {
                if (!Double.isFinite(score)) {
                    throw Problem.invalid("metric", "@" + score, "a finite score");
                }
            }
        }

        /** For the rows with the highest scores, this share of all. */
        record AtRate(double share) implements Point {
            public AtRate {
                checkShare(share);
            }
        }

        /** At the lowest threshold that flags at most this share of the negative rows. */
        record AtFalsePositiveRate(double share) implements Point {
            public AtFalsePositiveRate {
                checkShare(share);
            }
        }

        private static void checkShare(double share) {
            if (!(share > 0 && share < 1)) {
                throw Problem.invalid("metric", "@" + share * 100 + "%", "more than 0% and less than 100%");
            }
        }
    }

    private static final Pattern FORM =
            Pattern.compile("(?<name>[a-z_]+)(?:@(?<fpr>fpr=)?(?<number>-?\\d+(?:\\.\\d+)?)(?<percent>%)?)?");

    public Metric {
        if (!kind.decides && !point.equals(Point.TASK)) {
            throw Problem.invalid("metric", kind.word() + "@…", kind.word() + " alone, since it decides nothing");
        }
    }

    /** A metric without an operating point of its own. */
    public static Metric of(Kind kind) {
        return new Metric(kind, Point.TASK);
    }

    /** Reads what people write. @throws Problem with the likely name where it is none */
    @JsonCreator
    public static Metric parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw Problem.invalid("metric", text, "a name such as auc, recall@10%, precision@0.7 or recall@fpr=5%");
        }
        return new Metric(kind(form.group("name")), point(text, form));
    }

    private static Kind kind(String name) {
        var known = Arrays.stream(Kind.values()).map(Kind::word).collect(Collectors.toSet());
        if (!known.contains(name)) {
            throw Problem.invalid(
                    "metric",
                    name,
                    Spelling.nearest(name, known)
                                    .map(likely -> likely + ", or another")
                                    .orElse("one") + " of "
                            + known.stream().sorted().collect(Collectors.joining(", ")));
        }
        return Kind.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static Point point(String text, Matcher form) {
        Optional<String> number = Optional.ofNullable(form.group("number"));
        if (number.isEmpty()) {
            return Point.TASK;
        }
        double value = Double.parseDouble(number.get());
        boolean isShare = form.group("percent") != null;
        if (form.group("fpr") != null) {
            if (!isShare) {
                throw Problem.invalid("metric", text, "a share in percent, such as recall@fpr=5%");
            }
            return new Point.AtFalsePositiveRate(value / 100);
        }
        return isShare ? new Point.AtRate(value / 100) : new Point.AtScore(value);
    }

    /** Which way it improves. */
    public Better better() {
        return kind.better;
    }

    /** Whether it says something of tasks of this kind; where several classes are told apart, no threshold decides. */
    public boolean isOf(Task.Kind task) {
        return kind.tasks.contains(task) && (task == Task.Kind.BINARY || point.equals(Point.TASK));
    }

    /** Their names, for people. */
    public static String namesOf(Task.Kind task) {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.tasks.contains(task))
                .map(Kind::word)
                .collect(Collectors.joining(", "));
    }

    @Override
    public int compareTo(Metric other) {
        return toString().compareTo(other.toString());
    }

    @JsonValue
    @Override
    public String toString() {
        return kind.word()
                + switch (point) {
                    case Point.AtTask _ -> "";
                    case Point.AtScore at -> "@" + plain(at.score);
                    case Point.AtRate at -> "@" + plain(percent(at.share)) + "%";
                    case Point.AtFalsePositiveRate at -> "@fpr=" + plain(percent(at.share)) + "%";
                };
    }

    /** The share in percent without the dust of binary fractions: .07 is 7, not 7.000000000000001. */
    private static double percent(double share) {
        return Math.rint(share * 1e10) / 1e8;
    }

    private static String plain(double value) {
        String text = Double.toString(value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
