package org.plimsoll.statistics;

/**
 * Hellinger distance of two sets of shares, from 0 to 1.
 *
 * <p>Formula: {@code √(½Σ(√p − √q)²)} after each side is normalised to sum 1. O(k). Nothing on a side: a Problem. E. Hellinger, 1909
 * (NannyML {@code hellinger}).
 */
public final class Hellinger {

    private Hellinger() {}

    /** The distance of two samples counted in the same bins or categories. */
    public static double distance(long[] reference, long[] current) {
        return distance(Shares.of("reference", reference), Shares.of("current", current));
    }

    /** The distance of shares; each side is normalised to sum 1. */
    public static double distance(double[] reference, double[] current) {
        Inputs.sameLength("current", current.length, "the reference's bins", reference.length);
        double[] p = Shares.normalized("reference", reference);
        double[] q = Shares.normalized("current", current);
        Sum sum = new Sum();
        for (int b = 0; b < p.length; b++) {
            double distance = Math.sqrt(p[b]) - Math.sqrt(q[b]);
            sum.add(distance * distance);
        }
        return Math.sqrt(sum.value() / 2);
    }
}
