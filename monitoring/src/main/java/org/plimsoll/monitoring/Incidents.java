package org.plimsoll.monitoring;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.plimsoll.access.Principals;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Resources;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.monitoring.Incident.Act;
import org.plimsoll.monitoring.Incident.Cause;
import org.plimsoll.monitoring.Incident.State;
import org.plimsoll.monitoring.IncidentOperations.AcknowledgeIncident;
import org.plimsoll.monitoring.IncidentOperations.AnnotateIncident;
import org.plimsoll.monitoring.IncidentOperations.CloseIncident;
import org.plimsoll.monitoring.IncidentOperations.IncidentList;
import org.plimsoll.monitoring.IncidentOperations.IncidentView;
import org.plimsoll.monitoring.IncidentOperations.ListIncidents;
import org.plimsoll.monitoring.IncidentOperations.ShowIncident;
import org.plimsoll.serving.Endpoint;
import org.plimsoll.serving.Endpoints;
import org.plimsoll.store.Jobs;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** Opens incidents when something crosses, lets further windows add to them, and keeps what people do about them. */
public final class Incidents {

    private static final int MOST_CROSSINGS = 40;
    private static final int TOLD_CROSSINGS = 10;
    private static final int MOST = 500;

    private final Endpoints endpoints;
    private final Retrainings retrainings;

    public Incidents(Endpoints endpoints, Retrainings retrainings) {
        this.endpoints = endpoints;
        this.retrainings = retrainings;
    }

    /** What an event tells of an incident; the incident itself is asked for. */
    private record Told(
            long incident,
            EndpointName endpoint,
            Optional<VersionId> version,
            Cause cause,
            State state,
            LocalDate since,
            LocalDate day,
            double share,
            List<String> crossings,
            long revision) {

        static Told of(Incident it) {
            return new Told(
                    it.number(),
                    it.endpoint(),
                    it.version(),
                    it.cause(),
                    it.state(),
                    it.since(),
                    it.days().getLast(),
                    it.share(),
                    it.crossings().stream()
                            .limit(TOLD_CROSSINGS)
                            .map(Crossing::text)
                            .toList(),
                    it.revision());
        }
    }

    private record Acted(long incident, EndpointName endpoint, State state, String text, long revision) {}

    // ---- windows ----

    /**
     * A window was judged; called in the closing transaction of its job, for each revision, also when nothing crossed.
     *
     * @param crossings what crossed in this judgement, alarms first
     */
    void opened(Transaction tx, Window window, List<Crossing> crossings) {
        Map<Cause, List<Crossing>> found = byCause(crossings);
        Map<Cause, Incident> open = new EnumMap<>(Cause.class);
        openOn(tx, window.endpoint()).forEach(it -> open.put(it.cause(), it));
        if (open.containsKey(Cause.INPUTS) && found.containsKey(Cause.ANSWERS)) {
            found.computeIfAbsent(Cause.INPUTS, _ -> new ArrayList<>()).addAll(found.remove(Cause.ANSWERS));
        }
        found.forEach((cause, crossed) -> {
            if (open.containsKey(cause)) {
                add(tx, open.get(cause), window, crossed);
            } else if (crossed.stream().anyMatch(Crossing::isAlarm) && !isKnown(tx, window, cause)) {
                open(tx, window, cause, crossed);
            }
        });
        if (!open.containsKey(Cause.INPUTS)
                && !found.containsKey(Cause.INPUTS)
                && crossings.stream().anyMatch(it -> Investigation.isSuspicious(window, it))) {
            Jobs.queue(
                    tx,
                    Response.EXAMINE,
                    "endpoint/" + window.endpoint(),
                    new Response.Examine(window.endpoint(), window.day()),
                    tx.instant());
        }
        open.forEach((cause, incident) -> {
            boolean isJudgedHere =
                    (cause == Cause.PERFORMANCE || cause == Cause.TRUTHS) == (window.state() == Window.State.MATURE);
            boolean isGoingOn =
                    cause == Cause.INPUTS && crossings.stream().anyMatch(it -> Investigation.isSuspicious(window, it));
            if (isGoingOn && isJudgedHere && !found.containsKey(cause)) {
                add(tx, incident, window, crossings);
            } else if (isJudgedHere && !found.containsKey(cause)) {
                recover(tx, incident, window.day());
            }
        });
    }

    /** Inputs of this window turned out to be broken; its drift had been a warning only. */
    void broken(Transaction tx, Window window, List<Crossing> faults) {
        boolean isOpen = openOn(tx, window.endpoint()).stream().anyMatch(it -> it.cause() == Cause.INPUTS);
        if (!faults.isEmpty() && !isOpen && !isKnown(tx, window, Cause.INPUTS)) {
            open(tx, window, Cause.INPUTS, faults);
        }
    }

