package org.plimsoll.statistics;

import org.plimsoll.core.Problem;

/**
 * A change detector with a stated false-alarm rate: while nothing changes, the mean number of windows to an alarm is at least
 * {@code averageRunLength}.
 *
 * <p>Shiryaev–Roberts e-detector [1]: {@code M_t = (M_{t−1} + 1)·E_t} with E_t an e-value of window t given the past; alarm when
 * {@code M_t ≥ averageRunLength}. Under the null {@code M_t − t} is a supermartingale, whence the bound, without independence. Kept as
 * ln M. After an alarm start again with {@link #restarted}. O(1).
 *
 * <p>[1] J. Shin, A. Ramdas, A. Rinaldo, "E-detectors: a nonparametric framework for sequential change detection", New England J.
 * Statistics in Data Science 2, 2024.
 *
 * @param averageRunLength windows between false alarms at least, above 1
 * @param logM ln M; −∞ before the first window
 * @param windows windows seen since the start
 */
public record EDetector(double averageRunLength, double logM, long windows) {

    public EDetector {
        if (!(averageRunLength > 1 && averageRunLength < Double.POSITIVE_INFINITY)) {
            throw Problem.invalid("average_run_length", averageRunLength, "a finite number above 1");
        }
        if (!(logM < Double.POSITIVE_INFINITY)) {
            throw Problem.invalid("log_m", logM, "a finite number or -∞");
        }
        Inputs.count("windows", windows);
    }

    /** Before the first window. */
    public static EDetector start(double averageRunLength) {
        return new EDetector(averageRunLength, Double.NEGATIVE_INFINITY, 0);
    }

    /** After one more window whose e-value has this logarithm. */
    public EDetector next(double logE) {
        if (!(logE < Double.POSITIVE_INFINITY)) {
            throw Problem.invalid("log_e", logE, "a finite number or -∞");
        }
        double plusOne = logM > 0 ? logM + Math.log1p(Math.exp(-logM)) : Math.log1p(Math.exp(logM));
        return new EDetector(averageRunLength, Math.min(plusOne + logE, Double.MAX_VALUE), windows + 1);
    }

    /** Has M reached {@code averageRunLength}? */
    public boolean alarms() {
        return logM >= Math.log(averageRunLength);
    }

    /** The same detector with its memory cleared. */
    public EDetector restarted() {
        return start(averageRunLength);
    }
}
