package org.plimsoll.statistics;

import java.util.Arrays;
import org.plimsoll.core.Problem;

/**
 * A sample counted in fixed bins: mergeable over hours, pods and segments, bit-equal in any order where it counts, and enough for
 * every drift distance.
 *
 * <p>Bins alternate: place 2k holds the values strictly between two edges, place 2k + 1 those equal to edge k, so heavy ties stay
 * points. Beside counts each bin keeps its sum (compensated). Distances between samples with the same edges: {@link #binned}
 * counts give PSI, Jensen–Shannon, Hellinger, total variation exactly as from the values; {@link #kolmogorovSmirnov} is a lower
 * bound that misses at most the greatest share of an open bin; {@link #wasserstein} is exact where F and G do not cross inside a
 * bin, else too low. O(log bins) a value, O(bins) to merge or
 * compare. Infinite values, other edges: a Problem.
 *
 * @param edges strictly ascending, usually 511 quantiles of the reference
 * @param counts 2·edges + 1 of them
 * @param sums Σ of the values in each bin
 * @param missing NaN values
 * @param minimum least value, +∞ when there is none
 * @param maximum greatest value, −∞ when there is none
 */
public record BinnedSample(double[] edges, long[] counts, double[] sums, long missing, double minimum, double maximum) {

    public BinnedSample {
        Inputs.atLeast("edges", edges.length, 1);
        Inputs.sameLength("counts", counts.length, "the bins", 2 * edges.length + 1);
        Inputs.sameLength("sums", sums.length, "the bins", 2 * edges.length + 1);
        for (long count : counts) {
            Inputs.count("count", count);
        }
        Inputs.count("missing", missing);
        for (double sum : sums) {
            Inputs.finite("sum", sum);
        }
    }

    /** Counts values; NaN is missing, infinities are a Problem. */
    public static BinnedSample of(QuantileBins bins, double[] values) {
        double[] edges = bins.edges();
        long[] counts = new long[2 * edges.length + 1];
        Sum[] sums = new Sum[counts.length];
        Arrays.setAll(sums, k -> new Sum());
        long missing = 0;
        double minimum = Double.POSITIVE_INFINITY;
        double maximum = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            if (Double.isNaN(value)) {
                missing++;
                continue;
            }
            int below = Quantile.countBelow(edges, Inputs.finite("value", value));
            int place = below < edges.length && edges[below] == value ? 2 * below + 1 : 2 * below;
            counts[place]++;
            sums[place].add(value);
            minimum = Math.min(minimum, value);
            maximum = Math.max(maximum, value);
        }
        double[] totals = new double[counts.length];
        Arrays.setAll(totals, k -> Inputs.defined("sum of a bin", sums[k].value()));
        return new BinnedSample(edges, counts, totals, missing, minimum, maximum);
    }

    /** Both samples together. */
    public BinnedSample merge(BinnedSample other) {
        sameEdges(other);
        long[] allCounts = counts.clone();
        double[] allSums = sums.clone();
        for (int k = 0; k < allCounts.length; k++) {
            allCounts[k] += other.counts[k];
            allSums[k] = Inputs.defined("sum of a bin", allSums[k] + other.sums[k]);
        }
        return new BinnedSample(
                edges,
                allCounts,
                allSums,
                missing + other.missing,
                Math.min(minimum, other.minimum),
                Math.max(maximum, other.maximum));
    }

    /** Values that are not missing. */
    public long present() {
        long present = 0;
        for (long count : counts) {
            present += count;
        }
        return present;
    }

    /** Counts of the bins {@code edge_{k−1} ≤ x < edge_k} as {@link QuantileBins} has them, and last the missing values. */
    public long[] binned() {
        long[] binned = new long[edges.length + 2];
        for (int place = 0; place < counts.length; place++) {
            binned[(place + 1) / 2] += counts[place];
        }
        binned[edges.length + 1] = missing;
        return binned;
    }

    /** The greatest difference of the distribution functions seen at bin limits. */
    public double kolmogorovSmirnov(BinnedSample current) {
        sameEdges(current);
        double n = some("reference");
        double m = current.some("current");
        double greatest = 0;
        long first = 0;
        long second = 0;
        for (int place = 0; place < counts.length; place++) {
            first += counts[place];
            second += current.counts[place];
            greatest = Math.max(greatest, Math.abs(first / n - second / m));
        }
        return greatest;
    }

    /** By how much {@link #kolmogorovSmirnov} can be too low: the greatest share of an open bin on either side. */
    public double kolmogorovSmirnovError(BinnedSample current) {
        sameEdges(current);
        double n = some("reference");
        double m = current.some("current");
        double greatest = 0;
        for (int place = 0; place < counts.length; place += 2) {
            greatest = Math.max(greatest, Math.max(counts[place] / n, current.counts[place] / m));
        }
        return greatest;
    }

    /** Σ over bins of |∫(F − G)|, from counts and sums: at most the Wasserstein distance. */
    public double wasserstein(BinnedSample current) {
        sameEdges(current);
        double n = some("reference");
        double m = current.some("current");
        Sum distance = new Sum();
        long first = 0;
        long second = 0;
        for (int place = 0; place < counts.length; place++) {
            if (place % 2 == 0) {
                double low = place == 0 ? Math.min(minimum, current.minimum) : edges[place / 2 - 1];
                double high = place / 2 < edges.length ? edges[place / 2] : Math.max(maximum, current.maximum);
                double width = Math.max(0, high - low);
                double underReference = (first * width + (counts[place] * high - sums[place])) / n;
                double underCurrent = (second * width + (current.counts[place] * high - current.sums[place])) / m;
                distance.add(high > low ? Math.abs(underReference - underCurrent) : 0);
            }
            first += counts[place];
            second += current.counts[place];
        }
        return Inputs.defined("Wasserstein distance", distance.value());
    }

    private double some(String name) {
        long present = present();
        if (present == 0) {
            throw Inputs.undefined(name, "there are no values");
        }
        return present;
    }

    private void sameEdges(BinnedSample other) {
        if (!Arrays.equals(edges, other.edges)) {
            throw Problem.invalid("edges", other.edges.length + " others", "those of the reference");
        }
    }
}
