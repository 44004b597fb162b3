package org.plimsoll.statistics;

/**
 * Total variation distance of two samples in the same bins or categories, from 0 to 1: the greatest difference of probability any
 * set of bins can have.
 *
 * <p>Formula: {@code ½Σ|p − q|}. O(k). Nothing on a side: a Problem. D. Levin, Y. Peres, "Markov Chains and Mixing
 * Times", 2017, proposition 4.2.
 */
public final class TotalVariation {

    private TotalVariation() {}

    /** The distance of two samples counted in the same bins or categories. */
    public static double distance(long[] reference, long[] current) {
        Inputs.sameLength("current", current.length, "the reference's bins", reference.length);
        double[] p = Shares.of("reference", reference);
        double[] q = Shares.of("current", current);
        Sum sum = new Sum();
        for (int b = 0; b < p.length; b++) {
            sum.add(Math.abs(p[b] - q[b]));
        }
        return sum.value() / 2;
    }
}
