package org.plimsoll.statistics;

import java.util.stream.IntStream;

/**
 * Wasserstein-1 (earth mover's) distance: the least mean distance by which values must move to turn one sample into the other (SciPy {@code
 * wasserstein_distance}).
 *
 * <p>Formula: {@code ∫|F − G| dx}, in the unit of the values. {@link #scaled} divides by the reference's {@code IQR/1.349}, which
 * is the standard deviation of a normal sample but is moved by no outlier; the result has no unit and does not change when both
 * samples are stretched and shifted alike. O(n log n). NaN, no rows: a Problem.
 */
public final class Wasserstein {

    /** IQR of the standard normal law, 2·Φ⁻¹(¾). */
    private static final double NORMAL_RANGE = 1.3489795003921634;

    private Wasserstein() {}

    /** The distance in the unit of the values. */
    public static double distance(double[] reference, double[] current) {
        return SortedPair.of(reference, current).walk().wasserstein();
    }

    /** The distance in robust standard deviations of the reference. Undefined where half of the reference is one value. */
    public static double scaled(double[] reference, double[] current) {
        SortedPair pair = SortedPair.of(reference, current);
        double scale = robustScale(pair.reference());
        if (scale == 0) {
            throw Inputs.undefined("scaled Wasserstein distance", "the reference's interquartile range is zero");
        }
        return pair.walk().wasserstein() / scale;
    }

    /** IQR/1.349 of an ascending sample. */
    static double robustScale(double[] sorted) {
        return (Quantile.ofSorted(sorted, 0.75) - Quantile.ofSorted(sorted, 0.25)) / NORMAL_RANGE;
    }

    /** The sorted places that {@link #robustScale} looks at. */
    static IntStream robustScaleRanks(int rows) {
        return IntStream.concat(Quantile.ranks(rows, 0.25), Quantile.ranks(rows, 0.75));
    }
}
