package org.plimsoll.statistics;

/**
 * Watches one column window by window and alarms with a stated false-alarm rate: an {@link EDetector} over binned counts.
 *
 * <p>The e-value of a window is the mixture of two alternatives over the null of {@link WindowNull}: {@code E = ½(DM(κ·q) + DM(κ/4·p)) /
 * max DM(κ·p_r)}. q is the exponentially weighted mean of earlier windows' shares (weight 0.3 the newest) pulled towards p, and so
 * finds lasting shifts; κ/4 finds windows that wobble four times as much. An empty window is no evidence: it is counted by the caller as
 * missing data, here it is a Problem. The state is small and can be stored and continued. O(bins·24) a window.
 *
 * @param model what the reference windows look like
 * @param recent q, shares summing to 1
 * @param detector the running evidence
 */
public record DriftDetector(WindowNull model, double[] recent, EDetector detector) {

    private static final double NEWEST = 0.3;
    private static final double TOWARDS_REFERENCE = 0.1;

    public DriftDetector {
        Inputs.sameLength("recent", recent.length, "the bins", model.shares().length);
        for (double share : recent) {
            Inputs.positive("recent share", share);
        }
    }

    /** Before the first window. */
    public static DriftDetector start(WindowNull model, double averageRunLength) {
        return new DriftDetector(model, model.shares().clone(), EDetector.start(averageRunLength));
    }

    /** After one more window of counts per bin. */
    public DriftDetector next(long[] window) {
        double logE = logE(window);
        long rows = WindowNull.total(window);
        if (rows == 0) {
            throw Inputs.undefined("window", "it is empty");
        }
        double[] shares = model.shares();
        double[] moved = new double[shares.length];
        for (int b = 0; b < moved.length; b++) {
            double smoothed = (1 - NEWEST) * recent[b] + NEWEST * window[b] / rows;
            moved[b] = (1 - TOWARDS_REFERENCE) * smoothed + TOWARDS_REFERENCE * shares[b];
        }
        return new DriftDetector(model, moved, detector.next(logE));
    }

    /** ln of the e-value of a window, given the windows before. */
    public double logE(long[] window) {
        double kappa = model.concentration();
        double[] alternatives = {
            WindowNull.logLikelihood(window, kappa, recent), WindowNull.logLikelihood(window, kappa / 4, model.shares())
        };
        return EValues.logMeanExp(alternatives) - model.logLikelihood(window);
    }

    /** Has the evidence of a change reached its limit? */
    public boolean alarms() {
        return detector.alarms();
    }

    /** The same watch with its evidence cleared, after an alarm has been handled. */
    public DriftDetector restarted() {
        return start(model, detector.averageRunLength());
    }
}
