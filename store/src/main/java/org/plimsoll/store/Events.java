package org.plimsoll.store;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;
import org.plimsoll.core.Event;
import org.plimsoll.core.Json;
import tools.jackson.databind.JsonNode;

/** Finds what happened. Events are appended by {@link Transaction#append} only, and never changed. */
public final class Events {

    /** The most bytes an event's canonical JSON may have: an entry of the log has a 16-bit length (C2SP tlog-tiles). */
    public static final int LONGEST = 65_535;

    /** Room for the other fields of the entry: their names, id, position, version and instant. */
    private static final int FRAME = 300;

    private static final int AT_MOST = 1_000;

    private Events() {}

    /**
     * Which events are looked for; an empty field asks for nothing.
     *
     * @param type the whole type, or its noun followed by {@code .*}: {@code endpoint.*}
     * @param after only events with a greater position
     * @param before only events with a smaller position
     * @param from only events at this instant or later
     * @param until only events before this instant
     */
    public record Filter(
            Optional<String> type,
            Optional<String> subject,
            Optional<String> actor,
            Optional<Long> after,
            Optional<Long> before,
            Optional<Instant> from,
            Optional<Instant> until) {

        /** Every event. */
        public static final Filter ALL = new Filter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** An event's row as SQL gives it. */
    private record Row(
            String id, Optional<Long> position, String type, String subject, String actor, Instant at, String detail) {
        Event event() {
            return new Event(id, position, type, subject, actor, at, Json.read(detail, JsonNode.class));
        }
    }

    /** The events whose position is greater, in order; those that have no position yet come later. */
    public static List<Event> after(Reading db, long position, int most) {
        return list(db.sql().createQuery("""
                                SELECT id, position, type, subject, actor, at, detail FROM event
                                WHERE position > :position ORDER BY position LIMIT :most""").bind("position", position).bind("most", most));
    }

    /** What happened to this subject, newest first. */
    public static List<Event> about(Reading db, String subject, int most) {
        return list(db.sql().createQuery("""
                                SELECT id, position, type, subject, actor, at, detail FROM event
                                WHERE subject = :subject ORDER BY id DESC LIMIT :most""").bind("subject", subject).bind("most", most));
    }

    /** The event with this id. */
    public static Optional<Event> find(Reading db, String id) {
        return list(db.sql().createQuery("""
                                        SELECT id, position, type, subject, actor, at, detail FROM event
                                        WHERE id = :id""").bind("id", id)).stream().findFirst();
    }

    /** The newest events that have their position and match the filter, newest first; at most 1,000. */
    public static List<Event> search(Reading db, Filter filter, int most) {
        List<String> conditions = new ArrayList<>(List.of("position IS NOT NULL"));
        filter.type()
                .ifPresent(
                        type -> conditions.add(isFamily(type) ? "type >= :type AND type < :type_end" : "type = :type"));
        filter.subject().ifPresent(subject -> conditions.add("subject = :subject"));
        filter.actor().ifPresent(actor -> conditions.add("actor = :actor"));
        filter.after().ifPresent(after -> conditions.add("position > :after"));
        filter.before().ifPresent(before -> conditions.add("position < :before"));
        filter.from().ifPresent(from -> conditions.add("at >= :from"));
        filter.until().ifPresent(until -> conditions.add("at < :until"));
        Query query = db.sql()
                .createQuery("SELECT id, position, type, subject, actor, at, detail FROM event WHERE "
                        + String.join(" AND ", conditions) + " ORDER BY position DESC LIMIT :most")
                .bind("most", Math.clamp(most, 1, AT_MOST));
        filter.type().ifPresent(type -> {
            if (isFamily(type)) {
                String noun = type.substring(0, type.length() - 1);
                query.bind("type", noun)
                        .bind("type_end", noun.substring(0, noun.length() - 1) + '/'); // '/' follows '.'
            } else {
                query.bind("type", type);
            }
        });
        filter.subject().ifPresent(subject -> query.bind("subject", subject));
        filter.actor().ifPresent(actor -> query.bind("actor", actor));
        filter.after().ifPresent(after -> query.bind("after", after));
        filter.before().ifPresent(before -> query.bind("before", before));
        filter.from().ifPresent(from -> query.bind("from", from));
        filter.until().ifPresent(until -> query.bind("until", until));
        return list(query);
    }

    /** The greatest position given so far; 0 when there is none. */
    public static long last(Reading db) {
        return db.sql()
                .createQuery("SELECT coalesce(max(position), 0) FROM event")
                .mapTo(Long.class)
                .one();
    }

    private static boolean isFamily(String type) {
        return type.endsWith(".*");
    }

    private static List<Event> list(Query query) {
        return query.mapTo(Row.class).list().stream().map(Row::event).toList();
    }

    /** Refuses an event that the log could not take later. */
    static void checkLength(String type, String subject, String actor, byte[] detail) {
        int length = FRAME + quoted(type) + quoted(subject) + quoted(actor) + detail.length;
        if (length > LONGEST) {
            throw new IllegalArgumentException("the event " + type + " of "
                    + subject.substring(0, Math.min(100, subject.length())) + " would have " + length
                    + " bytes; keep what is long as a blob and put its digest into the event");
        }
    }

    private static int quoted(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return utf8.length
                + 5
                        * (int) text.chars()
                                .filter(c -> c < ' ' || c == '"' || c == '\\')
                                .count();
    }
}
