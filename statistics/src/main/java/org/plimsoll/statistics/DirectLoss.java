package org.plimsoll.statistics;

import org.plimsoll.core.Problem;

/**
 * Direct loss estimation's last step: from the loss a second model expects of each row to the metric of the rows (NannyML {@code DLE}).
 *
 * <p>Formula: mean of the expected row losses, those below 0 taken as 0; for RMSE and RMSLE its root. Sampling error from losses
 * seen on the reference: {@code sd/√n}; for roots {@code √(sd²/(4n·mean))}. Fit the second model on other rows than those it is
 * judged by. O(n). No rows, NaN: a Problem.
 */
public final class DirectLoss {

    /** The loss of one row that the second model predicts. */
    public enum Loss {
        /** |y − f|, for MAE. */
        ABSOLUTE,
        /** |y − f|/|y|, for MAPE. */
        RELATIVE,
        /** (y − f)², for MSE and RMSE. */
        SQUARED,
        /** (ln(1 + y) − ln(1 + f))², for MSLE and RMSLE; y and f at least 0. */
        SQUARED_LOGARITHMIC;

        /** The losses of rows, to train the second model and to take the sampling error from. */
        public double[] rows(double[] actual, double[] predicted) {
            return switch (this) {
                case ABSOLUTE -> Regression.absoluteErrors(actual, predicted);
                case RELATIVE -> Regression.relativeErrors(actual, predicted);
                case SQUARED -> Regression.squaredErrors(actual, predicted);
                case SQUARED_LOGARITHMIC -> Regression.squaredErrors(logarithms(actual), logarithms(predicted));
            };
        }

        private static double[] logarithms(double[] values) {
            double[] logarithms = new double[values.length];
            for (int i = 0; i < logarithms.length; i++) {
                if (!(values[i] >= 0)) {
                    throw Problem.invalid(
                            "values[" + i + "]", values[i], "a number, 0 or more, for a logarithmic loss");
                }
                logarithms[i] = Math.log1p(values[i]);
            }
            return logarithms;
        }
    }

    private DirectLoss() {}

    /** The mean loss to expect. */
    public static double mean(double[] expectedLosses) {
        Inputs.finite("expected_losses", expectedLosses);
        double[] clipped = new double[expectedLosses.length];
        for (int i = 0; i < clipped.length; i++) {
            clipped[i] = Math.max(0, expectedLosses[i]);
        }
        return Sum.mean(clipped);
    }

    /** The root of the mean squared loss to expect. */
    public static double rootMean(double[] expectedLosses) {
        return Math.sqrt(mean(expectedLosses));
    }

    /** Sampling error of a mean loss over {@code rows} new rows. */
    public static double errorOfMean(double[] referenceLosses, long rows) {
        return SamplingError.mean(referenceLosses, rows);
    }

    /** Sampling error of a root mean loss over {@code rows} new rows; undefined when all reference losses are zero. */
    public static double errorOfRootMean(double[] referenceLosses, long rows) {
        double mean = Sum.mean(referenceLosses);
        if (!(mean > 0)) {
            throw Inputs.undefined("sampling error", "all reference losses are zero");
        }
        return SamplingError.mean(referenceLosses, rows) / (2 * Math.sqrt(mean));
    }
}
