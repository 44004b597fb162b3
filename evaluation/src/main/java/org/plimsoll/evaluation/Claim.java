package org.plimsoll.evaluation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Optional;
import org.plimsoll.core.Problem;

/**
 * Metric × segment × bound: what must be proved of a version. Policies, cards and monitors all speak in claims.
 *
 * <pre>
 *  {metric: auc, at_least: 0.65}                                      a floor, over all rows
 *  {metric: auc, segment: origin, not_worse_by: 0.02}                 for each origin, against the champion
 *  {metric: recall@10%, segment: state, value: CA, better_by: 0.01}   one segment
 * </pre>
 *
 * A claim is proved when the one-sided bound of confidence {@code 1 − level} lies on the good side of the limit, and refuted
 * (HARM) when the other bound lies beyond it; {@link Judged} has the rule.
 *
 * @param segment a segment column of the task; empty for all rows
 * @param value one value of it; empty for each value by itself
 * @param atLeast the metric is at or above this
 * @param atMost the metric is at or below this
 * @param notWorseBy the metric is worse than the reference's by less than this, 0 or more
 * @param betterBy the metric is better than the reference's by more than this, 0 or more
 * @param than the reference; the champion where it is not given
 * @param level one-sided chance of a wrong proof; .05 where it is not given
 * @param minRows fewer rows are not judged; 300 where it is not given
 * @param minRarer fewer rows of the rarer class are not judged; 30 where it is not given
 */
public record Claim(
        Metric metric,
        Optional<String> segment,
        Optional<String> value,
        Optional<Double> atLeast,
        Optional<Double> atMost,
        Optional<Double> notWorseBy,
        Optional<Double> betterBy,
        Optional<Reference> than,
        Optional<Double> level,
        Optional<Long> minRows,
        Optional<Long> minRarer) {

    /** One-sided level where none is given. */
    public static final double USUAL_LEVEL = 0.05;

    /** Rows needed where nothing else is said. */
    public static final long USUAL_ROWS = 300;

    /** Rows of the rarer class needed where nothing else is said. */
    public static final long USUAL_RARER = 30;

    public Claim {
        int bounds = count(atLeast) + count(atMost) + count(notWorseBy) + count(betterBy);
        if (bounds != 1) {
            throw Problem.invalid(
                    "claim on " + metric,
                    bounds == 0 ? "without a bound" : "with " + bounds + " bounds",
                    "exactly one of at_least, at_most, not_worse_by, better_by");
        }
        atLeast.ifPresent(limit -> finite("at_least", limit));
        atMost.ifPresent(limit -> finite("at_most", limit));
        notWorseBy.ifPresent(margin -> notNegative("not_worse_by", margin));
        betterBy.ifPresent(gain -> notNegative("better_by", gain));
        if (than.isPresent() && notWorseBy.isEmpty() && betterBy.isEmpty()) {
            throw Problem.invalid("than", than.get().word(), "nothing, since a fixed limit has no reference");
        }
        level.ifPresent(Claim::checkLevel);
        minRows.ifPresent(least -> positive("min_rows", least));
        minRarer.ifPresent(least -> positive("min_rarer", least));
        new Scope(segment, value);
    }

    private static int count(Optional<?> part) {
        return part.isPresent() ? 1 : 0;
    }

    private static void finite(String field, double number) {
        if (!Double.isFinite(number)) {
            throw Problem.invalid(field, number, "a finite number");
        }
    }

    private static void notNegative(String field, double number) {
        if (!(number >= 0 && Double.isFinite(number))) {
            throw Problem.invalid(field, number, "a finite number, 0 or more");
        }
    }

    private static void positive(String field, long number) {
        if (number < 1) {
            throw Problem.invalid(field, number, "1 or more");
        }
    }

    private static void checkLevel(double level) {
        if (!(level > 0 && level <= 0.5)) {
            throw Problem.invalid("level", level, "a chance of error above 0 and up to 0.5, such as 0.05");
        }
    }

    /** A claim of usual level and usual least rows. */
    public static Claim of(Metric metric, Scope scope, Bound bound) {
        Optional<Double> none = Optional.empty();
        return new Claim(
                metric,
                scope.column(),
                scope.value(),
                bound instanceof Bound.AtLeast at ? Optional.of(at.limit()) : none,
                bound instanceof Bound.AtMost at ? Optional.of(at.limit()) : none,
                bound instanceof Bound.NotWorse not ? Optional.of(not.margin()) : none,
                bound instanceof Bound.Better better ? Optional.of(better.gain()) : none,
                switch (bound) {
                    case Bound.NotWorse not -> Optional.of(not.than());
                    case Bound.Better better -> Optional.of(better.than());
                    case Bound.AtLeast _, Bound.AtMost _ -> Optional.empty();
                },
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The same at another level and with other least rows. */
    public Claim with(double otherLevel, long rows, long rarer) {
        return new Claim(
                metric,
                segment,
                value,
                atLeast,
                atMost,
                notWorseBy,
                betterBy,
                than,
                Optional.of(otherLevel),
                Optional.of(rows),
                Optional.of(rarer));
    }

    /** The same claim about other rows. */
    public Claim over(Scope scope) {
        return new Claim(
                metric,
                scope.column(),
                scope.value(),
                atLeast,
                atMost,
                notWorseBy,
                betterBy,
                than,
                level,
                minRows,
                minRarer);
    }

    @JsonIgnore
    public Scope scope() {
        return new Scope(segment, value);
    }

    @JsonIgnore
    public Bound bound() {
        if (atLeast.isPresent()) {
            return new Bound.AtLeast(atLeast.get());
        }
        if (atMost.isPresent()) {
            return new Bound.AtMost(atMost.get());
        }
        Reference reference = than.orElse(Reference.CHAMPION);
        return notWorseBy.isPresent()
                ? new Bound.NotWorse(reference, notWorseBy.get())
                : new Bound.Better(reference, betterBy.orElseThrow());
    }

    /** What it compares with; empty where its limit is fixed. */
    @JsonIgnore
    public Optional<Reference> reference() {
        return switch (bound()) {
            case Bound.NotWorse not -> Optional.of(not.than());
            case Bound.Better better -> Optional.of(better.than());
            case Bound.AtLeast _, Bound.AtMost _ -> Optional.empty();
        };
    }

    @JsonIgnore
    public double levelOrUsual() {
        return level.orElse(USUAL_LEVEL);
    }

    @JsonIgnore
    public long leastRows() {
        return minRows.orElse(USUAL_ROWS);
    }

    @JsonIgnore
    public long leastRarer() {
        return minRarer.orElse(USUAL_RARER);
    }

    /** As a sentence's part: {@code auc of origin = DFW not worse than champion by 0.02}. */
    @Override
    public String toString() {
        String rows = segment.isEmpty() ? "" : " of " + scope();
        return metric
                + rows
                + switch (bound()) {
                    case Bound.AtLeast at -> " at least " + at.limit();
                    case Bound.AtMost at -> " at most " + at.limit();
                    case Bound.NotWorse not -> " not worse than " + not.than().word() + " by " + not.margin();
                    case Bound.Better better ->
                        " better than " + better.than().word() + (better.gain() == 0 ? "" : " by " + better.gain());
                };
    }
}
