package org.plimsoll.statistics;

/**
 * Brier score: mean squared error of a probability (scikit-learn {@code brier_score_loss}); lower is better.
 *
 * <p>Formula: {@code Σ w·(p − y)² / Σ w} with y = 1 for positive rows. O(n). No rows, NaN or p outside [0, 1]: a Problem.
 */
public final class Brier {

    private Brier() {}

    /** The score of unweighted rows, in [0, 1]. */
    public static double of(double[] probabilities, boolean[] positive) {
        return Sum.mean(rows(probabilities, positive));
    }

    /** The same with a weight per row, 0 or more. */
    public static double of(double[] probabilities, boolean[] positive, double[] weights) {
        return Sum.mean(rows(probabilities, positive), weights);
    }

    /** The squared error of each row. */
    public static double[] rows(double[] probabilities, boolean[] positive) {
        Inputs.sameLength("positive", positive.length, "probabilities", probabilities.length);
        Inputs.probabilities("probabilities", probabilities);
        double[] losses = new double[positive.length];
        for (int i = 0; i < losses.length; i++) {
            double error = positive[i] ? 1 - probabilities[i] : probabilities[i];
            losses[i] = error * error;
        }
        return losses;
    }
}
