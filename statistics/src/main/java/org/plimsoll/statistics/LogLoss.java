package org.plimsoll.statistics;

/**
 * Logarithmic loss in nats (scikit-learn {@code log_loss}); lower is better.
 *
 * <p>Formula: {@code −Σ w·ln p(actual class) / Σ w}. Probabilities are first moved into {@code [ε, 1−ε]} with
 * {@code ε = 2^-52}, as scikit-learn does, so a certain and wrong forecast costs about 36.04 and not infinity. The chance of
 * the negative class is {@code 1 − p}, rounded as floating point does. O(n). One class only is fine; no rows, NaN or a
 * probability outside [0, 1]: a Problem.
 */
public final class LogLoss {

    private static final double SMALLEST = 0x1p-52;

    private LogLoss() {}

    /** The loss of unweighted rows. */
    public static double of(double[] probabilities, boolean[] positive) {
        return Sum.mean(rows(probabilities, positive));
    }

    /** The same with a weight per row, 0 or more. */
    public static double of(double[] probabilities, boolean[] positive, double[] weights) {
        return Sum.mean(rows(probabilities, positive), weights);
    }

    /** The loss of each row, the influence value before centring. */
    public static double[] rows(double[] probabilities, boolean[] positive) {
        Inputs.sameLength("positive", positive.length, "probabilities", probabilities.length);
        Inputs.probabilities("probabilities", probabilities);
        double[] losses = new double[positive.length];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = ofActual(positive[i] ? probabilities[i] : 1 - probabilities[i]);
        }
        return losses;
    }

    /** {@code −ln p} of the class that came true, with p moved into [ε, 1−ε]. */
    static double ofActual(double probability) {
        return -Math.log(Math.clamp(probability, SMALLEST, 1 - SMALLEST));
    }
}
