package org.plimsoll.statistics;

/**
 * Average precision (scikit-learn {@code average_precision_score}): precision at each distinct threshold, weighted by the
 * recall gained there.
 *
 * <p>Formula: {@code AP = Σ_k (R_k − R_{k−1})·P_k} over distinct scores from the highest down; no interpolation. Tied scores
 * enter together. O(n log n). Scores finite; without a positive row, without rows, with NaN: a Problem.
 */
public final class AveragePrecision {

    private AveragePrecision() {}

    /** Average precision of unweighted rows, in (0, 1]. */
    public static double of(double[] scores, boolean[] positive) {
        return of(scores, positive, Inputs.ones(scores.length));
    }

    /** The same with a weight per row, 0 or more. */
    public static double of(double[] scores, boolean[] positive, double[] weights) {
        BinaryRows.check("average precision", scores, positive);
        Inputs.weights(weights, scores.length);
        double positiveWeight = BinaryRows.weightOf("average precision", true, positive, weights);
        Sum found = new Sum();
        Sum flagged = new Sum();
        Sum area = new Sum();
        int[] order = Order.ascending(scores);
        for (int end = order.length; end > 0; ) {
            int start = Order.startOfTie(scores, order, end);
            Sum gained = new Sum();
            for (int k = start; k < end; k++) {
                if (positive[order[k]]) {
                    gained.add(weights[order[k]]);
                }
                flagged.add(weights[order[k]]);
            }
            found.merge(gained);
            if (gained.value() > 0) {
                area.add(gained.value() / positiveWeight * (found.value() / flagged.value()));
            }
            end = start;
        }
        return area.value();
    }
}
