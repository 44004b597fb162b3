package org.plimsoll.statistics;

/**
 * Segment values pulled towards their common mean as far as their errors warrant: for ranking and display, never for a gate, as
 * it hides a harm that all segments share.
 *
 * <p>Formula [1], values D with standard errors s, w = 1/s²: {@code τ² = max(0, (Q − (K − 1))/(Σw − Σw²/Σw))}, {@code Q = Σw(D −
 * D̄)²}; with weights {@code 1/(s² + τ²)} the mean μ; {@code B = τ²/(τ² + s²)}, shrunken value {@code μ + B(D − μ)}, variance
 * {@code B·s² + (1 − B)²/Σ1/(s² + τ²)}. O(K). Errors above 0; fewer than two segments: a Problem.
 *
 * <p>[1] R. DerSimonian, N. Laird, "Meta-analysis in clinical trials", Controlled Clinical Trials 7, 1986.
 *
 * @param mean μ
 * @param betweenVariance τ²
 * @param values the shrunken values
 * @param standardErrors of the shrunken values
 */
public record Shrinkage(double mean, double betweenVariance, double[] values, double[] standardErrors) {

    public Shrinkage {
        Inputs.finite("shrunken values", values);
        Inputs.finite("their standard errors", standardErrors);
    }

    /** Shrinks the values of two segments or more, each with its standard error. */
    public static Shrinkage of(double[] values, double[] standardErrors) {
        Inputs.sameLength("standard_errors", standardErrors.length, "values", values.length);
        Inputs.finite("values", values);
        Inputs.atLeast("segments", values.length, 2);
        double[] weights = weights(standardErrors, 0);
        double fixed = Sum.mean(values, weights);
        Sum heterogeneity = new Sum();
        Sum squares = new Sum();
        for (int k = 0; k < values.length; k++) {
            heterogeneity.add(weights[k] * (values[k] - fixed) * (values[k] - fixed));
            squares.add(weights[k] * weights[k]);
        }
        double total = Sum.of(weights);
        double between = Math.max(0, (heterogeneity.value() - (values.length - 1)) / (total - squares.value() / total));
        double[] random = weights(standardErrors, between);
        double mean = Sum.mean(values, random);
        double ofMean = 1 / Sum.of(random);
        double[] shrunken = new double[values.length];
        double[] errors = new double[values.length];
        for (int k = 0; k < values.length; k++) {
            double variance = standardErrors[k] * standardErrors[k];
            double kept = between / (between + variance);
            shrunken[k] = mean + kept * (values[k] - mean);
            errors[k] = Math.sqrt(kept * variance + (1 - kept) * (1 - kept) * ofMean);
        }
        return new Shrinkage(mean, between, shrunken, errors);
    }

    private static double[] weights(double[] standardErrors, double between) {
        double[] weights = new double[standardErrors.length];
        for (int k = 0; k < weights.length; k++) {
            double error = Inputs.positive("standard_error", standardErrors[k]);
            weights[k] = 1 / (error * error + between);
        }
        return weights;
    }
}
