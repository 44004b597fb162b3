package org.plimsoll.statistics;

/**
 * How sure a measured number is: one-sided bounds of the true one, and p-values of what may be claimed of it. All that a verdict
 * ({@link Judgement}) needs to know, whatever the law behind it.
 */
public sealed interface Bounds permits PairedDifference, Proportion, Tango {

    /** The one-sided lower bound: the truth is above it with probability {@code confidence}, strictly between 0 and 1. */
    double lower(double confidence);

    /** The one-sided upper bound. Use (1 + c)/2 on both sides for a two-sided interval of confidence c. */
    double upper(double confidence);

    /** One-sided p-value of "the truth is {@code bound} or less": small when it is proved to be above. */
    double pValueAbove(double bound);

    /** One-sided p-value of "the truth is {@code bound} or more": small when it is proved to be below. */
    double pValueBelow(double bound);
}
