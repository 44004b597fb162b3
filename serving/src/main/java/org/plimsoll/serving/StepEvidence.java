package org.plimsoll.serving;

import java.time.Instant;
import java.util.List;
import org.plimsoll.core.Verdict;

/**
 * What one step of a rollout is judged by. The integers are the whole evidence: anyone can compute the rest from them and the
 * plan, with paper or a spreadsheet.
 *
 * @param step 0 for the shadow; 1 and up for the canary steps
 * @param pairs shadow: rows scored by both, by who was wrong; all zero for a canary
 * @param strata canary: matured rows and adverse events of each canary step so far; empty for a shadow
 * @param waiting rows of the candidate whose truth is not mature yet
 * @param withoutOutcome mature rows of the candidate whose truth never came
 * @param logHarm ln of the evidence that the candidate is worse than tolerated
 * @param logSafe ln of the evidence that it is not worse than the limit to be proved
 * @param needed ln(1/level): what either must reach
 * @param judgedAt in the endpoint's time
 */
public record StepEvidence(
        int step,
        Pairs pairs,
        List<Stratum> strata,
        long waiting,
        long withoutOutcome,
        double logHarm,
        double logSafe,
        double needed,
        Verdict verdict,
        Instant judgedAt) {

    /** Paired rows. @param candidateOnly only the candidate was wrong @param championOnly only the champion was wrong */
    public record Pairs(long rows, long candidateOnly, long championOnly) {

        static final Pairs NONE = new Pairs(0, 0, 0);
    }

    /** Rows and adverse events under one share. */
    public record Stratum(
            double share, long candidateRows, long candidateEvents, long championRows, long championEvents) {}

    public StepEvidence {
        strata = List.copyOf(strata);
    }
}
