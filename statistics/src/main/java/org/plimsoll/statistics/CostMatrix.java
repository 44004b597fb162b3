package org.plimsoll.statistics;

/**
 * What each of the four outcomes of a decision costs, per row, in one unit of the owner's choice (euros, minutes). Negative
 * costs are gains. A cost that is no finite number: a Problem. Each method is O(1) a row.
 */
public record CostMatrix(double truePositive, double falsePositive, double falseNegative, double trueNegative) {

    public CostMatrix {
        Inputs.finite("true_positive", truePositive);
        Inputs.finite("false_positive", falsePositive);
        Inputs.finite("false_negative", falseNegative);
        Inputs.finite("true_negative", trueNegative);
    }

    /** The cost of one row. */
    double of(boolean predicted, boolean actual) {
        if (predicted) {
            return actual ? truePositive : falsePositive;
        }
        return actual ? falseNegative : trueNegative;
    }

    /** Cost of each row when scores at or above {@code threshold} are acted on; the influence value before centring. */
    public double[] rows(double[] scores, boolean[] positive, double threshold) {
        BinaryRows.check("expected cost", scores, positive);
        double[] costs = new double[scores.length];
        for (int i = 0; i < costs.length; i++) {
            costs[i] = of(scores[i] >= threshold, positive[i]);
        }
        return costs;
    }
}
