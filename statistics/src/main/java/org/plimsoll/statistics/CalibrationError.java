package org.plimsoll.statistics;

/**
 * Distance between forecast and frequency, over the bins of a {@link CalibrationCurve}; 0 is perfect.
 *
 * <p>O(bins). Each number depends on the binning; compare models only over the same kind and number of bins. Sources: [1] M. Pakdaman
 * Naeini, G. Cooper, M. Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015; [2] A. Kumar, P.
 * Liang, T. Ma, "Verified uncertainty calibration", NeurIPS 2019 (debiased).
 */
public final class CalibrationError {

    private CalibrationError() {}

    /** Expected calibration error: {@code Σ n_k |f_k − o_k| / n}. Biased upwards in small bins. */
    public static double expected(CalibrationCurve curve) {
        return curve.mean(bin -> Math.abs(bin.meanProbability() - bin.positiveShare()));
    }

    /**
     * Squared calibration error without the bias of small bins [1]:
     * {@code Σ n_k ((f_k − o_k)² − o_k(1 − o_k)/(n_k − 1)) / n}. May be negative; bins of one row count 0. For unweighted rows.
     *
     * <p>[1] A. Kumar, P. Liang, T. Ma, "Verified uncertainty calibration", NeurIPS 2019, section 4 and the package
     * uncertainty-calibration.
     */
    public static double debiasedSquare(CalibrationCurve curve) {
        return curve.mean(bin -> bin.rows() < 2
                ? 0
                : squared(bin) - bin.positiveShare() * (1 - bin.positiveShare()) / (bin.rows() - 1.0));
    }

    /** Root of {@link #debiasedSquare}, 0 where that is negative. */
    public static double debiased(CalibrationCurve curve) {
        return Math.sqrt(Math.max(0, debiasedSquare(curve)));
    }

    private static double squared(CalibrationCurve.Bin bin) {
        double distance = bin.meanProbability() - bin.positiveShare();
        return distance * distance;
    }
}
