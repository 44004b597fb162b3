package org.plimsoll.monitoring;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Verdict;
import org.plimsoll.monitoring.MonitoringOperations.GetWindow;
import org.plimsoll.monitoring.MonitoringOperations.ListWindows;
import org.plimsoll.monitoring.MonitoringOperations.WindowList;
import org.plimsoll.serving.Endpoint;
import org.plimsoll.serving.EndpointClock;
import org.plimsoll.serving.Endpoints;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** Keeps judged windows: the newest revision of each day, and every revision as an event. */
public final class Windows {

    private static final int USUAL_LIMIT = 200;
    private static final int MOST = 2_000;

    private final Endpoints endpoints;
    private final EndpointClock clock;
    private final Approvals approved;
    private final Incidents incidents;

    public Windows(Endpoints endpoints, EndpointClock clock, ApprovedVersions approved, Incidents incidents) {
        this(endpoints, clock, (Approvals) approved, incidents);
    }

    Windows(Endpoints endpoints, EndpointClock clock, Approvals approved, Incidents incidents) {
        this.endpoints = endpoints;
        this.clock = clock;
        this.approved = approved;
        this.incidents = incidents;
    }

    /** What an event tells of a judgement; the window itself is asked for. */
    private record Judged(
            LocalDate day, Window.State state, long revision, Verdict verdict, long rows, int crossings) {}

    /** READ {@code monitor.windows}. */
    WindowList list(Reading db, ListWindows request) {
        Endpoint endpoint = endpoints.get(db, request.endpoint());
        int limit = Math.clamp(request.limit().orElse(USUAL_LIMIT), 1, MOST);
        List<Window> windows = db.sql()
                .createQuery("""
                        SELECT body FROM monitor_window
                        WHERE endpoint = :endpoint AND day >= :from AND day < :until ORDER BY day DESC LIMIT :limit""")
                .bind("endpoint", request.endpoint())
                .bind(
                        "from",
                        request.from().orElse(LocalDate.EPOCH.minusYears(1_000)).toEpochDay())
                .bind(
                        "until",
                        request.until().orElse(LocalDate.EPOCH.plusYears(8_000)).toEpochDay())
                .bind("limit", limit)
                .mapTo(String.class)
                .map(body -> Json.read(body, Window.class))
                .list();
        return new WindowList(windows, missed(db, endpoint), behind(db, endpoint));
    }

    /** Closed days that nobody has judged yet: work for the next look, or a node that does not work. */
    private List<LocalDate> missed(Reading db, Endpoint endpoint) {
        Optional<LocalDate> next = WindowRows.cursor(db, endpoint.name()).nextDay();
        Optional<LocalDate> today = approved.task(db, endpoint.name())
                .map(task -> Instant.ofEpochMilli(clock.now(endpoint))
                        .atZone(task.zoneOrUtc())
                        .toLocalDate());
        if (next.isEmpty() || today.isEmpty() || !next.get().isBefore(today.get())) {
            return List.of();
        }
        return next.get().datesUntil(today.get()).limit(MOST).toList();
    }

    private Optional<String> behind(Reading db, Endpoint endpoint) {
        Instant now = Instant.ofEpochMilli(clock.now(endpoint));
        return latest(db, endpoint.name())
                .filter(window -> now.isBefore(window.until()))
                .map(window -> "the endpoint's time, " + now + ", lies before the end of the newest window, "
                        + window.until() + ": its clock went back, and nothing is judged until it has caught up");
    }

    /** READ {@code monitor.window}. */
    Window get(Reading db, GetWindow request) {
        endpoints.get(db, request.endpoint());
        return find(db, request.endpoint(), request.day())
                .orElseThrow(() -> Problem.notFound("window of " + request.endpoint(), request.day()));
    }

    /** The newest judgement of a day. */
    public Optional<Window> find(Reading db, EndpointName endpoint, LocalDate day) {
        return db.sql()
                .createQuery("SELECT body FROM monitor_window WHERE endpoint = :endpoint AND day = :day")
                .bind("endpoint", endpoint)
                .bind("day", day.toEpochDay())
                .mapTo(String.class)
                .findOne()
                .map(body -> Json.read(body, Window.class));
    }

    /** The newest window judged, if any. */
    public Optional<Window> latest(Reading db, EndpointName endpoint) {
        return db.sql()
                .createQuery("SELECT body FROM monitor_window WHERE endpoint = :endpoint ORDER BY day DESC LIMIT 1")
                .bind("endpoint", endpoint)
                .mapTo(String.class)
                .findOne()
                .map(body -> Json.read(body, Window.class));
    }

    /** Keeps a judgement, tells it, and hands over what crossed. @throws Problem BUSY where this revision is there already */
    void keep(Transaction tx, Window window, List<Crossing> crossedNow) {
        int kept = tx.sql()
                .createUpdate("""
                        INSERT INTO monitor_window (endpoint, day, state, revision, verdict, body)
                        VALUES (:endpoint, :day, :state, :revision, :verdict, :body)
                        ON CONFLICT (endpoint, day) DO UPDATE SET
                            state = excluded.state, revision = excluded.revision, verdict = excluded.verdict, body = excluded.body
                        WHERE monitor_window.revision = excluded.revision - 1""")
                .bind("endpoint", window.endpoint())
                .bind("day", window.day().toEpochDay())
                .bind("state", window.state().name())
                .bind("revision", window.revision())
                .bind("verdict", window.verdict().name())
                .bind("body", Json.text(window))
                .execute();
        if (kept == 0) {
            throw Problem.of(
                    Problem.Kind.BUSY,
                    "the window " + window.day() + " of " + window.endpoint() + " was judged meanwhile");
        }
        tx.append(
                "window.judged",
                "endpoint/" + window.endpoint(),
                new Judged(
                        window.day(),
                        window.state(),
                        window.revision(),
                        window.verdict(),
                        window.rows(),
                        window.crossings().size()));
        incidents.opened(tx, window, crossedNow);
    }
}
