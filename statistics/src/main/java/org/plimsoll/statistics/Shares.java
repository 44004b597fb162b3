package org.plimsoll.statistics;

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
        return total;
    }

    /** Normalises weights that are 0 or more to sum to 1, as SciPy does. */
    static double[] normalized(String name, double[] weights) {
        Inputs.finite(name, weights);
        for (double weight : weights) {
            Inputs.notNegative(name, weight);
        }
        double total = Sum.of(weights);
        if (!(total > 0)) {
            throw Inputs.undefined(name, "all shares are zero");
        }
        double[] shares = weights.clone();
        for (int b = 0; b < shares.length; b++) {
            shares[b] /= total;
        }
        return shares;
    }
}
