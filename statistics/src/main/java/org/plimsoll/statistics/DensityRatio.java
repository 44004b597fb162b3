package org.plimsoll.statistics;

import org.plimsoll.core.Problem;

/**
 * How much more often rows like a reference row occur now: the weights of PAPE, probabilistic adaptive performance estimation.
 *
 * <p>Formula [1]: with h(x) the chance, by a classifier trained to tell the two apart, that a row is of now: {@code w =
 * (n_ref/n_now)·h/(1 − h)}, moved into [1e-3, 50], as a certain classifier would give single rows all the weight. Fit h on other
 * rows than it is used on. Then: fit {@link IsotonicRegression} on the reference with these weights, apply it to the scores of
 * now, and let {@link Cbpe} estimate. Trust it as far as {@link EffectiveSampleSize} reaches. O(n).
 *
 * <p>[1] J. Białek, J. Kivimäki, W. Kuberski, N. Perrakis, "Estimating model performance under covariate shift without labels",
 * arXiv 2401.08348.
 */
public final class DensityRatio {

    private static final double LEAST = 1e-3;
    private static final double GREATEST = 50;

    private DensityRatio() {}

    /**
     * Weights of reference rows.
     *
     * @param chanceOfNow h of each reference row, in [0, 1]
     * @param nowRows how many rows of now the classifier saw beside the reference rows
     */
    public static double[] weights(double[] chanceOfNow, long nowRows) {
        Inputs.probabilities("chance_of_now", chanceOfNow);
        if (nowRows <= 0) {
            throw Problem.invalid("now_rows", nowRows, "a count above 0");
        }
        double odds = chanceOfNow.length / (double) nowRows;
        double[] weights = new double[chanceOfNow.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.clamp(odds * chanceOfNow[i] / (1 - chanceOfNow[i]), LEAST, GREATEST);
        }
        return weights;
    }

    /** The calibrator of PAPE: isotonic regression of the reference's outcomes on its scores, weighted towards now. */
    public static IsotonicRegression calibrator(
            double[] scores, boolean[] positive, double[] chanceOfNow, long nowRows) {
        return IsotonicRegression.fit(scores, positive, weights(chanceOfNow, nowRows));
    }
}
