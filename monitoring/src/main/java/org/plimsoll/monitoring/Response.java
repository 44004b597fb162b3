package org.plimsoll.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.monitoring.Incident.State;
import org.plimsoll.registry.Contacts;
import org.plimsoll.registry.Models;
import org.plimsoll.registry.Obligation;
import org.plimsoll.registry.Versions;
import org.plimsoll.store.Database;
import org.plimsoll.store.Ending;
import org.plimsoll.store.Job;
import org.plimsoll.store.JobKind;
import org.plimsoll.store.Jobs;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/**
 * What follows by itself when an incident opened: it is looked into, so that whoever is woken knows what to suspect; then somebody is
 * paged, who holds the office at that moment; and while nobody answers, the next one.
 */
public final class Response {

    static final String INVESTIGATE = "incident.investigate";
    static final String EXAMINE = "window.examine";
    private static final String ESCALATE = "incident.escalate";

    /** What the jobs about an incident are asked. */
    public record Look(long incident) {}

    /** What the job about a window whose inputs drifted is asked. */
    public record Examine(EndpointName endpoint, LocalDate day) {}

    /** Told when somebody is paged; channels read {@code paged}. */
    private record PagedFor(
            long incident, EndpointName endpoint, Paged paged, List<Suspect> suspects, Instant answerBy) {}

    private record Unanswered(long incident, EndpointName endpoint, List<String> paged) {}

    private final Database database;
    private final Models models;
    private final Versions versions;
    private final Windows windows;
    private final Incidents incidents;
    private final Investigation investigation;
    private final IncidentsConfig config;

    public Response(
            Database database,
            Models models,
            Versions versions,
            Windows windows,
            Incidents incidents,
            Investigation investigation,
            IncidentsConfig config) {
        this.database = database;
        this.models = models;
        this.versions = versions;
        this.windows = windows;
        this.incidents = incidents;
        this.investigation = investigation;
        this.config = config;
    }

    /** Looks into an incident that just opened, and pages. */
    public JobKind<Look> investigate() {
        return new JobKind<>(INVESTIGATE, Look.class, this::lookInto);
    }

    /** Looks whether inputs that drifted come in another unit: that is a fault, and never only a warning. */
    public JobKind<Examine> examine() {
        return new JobKind<>(EXAMINE, Examine.class, (job, request) -> {
            List<Crossing> faults = investigation.unitChanges(request.endpoint(), request.day());
            return tx -> {
                if (!faults.isEmpty()) {
                    windows.find(tx, request.endpoint(), request.day())
                            .ifPresent(window -> incidents.broken(tx, window, faults));
                }
                return Ending.done(request);
            };
        });
    }

    /** Pages the next one. */
    public JobKind<Look> escalate() {
        return new JobKind<>(ESCALATE, Look.class, this::goOn);
    }

    private JobKind.Closing lookInto(Job job, Look request) {
        Incident incident = database.read(db -> Incidents.find(db, request.incident()));
        List<Suspect> suspects = investigation.suspects(incident);
        return tx -> {
            Incident now = Incidents.find(tx, request.incident());
            if (now.state() != State.OPEN) {
                Incidents.keep(tx, now.suspecting(suspects));
                return Ending.done(request);
            }
            Incident known = now.suspecting(suspects);
            Incidents.keep(tx, known);
            page(tx, known, "incident.paged").ifPresent(due -> Jobs.queue(tx, ESCALATE, now.subject(), request, due));
            return Ending.done(request);
        };
    }

    private JobKind.Closing goOn(Job job, Look request) {
        return tx -> {
            Incident incident = Incidents.find(tx, request.incident());
            if (incident.state() != State.OPEN) {
                return Ending.done(request);
            }
            return page(tx, incident, "incident.escalated").map(Ending::again).orElseGet(() -> {
                tx.append(
                        "incident.unanswered",
                        incident.subject(),
                        new Unanswered(incident.number(), incident.endpoint(), incident.paged()));
                return Ending.done(request);
            });
        };
    }

    /** Pages whoever is next on the ladder as it stands now. @return when the one after is due; empty where nobody is left */
    private Optional<Instant> page(Transaction tx, Incident incident, String event) {
        SequencedSet<String> left = ladder(tx, incident);
        incident.paged().forEach(left::remove);
        if (left.isEmpty()) {
            return Optional.empty();
        }
        String next = left.getFirst();
        Instant answerBy = tx.instant().plus(respondWithin(tx, incident));
        List<String> paged = new ArrayList<>(incident.paged());
        paged.add(next);
        Incidents.keep(tx, incident.paging(paged, answerBy));
        tx.append(
                event,
                incident.subject(),
                new PagedFor(
                        incident.number(),
                        incident.endpoint(),
                        new Paged(List.of(next), incident.title(), incident.brief()),
                        incident.suspects(),
                        answerBy));
        return Optional.of(answerBy);
    }

    /** Whom the broken promise names, then people on call in their order, deputy, owner. */
    private SequencedSet<String> ladder(Reading db, Incident incident) {
        Contacts contacts = models.get(db, incident.model()).contacts();
        SequencedSet<String> ladder = new LinkedHashSet<>();
        incident.crossings().stream()
                .filter(Crossing::isAlarm)
                .flatMap(it -> it.page().stream())
                .findFirst()
                .ifPresent(page -> ladder.addAll(named(contacts, page)));
        ladder.addAll(contacts.onCall());
        contacts.deputy().ifPresent(ladder::add);
        contacts.owner().ifPresent(ladder::add);
        return ladder;
    }

    private static List<String> named(Contacts contacts, Obligation.Page page) {
        return switch (page) {
            case OWNER -> contacts.owner().stream().toList();
            case DEPUTY -> contacts.deputy().stream().toList();
            case ON_CALL -> contacts.onCall();
        };
    }

    private Duration respondWithin(Reading db, Incident incident) {
        return incident.version().flatMap(version -> ofCard(db, version)).orElse(config.respondWithin());
    }

    private Optional<Duration> ofCard(Reading db, VersionId version) {
        try {
            return versions.card(db, versions.get(db, version)).declared().respondWithin();
        } catch (Problem unknown) {
            return Optional.empty();
        }
    }
}
