package org.plimsoll.evaluation;

/** What a metric must keep to. Margins, gains and limits are in the metric's own unit. */
public sealed interface Bound {

    /** Proved to be at or above the limit. */
    record AtLeast(double limit) implements Bound {}

    /** Proved to be at or below the limit. */
    record AtMost(double limit) implements Bound {}

    /** Proved to be worse by less than the margin. */
    record NotWorse(Reference than, double margin) implements Bound {}

    /** Proved to be better by more than the gain. */
    record Better(Reference than, double gain) implements Bound {}
}
