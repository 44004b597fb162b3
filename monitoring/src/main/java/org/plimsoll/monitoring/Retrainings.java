package org.plimsoll.monitoring;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.plimsoll.access.Principals;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Resources;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.monitoring.RetrainingOperations.ListRetrainings;
import org.plimsoll.monitoring.RetrainingOperations.Retrain;
import org.plimsoll.monitoring.RetrainingOperations.RetrainingList;
import org.plimsoll.monitoring.RetrainingOperations.ShowRetraining;
import org.plimsoll.registry.CardDraft;
import org.plimsoll.registry.Version;
import org.plimsoll.registry.Versions;
import org.plimsoll.serving.Endpoint;
import org.plimsoll.serving.EndpointClock;
import org.plimsoll.serving.Endpoints;
import org.plimsoll.store.Jobs;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** Orders retrainings and keeps how far each came. One at a time for an endpoint. */
public final class Retrainings {

    static final String JOB = "retraining.step";

    /** What the job is asked. */
    public record StepRetraining(long retraining) {}

    private static final int MOST = 200;

    private final Endpoints endpoints;
    private final Versions versions;
    private final EndpointClock clock;

    /** @param clock says what now is on an endpoint */
    public Retrainings(Endpoints endpoints, Versions versions, EndpointClock clock) {
        this.endpoints = endpoints;
        this.versions = versions;
        this.clock = clock;
    }

    /** CHANGE {@code endpoint.retrain}. */
    Retraining retrain(Transaction tx, Retrain request) {
        Endpoint endpoint = endpoints.get(tx, request.endpoint());
        VersionId champion = endpoints
                .champion(tx, endpoint.name())
                .orElseThrow(() -> Problem.refused(
                        "nothing serves on " + endpoint.name() + " yet, so there is no pipeline to run again"));
        open(tx, endpoint.name()).ifPresent(other -> {
            throw Problem.of(
                    Problem.Kind.CONFLICT,
                    "retraining " + other.number() + " of " + endpoint.name() + " is "
                            + other.state().word() + " already: plimsoll retrain --show " + other.number());
        });
        if (plan(tx, champion).isEmpty()) {
            throw Problem.refused("the card of " + champion + " has no retraining plan");
        }
        return order(tx, endpoint, champion, request.reason(), Optional.empty());
    }

    /**
     * Orders a retraining where a promise about performance was proved broken and the card says that this starts one.
     *
     * @return its number
     */
    Optional<Long> afterPerformance(Transaction tx, Endpoint endpoint, Optional<VersionId> version, long incident) {
        Optional<VersionId> champion = endpoints.champion(tx, endpoint.name());
        boolean isWanted = champion.isPresent()
                && champion.equals(version)
                && open(tx, endpoint.name()).isEmpty()
                && plan(tx, champion.get())
                        .flatMap(CardDraft.Retraining::starts)
                        .filter(CardDraft.Retraining.Starts.PERFORMANCE::equals)
                        .isPresent();
        return isWanted
                ? Optional.of(order(
                                tx,
                                endpoint,
                                champion.get(),
                                "Incident " + incident + ": performance is proved below what was promised",
                                Optional.of(incident))
                        .number())
                : Optional.empty();
    }

