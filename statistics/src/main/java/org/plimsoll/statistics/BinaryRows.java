package org.plimsoll.statistics;

/** Checks shared by the metrics of two classes: same lengths, finite scores, both classes present with weight. */
final class BinaryRows {

    private BinaryRows() {}

    static void check(String name, double[] scores, boolean[] positive) {
        check(name, scores.length, positive);
        Inputs.finite("scores", scores);
    }

    /** The same without a look at the scores. */
    static void check(String name, int scores, boolean[] positive) {
        Inputs.sameLength("positive", positive.length, "scores", scores);
        Inputs.notEmpty(name, scores);
    }

    /** How many rows are positive; both classes must be there. */
    static int countBoth(String name, boolean[] positive) {
        return bothClasses(name, count(positive), positive.length);
    }

    /** So many positives of all rows; neither none nor all. */
    static int bothClasses(String name, int positives, int rows) {
        if (positives == 0 || positives == rows) {
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

    /** Copies the values of positives to the front of an array of the same length and those of negatives to its end; gives how many are in front. */
    static int partition(double[] values, boolean[] positive, double[] partitioned) {
        int positives = 0;
        for (int i = 0; i < values.length; i++) {
            if (positive[i]) {
                partitioned[positives++] = values[i];
            } else {
                partitioned[values.length - 1 - i + positives] = values[i];
            }
        }
        return positives;
    }
}
