package org.plimsoll.statistics;

/**
 * Population stability index of two samples in the same bins, usually the reference's deciles ({@link QuantileBins}).
 *
 * <p>Formula: {@code Σ (p − q)·ln(p/q)} with smoothed shares {@code p = (c + ½)/(n + k/2)} over k bins, so an empty bin costs what its
 * sample size warrants and not what some constant says. 0 for equal shares, symmetric. Custom: below 0.1 little, above 0.25 much. With
 * few rows chance alone gives about {@code (k − 1)(1/n + 1/m)}. O(k). No rows on a side: a Problem.
 * Source: the symmetric divergence of H. Jeffreys, "An invariant form for the prior probability", Proc. R. Soc. A 186, 1946.
 */
public final class Psi {

    private Psi() {}

    /** From counts in the same bins, smoothed by half a row each. */
    public static double of(long[] reference, long[] current) {
        return ofShares(Shares.smoothed("reference", reference), Shares.smoothed("current", current));
    }

    /** From shares that are all above zero. */
    public static double ofShares(double[] reference, double[] current) {
        Inputs.sameLength("current", current.length, "the reference's bins", reference.length);
        Sum sum = new Sum();
        for (int b = 0; b < reference.length; b++) {
            double p = Inputs.positive("reference share", reference[b]);
            double q = Inputs.positive("current share", current[b]);
            sum.add((p - q) * Math.log(p / q));
        }
        return Inputs.defined("PSI", sum.value());
    }
}
