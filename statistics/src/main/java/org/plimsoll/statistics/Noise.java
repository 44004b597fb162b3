package org.plimsoll.statistics;

import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * How far two samples of independent rows lie apart although nothing changed: what a distance must exceed before it says anything.
 *
 * <p>Each bound is exceeded with a chance of about {@code level} while both samples come from one distribution. Rows of one customer or one
 * day are not independent and wobble more; for windows over time {@link DriftDetector} measures that wobble instead. O(1).
 */
public final class Noise {

    private Noise() {}

    /**
     * For {@link JensenShannon#distance} over fixed bins: {@code √(χ²_{bins−1}(1 − level)·(1/n + 1/m)/(8·ln 2))}. From the second-order expansion
     * {@code JSD ≈ ⅛·Σ(p̂ − q̂)²/p}, whose sum is chi-square over {@code 1/n + 1/m}.
     */
    public static double jensenShannon(long n, long m, int bins, double level) {
        checked(n, m, level);
        if (bins < 2) {
            return 0;
        }
        double quantile = ChiSquaredDistribution.of(bins - 1.0).inverseSurvivalProbability(level);
        return Math.min(1, Math.sqrt(quantile * (1.0 / n + 1.0 / m) / (8 * Math.log(2))));
    }

    /** For {@link KolmogorovSmirnov#statistic}: {@code √(½·ln(2/level)·(1/n + 1/m))}, the limiting law's first term; ties make it generous. */
    public static double kolmogorovSmirnov(long n, long m, double level) {
        checked(n, m, level);
        return Math.min(1, Math.sqrt(Math.log(2 / level) / 2 * (1.0 / n + 1.0 / m)));
    }

    private static void checked(long n, long m, double level) {
        Inputs.atLeast("reference rows", Math.toIntExact(Math.min(n, Integer.MAX_VALUE)), 1);
        Inputs.atLeast("current rows", Math.toIntExact(Math.min(m, Integer.MAX_VALUE)), 1);
        Inputs.fraction("level", level);
    }
}
