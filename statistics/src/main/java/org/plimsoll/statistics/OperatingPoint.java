package org.plimsoll.statistics;

import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.plimsoll.core.Problem;

/**
 * A threshold and what it does: rows scoring at or above it are predicted positive.
 *
 * <p>Thresholds considered are each distinct score and +∞ (nothing is flagged), from the highest down, so tied scores are
 * flagged together or not at all. Every search is one sort and one sweep, O(n log n). Scores finite; no rows, NaN: a Problem;
 * a constraint no threshold meets: a Problem. The points are those of scikit-learn's {@code roc_curve(drop_intermediate=False)}.
 *
 * @param threshold lowest flagged score; +∞ when nothing is flagged
 */
public record OperatingPoint(double threshold, Confusion confusion) {

    /** Flags as many rows as fit into {@code rate} of all weight, the highest scores first. */
    public static OperatingPoint atFlaggedRate(double[] scores, boolean[] positive, double[] weights, double rate) {
        share("rate", rate);
        return last(scores, positive, weights, "flagged rate", point -> point.flaggedRate() <= rate);
    }

    /** The lowest threshold whose false positive rate is at most {@code rate}; needs a negative row. */
    public static OperatingPoint atFalsePositiveRate(
            double[] scores, boolean[] positive, double[] weights, double rate) {
        share("rate", rate);
        return last(scores, positive, weights, "false positive rate", point -> point.falsePositiveRate() <= rate);
    }

    /** The highest threshold whose recall is at least {@code recall}; needs a positive row. */
    public static OperatingPoint atRecall(double[] scores, boolean[] positive, double[] weights, double recall) {
        share("recall", recall);
        return best(scores, positive, weights, "recall", point -> point.recall() >= recall, point -> -point.flagged());
    }

    /** Of the thresholds whose precision is at least {@code precision}, the one with the greatest recall. */
    public static OperatingPoint atPrecision(double[] scores, boolean[] positive, double[] weights, double precision) {
        share("precision", precision);
        return best(
                scores,
                positive,
                weights,
                "precision",
                point -> point.flagged() > 0 && point.precision() >= precision,
                Confusion::recall);
    }

    /** The threshold with the lowest expected cost; of equals the highest. */
    public static OperatingPoint atLowestCost(double[] scores, boolean[] positive, double[] weights, CostMatrix costs) {
        return best(scores, positive, weights, "cost", point -> true, point -> -point.expectedCost(costs));
    }

    /** The threshold with the greatest TPR − FPR: the KS statistic of the two classes' scores. Needs both classes. */
    public static OperatingPoint atGreatestSeparation(double[] scores, boolean[] positive, double[] weights) {
        return best(scores, positive, weights, "separation", point -> true, Confusion::separation);
    }

    /** The last point, going down, for which a condition holds that ends once. */
    private static OperatingPoint last(
            double[] scores, boolean[] positive, double[] weights, String name, Predicate<Confusion> holds) {
        return best(scores, positive, weights, name, holds, Confusion::flagged);
    }

    private static OperatingPoint best(
            double[] scores,
            boolean[] positive,
            double[] weights,
            String name,
            Predicate<Confusion> allowed,
            ToDoubleFunction<Confusion> merit) {
        BinaryRows.check(name, scores, positive);
        Inputs.weights(weights, scores.length);
        int[] order = Order.ascending(scores);
        Sum found = new Sum();
        Sum mistaken = new Sum();
        double allPositive = total(positive, weights, true);
        double allNegative = total(positive, weights, false);
        OperatingPoint best = new OperatingPoint(Double.NaN, new Confusion(0, 0, allPositive, allNegative));
        double greatest = Double.NEGATIVE_INFINITY;
        double threshold = Double.POSITIVE_INFINITY;
        for (int end = order.length; ; ) {
            Confusion point = new Confusion(
                    found.value(),
                    mistaken.value(),
                    Math.max(0, allPositive - found.value()),
                    Math.max(0, allNegative - mistaken.value()));
            if (allowed.test(point) && merit.applyAsDouble(point) > greatest) {
                greatest = merit.applyAsDouble(point);
                best = new OperatingPoint(threshold, point);
            }
            if (end == 0) {
                break;
            }
            threshold = scores[order[end - 1]];
            while (end > 0 && scores[order[end - 1]] == threshold) {
                end--;
                (positive[order[end]] ? found : mistaken).add(weights[order[end]]);
            }
        }
        if (Double.isNaN(best.threshold)) {
            throw Inputs.undefined(name, "no threshold reaches it");
        }
        return best;
    }

    private static double total(boolean[] positive, double[] weights, boolean wanted) {
        Sum sum = new Sum();
        for (int i = 0; i < positive.length; i++) {
            if (positive[i] == wanted) {
                sum.add(weights[i]);
            }
        }
        return sum.value();
    }

    private static void share(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw Problem.invalid(name, value, "a number from 0 to 1");
        }
    }
}
