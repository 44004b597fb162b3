package org.plimsoll.monitoring;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Json;
import org.plimsoll.core.VersionId;
import org.plimsoll.monitoring.WatchedColumn.Part;
import org.plimsoll.predictions.Place;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** The rows that monitoring goes on from. */
final class WindowRows {

    private WindowRows() {}

    /**
     * Where monitoring of an endpoint has come to.
     *
     * @param from the log is read from here on, for the days that are not over
     * @param read what stands before was seen when they were not over either
     * @param toldUntil truths told before were looked at
     * @param nextDay the next day to be judged; empty before the first row
     */
    record Cursor(Place from, Place read, Instant toldUntil, Optional<LocalDate> nextDay) {
        static final Cursor START = new Cursor(Place.START, Place.START, Instant.EPOCH, Optional.empty());
    }

    private static final long NO_DAY = Long.MIN_VALUE;

    static Cursor cursor(Reading db, EndpointName endpoint) {
        return db.sql()
                .createQuery("""
                        SELECT segment, place, read_segment, read_place, told_until, next_day FROM monitor_cursor
                        WHERE endpoint = :endpoint""")
                .bind("endpoint", endpoint)
                .map((row, _) -> new Cursor(
                        new Place(row.getLong("segment"), row.getLong("place")),
                        new Place(row.getLong("read_segment"), row.getLong("read_place")),
                        Instant.ofEpochMilli(row.getLong("told_until")),
                        row.getLong("next_day") == NO_DAY
                                ? Optional.empty()
                                : Optional.of(LocalDate.ofEpochDay(row.getLong("next_day")))))
                .findOne()
                .orElse(Cursor.START);
    }