    /** Crossings by what sort of trouble they are; only causes with an alarm open anything, warnings come along. */
    private static Map<Cause, List<Crossing>> byCause(List<Crossing> crossings) {
        Map<Cause, List<Crossing>> found = new EnumMap<>(Cause.class);
        for (Crossing crossing : crossings) {
            Cause cause = switch (crossing.kind()) {
                case PERFORMANCE -> Cause.PERFORMANCE;
                case INPUT_DRIFT, DATA -> Cause.INPUTS;
                case OUTPUT_DRIFT -> Cause.ANSWERS;
                case NO_DATA -> Cause.TRAFFIC;
                case NO_OUTCOMES -> Cause.TRUTHS;
            };
            found.computeIfAbsent(cause, _ -> new ArrayList<>()).add(crossing);
        }
        found.values().removeIf(some -> some.stream().noneMatch(Crossing::isAlarm));
        if (found.containsKey(Cause.INPUTS) && found.containsKey(Cause.ANSWERS)) {
            found.getOrDefault(Cause.INPUTS, new ArrayList<>()).addAll(found.remove(Cause.ANSWERS));
        }
        return found;
    }

    /** A day is judged again when late truths come: what was closed about it does not open again. */
    private static boolean isKnown(Reading db, Window window, Cause cause) {
        return all(db, Optional.of(window.endpoint()), false).stream()
                .anyMatch(it -> it.cause() == cause && it.days().contains(window.day()));
    }

    private void open(Transaction tx, Window window, Cause cause, List<Crossing> crossed) {
        Endpoint endpoint = endpoints.get(tx, window.endpoint());
        long number = tx.sql()
                        .createQuery("SELECT coalesce(max(number), 0) FROM incident")
                        .mapTo(Long.class)
                        .one()
                + 1;
        Incident incident = new Incident(
                number,
                endpoint.name(),
                endpoint.model(),
                window.version(),
                cause,
                State.OPEN,
                first(crossed).orElse(window.day()),
                List.of(window.day()),
                Optional.empty(),
                gravest(crossed),
                affected(crossed),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                tx.instant(),
                1);
        insert(tx, incident);
        Resources.add(tx, resource(number), Resource.endpoint(endpoint.name()));
        tx.append("incident.opened", incident.subject(), Told.of(incident));
        Jobs.queue(tx, Response.INVESTIGATE, incident.subject(), new Response.Look(number), tx.instant());
        if (cause == Cause.PERFORMANCE) {
            retrainings.afterPerformance(tx, endpoint, window.version(), number).ifPresent(order -> {
                keep(tx, find(tx, number).retrainedBy(order));
            });
        }
    }

    private static void add(Transaction tx, Incident incident, Window window, List<Crossing> crossed) {
        var days = new TreeSet<>(incident.days());
        boolean isNew = days.add(window.day());
        boolean isLatest = days.getLast().equals(window.day());
        LocalDate since = Stream.concat(Stream.of(incident.since()), first(crossed).stream())
                .min(LocalDate::compareTo)
                .orElseThrow();
        Incident after = incident.seen(
                since,
                List.copyOf(days),
                isLatest ? Optional.empty() : incident.recovered(),
                isLatest ? merged(crossed, incident.crossings()) : incident.crossings(),
                Math.max(incident.share(), affected(crossed)));
        keep(tx, after);
        if (isNew) {
            tx.append("incident.extended", incident.subject(), Told.of(after));
        }
    }

    private static void recover(Transaction tx, Incident incident, LocalDate day) {
        if (incident.recovered().isPresent() || !day.isAfter(incident.days().getLast())) {
            return;
        }
        Incident after = incident.seen(
                incident.since(), incident.days(), Optional.of(day), incident.crossings(), incident.share());
        keep(tx, after);
        tx.append("incident.recovered", incident.subject(), Told.of(after));
    }

    private static Optional<LocalDate> first(List<Crossing> crossed) {
        return crossed.stream().filter(Crossing::isAlarm).map(Crossing::since).min(LocalDate::compareTo);
    }

    private static double affected(List<Crossing> crossed) {
        return crossed.stream()
                .filter(Crossing::isAlarm)
                .mapToDouble(Crossing::share)
                .max()
                .orElse(0);
    }

    /** Alarms first, in the order in which they came. */
    private static List<Crossing> gravest(List<Crossing> crossed) {
        return Stream.concat(
                        crossed.stream().filter(Crossing::isAlarm),
                        crossed.stream().filter(it -> !it.isAlarm()))
                .limit(MOST_CROSSINGS)
                .toList();
    }

    /** What crosses now, then what crossed before and is quiet now. */
    private static List<Crossing> merged(List<Crossing> now, List<Crossing> before) {
        Map<String, Crossing> all = new LinkedHashMap<>();
        gravest(now).forEach(it -> all.put(it.key(), it));
        before.forEach(it -> all.putIfAbsent(it.key(), it));
        return all.values().stream().limit(MOST_CROSSINGS).toList();
    }

    // ---- people ----

    IncidentList list(Reading db, ListIncidents request) {
        request.endpoint().ifPresent(name -> endpoints.get(db, name));
        List<Incident> found = all(db, request.endpoint(), request.open().orElse(false));
        return new IncidentList(found, names(db, found));
    }

