package org.plimsoll.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.VersionId;
import org.plimsoll.monitoring.Judgement.Watches;
import org.plimsoll.monitoring.WatchedColumn.Part;
import org.plimsoll.monitoring.WindowRows.Cursor;
import org.plimsoll.monitoring.WindowRows.Kept;
import org.plimsoll.predictions.JoinedLog;
import org.plimsoll.predictions.Outcomes;
import org.plimsoll.predictions.PredictionLog;
import org.plimsoll.scoring.Task;
import org.plimsoll.serving.Endpoint;
import org.plimsoll.serving.EndpointClock;
import org.plimsoll.serving.EndpointTime;
import org.plimsoll.serving.Endpoints;
import org.plimsoll.store.Database;
import org.plimsoll.store.Ending;
import org.plimsoll.store.Job;
import org.plimsoll.store.JobKind;
import org.plimsoll.store.Jobs;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/**
 * Judges windows: one job for all endpoints, due again and again. A look does what has become due since, oldest first:
 *
 * <pre>
 *  read what the log has grown by ─▶ count it, day by day ({@link Tail})
 *  day over                       ─▶ judge its columns          ─┐
 *  day over and mature            ─▶ join, judge performance    ─┼▶ one transaction: windows, evidence, places, crossings
 *  truths told for a mature day   ─▶ judge performance again    ─┘
 * </pre>
 *
 * A look changes nothing before its closing transaction, which the job's fence guards; a node that dies in between loses nothing, and the
 * next one judges the same windows from the log and the outcomes. Days that were missed while no node ran are caught up, oldest first.
 */
public final class WindowJob {

    /** The job's kind. */
    public static final String KIND = "window.judge";

    private static final String SUBJECT = "monitoring/windows";

    /** History played again passes days in less than a second, and somebody waits for each. */
    private static final Duration REPLAY_LOOK = Duration.ofMillis(100);

    private static final Duration CLOCK_LOOK = Duration.ofSeconds(5);

    /** Windows that one transaction keeps at most. */
    private static final int MOST = 20;

    /** More empty days in a row are one jump of the time, and one window. */
    private static final long JUMP = 31;

    /** A truth may be written a moment after the time it bears. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    /** Mature rows kept at hand for obligations over several days; others are read again. */
    private static final long ROWS_AT_HAND = 2_000_000;

    private final Database database;
    private final Endpoints endpoints;
    private final EndpointClock clock;
    private final PredictionLog log;
    private final JoinedLog joined;
    private final Approvals approved;
    private final Windows windows;
    private final Map<EndpointName, Tail> tails = new HashMap<>();
    private final Map<EndpointName, Long> seen = new HashMap<>();
    private final LinkedHashMap<DayKey, MatureDay> atHand = new LinkedHashMap<>();

    private record DayKey(EndpointName endpoint, VersionId version, LocalDate day) {}

    /** The job's request: everything that is due. */
    public record JudgeWindows() {}

    public WindowJob(
            Database database,
            Endpoints endpoints,
            EndpointClock clock,
            PredictionLog log,
            ApprovedVersions approved,
            Windows windows) {
        this(database, endpoints, clock, log, (Approvals) approved, windows);
    }

    WindowJob(
            Database database,
            Endpoints endpoints,
            EndpointClock clock,
            PredictionLog log,
            Approvals approved,
            Windows windows) {
        this.database = database;
        this.endpoints = endpoints;
        this.clock = clock;
        this.log = log;
        this.joined = new JoinedLog(log);
        this.approved = approved;
        this.windows = windows;
    }

    /** The kind of job, for the worker. */
    public JobKind<?> kind() {
        return new JobKind<>(KIND, JudgeWindows.class, this::work);
    }

    /** Queues the job, unless it waits already. */
    public static Job schedule(Transaction tx) {
        return Jobs.queueOnce(tx, KIND, SUBJECT, new JudgeWindows(), tx.instant());
    }

