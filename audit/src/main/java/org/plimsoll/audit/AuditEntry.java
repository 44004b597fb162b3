package org.plimsoll.audit;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Event;
import tools.jackson.databind.JsonNode;

/**
 * An event as the log keeps it: its canonical JSON (RFC 8785) is the entry that is hashed.
 *
 * @param v the format's version, 1
 * @param position counts from 1: the entry's index in the tree, and one more
 * @param at RFC 3339 in UTC, with milliseconds
 */
public record AuditEntry(
        int v, String id, long position, String type, String subject, String actor, String at, JsonNode detail) {

    private static final int VERSION = 1;
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** The entry of this event, which must have its position. */
    static AuditEntry of(Event event) {
        return new AuditEntry(
                VERSION,
                event.id(),
                event.position().orElseThrow(),
                event.type(),
                event.subject(),
                event.actor(),
                MILLIS.format(event.at()),
                event.detail());
    }

    byte[] bytes() {
        return CanonicalJson.bytes(this);
    }
}