    private Retraining order(
            Transaction tx, Endpoint endpoint, VersionId champion, String because, Optional<Long> incident) {
        Version version = versions.get(tx, champion);
        if (version.run().isEmpty()) {
            throw Problem.refused(champion + " was brought from elsewhere: no run says which pipeline made it");
        }
        long number = tx.sql()
                        .createQuery("SELECT coalesce(max(number), 0) FROM retraining")
                        .mapTo(Long.class)
                        .one()
                + 1;
        Retraining retraining = new Retraining(
                number,
                endpoint.name(),
                champion,
                because,
                incident,
                Retraining.State.ORDERED,
                tx.actor().principal(),
                tx.instant(),
                Instant.ofEpochMilli(clock.now(endpoint)),
                Optional.empty(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1);
        tx.sql()
                .createUpdate("""
                        INSERT INTO retraining (number, endpoint, model, state, revision, ordered_at, body)
                        VALUES (:number, :endpoint, :model, :state, 1, :orderedAt, :body)""")
                .bind("number", number)
                .bind("endpoint", endpoint.name())
                .bind("model", endpoint.model())
                .bind("state", retraining.state().name())
                .bind("orderedAt", tx.now())
                .bind("body", Json.text(retraining))
                .execute();
        Resources.add(tx, resource(number), Resource.endpoint(endpoint.name()));
        tx.append("retraining.ordered", retraining.subject(), retraining);
        Jobs.queue(tx, JOB, retraining.subject(), new StepRetraining(number), tx.instant());
        return retraining;
    }

    RetrainingList list(Reading db, ListRetrainings request) {
        List<Retraining> found = db.sql()
                .createQuery("""
                        SELECT body FROM retraining WHERE :endpoint = '' OR endpoint = :endpoint
                        ORDER BY number DESC LIMIT :most""")
                .bind("endpoint", request.endpoint().map(EndpointName::value).orElse(""))
                .bind("most", MOST)
                .mapTo(String.class)
                .map(body -> Json.read(body, Retraining.class))
                .list();
        var people = new TreeSet<String>();
        found.forEach(it -> people.add(it.orderedBy()));
        return new RetrainingList(found, Principals.names(db, people));
    }

    Retraining show(Reading db, ShowRetraining request) {
        return get(db, request.retraining());
    }

    /** The newest of an endpoint. */
    public Optional<Retraining> newest(Reading db, EndpointName endpoint) {
        return list(db, new ListRetrainings(Optional.of(endpoint))).retrainings().stream()
                .findFirst();
    }

    /** The plan on this version's card. */
    Optional<CardDraft.Retraining> plan(Reading db, VersionId version) {
        return versions.card(db, versions.get(db, version)).declared().retraining();
    }

    static Resource resource(long number) {
        return Resource.of("retraining", number);
    }

    /** The retraining. @throws Problem NOT_FOUND */
    static Retraining get(Reading db, long number) {
        return db.sql()
                .createQuery("SELECT body FROM retraining WHERE number = :number")
                .bind("number", number)
                .mapTo(String.class)
                .findOne()
                .map(body -> Json.read(body, Retraining.class))
                .orElseThrow(() -> Problem.notFound("retraining", number));
    }

    private static Optional<Retraining> open(Reading db, EndpointName endpoint) {
        return db.sql()
                .createQuery("""
                        SELECT body FROM retraining
                        WHERE endpoint = :endpoint AND state IN ('ORDERED', 'TRAINING', 'EVALUATING')""")
                .bind("endpoint", endpoint)
                .mapTo(String.class)
                .findOne()
                .map(body -> Json.read(body, Retraining.class));
    }

    /** Keeps the next revision and tells it. @throws Problem CONFLICT where it went on meanwhile */
    static Retraining keep(Transaction tx, Retraining retraining) {
        int kept = tx.sql()
                .createUpdate("""
                        UPDATE retraining SET state = :state, revision = :revision, body = :body
                        WHERE number = :number AND revision = :revision - 1""")
                .bind("state", retraining.state().name())
                .bind("revision", retraining.revision())
                .bind("body", Json.text(retraining))
                .bind("number", retraining.number())
                .execute();
        if (kept == 0) {
            throw Problem.of(Problem.Kind.FENCED, "retraining " + retraining.number() + " went on meanwhile");
        }
        String verb = switch (retraining.state()) {
            case ORDERED -> "ordered";
            case TRAINING -> "started";
            case EVALUATING -> "trained";
            case CANDIDATE, REFUSED -> "judged";
            case UNCHANGED -> "unchanged";
            case FAILED -> "failed";
        };
        tx.append("retraining." + verb, retraining.subject(), retraining);
        return retraining;
    }
}
