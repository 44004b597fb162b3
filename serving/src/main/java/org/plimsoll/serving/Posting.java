package org.plimsoll.serving;

import java.util.List;
import org.plimsoll.core.VersionId;

/**
 * All that a node must know to serve one endpoint without a database: the endpoint, one of its tables, and a signed permit for
 * every version in it.
 *
 * @param v the format's version, 1
 * @param permits signed {@link Permit}s
 */
public record Posting(int v, Endpoint endpoint, PublishedTable published, List<Signed> permits) {

    /** The type under which postings are signed. */
    static final String TYPE = "table";

    public Posting {
        permits = List.copyOf(permits);
    }

    /** The table. */
    public RoutingTable table() {
        return published.table();
    }

    /** The champion of the table. */
    public VersionId champion() {
        return published.table().champion();
    }

    /** The same endpoint and permits with another table. */
    Posting with(PublishedTable table) {
        return new Posting(v, endpoint, table, permits);
    }
}
