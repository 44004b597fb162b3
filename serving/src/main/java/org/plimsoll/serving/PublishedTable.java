package org.plimsoll.serving;

import java.time.Instant;
import org.plimsoll.core.Digest;

/**
 * A routing table with its history: why it was published, by whom, and what became of it.
 *
 * @param digest of the table
 * @param stable whether a rollback may return to it: its champion's bake has ended, or it was the endpoint's first
 * @param drained whether the endpoint refuses requests while this table is the newest
 * @param by the principal's id
 */
public record PublishedTable(
        RoutingTable table,
        Digest digest,
        Reason why,
        boolean stable,
        boolean drained,
        String by,
        Instant at,
        String note) {

    /** What led to a table. */
    public enum Reason {
        /** The endpoint's first champion. */
        FIRST,
        /** A candidate scores beside the champion. */
        SHADOW,
        /** A candidate answers for a share. */
        CANARY,
        /** A candidate answers for everyone and bakes. */
        FULL,
        /** A candidate was withdrawn; the champion answers alone. */
        WITHDRAWN,
        /** An earlier champion is back. */
        ROLLBACK,
        /** The endpoint refuses requests. */
        DRAIN,
        /** The endpoint answers again. */
        REOPEN
    }

    /** A table just made. */
    public static PublishedTable of(
            RoutingTable table, Reason why, boolean stable, boolean drained, String by, Instant at, String note) {
        return new PublishedTable(table, table.digest(), why, stable, drained, by, at, note);
    }

    /** The same under another number, as the database knows the order better. */
    PublishedTable numbered(long revision) {
        return of(table.numbered(revision), why, stable, drained, by, at, note);
    }

    /** The same, after its bake has ended or it was rolled back from. */
    PublishedTable stable(boolean is) {
        return new PublishedTable(table, digest, why, is, drained, by, at, note);
    }
}