    private synchronized JobKind.Closing work(Job job, JudgeWindows request) {
        List<Endpoint> all = database.read(endpoints::all);
        List<Look> looks = new ArrayList<>();
        boolean isBehind = false;
        for (Endpoint endpoint : all) {
            try {
                Optional<Look> look = look(endpoint);
                look.ifPresent(looks::add);
                isBehind |= look.filter(it -> it.judgement().judged().size() >= MOST)
                        .isPresent();
            } catch (RuntimeException failure) {
                tails.remove(endpoint.name());
                System.getLogger(WindowJob.class.getName())
                        .log(
                                System.Logger.Level.WARNING,
                                "the windows of " + endpoint.name() + " could not be judged; they are tried again",
                                failure);
            }
        }
        looks.forEach(look -> tails.remove(look.endpoint())); // again from the database, unless this closes
        Duration pause = pause(all, isBehind || !looks.isEmpty());
        return tx -> {
            looks.forEach(look -> keep(tx, look));
            tx.afterCommit(() -> keepTails(looks));
            return Ending.again(tx.instant().plus(pause));
        };
    }

    private synchronized void keepTails(List<Look> looks) {
        looks.forEach(look -> tails.put(look.endpoint(), look.tail()));
    }

    private Duration pause(List<Endpoint> all, boolean goesOn) {
        if (goesOn) {
            return Duration.ZERO;
        }
        boolean moves = false;
        for (Endpoint endpoint : all) {
            if (endpoint.time() == EndpointTime.REPLAY) {
                long now = clock.now(endpoint);
                moves |= !Optional.of(now).equals(Optional.ofNullable(seen.put(endpoint.name(), now)));
            }
        }
        return moves ? REPLAY_LOOK : all.isEmpty() ? CLOCK_LOOK : CLOCK_LOOK.dividedBy(5);
    }

    /** What one look at an endpoint found. */
    private record Look(EndpointName endpoint, Tail tail, Judgement judgement, Cursor cursor) {}

    private void keep(Transaction tx, Look look) {
        look.judgement().judged().forEach(it -> windows.keep(tx, it.window(), it.crossedNow()));
        look.judgement().watches().forEach((version, watches) -> {
            WindowRows.keep(tx, look.endpoint(), version, Part.INPUT, watches.inputs());
            WindowRows.keep(tx, look.endpoint(), version, Part.OUTPUT, watches.outputs());
        });
        look.judgement().kept().forEach(it -> WindowRows.keep(tx, look.endpoint(), it));
        WindowRows.keep(tx, look.endpoint(), look.judgement().daily());
        WindowRows.keep(tx, look.endpoint(), look.cursor());
    }

    /** Empty where nothing has become due. */
    private Optional<Look> look(Endpoint endpoint) {
        EndpointName name = endpoint.name();
        Instant now = Instant.ofEpochMilli(clock.now(endpoint));
        Begun begun = database.read(db -> begin(db, endpoint, now));
        if (begun.task().isEmpty()) {
            return Optional.empty();
        }
        ZoneId zone = begun.task().get().zoneOrUtc();
        LocalDate today = now.atZone(zone).toLocalDate();
        boolean isOver = begun.cursor().nextDay().map(today::isAfter).orElse(true);
        if (!isOver && begun.maturing().isEmpty() && begun.told().isEmpty()) {
            return Optional.empty();
        }
        Tail tail = Optional.ofNullable(tails.get(name))
                .orElseGet(() -> new Tail(name, zone, begun.cursor(), version -> known(name, version)));
        tails.put(name, tail);
        tail.read(log);
        Judgement judgement = new Judgement(name, begun.clock(), begun.latest());
        grow(judgement, name, tail);
        close(judgement, endpoint, tail, begun.task().get(), today);
        database.read(db -> {
            mature(db, judgement, name, begun);
            return judgement;
        });
        Cursor cursor = new Cursor(tail.from(), tail.at(), begun.toldUntil(), tail.nextDay());
        return judgement.judged().isEmpty() && judgement.kept().isEmpty() && cursor.equals(begun.cursor())
                ? Optional.empty()
                : Optional.of(new Look(name, tail, judgement, cursor));
    }

