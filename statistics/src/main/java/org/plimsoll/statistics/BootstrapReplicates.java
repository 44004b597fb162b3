package org.plimsoll.statistics;

/**
 * What a bootstrap found: the estimate and its replicates. Their spread is the estimate's standard error, {@code √(Σ(θ_r − mean)²/(n −
 * 1))} [1]; {@link PairedDifference} makes bounds and verdicts of it. O(replicates).
 *
 * <p>[1] B. Efron, R. Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 6.
 *
 * @param estimate on the rows as they are
 * @param values one a replicate, in the order drawn
 */
public record BootstrapReplicates(double estimate, double[] values) {

    public BootstrapReplicates {
        Inputs.defined("bootstrap estimate", estimate);
        Inputs.finite("replicates", values);
    }

    /** Standard deviation of the replicates. */
    public double standardError() {
        return Math.sqrt(Moments.of(values).sampleVariance());
    }
}
