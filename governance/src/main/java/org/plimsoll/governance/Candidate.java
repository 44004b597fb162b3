package org.plimsoll.governance;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.gates.PolicyVersion;

/**
 * A version put forward for one endpoint, with everything a decision about it rests on under one digest. The next environment
 * takes the same artifact as a candidate of its own.
 *
 * @param number counts up from 1 over the whole house, for people
 * @param digest of {@code contents}; what approvals are bound to
 * @param policy the rules it was judged by, whole, so that they can be read for as long as it is kept
 * @param openedBy who had it evaluated
 * @param ending what ended it, once something did
 */
public record Candidate(
        long number,
        Digest digest,
        CandidateContents contents,
        PolicyVersion policy,
        String openedBy,
        Instant openedAt,
        Optional<Ending> ending) {

    /** How a candidate ends. */
    public enum Outcome {
        /** A rollout was started with it. */
        PROMOTED,
        /** People refused it. */
        REJECTED;

        /** {@code promoted}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What ended it, who decided so, and why. */
    public record Ending(Outcome outcome, String by, Instant at, String reason) {}
}