    /** What the database says before the work begins. */
    private record Begun(
            Optional<Task> task,
            Cursor cursor,
            Optional<Window> latest,
            List<Kept> maturing,
            List<Kept> told,
            Instant toldUntil,
            Instant clock) {}

    private Begun begin(Reading db, Endpoint endpoint, Instant now) {
        EndpointName name = endpoint.name();
        Cursor cursor = WindowRows.cursor(db, name);
        Instant toldUntil = db.instant().minus(SLACK);
        List<String> told =
                cursor.nextDay().isEmpty() ? List.of() : Outcomes.toldBetween(db, name, cursor.toldUntil(), toldUntil);
        List<Kept> again = told.isEmpty()
                ? List.of()
                : WindowRows.mature(db, name, told.getFirst(), told.getLast()).stream()
                        .filter(kept -> told.stream().anyMatch(kept.stretch()::has))
                        .toList();
        return new Begun(
                approved.task(db, name),
                cursor,
                windows.latest(db, name),
                WindowRows.maturing(db, name, now, MOST),
                again,
                toldUntil.isAfter(cursor.toldUntil())
                                && (!told.isEmpty() || cursor.toldUntil().equals(Instant.EPOCH))
                        ? toldUntil
                        : cursor.toldUntil(),
                db.instant());
    }

    private Optional<ApprovedVersion> known(EndpointName endpoint, VersionId version) {
        return Optional.of(database.read(db -> approved.get(db, endpoint, version)));
    }

    /** Rows that came late are found when their day is judged on its truths. */
    private void grow(Judgement judgement, EndpointName endpoint, Tail tail) {
        Map<LocalDate, Stretch> grown = tail.takeGrown();
        if (!grown.isEmpty()) {
            database.read(db -> {
                grown.forEach((day, more) -> WindowRows.kept(db, endpoint, day)
                        .ifPresent(kept -> judgement
                                .kept()
                                .add(new Kept(
                                        day,
                                        kept.stretch()
                                                .with(more.first(), more.last(), more.firstPrediction())
                                                .with(more.first(), more.last(), more.lastPrediction()),
                                        kept.maturesAt(),
                                        kept.labelled()))));
                return grown;
            });
        }
    }

    // ---- closed days ----

    private void close(Judgement judgement, Endpoint endpoint, Tail tail, Task task, LocalDate today) {
        LocalDate day = tail.nextDay().or(tail::firstOpen).orElse(today);
        if (tail.nextDay().isEmpty() && tail.firstOpen().isEmpty() && endpoint.time() == EndpointTime.REPLAY) {
            return; // nothing was ever asked, and no time has passed
        }
        long late = tail.takeLate();
        while (day.isBefore(today) && judgement.judged().size() < MOST) {
            Tail.Day found = tail.day(day);
            LocalDate next = day.plusDays(1);
            if (found.rows() == 0) {
                LocalDate filled =
                        tail.nextOpen(day).filter(it -> it.isBefore(today)).orElse(today);
                next = filled.toEpochDay() - day.toEpochDay() > JUMP ? filled : next;
                judgement.empty(day, start(day, task), start(next, task), next);
            } else {
                judge(judgement, endpoint.name(), task, day, found, late);
                late = 0;
            }
            day = next;
        }
        tail.judgedBefore(day);
    }

    private void judge(
            Judgement judgement, EndpointName endpoint, Task task, LocalDate day, Tail.Day found, long late) {
        VersionId version = found.answers().getFirst().version();
        database.read(db -> {
            ApprovedVersion about = approved.get(db, endpoint, version);
            Watches before = judgement.watches(
                    version,
                    () -> new Watches(
                            WindowRows.watch(db, endpoint, version, Part.INPUT),
                            WindowRows.watch(db, endpoint, version, Part.OUTPUT)));
            Instant until = start(day.plusDays(1), task);
            judgement.closed(
                    day, start(day, task), until, until.plus(task.maturityOrZero()), found, about, before, late);
            return about;
        });
    }

