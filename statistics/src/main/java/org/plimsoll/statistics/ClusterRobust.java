package org.plimsoll.statistics;

/**
 * Paired comparison of two models by their influence values, robust to rows that share a cluster.
 *
 * <p>Formula [1]: with {@code d_i = ψ_i(candidate) − ψ_i(champion)} over G clusters, {@code SE² = G/(G−1) · Σ_g (Σ_{i∈g} w_i·d_i)²
 * / (Σ w)²}, referred to Student's t with G − 1 degrees of freedom. Assumes independent clusters; correlation inside a cluster
 * may be anything. For fewer than about 30 clusters the size is only approximate; for rare 0/1 losses below 2,000 rows
 * {@link Tango} is exact enough where this is not. O(n). Fewer than two clusters: a Problem.
 *
 * <p>[1] K.-Y. Liang, S. Zeger, "Longitudinal data analysis using generalized linear models", Biometrika 73, 1986; statsmodels
 * {@code WLS.fit(cov_type='cluster')} on an intercept.
 */
public final class ClusterRobust {

    private ClusterRobust() {}

    /** Compares two metrics by the influence values they have on the same rows, candidate − champion. */
    public static PairedDifference compare(
            Influence candidate, Influence champion, double[] weights, Clusters clusters) {
        Inputs.weights(weights, candidate.values().length);
        Influence difference = candidate.plus(-1, champion);
        return new PairedDifference(
                candidate.metric(),
                champion.metric(),
                difference.metric(),
                standardError(difference, weights, clusters),
                clusters.count() - 1.0,
                clusters.rows(),
                clusters.count());
    }

    /** The standard error of one metric. */
    public static double standardError(Influence influence, double[] weights, Clusters clusters) {
        if (clusters.count() < 2) {
            throw Inputs.undefined("standard error", "it needs two clusters or more");
        }
        double[] totals = clusters.totals(influence.values(), weights);
        Sum squares = new Sum();
        for (double total : totals) {
            squares.add(total * total);
        }
        double correction = clusters.count() / (clusters.count() - 1.0);
        return Inputs.defined("standard error", Math.sqrt(correction * squares.value()) / Sum.of(weights));
    }
}
