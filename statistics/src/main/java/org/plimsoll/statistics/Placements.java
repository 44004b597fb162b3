package org.plimsoll.statistics;

/**
 * Placement values of the rows of two classes: for a positive row the weighted share of negatives it beats, for a negative row
 * the share of positives that beat it, ties one half. Their means are the AUC; their spread is its variance (DeLong).
 *
 * <p>One sort and one sweep, O(n log n), after the midrank form of [1].
 *
 * <p>[1] X. Sun, W. Xu, "Fast implementation of DeLong's algorithm", IEEE Signal Processing Letters 21, 2014.
 *
 * @param auc the weighted area under the ROC curve
 * @param values the placement of each row, in row order
 */
public record Placements(double auc, double[] values) {

    /** Placements of unweighted rows, from whole counts. Both classes must be there, scores finite; else a Problem. */
    public static Placements of(double[] scores, boolean[] positive) {
        BinaryRows.check("AUC", scores, positive);
        int positives = BinaryRows.countBoth("AUC", positive);
        int negatives = positive.length - positives;
        int[] order = Order.ascending(scores);
        double[] values = new double[scores.length];
        long halfPairs = 0;
        int positivesBelow = 0;
        int negativesBelow = 0;
        for (int start = 0; start < order.length; ) {
            int end = Order.endOfTie(scores, order, start);
            int tiedPositives = 0;
            for (int k = start; k < end; k++) {
                if (positive[order[k]]) {
                    tiedPositives++;
                }
            }
            int tiedNegatives = end - start - tiedPositives;
            double beaten = (2.0 * negativesBelow + tiedNegatives) / (2.0 * negatives);
            double beating = (2.0 * (positives - positivesBelow) - tiedPositives) / (2.0 * positives);
            for (int k = start; k < end; k++) {
                values[order[k]] = positive[order[k]] ? beaten : beating;
            }
            halfPairs += tiedPositives * (2L * negativesBelow + tiedNegatives);
            positivesBelow += tiedPositives;
            negativesBelow += tiedNegatives;
            start = end;
        }
        return new Placements(halfPairs / (2.0 * positives * negatives), values);
    }

    /**
     * Influence values of the AUC on weighted rows: {@code ψ = (W/W₊)(V₁₀ − AUC)} for positives and {@code (W/W₋)(V₀₁ − AUC)}
     * for negatives, placements weighted. Each class needs some weight.
     */
    public static Influence influence(double[] scores, boolean[] positive, double[] weights) {
        double auc = Auc.of(scores, positive, weights);
        double positiveWeight = BinaryRows.weightOf("AUC", true, positive, weights);
        double negativeWeight = BinaryRows.weightOf("AUC", false, positive, weights);
        double total = positiveWeight + negativeWeight;
        int[] order = Order.ascending(scores);
        double[] values = new double[scores.length];
        Sum positivesBelow = new Sum();
        Sum negativesBelow = new Sum();
        for (int start = 0; start < order.length; ) {
            int end = Order.endOfTie(scores, order, start);
            Sum tiedPositives = new Sum();
            Sum tiedNegatives = new Sum();
            for (int k = start; k < end; k++) {
                (positive[order[k]] ? tiedPositives : tiedNegatives).add(weights[order[k]]);
            }
            double beaten = (negativesBelow.value() + tiedNegatives.value() / 2) / negativeWeight;
            double beating = 1 - (positivesBelow.value() + tiedPositives.value() / 2) / positiveWeight;
            for (int k = start; k < end; k++) {
                values[order[k]] = positive[order[k]]
                        ? total / positiveWeight * (beaten - auc)
                        : total / negativeWeight * (beating - auc);
            }
            positivesBelow.merge(tiedPositives);
            negativesBelow.merge(tiedNegatives);
            start = end;
        }
        return new Influence(auc, values);
    }
}
