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
        int[] order = Order.ascending(scores);
        int[] positivesBelow = positivesBelow(positive, order);
        int positives = BinaryRows.bothClasses("AUC", positivesBelow[order.length], order.length);
        int negatives = order.length - positives;
        double[] values = new double[order.length];
        long halfPairs = place(scores, order, positivesBelow, values);
        return new Placements(halfPairs / (2.0 * positives * negatives), values);
    }

    /** Writes each row's placement; gives twice the number of pairs in which the positive row is above, plus those tied. */
    private static long place(double[] scores, int[] order, int[] positivesBelow, double[] values) {
        double positivesTwice = 2.0 * positivesBelow[order.length];
        double negativesTwice = 2.0 * order.length - positivesTwice;
        long halfPairs = 0;
        long beatenTwice = 0;
        double beatingTwice = 0;
        int end = 0;
        for (int k = 0; k < order.length; k++) {
            if (k == end) {
                end = Order.endOfTie(scores, order, k);
                long notBeating = (long) positivesBelow[k] + positivesBelow[end];
                beatenTwice = (long) k + end - notBeating;
                beatingTwice = positivesTwice - notBeating;
                halfPairs += (positivesBelow[end] - positivesBelow[k]) * beatenTwice;
            }
            boolean isPositive = positivesBelow[k + 1] > positivesBelow[k];
            values[order[k]] = isPositive ? beatenTwice / negativesTwice : beatingTwice / positivesTwice;
        }
        return halfPairs;
    }

    /** How many of the first k rows of the order are positive, for each k from none to all. */
    private static int[] positivesBelow(boolean[] positive, int[] order) {
        int[] below = new int[order.length + 1];
        for (int k = 0; k < order.length; k++) {
            below[k + 1] = below[k] + (positive[order[k]] ? 1 : 0);
        }
        return below;
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
