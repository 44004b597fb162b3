package org.plimsoll.serving;

import java.time.Instant;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.VersionId;

/**
 * Something done at once and recorded after: it lies signed in {@code unrecorded/} before it takes effect, until the database
 * has it.
 *
 * @param v the format's version, 1
 * @param id its key in the database, so that it is recorded once
 * @param endpoint where a table was published; empty for a quarantine
 * @param from what answered before
 * @param table what was published
 * @param version what was quarantined
 * @param by the principal's id
 */
public record UrgentAct(
        int v,
        String id,
        Kind kind,
        Optional<EndpointName> endpoint,
        Optional<RoutingTable> from,
        Optional<PublishedTable> table,
        Optional<VersionId> version,
        Optional<Digest> artifact,
        String by,
        Instant at,
        String reason) {

    /** The type under which they are signed. */
    static final String TYPE = "urgent";

    /** What was done. */
    public enum Kind {
        ROLLBACK,
        DRAIN,
        QUARANTINE
    }
}
