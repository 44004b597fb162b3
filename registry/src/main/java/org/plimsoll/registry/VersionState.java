package org.plimsoll.registry;

/**
 * How far governance let a version come. Governance alone writes it; that an approval went stale or expired is computed when it
 * is asked for, and where a version serves stands in the routing tables, not here.
 */
public enum VersionState {
    /** Known, its golden rows reproduced; nothing judged yet. */
    REGISTERED,
    /** A gate report exists. */
    EVALUATED,
    /** People approved a candidate made of it. */
    APPROVED,
    /** People refused a candidate made of it. */
    REJECTED,
    /** Must not be loaded anywhere. */
    QUARANTINED,
    /** Serves nowhere, and never will again. */
    RETIRED
}
