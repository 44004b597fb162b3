package org.plimsoll.statistics;

import org.plimsoll.core.Problem;

/**
 * Errors of a predicted number, under scikit-learn's names. Units are those of the actual values unless said otherwise.
 *
 * <p>All are O(n), weighted by row where weights are given; no rows, NaN, infinities, unequal lengths: a Problem. A sum that
 * leaves the range of doubles is a Problem too, not infinity.
 */
public final class Regression {

    private Regression() {}

    /** Mean absolute error: {@code Σ w|y − f| / Σ w}. */
    public static double meanAbsoluteError(double[] actual, double[] predicted, double[] weights) {
        return Sum.mean(absoluteErrors(actual, predicted), weights);
    }

    /** Mean squared error: {@code Σ w(y − f)² / Σ w}, in squared units. */
    public static double meanSquaredError(double[] actual, double[] predicted, double[] weights) {
        return Sum.mean(squaredErrors(actual, predicted), weights);
    }

    /** Root mean squared error; scaled by the greatest error, so it exists wherever the errors do. */
    public static double rootMeanSquaredError(double[] actual, double[] predicted, double[] weights) {
        double[] errors = errors(actual, predicted);
        double greatest = greatest(errors);
        if (greatest == 0) {
            Inputs.weights(weights, errors.length);
            return 0;
        }
        return greatest * Math.sqrt(Sum.mean(squaresOver(greatest, errors), weights));
    }

    /** Mean absolute percentage error as a fraction: {@code Σ w|y − f|/|y| / Σ w}. An actual value of zero is a Problem. */
    public static double meanAbsolutePercentageError(double[] actual, double[] predicted, double[] weights) {
        return Sum.mean(relativeErrors(actual, predicted), weights);
    }

    /**
     * R² = 1 − Σw(y − f)² / Σw(y − ȳ)²; both sums are taken over the square of the greatest distance from the mean, so neither vanishes nor
     * overflows before their ratio does. Undefined when all actual values are equal.
     */
    public static double rSquared(double[] actual, double[] predicted, double[] weights) {
        double[] errors = errors(actual, predicted);
        double mean = Sum.mean(actual, weights);
        double[] distances = new double[actual.length];
        for (int i = 0; i < actual.length; i++) {
            distances[i] = Inputs.defined("distance from the mean", actual[i] - mean);
        }
        double greatest = greatest(distances);
        if (greatest == 0) {
            throw Inputs.undefined("R²", "all actual values are equal");
        }
        double rounding = Sum.mean(distances, weights) / greatest; // by how much the mean itself was rounded
        double spread = Sum.mean(squaresOver(greatest, distances), weights) - rounding * rounding;
        if (!(spread > 0)) {
            throw Inputs.undefined("R²", "all actual values with weight are equal");
        }
        return Inputs.defined("R²", 1 - Sum.mean(squaresOver(greatest, errors), weights) / spread);
    }

    /** Quantile (pinball) loss at level q: {@code q·(y − f)} where y ≥ f, else {@code (1 − q)·(f − y)}; mean over rows. */
    public static double pinballLoss(double[] actual, double[] predicted, double[] weights, double level) {
        return Sum.mean(pinballLosses(actual, predicted, level), weights);
    }

    /** Share of rows whose actual value lies in [lower, upper], bounds included. */
    public static double coverage(double[] actual, double[] lower, double[] upper, double[] weights) {
        return Sum.mean(covered(actual, lower, upper), weights);
    }

    /** |y − f| of each row. */
    public static double[] absoluteErrors(double[] actual, double[] predicted) {
        double[] errors = errors(actual, predicted);
        for (int i = 0; i < errors.length; i++) {
            errors[i] = Math.abs(errors[i]);
        }
        return errors;
    }

    /** (y − f)² of each row. */
    public static double[] squaredErrors(double[] actual, double[] predicted) {
        double[] errors = errors(actual, predicted);
        for (int i = 0; i < errors.length; i++) {
            errors[i] = Inputs.defined("squared error", errors[i] * errors[i]);
        }
        return errors;
    }

    /** |y − f|/|y| of each row; an actual value of zero is a Problem. */
    public static double[] relativeErrors(double[] actual, double[] predicted) {
        double[] errors = absoluteErrors(actual, predicted);
        for (int i = 0; i < errors.length; i++) {
            if (actual[i] == 0) {
                throw Problem.invalid(
                        "actual[" + i + "]", actual[i], "not zero, as its percentage error does not exist");
            }
            errors[i] = Inputs.defined("percentage error", errors[i] / Math.abs(actual[i]));
        }
        return errors;
    }

    /** Pinball loss of each row. */
    public static double[] pinballLosses(double[] actual, double[] predicted, double level) {
        Inputs.fraction("level", level);
        double[] errors = errors(actual, predicted);
        for (int i = 0; i < errors.length; i++) {
            errors[i] *= errors[i] >= 0 ? level : level - 1;
        }
        return errors;
    }

    /** 1 where the interval holds the actual value, else 0. */
    public static double[] covered(double[] actual, double[] lower, double[] upper) {
        Inputs.finite("actual", actual);
        Inputs.sameLength("lower", lower.length, "actual", actual.length);
        ordered(lower, upper);
        double[] covered = new double[actual.length];
        for (int i = 0; i < covered.length; i++) {
            covered[i] = lower[i] <= actual[i] && actual[i] <= upper[i] ? 1 : 0;
        }
        return covered;
    }

    private static double greatest(double[] values) {
        double greatest = 0;
        for (double value : values) {
            greatest = Math.max(greatest, Math.abs(value));
        }
        return greatest;
    }

    /** (value/scale)² of each. */
    private static double[] squaresOver(double scale, double[] values) {
        double[] squares = new double[values.length];
        for (int i = 0; i < squares.length; i++) {
            double share = values[i] / scale;
            squares[i] = Inputs.defined("squared error", share * share);
        }
        return squares;
    }

    private static void ordered(double[] lower, double[] upper) {
        Inputs.sameLength("upper", upper.length, "lower", lower.length);
        Inputs.finite("lower", lower);
        Inputs.finite("upper", upper);
        for (int i = 0; i < lower.length; i++) {
            if (lower[i] > upper[i]) {
                throw Problem.invalid("upper[" + i + "]", upper[i], "not below lower, " + lower[i]);
            }
        }
    }

    private static double[] errors(double[] actual, double[] predicted) {
        Inputs.sameLength("predicted", predicted.length, "actual", actual.length);
        Inputs.finite("actual", actual);
        Inputs.finite("predicted", predicted);
        double[] errors = new double[actual.length];
        for (int i = 0; i < errors.length; i++) {
            errors[i] = Inputs.defined("error", actual[i] - predicted[i]);
        }
        return errors;
    }
}
