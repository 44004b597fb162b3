package org.plimsoll.monitoring;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Verdict;
import org.plimsoll.core.VersionId;
import org.plimsoll.monitoring.ApprovedVersion.Approved;
import org.plimsoll.monitoring.Crossing.Kind;
import org.plimsoll.monitoring.Crossing.Severity;
import org.plimsoll.monitoring.WatchedColumn.Part;
import org.plimsoll.monitoring.WindowRows.Daily;
import org.plimsoll.monitoring.WindowRows.Kept;
import org.plimsoll.statistics.Moments;

/**
 * What one look at an endpoint finds, until its closing transaction keeps it all. It changes nothing outside itself, so that it may be
 * made twice.
 */
final class Judgement {

    /** Rows that came after their day had been judged are an alarm from this share on. */
    private static final double LATE = 0.05;

    private final EndpointName endpoint;
    private final Instant clock;
    private final List<Judged> judged = new ArrayList<>();
    private final Map<VersionId, Watches> watches = new TreeMap<>();
    private final List<Kept> kept = new ArrayList<>();
    private final List<Daily> daily = new ArrayList<>();
    private Optional<Window> latest;

    /** A window with what crossed in this judgement of it. */
    record Judged(Window window, List<Crossing> crossedNow) {}

    /** The evidence about a version's columns. */
    record Watches(DriftWatch inputs, DriftWatch outputs) {}

    /**
     * @param clock what the clock says
     * @param latest the newest window judged before
     */
    Judgement(EndpointName endpoint, Instant clock, Optional<Window> latest) {
        this.endpoint = endpoint;
        this.clock = clock;
        this.latest = latest;
    }

    List<Judged> judged() {
        return judged;
    }

    Map<VersionId, Watches> watches() {
        return watches;
    }

    List<Kept> kept() {
        return kept;
    }

    List<Daily> daily() {
        return daily;
    }

    /** The window of a day as this look judged it, if it did. */
    Optional<Window> window(LocalDate day) {
        return judged.stream()
                .map(Judged::window)
                .filter(it -> it.day().equals(day))
                .reduce((_, last) -> last);
    }

    /** The evidence so far, as this look found it. */
    Watches watches(VersionId version, Supplier<Watches> kept) {
        return Optional.ofNullable(watches.get(version)).orElseGet(kept);
    }

    /** A day on which nobody asked anything, and, where the time jumped, those after it. */
    void empty(LocalDate day, Instant from, Instant until, LocalDate next) {
        long days = next.toEpochDay() - day.toEpochDay();
        String text = days > 1
                ? "the endpoint's time went from %s to %s: %,d days without a prediction".formatted(day, next, days)
                : "nothing was asked on " + day;
        List<Crossing> crossed = Crossings.since(
                List.of(Crossings.of(Kind.NO_DATA, Severity.ALARM, days > 1 ? "clock" : "rows", day, 0, 1, 1, text)),
                latest);
        keep(
                new Window(
                        endpoint,
                        day,
                        from,
                        until,
                        Window.State.MATURE,
                        1,
                        Optional.empty(),
                        List.of(),
                        0,
                        0,
                        Verdict.ERROR,
                        List.of(),
                        List.of(),
                        crossed,
                        clock),
                crossed);
    }

    /** A closed day: what came in and what was answered. */
    void closed(
            LocalDate day,
            Instant from,
            Instant until,
            Instant maturesAt,
            Tail.Day found,
            ApprovedVersion version,
            Watches before,
            long late) {
        Tail.Answered answered = found.of(version.version());
        Optional<DriftWatch.Seen> inputs = version.inputs()
                .flatMap(reference ->
                        answered.inputs().map(counted -> before.inputs().look(reference, day, counted, Part.INPUT)));
        Optional<DriftWatch.Seen> outputs = version.outputs()
                .flatMap(reference ->
                        answered.outputs().map(counted -> before.outputs().look(reference, day, counted, Part.OUTPUT)));
        watches.put(
                version.version(),
                new Watches(
                        inputs.map(DriftWatch.Seen::after).orElse(before.inputs()),
                        outputs.map(DriftWatch.Seen::after).orElse(before.outputs())));
        List<WatchedColumn> columns = new ArrayList<>();
        inputs.ifPresent(seen -> columns.addAll(seen.columns()));
        outputs.ifPresent(seen -> columns.addAll(seen.columns()));
        List<WatchedColumn> bounded = DriftWatch.bounded(columns);
        List<WatchedClaim> estimates = estimates(version, day, answered, maturesAt);
        boolean isInside = !estimates.isEmpty() && estimates.stream().allMatch(it -> isInside(version, it));
        List<Crossing> crossed = new ArrayList<>(Crossings.ofColumns(bounded, day, isInside));
        if (version.inputs().isEmpty()) {
            crossed.add(Crossings.of(
                    Kind.DATA,
                    Severity.WARNING,
                    "no_profile",
                    day,
                    0,
                    1,
                    1,
                    version.version() + " has no profile of its training rows, so its inputs are not compared"));
        }
        if (late > 0) {
            double share = late / (double) (late + found.rows());
            crossed.add(Crossings.of(
                    Kind.DATA,
                    share >= LATE ? Severity.ALARM : Severity.WARNING,
                    "late",
                    day,
                    share,
                    LATE,
                    share,
                    "%,d predictions came for days that had been judged already".formatted(late)));
        }
        List<Crossing> sorted = Crossings.since(crossed, latest);
        keep(
                new Window(
                        endpoint,
                        day,
                        from,
                        until,
                        Window.State.CLOSED,
                        1,
                        Optional.of(version.version()),
                        found.answers(),
                        found.rows(),
                        0,
                        Crossings.verdict(sorted, List.of(), false),
                        bounded,
                        estimates,
                        sorted,
                        clock),
                sorted);
        kept.add(new Kept(day, found.stretch().orElseThrow(), maturesAt, 0));
    }