    IncidentView show(Reading db, ShowIncident request) {
        return view(db, find(db, request.incident()));
    }

    IncidentView acknowledge(Transaction tx, AcknowledgeIncident request) {
        Incident before = find(tx, request.incident());
        if (before.state() != State.OPEN) {
            throw Problem.of(
                    Problem.Kind.CONFLICT,
                    before.state() == State.CLOSED
                            ? "incident " + before.number() + " is closed"
                            : Principals.name(
                                            tx,
                                            before.acknowledged().orElseThrow().by()) + " looks at incident "
                                    + before.number() + " already; write down what you know with: plimsoll incidents"
                                    + " annotate " + before.number());
        }
        Act act = act(tx, request.note().orElse(""));
        return view(tx, acted(tx, "incident.acknowledged", before.acknowledging(act), act.text()));
    }

    IncidentView annotate(Transaction tx, AnnotateIncident request) {
        Incident before = find(tx, request.incident());
        List<Act> notes = new ArrayList<>(before.notes());
        notes.add(act(tx, request.note()));
        return view(tx, acted(tx, "incident.annotated", before.noting(notes), request.note()));
    }

    IncidentView close(Transaction tx, CloseIncident request) {
        Incident before = find(tx, request.incident());
        if (before.isOver()) {
            throw Problem.of(Problem.Kind.CONFLICT, "incident " + before.number() + " is closed already");
        }
        Incident after = before.closing(act(tx, request.reason()));
        return view(tx, acted(tx, "incident.closed", after, request.reason()));
    }

    private static Act act(Transaction tx, String text) {
        return new Act(tx.actor().principal(), tx.instant(), text);
    }

    private static Incident acted(Transaction tx, String type, Incident after, String text) {
        keep(tx, after);
        tx.append(
                type,
                after.subject(),
                new Acted(after.number(), after.endpoint(), after.state(), text, after.revision()));
        return after;
    }

    private static IncidentView view(Reading db, Incident incident) {
        return new IncidentView(incident, names(db, List.of(incident)));
    }

    private static Map<String, String> names(Reading db, List<Incident> incidents) {
        var people = new TreeSet<String>();
        for (Incident incident : incidents) {
            people.addAll(incident.paged());
            Stream.concat(
                            Stream.concat(incident.acknowledged().stream(), incident.closed().stream()),
                            incident.notes().stream())
                    .map(Act::by)
                    .forEach(people::add);
        }
        return Principals.names(db, people);
    }

    // ---- rows ----

    static Resource resource(long number) {
        return Resource.of("incident", number);
    }

    /** The incident. @throws Problem NOT_FOUND */
    public static Incident find(Reading db, long number) {
        return db.sql()
                .createQuery("SELECT body FROM incident WHERE number = :number")
                .bind("number", number)
                .mapTo(String.class)
                .findOne()
                .map(body -> Json.read(body, Incident.class))
                .orElseThrow(() -> Problem.notFound("incident", number));
    }

    /** What is not closed on this endpoint, oldest first. */
    public static List<Incident> openOn(Reading db, EndpointName endpoint) {
        return all(db, Optional.of(endpoint), true).reversed();
    }

    private static List<Incident> all(Reading db, Optional<EndpointName> endpoint, boolean onlyOpen) {
        return db.sql()
                .createQuery("""
                        SELECT body FROM incident
                        WHERE (:endpoint = '' OR endpoint = :endpoint) AND (:open = 0 OR state <> 'CLOSED')
                        ORDER BY number DESC LIMIT :most""")
                .bind("endpoint", endpoint.map(EndpointName::value).orElse(""))
                .bind("open", onlyOpen ? 1 : 0)
                .bind("most", MOST)
                .mapTo(String.class)
                .map(body -> Json.read(body, Incident.class))
                .list();
    }

    private static void insert(Transaction tx, Incident incident) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO incident (number, endpoint, model, cause, state, revision, opened_at, body)
                        VALUES (:number, :endpoint, :model, :cause, :state, 1, :openedAt, :body)""")
                .bind("number", incident.number())
                .bind("endpoint", incident.endpoint())
                .bind("model", incident.model())
                .bind("cause", incident.cause().name())
                .bind("state", incident.state().name())
                .bind("openedAt", incident.openedAt())
                .bind("body", Json.text(incident))
                .execute();
    }

    /** Keeps the next revision. @throws Problem CONFLICT where somebody was faster */
    static void keep(Transaction tx, Incident incident) {
        int kept = tx.sql()
                .createUpdate("""
                        UPDATE incident SET state = :state, revision = :revision, body = :body
                        WHERE number = :number AND revision = :revision - 1""")
                .bind("state", incident.state().name())
                .bind("revision", incident.revision())
                .bind("body", Json.text(incident))
                .bind("number", incident.number())
                .execute();
        if (kept == 0) {
            throw Problem.of(
                    Problem.Kind.CONFLICT, "incident " + incident.number() + " changed meanwhile; look at it again");
        }
    }
}
