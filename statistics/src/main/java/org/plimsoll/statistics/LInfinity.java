package org.plimsoll.statistics;

/**
 * The greatest change of any one category's share, from 0 to 1 (NannyML {@code l_infinity}).
 *
 * <p>Formula: {@code max|p − q|}. O(k). Nothing on a side: a Problem.
 */
public final class LInfinity {

    private LInfinity() {}

    /** The distance of two samples counted in the same categories. */
    public static double distance(long[] reference, long[] current) {
        Inputs.sameLength("current", current.length, "the reference's categories", reference.length);
        double[] p = Shares.of("reference", reference);
        double[] q = Shares.of("current", current);
        double greatest = 0;
        for (int b = 0; b < p.length; b++) {
            greatest = Math.max(greatest, Math.abs(p[b] - q[b]));
        }
        return greatest;
    }
}