    static void keep(Transaction tx, EndpointName endpoint, Cursor cursor) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO monitor_cursor (endpoint, segment, place, read_segment, read_place, told_until, next_day)
                        VALUES (:endpoint, :segment, :place, :readSegment, :readPlace, :told, :day)
                        ON CONFLICT (endpoint) DO UPDATE SET segment = excluded.segment, place = excluded.place,
                            read_segment = excluded.read_segment, read_place = excluded.read_place,
                            told_until = excluded.told_until, next_day = excluded.next_day""")
                .bind("endpoint", endpoint)
                .bind("segment", cursor.from().segment())
                .bind("place", cursor.from().offset())
                .bind("readSegment", cursor.read().segment())
                .bind("readPlace", cursor.read().offset())
                .bind("told", cursor.toldUntil())
                .bind("day", cursor.nextDay().map(LocalDate::toEpochDay).orElse(NO_DAY))
                .execute();
    }

    /** A judged day whose truths are waited for, or were. @param labelled known truths when it was judged last */
    record Kept(LocalDate day, Stretch stretch, Instant maturesAt, long labelled) {}

    static void keep(Transaction tx, EndpointName endpoint, Kept kept) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO monitor_stretch (endpoint, day, first_segment, first_place, last_segment, last_place,
                            first_prediction, last_prediction, matures_at, labelled)
                        VALUES (:endpoint, :day, :firstSegment, :firstPlace, :lastSegment, :lastPlace, :first, :last,
                            :matures, :labelled)
                        ON CONFLICT (endpoint, day) DO UPDATE SET first_segment = excluded.first_segment,
                            first_place = excluded.first_place, last_segment = excluded.last_segment,
                            last_place = excluded.last_place, first_prediction = excluded.first_prediction,
                            last_prediction = excluded.last_prediction, labelled = excluded.labelled""")
                .bind("endpoint", endpoint)
                .bind("day", kept.day().toEpochDay())
                .bind("firstSegment", kept.stretch().first().segment())
                .bind("firstPlace", kept.stretch().first().offset())
                .bind("lastSegment", kept.stretch().last().segment())
                .bind("lastPlace", kept.stretch().last().offset())
                .bind("first", kept.stretch().firstPrediction())
                .bind("last", kept.stretch().lastPrediction())
                .bind("matures", kept.maturesAt())
                .bind("labelled", kept.labelled())
                .execute();
    }

    private static final String KEPT = """
            SELECT s.day, s.first_segment, s.first_place, s.last_segment, s.last_place, s.first_prediction,
                s.last_prediction, s.matures_at, s.labelled
            FROM monitor_stretch s JOIN monitor_window w ON w.endpoint = s.endpoint AND w.day = s.day""";

    private static List<Kept> kept(org.jdbi.v3.core.statement.Query query) {
        return query.map((row, _) -> new Kept(
                        LocalDate.ofEpochDay(row.getLong("day")),
                        new Stretch(
                                new Place(row.getLong("first_segment"), row.getLong("first_place")),
                                new Place(row.getLong("last_segment"), row.getLong("last_place")),
                                row.getString("first_prediction"),
                                row.getString("last_prediction")),
                        Instant.ofEpochMilli(row.getLong("matures_at")),
                        row.getLong("labelled")))
                .list();
    }

    /** Judged days whose truths are all known by now and were not judged on them yet, oldest first. */
    static List<Kept> maturing(Reading db, EndpointName endpoint, Instant now, int most) {
        return kept(db.sql()
                .createQuery(KEPT + """
                         WHERE s.endpoint = :endpoint AND w.state = 'CLOSED' AND s.matures_at <= :now
                        ORDER BY s.day LIMIT :most""")
                .bind("endpoint", endpoint)
                .bind("now", now)
                .bind("most", most));
    }

    /** Days judged on their truths whose predictions overlap with these ids. */
    static List<Kept> mature(Reading db, EndpointName endpoint, String first, String last) {
        return kept(db.sql()
                .createQuery(KEPT + """
                         WHERE s.endpoint = :endpoint AND w.state = 'MATURE'
                            AND s.last_prediction >= :first AND s.first_prediction <= :last
                        ORDER BY s.day""")
                .bind("endpoint", endpoint)
                .bind("first", first)
                .bind("last", last));
    }

    /** Where the rows of one judged day stand. */
    static Optional<Kept> kept(Reading db, EndpointName endpoint, LocalDate day) {
        return kept(db.sql()
                        .createQuery(KEPT + " WHERE s.endpoint = :endpoint AND s.day = :day")
                        .bind("endpoint", endpoint)
                        .bind("day", day.toEpochDay()))
                .stream()
                .findFirst();
    }

    static DriftWatch watch(Reading db, EndpointName endpoint, VersionId version, Part part) {
        return db.sql()
                .createQuery("""
                        SELECT body FROM monitor_watch
                        WHERE endpoint = :endpoint AND version = :version AND part = :part""")
                .bind("endpoint", endpoint)
                .bind("version", version)
                .bind("part", part.name())
                .mapTo(String.class)
                .findOne()
                .map(body -> Json.read(body, DriftWatch.class))
                .orElse(DriftWatch.START);
    }

    static void keep(Transaction tx, EndpointName endpoint, VersionId version, Part part, DriftWatch watch) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO monitor_watch (endpoint, version, part, body) VALUES (:endpoint, :version, :part, :body)
                        ON CONFLICT (endpoint, version, part) DO UPDATE SET body = excluded.body""")
                .bind("endpoint", endpoint)
                .bind("version", version)
                .bind("part", part.name())
                .bind("body", Json.text(watch))
                .execute();
    }

    /** The value of a metric on one day; a day judged again replaces it. */
    record Daily(VersionId version, String claim, LocalDate day, double measured) {}

    static void keep(Transaction tx, EndpointName endpoint, List<Daily> daily) {
        for (Daily each : daily) {
            tx.sql()
                    .createUpdate("""
                            INSERT INTO monitor_daily (endpoint, version, claim, day, measured)
                            VALUES (:endpoint, :version, :claim, :day, :measured)
                            ON CONFLICT (endpoint, version, claim, day) DO UPDATE SET measured = excluded.measured""")
                    .bind("endpoint", endpoint)
                    .bind("version", each.version())
                    .bind("claim", each.claim())
                    .bind("day", each.day().toEpochDay())
                    .bind("measured", each.measured())
                    .execute();
        }
    }

    /** The daily values of a claim. */
    static TreeMap<LocalDate, Double> history(Reading db, EndpointName endpoint, VersionId version, String claim) {
        TreeMap<LocalDate, Double> values = new TreeMap<>();
        db.sql()
                .createQuery("""
                        SELECT version, claim, day, measured FROM monitor_daily
                        WHERE endpoint = :endpoint AND version = :version AND claim = :claim""")
                .bind("endpoint", endpoint)
                .bind("version", version)
                .bind("claim", claim)
                .map((row, _) ->
                        new Daily(version, claim, LocalDate.ofEpochDay(row.getLong("day")), row.getDouble("measured")))
                .forEach(daily -> values.put(daily.day(), daily.measured()));
        return values;
    }
}
