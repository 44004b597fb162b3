package org.plimsoll.monitoring;

import org.apache.commons.statistics.distribution.TDistribution;
import org.plimsoll.statistics.JensenShannon;
import org.plimsoll.statistics.Moments;
import org.plimsoll.statistics.WindowNull;

/**
 * How much windows of one column differ while nothing changes, learnt from the stretches of its reference.
 *
 * @param windows the sequential model
 * @param warning a single window's Jensen–Shannon distance is a warning above this: what one more stretch stays below with a chance of
 *     1 − 1/2,000, by Student's prediction interval over the distances of each stretch to all others, and never less than .05
 */
record ColumnNull(WindowNull windows, double warning) {

    /** Distances below this concern nobody. */
    static final double FLOOR = 0.05;

    private static final double ONE_IN = 1.0 / 2_000;
    private static final long SEED = 20_010_131;

    static ColumnNull of(long[][] stretches) {
        long[] all = new long[stretches[0].length];
        for (long[] stretch : stretches) {
            for (int b = 0; b < all.length; b++) {
                all[b] += stretch[b];
            }
        }
        double[] distances = new double[stretches.length];
        for (int s = 0; s < stretches.length; s++) {
            long[] others = all.clone();
            for (int b = 0; b < all.length; b++) {
                others[b] -= stretches[s][b];
            }
            distances[s] = JensenShannon.distance(others, stretches[s]);
        }
        Moments moments = Moments.of(distances);
        double quantile = TDistribution.of(stretches.length - 1.0).inverseSurvivalProbability(ONE_IN);
        double reach = moments.mean() + quantile * Math.sqrt(moments.sampleVariance() * (1 + 1.0 / stretches.length));
        return new ColumnNull(WindowNull.fit(stretches, SEED), Math.max(FLOOR, reach));
    }
}
