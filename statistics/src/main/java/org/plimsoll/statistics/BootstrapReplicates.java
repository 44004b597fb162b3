package org.plimsoll.statistics;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * What a bootstrap found: the estimate, its replicates, and bounds from them.
 *
 * <p>BCa bounds [1] correct percentiles for bias {@code z₀ = Φ⁻¹(share of replicates below the estimate, ties half)} and skewness
 * {@code a} (jackknife over clusters or groups of them): the bound at level q is the replicate at {@code Φ(z₀ + (z₀ + z_q)/(1 −
 * a(z₀ + z_q)))}. Where all replicates equal the estimate the bounds do too.
 *
 * <p>[1] B. Efron, "Better bootstrap confidence intervals", J. American Statistical Association 82, 1987; SciPy {@code
 * bootstrap(method='BCa')}.
 *
 * @param estimate on the rows as they are
 * @param sorted the replicates, ascending
 * @param acceleration a
 */
public record BootstrapReplicates(double estimate, double[] sorted, double acceleration) {

    static BootstrapReplicates of(double estimate, double[] replicates, double[] leftOut) {
        double[] sorted = replicates.clone();
        Arrays.sort(sorted);
        return new BootstrapReplicates(estimate, sorted, acceleration(leftOut));
    }

    /** {@code Σ(m − θ_i)³ / (6·(Σ(m − θ_i)²)^1.5)} over the jackknife values; 0 where they are all equal. */
    static double acceleration(double[] leftOut) {
        double mean = Sum.mean(leftOut);
        Sum squares = new Sum();
        Sum cubes = new Sum();
        for (double value : leftOut) {
            double distance = mean - value;
            squares.add(distance * distance);
            cubes.add(distance * distance * distance);
        }
        return squares.value() == 0 ? 0 : cubes.value() / (6 * Math.pow(squares.value(), 1.5));
    }

    /** Standard deviation of the replicates. */
    public double standardError() {
        return Math.sqrt(Moments.of(sorted).sampleVariance());
    }

    /** One-sided BCa lower bound. Use (1 + c)/2 on both sides for a two-sided interval. */
    public double lower(double confidence) {
        return corrected(1 - Inputs.fraction("confidence", confidence));
    }

    /** One-sided BCa upper bound. */
    public double upper(double confidence) {
        return corrected(Inputs.fraction("confidence", confidence));
    }

    private double corrected(double level) {
        int below = Quantile.countBelow(sorted, estimate);
        int notAbove = Quantile.countNotAbove(sorted, estimate);
        double share = (below + notAbove) / (2.0 * sorted.length);
        if (share == 0 || share == 1) {
            throw Inputs.undefined("BCa bound", "all replicates lie on one side of the estimate");
        }
        NormalDistribution normal = NormalDistribution.of(0, 1);
        double bias = normal.inverseCumulativeProbability(share);
        double moved = bias + normal.inverseCumulativeProbability(level);
        double place = normal.cumulativeProbability(bias + moved / (1 - acceleration * moved));
        return Quantile.ofSorted(sorted, place);
    }
}
