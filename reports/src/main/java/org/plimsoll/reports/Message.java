package org.plimsoll.reports;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.plimsoll.core.Json;
import tools.jackson.databind.JsonNode;

/**
 * What is told of one event.
 *
 * @param id the event's: the same whenever and wherever it is told
 * @param type the event's type, such as {@code incident.paged}
 * @param subject what it happened to, such as {@code incident/17}
 * @param title one line
 * @param body what a person needs at three in the morning, lines of text
 * @param people who is paged, by name
 * @param addresses their mail addresses, where they have one
 * @param detail the event's record
 */
public record Message(
        String id,
        String type,
        String subject,
        Instant at,
        String title,
        String body,
        List<String> people,
        List<String> addresses,
        JsonNode detail) {

    /** Where the events of this product come from, in the words of CloudEvents: a URI reference. */
    static final String SOURCE = "/plimsoll";

    /** Puts the product before the type, as CloudEvents wants it: {@code org.plimsoll.incident.paged}. */
    static final String TYPES = "org.plimsoll.";

    public Message {
        people = List.copyOf(people);
        addresses = List.copyOf(addresses);
    }

    /** The {@code data} of a CloudEvent. */
    private record Data(String title, String body, List<String> paged, JsonNode detail) {}

    /**
     * CloudEvents 1.0 in structured JSON mode:
     *
     * <pre>
     * {"specversion": "1.0", "id": "0199…", "source": "/plimsoll", "type": "org.plimsoll.incident.paged",
     *  "subject": "incident/17", "time": "2026-03-01T12:00:00Z", "datacontenttype": "application/json",
     *  "data": {"title": …, "body": …, "paged": ["Mira Okafor"], "detail": {the event's record}}}
     * </pre>
     */
    public byte[] cloudEvent() {
        return Json.bytes(Map.of(
                "specversion",
                "1.0",
                "id",
                id,
                "source",
                SOURCE,
                "type",
                TYPES + type,
                "subject",
                subject,
                "time",
                at.toString(),
                "datacontenttype",
                "application/json",
                "data",
                new Data(title, body, people, detail)));
    }
}
