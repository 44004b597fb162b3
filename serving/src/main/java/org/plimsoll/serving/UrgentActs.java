package org.plimsoll.serving;

import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.VersionId;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** Brings into the database what was done before it could be asked. Again and again is harmless: an act's id is its key. */
final class UrgentActs {

    private final Endpoints endpoints;

    UrgentActs(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    /** Records one act, once. */
    void record(Transaction tx, UrgentAct act) {
        int fresh = tx.sql()
                .createUpdate("INSERT INTO urgent_act (id) VALUES (:id) ON CONFLICT DO NOTHING")
                .bind("id", act.id())
                .execute();
        if (fresh == 0) {
            return;
        }
        switch (act.kind()) {
            case ROLLBACK -> table(tx, act, "endpoint.rolled-back");
            case DRAIN -> table(tx, act, "endpoint.drained");
            case QUARANTINE -> quarantine(tx, act);
        }
    }

    private void table(Transaction tx, UrgentAct act, String event) {
        EndpointName endpoint = act.endpoint().orElseThrow();
        PublishedTable published = act.table().orElseThrow();
        RoutingTable from = act.from().orElseThrow();
        long head = tx.sql()
                .createQuery("SELECT revision FROM endpoint WHERE name = :endpoint")
                .bind("endpoint", endpoint)
                .mapTo(Long.class)
                .one();
        // Somebody may have published meanwhile: what was urgent still comes last.
        PublishedTable last = published.table().revision() > head ? published : published.numbered(head + 1);
        endpoints.insertUrgent(tx, last, artifactOf(tx, endpoint, last.table().champion()));
        if (act.kind() == UrgentAct.Kind.ROLLBACK
                && !from.champion().equals(last.table().champion())) {
            endpoints.unmarkStable(tx, endpoint, from.champion());
        }
        RolloutRows.open(tx, endpoint)
                .ifPresent(open ->
                        RolloutRows.end(tx, open, RolloutState.ROLLED_BACK, act.reason(), "rollout.rolled-back"));
        tx.append(event, Endpoints.subject(endpoint), act);
    }

    private static Digest artifactOf(Reading db, EndpointName endpoint, VersionId version) {
        return db.sql()
                .createQuery("""
                        SELECT artifact FROM permit WHERE endpoint = :endpoint AND version = :version
                        ORDER BY id DESC LIMIT 1""")
                .bind("endpoint", endpoint)
                .bind("version", version)
                .mapTo(Digest.class)
                .one();
    }

    private static void quarantine(Transaction tx, UrgentAct act) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO quarantine (artifact, version, reason, quarantined_by, quarantined_at)
                        VALUES (:artifact, :version, :reason, :by, :at) ON CONFLICT DO NOTHING""")
                .bind("artifact", act.artifact().orElseThrow())
                .bind("version", act.version().orElseThrow())
                .bind("reason", act.reason())
                .bind("by", act.by())
                .bind("at", act.at())
                .execute();
        tx.append("version.quarantined", "version/" + act.version().orElseThrow(), act);
    }

    /** The artifacts the database knows as quarantined. */
    static List<Digest> quarantined(Reading db) {
        return db.sql()
                .createQuery("SELECT artifact FROM quarantine ORDER BY artifact")
                .mapTo(Digest.class)
                .list();
    }

    /** Whether these bytes are quarantined. */
    static Optional<String> reason(Reading db, Digest artifact) {
        return db.sql()
                .createQuery("SELECT reason FROM quarantine WHERE artifact = :artifact")
                .bind("artifact", artifact)
                .mapTo(String.class)
                .findOne();
    }
}
