package org.plimsoll.store;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** A consistent view of the database. A method that only reads takes this, so that it works inside a write too. */
public interface Reading {

    /** SQL on this view; see {@link Sql} for the types that it knows. Never kept beyond the work it was handed to. */
    Handle sql();

    /** The one time of this transaction, UTC epoch milliseconds. */
    long now();

    /** The one time of this transaction. */
    default Instant instant() {
        return Instant.ofEpochMilli(now());
    }
}
