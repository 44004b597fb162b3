package org.plimsoll.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.plimsoll.core.Problem;

/**
 * Uncertainty of any metric by drawing clusters of rows with Poisson(1) weights, hash-seeded ({@link PoissonWeights}).
 *
 * <p>For metrics without a closed form: F-beta differences, KS, lift, NDCG, quantiles, calibration error, average precision. Assumes
 * independent clusters and a metric that varies smoothly with weights; not for maxima or for fewer than about 30 clusters. The same
 * seed, rows and keys give the same replicates to the last bit in any row order (up to the metric's own rounding). 2,000 replicates
 * are usual; 20, as elsewhere, are too few for a standard error. Replicates run in parallel. Sources: [1] N.
 * Chamandy, O. Muralidharan, A. Najmi, S. Naidu, "Estimating uncertainty for massive data streams", Google, 2012; [2] A. Cameron, J. Gelbach, D.
 * Miller, "Bootstrap-based improvements for inference with clustered errors", Rev. Econ. Stat. 90, 2008.
 */
public final class PoissonBootstrap {

    /** The metric, or a candidate's minus a champion's, when row i counts {@code weights[i]} times; must not keep the array. */
    @FunctionalInterface
    public interface WeightedMetric {
        double of(double[] weights);
    }

    private static final int REPLICATES_AT_ONCE = 64;
    private static final int CLUSTERS_AT_ONCE = 1024;

    private final PoissonWeights weights;
    private final int replicates;

    /** @param replicates 100 or more */
    public PoissonBootstrap(long seed, int replicates) {
        this.weights = new PoissonWeights(seed);
        this.replicates = Inputs.atLeast("replicates", replicates, 100);
    }

    /**
     * Replicates of any metric. O(replicates·(rows + metric)). A replicate in which the metric is undefined (a class drawn away) is
     * left out; more than one in a hundred is a Problem.
     *
     * @param rowWeights weight of each row besides the draw
     */
    public BootstrapReplicates of(WeightedMetric metric, double[] rowWeights, Clusters clusters) {
        Inputs.weights(rowWeights, clusters.rows());
        atLeastTwo(clusters);
        double[] drawn = IntStream.range(0, replicates)
                .parallel()
                .mapToDouble(replicate -> defined(metric, drawn(replicate, rowWeights, clusters)))
                .toArray();
        double[] kept = Arrays.stream(drawn).filter(Double::isFinite).toArray();
        if (kept.length < 0.99 * replicates) {
            throw Inputs.undefined(
                    "bootstrap",
                    "the metric is undefined in " + (replicates - kept.length) + " of " + replicates + " replicates");
        }
        return new BootstrapReplicates(metric.of(rowWeights.clone()), kept);
    }

    /**
     * Replicates of {@code Σa/Σb − Σc/Σd}, sums over rows by weight: means, precision, recall, F-beta, cost per approval. The rows are
     * summed by cluster once; a replicate is then one pass over the clusters without allocation. Pass the same {@code b} and
     * {@code d} of ones for means, and a zero {@code c} for one model alone.
     */
    public BootstrapReplicates ofRatios(
            double[] a, double[] b, double[] c, double[] d, double[] rowWeights, Clusters clusters) {
        Inputs.weights(rowWeights, clusters.rows());
        atLeastTwo(clusters);
        double[][] totals = new double[4][];
        double[][] rows = {a, b, c, d};
        for (int k = 0; k < 4; k++) {
            Inputs.finite("rows", rows[k]);
            totals[k] = clusters.totals(rows[k], rowWeights);
        }
        long[] keys = new long[clusters.count()];
        Arrays.setAll(keys, g -> PoissonWeights.mix(clusters.keyOf(g)));
        double[] drawn = new double[replicates];
        int tasks = (replicates + REPLICATES_AT_ONCE - 1) / REPLICATES_AT_ONCE;
        IntStream.range(0, tasks).parallel().forEach(task -> {
            int from = task * REPLICATES_AT_ONCE;
            ratios(from, Math.min(from + REPLICATES_AT_ONCE, replicates), keys, totals, drawn);
        });
        double[] sums = {Sum.of(totals[0]), Sum.of(totals[1]), Sum.of(totals[2]), Sum.of(totals[3])};
        double[] kept = Arrays.stream(drawn).filter(Double::isFinite).toArray();
        if (kept.length < 0.99 * replicates) {
            throw Inputs.undefined("bootstrap", "a denominator is zero in too many replicates");
        }
        return new BootstrapReplicates(sums[0] / sums[1] - sums[2] / sums[3], kept);
    }

    /**
     * Replicates {@code from} to {@code to}. Clusters go by in blocks that stay in the processor's cache while each replicate
     * takes its turn; within a replicate they are still added in their order, so the sums do not depend on the blocks.
     */
    private void ratios(int from, int to, long[] keys, double[][] totals, double[] drawn) {
        double[][] sums = new double[to - from][4];
        for (int start = 0; start < keys.length; start += CLUSTERS_AT_ONCE) {
            int end = Math.min(start + CLUSTERS_AT_ONCE, keys.length);
            for (int replicate = from; replicate < to; replicate++) {
                addBlock(weights.stream(replicate), keys, totals, start, end, sums[replicate - from]);
            }
        }
        for (int replicate = from; replicate < to; replicate++) {
            double[] of = sums[replicate - from];
            drawn[replicate] = of[0] / of[1] - of[2] / of[3];
        }
    }

    private static void addBlock(long stream, long[] keys, double[][] totals, int start, int end, double[] sums) {
        double[] first = totals[0];
        double[] second = totals[1];
        double[] third = totals[2];
        double[] fourth = totals[3];
        double a = sums[0];
        double b = sums[1];
        double c = sums[2];
        double d = sums[3];
        for (int g = start; g < end; g++) {
            double times = PoissonWeights.quantile(PoissonWeights.mix(stream ^ keys[g]));
            a += times * first[g];
            b += times * second[g];
            c += times * third[g];
            d += times * fourth[g];
        }
        sums[0] = a;
        sums[1] = b;
        sums[2] = c;
        sums[3] = d;
    }

    private double[] drawn(int replicate, double[] rowWeights, Clusters clusters) {
        double[] times = new double[clusters.count()];
        for (int g = 0; g < times.length; g++) {
            times[g] = weights.of(replicate, clusters.keyOf(g));
        }
        double[] drawn = rowWeights.clone();
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] *= times[clusters.of(i)];
        }
        return drawn;
    }

    /** The metric, or NaN where these rows do not define it. */
    private static double defined(WeightedMetric metric, double[] weights) {
        try {
            return metric.of(weights);
        } catch (Problem undefined) {
            if (undefined.facts().containsKey("undefined")) {
                return Double.NaN;
            }
            throw undefined;
        }
    }

    private static void atLeastTwo(Clusters clusters) {
        if (clusters.count() < 2) {
            throw Inputs.undefined("bootstrap", "it needs two clusters or more");
        }
    }
}
