package org.plimsoll.statistics;

import java.util.Arrays;

/**
 * Area under the ROC curve: the chance that a positive row scores above a negative one, ties counting one half
 * (scikit-learn {@code roc_auc_score}).
 *
 * <p>Formula: {@code AUC = Σ over pairs w_i·w_j·([s_i > s_j] + ½[s_i = s_j]) / (W₊·W₋)} for positives i and negatives j.
 * Invariant under strictly increasing maps of the scores. O(n log n). Without weights the pairs are counted in whole numbers,
 * so the order of rows changes no bit.
 *
 * <p>Scores finite, any scale; one class only, no rows, NaN: a Problem.
 */
public final class Auc {

    private Auc() {}

    /** The area of unweighted rows; in [0, 1], ½ for scores that say nothing. */
    public static double of(double[] scores, boolean[] positive) {
        BinaryRows.check("AUC", scores.length, positive);
        double[] upper = new double[scores.length];
        int positives = BinaryRows.partition(scores, positive, upper);
        double[] lower = Arrays.copyOfRange(upper, positives, upper.length);
        RadixSort.sort(upper, positives);
        RadixSort.sort(lower);
        if (!hasFiniteEnds(upper, positives) || !hasFiniteEnds(lower, lower.length)) {
            Inputs.finite("scores", scores);
        }
        BinaryRows.bothClasses("AUC", positives, scores.length);
        return halfPairs(upper, positives, lower) / (2.0 * positives * lower.length);
    }

    /** Whether the first so many of sorted values are finite: infinities and NaN would be at the ends. */
    private static boolean hasFiniteEnds(double[] sorted, int length) {
        return length == 0 || Double.isFinite(sorted[0]) && Double.isFinite(sorted[length - 1]);
    }

    /** Twice the number of pairs in which one of the first {@code upper} is above, plus those tied; below 2^61 for arrays of any length. */
    private static long halfPairs(double[] upper, int uppers, double[] lower) {
        long count = 0;
        int below = 0;
        int notAbove = 0;
        for (int i = 0; i < uppers; i++) {
            double score = upper[i];
            while (below < lower.length && lower[below] < score) {
                below++;
            }
            notAbove = Math.max(notAbove, below);
            while (notAbove < lower.length && lower[notAbove] <= score) {
                notAbove++;
            }
            count += (long) below + notAbove;
        }
        return count;
    }

    /** The same with a weight per row, 0 or more; each class needs some weight. */
    public static double of(double[] scores, boolean[] positive, double[] weights) {
        BinaryRows.check("AUC", scores, positive);
        Inputs.weights(weights, scores.length);
        double positiveWeight = BinaryRows.weightOf("AUC", true, positive, weights);
        double negativeWeight = BinaryRows.weightOf("AUC", false, positive, weights);
        int[] order = Order.ascending(scores);
        Sum pairs = new Sum();
        Sum below = new Sum();
        for (int start = 0; start < order.length; ) {
            int end = Order.endOfTie(scores, order, start);
            Sum tiedPositive = new Sum();
            Sum tiedNegative = new Sum();
            for (int k = start; k < end; k++) {
                (positive[order[k]] ? tiedPositive : tiedNegative).add(weights[order[k]]);
            }
            pairs.add(tiedPositive.value()
                    / positiveWeight
                    * ((below.value() + tiedNegative.value() / 2) / negativeWeight));
            below.merge(tiedNegative);
            start = end;
        }
        return pairs.value();
    }
}