    private static Instant start(LocalDate day, Task task) {
        return day.atStartOfDay(task.zoneOrUtc()).toInstant();
    }

    // ---- mature days ----

    private void mature(Reading db, Judgement judgement, EndpointName endpoint, Begun begun) {
        Map<LocalDate, Kept> due = new TreeMap<>();
        begun.maturing().forEach(kept -> due.put(kept.day(), kept));
        begun.told().forEach(kept -> due.putIfAbsent(kept.day(), kept));
        Map<LocalDate, Kept> grown = new HashMap<>();
        judgement.kept().forEach(kept -> grown.put(kept.day(), kept));
        for (Kept kept : due.values()) {
            Kept where = grown.getOrDefault(kept.day(), kept);
            Optional<Window> window = windows.find(db, endpoint, where.day());
            if (window.isPresent() && window.get().version().isPresent()) {
                mature(db, judgement, endpoint, window.get(), where);
            }
        }
    }

    private void mature(Reading db, Judgement judgement, EndpointName endpoint, Window window, Kept where) {
        VersionId version = window.version().orElseThrow();
        ApprovedVersion about = approved.get(db, endpoint, version);
        MatureDay day = current(db, endpoint, version, about.task(), where);
        if (window.state() == Window.State.MATURE && day.labelled() == where.labelled() && day.rows() <= rows(window)) {
            return; // what was told is about other rows
        }
        judgement.mature(
                window,
                where,
                day,
                about,
                claim -> WindowRows.history(db, endpoint, version, claim.claim()),
                most -> earlier(db, endpoint, version, about.task(), where.day(), most),
                judgement
                        .window(where.day().minusDays(1))
                        .or(() -> windows.find(db, endpoint, where.day().minusDays(1))));
    }

    private MatureDay current(Reading db, EndpointName endpoint, VersionId version, Task task, Kept where) {
        DayKey key = new DayKey(endpoint, version, where.day());
        return Optional.ofNullable(atHand.get(key))
                .filter(it -> it.isCurrent(db, endpoint, where.stretch()))
                .orElseGet(() -> {
                    MatureDay read = MatureDay.read(db, joined, endpoint, version, task, where.day(), where.stretch());
                    hold(key, read);
                    return read;
                });
    }

    private static long rows(Window window) {
        return window.rows() + window.late();
    }

    /** The days before this one that the same version answered and whose truths are known, at most so many, oldest first. */
    private List<MatureDay> earlier(
            Reading db, EndpointName endpoint, VersionId version, Task task, LocalDate day, int most) {
        List<MatureDay> days = new ArrayList<>();
        for (int back = most; back >= 1; back--) {
            LocalDate before = day.minusDays(back);
            Optional<MatureDay> held = Optional.ofNullable(atHand.get(new DayKey(endpoint, version, before)));
            held.or(() -> windows.find(db, endpoint, before)
                            .filter(it -> it.state() == Window.State.MATURE
                                    && it.version().equals(Optional.of(version)))
                            .flatMap(_ -> WindowRows.kept(db, endpoint, before))
                            .map(kept -> current(db, endpoint, version, task, kept)))
                    .ifPresent(days::add);
        }
        days.sort(Comparator.comparing(MatureDay::day));
        return days;
    }

    private void hold(DayKey key, MatureDay day) {
        atHand.remove(key);
        atHand.put(key, day);
        long held = atHand.values().stream().mapToLong(MatureDay::rows).sum();
        while (held > ROWS_AT_HAND && atHand.size() > 1) {
            DayKey oldest = atHand.firstEntry().getKey();
            held -= Optional.ofNullable(atHand.remove(oldest))
                    .map(MatureDay::rows)
                    .orElse(0L);
        }
    }
}
