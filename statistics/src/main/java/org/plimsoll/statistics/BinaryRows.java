package org.plimsoll.statistics;

/** Checks shared by the metrics of two classes: same lengths, finite scores, both classes present with weight. */
final class BinaryRows {

    private BinaryRows() {}

    static void check(String name, double[] scores, boolean[] positive) {
        Inputs.sameLength("positive", positive.length, "scores", scores.length);
        Inputs.notEmpty(name, scores.length);
        Inputs.finite("scores", scores);
    }

    /** How many rows are positive; both classes must be there. */
    static int countBoth(String name, boolean[] positive) {
        int positives = count(positive);
        if (positives == 0 || positives == positive.length) {
            throw Inputs.undefined(name, "all rows are of one class");
        }
        return positives;
    }

    static int count(boolean[] positive) {
        int positives = 0;
        for (boolean isPositive : positive) {
            if (isPositive) {
                positives++;
            }
        }
        return positives;
    }

    /** The weight of the rows whose class is {@code wanted}; it must not be zero. */
    static double weightOf(String name, boolean wanted, boolean[] positive, double[] weights) {
        Sum sum = new Sum();
        for (int i = 0; i < positive.length; i++) {
            if (positive[i] == wanted) {
                sum.add(weights[i]);
            }
        }
        if (sum.value() <= 0) {
            throw Inputs.undefined(name, "no " + (wanted ? "positive" : "negative") + " row has any weight");
        }
        return sum.value();
    }

    /** The values of the rows of one class, in row order. */
    static double[] select(double[] values, boolean[] positive, boolean wanted, int size) {
        double[] selected = new double[size];
        int k = 0;
        for (int i = 0; i < values.length; i++) {
            if (positive[i] == wanted) {
                selected[k++] = values[i];
            }
        }
        return selected;
    }
}
