package org.plimsoll.predictions;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.jdbi.v3.core.ConnectionException;
import org.plimsoll.access.Resource;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.predictions.PredictionsOperations.AddOutcomes;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;
import tools.jackson.core.type.TypeReference;

/**
 * Keeps outcomes: the first that comes for a row stands. The same again is a duplicate and changes nothing; another label for the
 * same row is a conflict, kept out and reported, because evidence that was judged on must not change afterwards.
 */
public final class Outcomes {

    private static final int MOST_CONFLICTS_NAMED = 20;
    private static final int ASKED_TOGETHER = 500;

    /** Predictions of so many rows each are asked about one by one. */
    private static final int ASKED_ALONE_FROM = 20;

    private static final String NO_VALUES = "{}";
    private static final TypeReference<Map<String, Double>> VALUES = new TypeReference<>() {};

    /**
     * What became of the outcomes that were sent.
     *
     * @param added kept now
     * @param duplicates were there already, the same
     * @param conflicts were there already with another truth
     * @param conflicting the first of those, as {@code prediction[row]}
     */
    public record OutcomesAdded(long added, long duplicates, long conflicts, List<String> conflicting) {}

    /** A row of a prediction. */
    record Key(String prediction, int row) {}

    /** MEASURE {@code outcome.add}. */
    public OutcomesAdded add(Transaction tx, AddOutcomes request) {
        refuseUnknown(tx, request.endpoint());
        Map<Key, Outcome> kept = of(tx, request.endpoint(), request.outcomes());
        List<Outcome> fresh = new ArrayList<>();
        List<String> conflicting = new ArrayList<>();
        for (Outcome given : request.outcomes()) {
            Optional<Outcome> standing =
                    Optional.ofNullable(kept.putIfAbsent(new Key(given.prediction(), given.row()), given));
            if (standing.isEmpty()) {
                fresh.add(given);
            } else if (!saysTheSame(standing.get(), given)) {
                conflicting.add(given.prediction() + "[" + given.row() + "]");
            }
        }
        insert(tx, request.endpoint(), fresh);
        return new OutcomesAdded(
                fresh.size(),
                request.outcomes().size() - fresh.size() - conflicting.size(),
                conflicting.size(),
                conflicting.stream().limit(MOST_CONFLICTS_NAMED).toList());
    }

