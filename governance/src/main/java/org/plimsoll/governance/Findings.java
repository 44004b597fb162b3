package org.plimsoll.governance;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.core.Actor;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Event;
import org.plimsoll.core.Problem;
import org.plimsoll.governance.GovernanceOperations.FindingList;
import org.plimsoll.governance.GovernanceOperations.ListFindings;
import org.plimsoll.governance.GovernanceOperations.ReviewFinding;
import org.plimsoll.registry.Models;
import org.plimsoll.registry.Tier;
import org.plimsoll.serving.Endpoint;
import org.plimsoll.serving.Endpoints;
import org.plimsoll.store.Events;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/**
 * What was done without an approval and must be looked at afterwards. Nobody has to remember to open a finding: they are the
 * events of rollbacks and drains by people, less those that somebody reviewed.
 */
public final class Findings {

    private static final Set<String> ACTS = Set.of("endpoint.rolled-back", "endpoint.drained");

    private final Models models;
    private final Endpoints endpoints;

    public Findings(Models models, Endpoints endpoints) {
        this.models = models;
        this.endpoints = endpoints;
    }

    FindingList list(Reading db, ListFindings request) {
        boolean all = request.all().orElse(false);
        return new FindingList(endpoints.all(db).stream()
                .flatMap(endpoint -> of(db, endpoint).stream())
                .filter(finding -> all || finding.review().isEmpty())
                .toList());
    }

    Finding review(Transaction tx, ReviewFinding request) {
        Finding finding = find(tx, request);
        int reviewed = tx.sql()
                .createUpdate("""
                        INSERT INTO finding_review (event, note, reviewed_by, reviewed_at)
                        VALUES (:event, :note, :by, :now) ON CONFLICT (event) DO NOTHING""")
                .bind("event", finding.id())
                .bind("note", request.note())
                .bind("by", tx.actor().principal())
                .bind("now", tx.now())
                .execute();
        if (reviewed == 0) {
            throw Problem.of(Problem.Kind.CONFLICT, "this was reviewed already");
        }
        Finding after = find(tx, request);
        tx.append("finding.reviewed", "endpoint/" + request.endpoint(), after);
        return after;
    }

    /** What happened on this endpoint that somebody must look at, or has, newest first. */
    public List<Finding> of(Reading db, Endpoint endpoint) {
        Tier tier = models.get(db, endpoint.model()).tier();
        Duration time = tier == Tier.T1 ? Duration.ofHours(24) : Duration.ofHours(72);
        return Events.about(db, "endpoint/" + endpoint.name(), 1_000).stream()
                .filter(event -> ACTS.contains(event.type()))
                .filter(event -> !event.actor().equals(Actor.SYSTEM.principal()))
                .map(event -> finding(db, endpoint.name(), event, time))
                .toList();
    }

    private Finding find(Reading db, ReviewFinding request) {
        return of(db, endpoints.get(db, request.endpoint())).stream()
                .filter(finding -> finding.id().equals(request.finding()))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("finding", request.finding()));
    }

    private static Finding finding(Reading db, EndpointName endpoint, Event event, Duration time) {
        record Row(String reviewedBy, Instant reviewedAt, String note) {}
        Optional<Finding.Review> review = db.sql()
                .createQuery("SELECT reviewed_by, reviewed_at, note FROM finding_review WHERE event = :event")
                .bind("event", event.id())
                .mapTo(Row.class)
                .findOne()
                .map(row -> new Finding.Review(row.reviewedBy(), row.reviewedAt(), row.note()));
        return new Finding(
                event.id(),
                endpoint,
                event.type(),
                event.actor(),
                event.at(),
                event.at().plus(time),
                review);
    }
}
