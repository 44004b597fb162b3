package org.plimsoll.statistics;

import java.util.Arrays;

/** Shares of bins or categories, made from counts. */
final class Shares {

    private Shares() {}

    /** {@code c/n}; undefined when all counts are zero. */
    static double[] of(String name, long[] counts) {
        long total = total(name, counts);
        double[] shares = new double[counts.length];
        for (int b = 0; b < shares.length; b++) {
            shares[b] = counts[b] / (double) total;
        }
        return shares;
    }

    /** {@code (c + ½)/(n + k/2)}: no bin is empty, however few the rows. */
    static double[] smoothed(String name, long[] counts) {
        long total = total(name, counts);
        double[] shares = new double[counts.length];
        for (int b = 0; b < shares.length; b++) {
            shares[b] = (counts[b] + 0.5) / (total + 0.5 * counts.length);
        }
        return shares;
    }

    static long total(String name, long[] counts) {
        long total = 0;
        for (long count : counts) {
            total += Inputs.count(name, count);
        }
        if (total == 0) {
            throw Inputs.undefined(name, "there are no rows");
        }
        if (total < 0) {
            throw Inputs.undefined(name, "the counts add up to more than " + Long.MAX_VALUE);
        }
        return total;
    }

    /** Both counts, {@code [side][category]}, without the categories that are empty on both sides. */
    static long[][] present(long[] reference, long[] current) {
        Inputs.sameLength("current", current.length, "the reference's categories", reference.length);
        total("reference", reference);
        total("current", current);
        long[][] present = new long[2][reference.length];
        int kept = 0;
        for (int k = 0; k < reference.length; k++) {
            if (reference[k] > 0 || current[k] > 0) {
                present[0][kept] = reference[k];
                present[1][kept++] = current[k];
            }
        }
        return new long[][] {Arrays.copyOf(present[0], kept), Arrays.copyOf(present[1], kept)};
    }

    /** Normalises weights that are 0 or more to sum to 1, as SciPy does. */
    static double[] normalized(String name, double[] weights) {
        Inputs.finite(name, weights);
        for (double weight : weights) {
            Inputs.notNegative(name, weight);
        }
        double total = Inputs.defined("sum of " + name, Sum.of(weights));
        if (total == 0) {
            throw Inputs.undefined(name, "all shares are zero");
        }
        double[] shares = weights.clone();
        for (int b = 0; b < shares.length; b++) {
            shares[b] /= total;
        }
        return shares;
    }
}
