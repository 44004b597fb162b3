package org.plimsoll.statistics;

import java.util.Arrays;

/**
 * The univariate drift values of NannyML 0.13 with its binning and thresholds, for people who compare or migrate. Our own
 * defaults are in {@link ColumnDrift}.
 *
 * <p>Numbers: a reference sample and a chunk of finite values (NannyML drops NaN first). Categories: counts aligned over the
 * union of keys. From 10,000 reference rows on KS and Wasserstein are estimated on 10,000 bins of equal width, as there; one
 * outlier then hides everything. O(n log n).
 */
public final class NannyMl {

    private static final int EXACT_BELOW = 10_000;
    private static final int BINS = 10_000;

    private NannyMl() {}

    /** {@code jensen_shannon} of numbers: base 2, Doane bins of the reference, values outside them in one more bin. */
    public static double jensenShannon(double[] reference, double[] chunk) {
        long[][] counts = doane(reference, chunk);
        return JensenShannon.distance(counts[0], counts[1]);
    }

    /** {@code jensen_shannon} of categories. NannyML counts those unknown to the reference as one, which changes neither distance. */
    public static double jensenShannon(long[] reference, long[] chunk) {
        return JensenShannon.distance(reference, chunk);
    }

    /** {@code hellinger} of numbers, in the same bins. */
    public static double hellinger(double[] reference, double[] chunk) {
        long[][] counts = doane(reference, chunk);
        return Hellinger.distance(counts[0], counts[1]);
    }

    /** {@code hellinger} of categories. */
    public static double hellinger(long[] reference, long[] chunk) {
        return Hellinger.distance(reference, chunk);
    }

    /** {@code l_infinity} of categories. */
    public static double lInfinity(long[] reference, long[] chunk) {
        return LInfinity.distance(reference, chunk);
    }

    /** {@code chi2} of categories: statistic and p-value, with Yates' correction for two. */
    public static TestResult chi2(long[] reference, long[] chunk) {
        return ChiSquare.corrected(reference, chunk);
    }

    /** {@code kolmogorov_smirnov}: D, on 10,000 equal bins from 10,000 reference rows on. */
    public static double kolmogorovSmirnov(double[] reference, double[] chunk) {
        SortedPair pair = SortedPair.of(reference, chunk);
        if (reference.length < EXACT_BELOW) {
            return pair.walk().kolmogorovSmirnov();
        }
        WidthBins bins = equalBins(pair.reference());
        long[] expected = bins.countsOfSorted(pair.reference());
        long[] found = bins.countsOfSorted(pair.current());
        long first = 0;
        long second = Quantile.countBelow(pair.current(), bins.edges()[0]);
        double greatest = 0;
        for (int k = 0; k < BINS; k++) {
            first += expected[k];
            second += found[k];
            greatest = Math.max(greatest, Math.abs(first / (double) reference.length - second / (double) chunk.length));
        }
        return greatest;
    }

    /** {@code wasserstein}, on 10,000 equal bins from 10,000 reference rows on, with its count of one too many outside. */
    public static double wasserstein(double[] reference, double[] chunk) {
        SortedPair pair = SortedPair.of(reference, chunk);
        if (reference.length < EXACT_BELOW) {
            return pair.walk().wasserstein();
        }
        WidthBins bins = equalBins(pair.reference());
        double[] edges = bins.edges();
        double[] sorted = pair.current();
        int smaller = Quantile.countBelow(sorted, edges[0]);
        int notBigger = Quantile.countNotAbove(sorted, edges[BINS]);
        double amountSmaller = smaller == 0 ? 0 : (smaller + 1) / (double) chunk.length;
        double amountBigger = notBigger == sorted.length ? 0 : (sorted.length - notBigger + 1) / (double) chunk.length;
        Sum distance = new Sum();
        for (int i = 0; i < smaller; i++) {
            double next = i + 1 < smaller ? sorted[i + 1] : edges[0];
            distance.add(amountSmaller * (i + 1) / (smaller + 1.0) * (next - sorted[i]));
        }
        int bigger = sorted.length - notBigger;
        for (int i = 0; i < bigger; i++) {
            double before = i == 0 ? edges[BINS] : sorted[notBigger + i - 1];
            distance.add(amountBigger * (bigger - i) / (bigger + 1.0) * (sorted[notBigger + i] - before));
        }
        long[] expected = bins.countsOfSorted(pair.reference());
        long[] found = bins.countsOfSorted(sorted);
        double width = edges[1] - edges[0];
        long first = 0;
        long second = 0;
        for (int k = 0; k < BINS; k++) {
            first += expected[k];
            second += found[k];
            double gap = first / (double) reference.length - (second / (double) chunk.length + amountSmaller);
            distance.add(Math.abs(gap) * width);
        }
        return distance.value();
    }

    /**
     * The thresholds NannyML sets: mean ± {@code deviations} population standard deviations of the reference chunks' values; 3 is
     * its default. Alert above the upper or below the lower one.
     */
    public static double[] thresholds(double[] chunkValues, double deviations) {
        Moments moments = Moments.of(chunkValues);
        double width = Inputs.notNegative("deviations", deviations) * Math.sqrt(moments.populationVariance());
        return new double[] {moments.mean() - width, moments.mean() + width};
    }

    private static WidthBins equalBins(double[] sorted) {
        return WidthBins.equal(sorted[0], sorted[sorted.length - 1], BINS);
    }

    private static long[][] doane(double[] reference, double[] chunk) {
        SortedPair pair = SortedPair.of(reference, chunk);
        WidthBins bins = WidthBins.doane(pair.reference(), false);
        return withRest(bins.countsOfSorted(pair.reference()), bins.countsOfSorted(pair.current()), chunk.length);
    }

    /** Both with one more bin: nothing in the reference, what is left of the chunk. */
    private static long[][] withRest(long[] reference, long[] chunk, long all) {
        long[] first = Arrays.copyOf(reference, reference.length + 1);
        long[] second = Arrays.copyOf(chunk, chunk.length + 1);
        second[chunk.length] = all;
        for (long count : chunk) {
            second[chunk.length] -= count;
        }
        return new long[][] {first, second};
    }
}
