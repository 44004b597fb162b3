package org.plimsoll.serving;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/**
 * Freezes: while a hold stands, no rollout starts or advances where it applies. Rollback, drain and quarantine do not ask.
 * Whoever governs places holds; serving only keeps to them.
 */
public final class Holds {

    /**
     * One freeze.
     *
     * @param endpoint where it applies; empty means everywhere
     */
    public record Hold(String id, Optional<EndpointName> endpoint, String reason, String placedBy, Instant placedAt) {}

    private Holds() {}

    /** Freezes one endpoint, or all. */
    public static Hold place(Transaction tx, Optional<EndpointName> endpoint, String reason) {
        Hold hold = new Hold(Ids.next(), endpoint, reason, tx.actor().principal(), Instant.ofEpochMilli(tx.now()));
        tx.sql()
                .createUpdate("""
                        INSERT INTO hold (id, endpoint, reason, placed_by, placed_at, lifted_at)
                        VALUES (:id, :endpoint, :reason, :by, :at, NULL)""")
                .bind("id", hold.id())
                .bind("endpoint", endpoint.map(EndpointName::value).orElse(null))
                .bind("reason", reason)
                .bind("by", hold.placedBy())
                .bind("at", hold.placedAt())
                .execute();
        tx.append("hold.placed", subject(endpoint), hold);
        return hold;
    }

    /** Ends a freeze. @throws Problem NOT_FOUND */
    public static Hold lift(Transaction tx, String id) {
        Hold hold = standing(tx).stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("standing hold", id));
        tx.sql()
                .createUpdate("UPDATE hold SET lifted_at = :now WHERE id = :id")
                .bind("now", tx.now())
                .bind("id", id)
                .execute();
        tx.append("hold.lifted", subject(hold.endpoint()), hold);
        return hold;
    }

    /** The freezes that stand, oldest first. */
    public static List<Hold> standing(Reading db) {
        return db.sql()
                .createQuery("""
                        SELECT id, endpoint, reason, placed_by, placed_at FROM hold WHERE lifted_at IS NULL ORDER BY id""")
                .map((row, _) -> new Hold(
                        row.getString("id"),
                        Optional.ofNullable(row.getString("endpoint")).map(EndpointName::new),
                        row.getString("reason"),
                        row.getString("placed_by"),
                        Instant.ofEpochMilli(row.getLong("placed_at"))))
                .list();
    }

    /** The freeze that applies to this endpoint, if one does. */
    public static Optional<Hold> on(Reading db, EndpointName endpoint) {
        return standing(db).stream()
                .filter(hold ->
                        hold.endpoint().isEmpty() || hold.endpoint().get().equals(endpoint))
                .findFirst();
    }

    private static String subject(Optional<EndpointName> endpoint) {
        return endpoint.map(Endpoints::subject).orElse("organisation/plimsoll");
    }
}
