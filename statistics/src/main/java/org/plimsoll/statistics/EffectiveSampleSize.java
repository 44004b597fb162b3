package org.plimsoll.statistics;

/**
 * How many equally weighted rows would estimate as sharply as these weighted ones (Kish): {@code (Σw)²/Σw²}, from 1 to n. O(n).
 * L. Kish, "Survey Sampling", 1965.
 */
public final class EffectiveSampleSize {

    private EffectiveSampleSize() {}

    /** Weights 0 or more, not all zero; else a Problem. */
    public static double of(double[] weights) {
        Inputs.weights(weights, weights.length);
        double greatest = 0;
        for (double weight : weights) {
            greatest = Math.max(greatest, weight);
        }
        Sum sum = new Sum();
        Sum squares = new Sum();
        for (double weight : weights) {
            double share = weight / greatest;
            sum.add(share);
            squares.add(share * share);
        }
        return sum.value() * sum.value() / squares.value();
    }
}
