package org.plimsoll.statistics;

/**
 * What a Brier score is made of, over the bins of a calibration curve.
 *
 * <p>Formulas [1] [2], with n_k rows (weight) in bin k, mean forecast f_k, positive share o_k, overall positive share o:
 * {@code reliability = Σ n_k (f_k − o_k)²/n}, {@code resolution = Σ n_k (o_k − o)²/n}, {@code uncertainty = o(1 − o)}. Forecasts
 * differ inside a bin, so a rest remains: {@code within = Brier − reliability + resolution − uncertainty}; it is 0 (up to
 * rounding) when every bin holds one forecast value. Hence {@code Brier = reliability − resolution + uncertainty + within}
 * always.
 *
 * <p>[1] A. Murphy, "A new vector partition of the probability score", J. Applied Meteorology 12, 1973. [2] D. Stephenson,
 * C. Coelho, I. Jolliffe, "Two extra components in the Brier score decomposition", Weather and Forecasting 23, 2008.
 *
 * @param reliability mean squared distance of the curve from the diagonal; 0 is perfect
 * @param resolution how far the bins' shares spread; higher is better
 * @param uncertainty variance of the outcome; no model changes it
 * @param within what the binning itself hides
 */
public record BrierDecomposition(double reliability, double resolution, double uncertainty, double within) {

    /** Decomposes the score of these rows over the bins of {@code curve}, which must be of the same rows. O(n). */
    public static BrierDecomposition of(
            CalibrationCurve curve, double[] probabilities, boolean[] positive, double[] weights) {
        double score = Brier.of(probabilities, positive, weights);
        double share = curve.mean(CalibrationCurve.Bin::positiveShare);
        double reliability = curve.mean(bin -> square(bin.meanProbability() - bin.positiveShare()));
        double resolution = curve.mean(bin -> square(bin.positiveShare() - share));
        double uncertainty = share * (1 - share);
        return new BrierDecomposition(
                reliability, resolution, uncertainty, score - reliability + resolution - uncertainty);
    }

    /** Reliability − resolution + uncertainty + within: the Brier score again. */
    public double score() {
        return reliability - resolution + uncertainty + within;
    }

    private static double square(double value) {
        return value * value;
    }
}