    private static List<WatchedClaim> estimates(
            ApprovedVersion version, LocalDate day, Tail.Answered answered, Instant maturesAt) {
        List<WatchedClaim> estimates = new ArrayList<>();
        for (Approved approved : version.record()) {
            if (approved.scope().column().isPresent()) {
                continue; // by segment only once the truths are known
            }
            OptionalDouble estimated = version.estimate(approved.metric(), answered.scores());
            if (estimated.isPresent()) {
                estimates.add(Claims.estimate(
                        approved, day, answered.rows(), estimated.getAsDouble(), "from " + maturesAt + " on"));
            }
        }
        return estimates;
    }

    private static boolean isInside(ApprovedVersion version, WatchedClaim estimate) {
        return version.record().stream()
                .filter(it ->
                        it.scope().column().isEmpty() && it.metric().toString().equals(estimate.metric()))
                .allMatch(it -> !it.isBeyond(estimate.estimated().orElse(Double.NaN)));
    }

    /**
     * A closed day whose truths are known, for the first time or with more of them.
     *
     * @param history of a claim before this day
     * @param earlier days of the same version before this one that are mature, oldest first, for obligations over more than a day
     */
    void mature(
            Window closed,
            Kept where,
            MatureDay day,
            ApprovedVersion version,
            Function<Approved, TreeMap<LocalDate, Double>> history,
            IntFunction<List<MatureDay>> earlier,
            Optional<Window> before) {
        List<WatchedClaim> claims = new ArrayList<>();
        version.obligations().stream().filter(it -> Claims.isDue(it, day.day())).forEach(it -> {
            List<MatureDay> days = new ArrayList<>(earlier.apply(Claims.days(it.window()) - 1));
            days.add(day);
            claims.addAll(Claims.obligation(it, version, days));
        });
        var values = Claims.daily(version, day);
        for (Approved approved : version.record()) {
            TreeMap<LocalDate, Double> byDay = history.apply(approved);
            daily.stream()
                    .filter(it ->
                            it.version().equals(version.version()) && it.claim().equals(approved.claim()))
                    .forEach(it -> byDay.put(it.day(), it.measured()));
            Optional<Claims.Day> today = Optional.ofNullable(values.get(approved));
            today.ifPresent(measured -> {
                daily.add(new Daily(version.version(), approved.claim(), day.day(), measured.value()));
                byDay.put(day.day(), measured.value());
            });
            Moments upToNow = Moments.NONE;
            for (double measured : byDay.headMap(day.day(), true).values()) {
                upToNow = upToNow.add(measured);
            }
            claims.add(Claims.approval(
                    approved,
                    version.record().size(),
                    upToNow,
                    byDay.isEmpty() ? day.day() : byDay.firstKey(),
                    day,
                    today.map(Claims.Day::rows).orElse(0L),
                    approved.scope().column().isEmpty()
                            ? version.estimate(approved.metric(), day.scores())
                            : OptionalDouble.empty()));
        }
        List<Crossing> now = Crossings.since(Crossings.ofClaims(claims, day), before);
        boolean isHarmed = now.stream().anyMatch(it -> it.kind() == Kind.PERFORMANCE && it.isAlarm());
        boolean isProved = !claims.isEmpty() && day.labelled() > 0 && !isHarmed;
        List<Crossing> ofColumns = Crossings.since(Crossings.ofColumns(closed.columns(), day.day(), isProved), before);
        List<Crossing> all = new ArrayList<>(now);
        all.addAll(ofColumns);
        closed.crossings().stream()
                .filter(it -> it.what().equals("late") || it.what().equals("no_profile"))
                .forEach(all::add);
        List<Crossing> sorted = Crossings.since(all, before);
        keep(
                new Window(
                        endpoint,
                        closed.day(),
                        closed.from(),
                        closed.until(),
                        Window.State.MATURE,
                        closed.revision() + 1,
                        closed.version(),
                        closed.answers(),
                        closed.rows(),
                        Math.max(0, day.rows() - rowsOf(closed)),
                        Crossings.verdict(sorted, claims, true),
                        closed.columns(),
                        claims,
                        sorted,
                        clock),
                now);
        kept.add(new Kept(closed.day(), where.stretch(), where.maturesAt(), day.labelled()));
    }

    private static long rowsOf(Window window) {
        return window.answers().stream()
                .filter(it -> window.version().equals(Optional.of(it.version())))
                .mapToLong(Window.Answers::rows)
                .sum();
    }

    private void keep(Window window, List<Crossing> crossedNow) {
        judged.add(new Judged(window, crossedNow));
        if (latest.filter(it -> it.day().isAfter(window.day())).isEmpty()) {
            latest = Optional.of(window);
        }
    }
}
