package org.plimsoll.evaluation;

import org.plimsoll.statistics.Bounds;
import org.plimsoll.statistics.Proportion;
import org.plimsoll.statistics.Tango;

/**
 * Right decisions counted, where a metric is a share of few independent rows: accuracy, recall (of the positive rows), specificity (of
 * the negative ones). Their bounds are those of the counts; Student's t is not to be trusted there.
 *
 * @param rows rows that the share is taken of
 * @param candidateOnly rows that only the candidate decided rightly; without a reference, all it decided rightly
 * @param referenceOnly rows that only the reference decided rightly; 0 without one
 */
public record Counted(long rows, long candidateOnly, long referenceOnly) {

    /** At this many rows and above, Student's t is as good and takes clusters and weights as well. */
    static final int FEW = 2_000;

    /** Compares the decisions of two models on the same rows. */
    static Counted of(boolean[] candidate, boolean[] reference) {
        Tango counts = Tango.of(candidate, reference);
        return new Counted(counts.rows(), counts.candidateOnly(), counts.championOnly());
    }

    /** Counts the decisions of one model. */
    static Counted of(boolean[] candidate) {
        return of(candidate, new boolean[candidate.length]);
    }

    /** Bounds of the difference to a reference: Tango's score interval. */
    Bounds ofDifference() {
        return new Tango(candidateOnly, referenceOnly, rows);
    }

    /** Exact bounds of the candidate's own share. */
    Bounds ofShare() {
        return new Proportion(candidateOnly, rows);
    }
}
