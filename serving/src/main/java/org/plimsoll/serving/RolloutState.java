package org.plimsoll.serving;

/**
 * Where a rollout is.
 *
 * <pre>
 *  PREPARING ─▶ SHADOW ─▶ CANARY ─▶ … ─▶ BAKING ─▶ STABLE
 *      │           │         │              │
 *      └▶ FAILED   └─────────┴─ harm, or a person ─▶ ROLLED_BACK      PAUSED holds SHADOW or CANARY as it is
 * </pre>
 *
 * An endpoint's first champion goes from PREPARING to STABLE: there is nothing to compare it with and nothing to go back to.
 */
public enum RolloutState {
    /** The candidate is being loaded, checked against its golden rows and replayed. */
    PREPARING,
    /** It scores what the champion answers, and answers nobody. */
    SHADOW,
    /** It answers for a share of the entities. */
    CANARY,
    /** It answers everyone; a rollback returns to the champion before it. */
    BAKING,
    /** It is the champion that a later rollback may return to. */
    STABLE,
    /** It waits for a person, at the share it has. */
    PAUSED,
    /** It was withdrawn: harm was proved, or a person ordered it. */
    ROLLED_BACK,
    /** It could not be loaded, replayed, or stand beside the champion. */
    FAILED;

    /** Whether it still holds its endpoint. */
    public boolean isOpen() {
        return switch (this) {
            case PREPARING, SHADOW, CANARY, BAKING, PAUSED -> true;
            case STABLE, ROLLED_BACK, FAILED -> false;
        };
    }
}