    private static void insert(Transaction tx, EndpointName endpoint, List<Outcome> fresh) {
        if (fresh.isEmpty()) {
            return;
        }
        long now = tx.now();
        try (PreparedStatement batch = tx.sql()
                .getConnection()
                .prepareStatement("""
                INSERT INTO outcome (endpoint, prediction, row_number, label, named_values, at, received_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)) { // by hand: binding by name takes longer than the database
            for (Outcome outcome : fresh) {
                batch.setString(1, endpoint.value());
                batch.setString(2, outcome.prediction());
                batch.setInt(3, outcome.row());
                batch.setString(4, outcome.label());
                batch.setString(5, outcome.values().isEmpty() ? NO_VALUES : Json.text(outcome.values()));
                batch.setLong(6, outcome.at().toEpochMilli());
                batch.setLong(7, now);
                batch.addBatch();
            }
            batch.executeBatch();
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
    }

    private static boolean saysTheSame(Outcome kept, Outcome given) {
        return kept.label().equals(given.label()) && kept.values().equals(given.values());
    }

    /** @throws Problem NOT_FOUND where nobody has created this endpoint */
    static void refuseUnknown(Reading db, EndpointName endpoint) {
        boolean isKnown = db.sql()
                        .createQuery("SELECT COUNT(*) FROM resource WHERE resource = :resource")
                        .bind("resource", Resource.endpoint(endpoint).toString())
                        .mapTo(Long.class)
                        .one()
                > 0;
        if (!isKnown) {
            throw Problem.notFound("endpoint", endpoint);
        }
    }

    /** The outcome of one row. */
    public static Optional<Outcome> find(Reading db, EndpointName endpoint, String prediction, int row) {
        return db.sql()
                .createQuery("""
                        SELECT prediction, row_number, label, NULLIF(named_values, '{}'), at FROM outcome
                        WHERE endpoint = :endpoint AND prediction = :prediction AND row_number = :row
                        """)
                .bind("endpoint", endpoint)
                .bind("prediction", prediction)
                .bind("row", row)
                .map((kept, _) -> read(kept))
                .findOne();
    }

    /** What is kept already of the predictions that these are about. */
    private static Map<Key, Outcome> of(Reading db, EndpointName endpoint, List<Outcome> given) {
        Map<Key, Outcome> found = new HashMap<>();
        List<String> ids = given.stream().map(Outcome::prediction).distinct().toList();
        for (int from = 0; from < ids.size(); from += ASKED_TOGETHER) {
            db.sql()
                    .createQuery("""
                            SELECT prediction, row_number, label, NULLIF(named_values, '{}'), at FROM outcome
                            WHERE endpoint = :endpoint AND prediction IN (<ids>)
                            """)
                    .bind("endpoint", endpoint)
                    .bindList("ids", ids.subList(from, Math.min(ids.size(), from + ASKED_TOGETHER)))
                    .map((kept, _) -> read(kept))
                    .forEach(outcome -> found.put(new Key(outcome.prediction(), outcome.row()), outcome));
        }
        return found;
    }

    /**
     * The outcomes of these predictions, and perhaps of others between them.
     *
     * @param rows of all of them together
     */
    static KnownOutcomes of(Reading db, EndpointName endpoint, SortedSet<String> predictions, int rows) {
        return rows / predictions.size() < ASKED_ALONE_FROM
                ? between(db, endpoint, predictions.first(), predictions.last())
                : each(db, endpoint, predictions);
    }

    /** Ids sort by time, so this is a stretch of it. */
    private static KnownOutcomes between(Reading db, EndpointName endpoint, String first, String last) {
        return db.sql()
                .createQuery("""
                        SELECT prediction, row_number, label, NULLIF(named_values, '{}'), at FROM outcome
                        WHERE endpoint = :endpoint AND prediction >= :first AND prediction <= :last
                        """)
                .bind("endpoint", endpoint)
                .bind("first", first)
                .bind("last", last)
                .scanResultSet((rows, _) -> {
                    KnownOutcomes known = new KnownOutcomes();
                    ResultSet kept = rows.get();
                    while (kept.next()) {
                        known.add(read(kept));
                    }
                    return known;
                });
    }

    /** One prediction after the other: then the database need not say of each row which it is of, half of what it says. */
    private static KnownOutcomes each(Reading db, EndpointName endpoint, SortedSet<String> predictions) {
        KnownOutcomes known = new KnownOutcomes();
        try (PreparedStatement query = db.sql().getConnection().prepareStatement("""
                SELECT row_number, label, NULLIF(named_values, '{}'), at FROM outcome WHERE endpoint = ? AND prediction = ?
                """)) {
            query.setString(1, endpoint.value());
            for (String prediction : predictions) {
                query.setString(2, prediction);
                try (ResultSet kept = query.executeQuery()) {
                    while (kept.next()) {
                        known.add(read(prediction, kept, 1));
                    }
                }
            }
            return known;
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
    }

    /** How many outcomes are kept of predictions with ids from {@code first} to {@code last}. */
    public static long count(Reading db, EndpointName endpoint, String first, String last) {
        return db.sql()
                .createQuery("""
                        SELECT COUNT(*) FROM outcome
                        WHERE endpoint = :endpoint AND prediction >= :first AND prediction <= :last
                        """)
                .bind("endpoint", endpoint)
                .bind("first", first)
                .bind("last", last)
                .mapTo(Long.class)
                .one();
    }

    /** Whether any outcome of predictions with ids from {@code first} to {@code last} carries named values. */
    static boolean haveValues(Reading db, EndpointName endpoint, String first, String last) {
        return db.sql()
                .createQuery("""
                        SELECT 1 FROM outcome
                        WHERE endpoint = :endpoint AND prediction >= :first AND prediction <= :last
                          AND named_values <> :none LIMIT 1
                        """)
                .bind("endpoint", endpoint)
                .bind("first", first)
                .bind("last", last)
                .bind("none", NO_VALUES)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /** The predictions about which something was told in a stretch of the clock's time, sorted. */
    public static List<String> toldBetween(Reading db, EndpointName endpoint, Instant from, Instant until) {
        return db.sql()
                .createQuery("""
                        SELECT DISTINCT prediction FROM outcome
                        WHERE endpoint = :endpoint AND received_at >= :from AND received_at < :until ORDER BY prediction
                        """)
                .bind("endpoint", endpoint)
                .bind("from", from)
                .bind("until", until)
                .mapTo(String.class)
                .list();
    }

    private static Outcome read(ResultSet kept) throws SQLException {
        return read(kept.getString(1), kept, 2);
    }

    private static Outcome read(String prediction, ResultSet kept, int column) throws SQLException {
        String values = kept.getString(column + 2); // null where there are none, which most outcomes are without
        return new Outcome(
                prediction,
                kept.getInt(column),
                kept.getString(column + 1),
                values == null ? Map.of() : Json.MAPPER.readValue(values, VALUES),
                Instant.ofEpochMilli(kept.getLong(column + 3)));
    }
}
