package org.plimsoll.governance;

import java.util.Locale;

/** Where a candidate stands. Computed whenever it is asked for, but for the two that end it. */
public enum CandidateState {
    /** Waiting for approvals. */
    OPEN,
    /** Everybody the policy asks for agreed, or it asks for nobody. */
    APPROVED,
    /** Something it was judged by is no longer so; it must be evaluated again. */
    STALE,
    /** A rollout was started with it. */
    PROMOTED,
    /** People refused it. */
    REJECTED;

    /** {@code approved}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
