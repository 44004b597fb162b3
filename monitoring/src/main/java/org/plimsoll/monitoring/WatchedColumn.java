package org.plimsoll.monitoring;

import java.util.Optional;

/**
 * One column of a window beside the version's profile.
 *
 * <p>Distances that could not be had are empty, and {@code note} says why.
 *
 * @param part whether it was asked with or answered
 * @param rows rows of the window that should hold it
 * @param missing share of those without a value
 * @param missingBefore the same share in the profile
 * @param unseen share of rows with a category the profile does not know
 * @param outOfRange share of rows outside the least and greatest value of the profile
 * @param infinite share of rows with a value that is no finite number
 * @param psi population stability index over the profile's tenths (or categories), missing and unseen; of a column that follows the
 *     weekday, beside the training rows of the same weekday
 * @param jensenShannon base 2, over the same bins, from 0 to 1
 * @param kolmogorovSmirnov greatest difference of the distribution functions, from 0 to 1; numbers only
 * @param wasserstein in robust standard deviations of the profile; numbers only
 * @param mean of the finite values; numbers only
 * @param meanBefore the same in the profile
 * @param evidence the running evidence that something changed
 * @param note what is wrong with the column, for people
 */
public record WatchedColumn(
        String name,
        Part part,
        long rows,
        double missing,
        double missingBefore,
        double unseen,
        double outOfRange,
        double infinite,
        Optional<Double> psi,
        Optional<Double> jensenShannon,
        Optional<Double> kolmogorovSmirnov,
        Optional<Double> wasserstein,
        Optional<Double> mean,
        Optional<Double> meanBefore,
        Optional<Evidence> evidence,
        Optional<String> note) {

    /** The same with another bound of its evidence. */
    WatchedColumn withBound(double bound) {
        return new WatchedColumn(
                name,
                part,
                rows,
                missing,
                missingBefore,
                unseen,
                outOfRange,
                infinite,
                psi,
                jensenShannon,
                kolmogorovSmirnov,
                wasserstein,
                mean,
                meanBefore,
                evidence.map(it -> new Evidence(it.log10(), bound, it.averageRunLength(), it.windows(), it.warning())),
                note);
    }

    /** Where a column stands. */
    public enum Part {
        INPUT,
        OUTPUT
    }

    /**
     * A sequential alarm: evidence grows while windows differ from the reference more than windows of the reference differ among each
     * other.
     *
     * @param log10 logarithm to base 10 of the evidence after this window
     * @param bound it alarms from here; all columns of a window are judged together
     * @param averageRunLength windows between two false alarms of any column, at least, while nothing changes
     * @param windows windows since it started
     * @param warning the Jensen–Shannon distance above which one window by itself is a warning
     */
    public record Evidence(double log10, double bound, double averageRunLength, long windows, double warning) {

        /** Whether the evidence suffices. */
        public boolean alarms() {
            return log10 >= bound;
        }
    }
}
