package org.plimsoll.monitoring;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.plimsoll.core.Verdict;
import org.plimsoll.monitoring.Crossing.Kind;
import org.plimsoll.monitoring.Crossing.Severity;
import org.plimsoll.monitoring.WatchedColumn.Part;

/** Finds what lies beyond its bound in what was measured of a window. */
final class Crossings {

    /** A share of rows from which a broken column is an alarm, and below which it is a warning. */
    private static final double BROKEN = 0.05;

    /** Less is not worth a line. */
    private static final double SPECK = 0.001;

    /** A window with fewer of its truths than this has none to speak of. */
    static final double ENOUGH_TRUTHS = 0.9;

    private Crossings() {}

    /**
     * What crosses in the columns.
     *
     * @param isInside whether performance, realised or estimated, is known to be inside its bounds: drift alone is then a warning
     */
    static List<Crossing> ofColumns(List<WatchedColumn> columns, LocalDate day, boolean isInside) {
        List<Crossing> found = new ArrayList<>();
        for (WatchedColumn column : columns) {
            broken(column, day).ifPresent(found::add);
            drifted(column, day, isInside).ifPresent(found::add);
        }
        return found;
    }

    private static Optional<Crossing> broken(WatchedColumn column, LocalDate day) {
        double moreMissing = column.missing() - column.missingBefore();
        String where = column.name();
        if (column.note().equals(Optional.of(DriftWatch.GONE))) {
            return data(
                    column,
                    day,
                    "missing",
                    column.missing(),
                    column.missingBefore(),
                    1,
                    where + " is gone: " + DriftWatch.GONE);
        }
        if (column.note().equals(Optional.of(DriftWatch.CONSTANT))) {
            return data(column, day, "constant", 1, 0, 1, where + " holds one value only");
        }
        if (column.infinite() > 0) {
            return data(
                    column,
                    day,
                    "infinite",
                    column.infinite(),
                    0,
                    column.infinite(),
                    percent(column.infinite()) + " of " + where + " are no finite numbers");
        }
        if (column.part() == Part.INPUT && column.outOfRange() > SPECK) {
            return data(
                    column,
                    day,
                    "out_of_range",
                    column.outOfRange(),
                    0,
                    column.outOfRange(),
                    percent(column.outOfRange()) + " of " + where + " lie outside everything seen in training");
        }
        if (column.unseen() > SPECK) {
            return data(
                    column,
                    day,
                    "unseen",
                    column.unseen(),
                    0,
                    column.unseen(),
                    percent(column.unseen()) + " of " + where + " are categories that training never saw");
        }
        if (moreMissing > BROKEN) {
            return data(
                    column,
                    day,
                    "missing",
                    column.missing(),
                    column.missingBefore(),
                    moreMissing,
                    percent(column.missing()) + " of " + where + " are missing, " + percent(column.missingBefore())
                            + " in training");
        }
        return Optional.empty();
    }

    private static Optional<Crossing> data(
            WatchedColumn column,
            LocalDate day,
            String what,
            double measured,
            double bound,
            double share,
            String text) {
        return Optional.of(new Crossing(
                Kind.DATA,
                share >= BROKEN ? Severity.ALARM : Severity.WARNING,
                what,
                Optional.of(column.name()),
                Optional.empty(),
                Optional.empty(),
                Optional.of(measured),
                Optional.of(bound),
                day,
                Math.clamp(share, 0, 1),
                Optional.empty(),
                text));
    }

    private static Optional<Crossing> drifted(WatchedColumn column, LocalDate day, boolean isInside) {
        if (column.evidence().isEmpty()) {
            return Optional.empty();
        }
        WatchedColumn.Evidence evidence = column.evidence().get();
        boolean isFar =
                column.jensenShannon().filter(js -> js > evidence.warning()).isPresent();
        if (!evidence.alarms() && !isFar) {
            return Optional.empty();
        }
        Kind kind = column.part() == Part.INPUT ? Kind.INPUT_DRIFT : Kind.OUTPUT_DRIFT;
        Optional<Double> none = Optional.empty();
        String text = evidence.alarms()
                ? String.format(
                        Locale.ROOT,
                        "%s is not spread as before: evidence 10^%.1f of 10^%.1f, Jensen-Shannon distance %.3f",
                        column.name(),
                        evidence.log10(),
                        evidence.bound(),
                        column.jensenShannon().orElse(Double.NaN))
                : String.format(
                        Locale.ROOT,
                        "%s lies %.3f from training, further than a usual day's %.3f",
                        column.name(),
                        column.jensenShannon().orElse(Double.NaN),
                        evidence.warning());
        return Optional.of(new Crossing(
                kind,
                evidence.alarms() && !isInside ? Severity.ALARM : Severity.WARNING,
                "drift",
                Optional.of(column.name()),
                Optional.empty(),
                Optional.empty(),
                evidence.alarms() ? Optional.of(evidence.log10()) : column.jensenShannon(),
                evidence.alarms() ? Optional.of(evidence.bound()) : none.or(() -> Optional.of(evidence.warning())),
                day,
                1,
                Optional.empty(),
                text + (evidence.alarms() && isInside ? "; performance is inside its bounds" : "")));
    }

    /** What crosses in live performance, and truths that are not there. */
    static List<Crossing> ofClaims(List<WatchedClaim> claims, MatureDay day) {
        List<Crossing> found = new ArrayList<>();
        double known = day.rows() == 0 ? 0 : day.labelled() / (double) day.rows();
        if (known < ENOUGH_TRUTHS) {
            found.add(of(
                    Kind.NO_OUTCOMES,
                    Severity.ALARM,
                    "outcomes",
                    day.day(),
                    known,
                    ENOUGH_TRUTHS,
                    1 - known,
                    percent(1 - known) + " of the truths that should be known are not"
                            + (day.unreadable() > 0
                                    ? ", %,d of them because their label cannot be read".formatted(day.unreadable())
                                    : "")));
        }
        for (WatchedClaim claim : claims) {
            performance(claim, day).ifPresent(found::add);
        }
        return found;
    }

    private static Optional<Crossing> performance(WatchedClaim claim, MatureDay day) {
        boolean isRefuted = claim.verdict() == Verdict.HARM;
        boolean isDoubted = claim.origin() == WatchedClaim.Origin.OBLIGATION
                && claim.verdict() == Verdict.INCONCLUSIVE
                && claim.measured().isPresent()
                && isBeyond(claim);
        if (!isRefuted && !isDoubted) {
            return Optional.empty();
        }
        String who = claim.segment()
                .map(segment -> " of " + segment + " = " + claim.value().orElse("each"))
                .orElse("");
        String text = String.format(
                Locale.ROOT,
                "%s%s is %.4f from %s to %s, %s %.4f%s",
                claim.metric(),
                who,
                claim.measured().orElse(Double.NaN),
                claim.from(),
                claim.until(),
                claim.origin() == WatchedClaim.Origin.OBLIGATION ? "and the card promises" : "and approval allows",
                claim.limit().orElse(Double.NaN),
                isRefuted ? "" : "; not proved yet");
        return Optional.of(new Crossing(
                Kind.PERFORMANCE,
                isRefuted ? Severity.ALARM : Severity.WARNING,
                claim.metric(),
                Optional.empty(),
                claim.segment(),
                claim.value(),
                claim.measured(),
                claim.limit(),
                day.day(),
                claim.segment().isEmpty() || day.rows() == 0
                        ? 1
                        : Math.clamp(claim.labelled() / (double) Math.max(1, claim.rows()), 0, 1),
                claim.page(),
                text));
    }

    /** Whether the measured value itself lies on the wrong side: whichever side its interval's middle is of. */
    private static boolean isBeyond(WatchedClaim claim) {
        double limit = claim.limit().orElse(Double.NaN);
        double measured = claim.measured().orElse(Double.NaN);
        boolean isFloor = org.plimsoll.evaluation.Metric.parse(claim.metric()).better()
                == org.plimsoll.statistics.Judgement.Better.HIGHER;
        return isFloor ? measured < limit : measured > limit;
    }

    /** A crossing about rows. */
    static Crossing of(
            Kind kind,
            Severity severity,
            String what,
            LocalDate day,
            double measured,
            double bound,
            double share,
            String text) {
        return new Crossing(
                kind,
                severity,
                what,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(measured),
                Optional.of(bound),
                day,
                Math.clamp(share, 0, 1),
                Optional.empty(),
                text);
    }

    /** Each with the first day of its unbroken run, alarms first. */
    static List<Crossing> since(List<Crossing> now, Optional<Window> before) {
        List<Crossing> earlier = before.map(Window::crossings).orElse(List.of());
        return now.stream()
                .map(crossing -> earlier.stream()
                        .filter(it -> it.key().equals(crossing.key()))
                        .findFirst()
                        .map(it -> crossing.since(it.since()))
                        .orElse(crossing))
                .sorted(Comparator.comparing((Crossing it) -> !it.isAlarm()))
                .toList();
    }

    /** The verdict of a window with these crossings and claims. */
    static Verdict verdict(List<Crossing> crossings, List<WatchedClaim> claims, boolean isMature) {
        List<Crossing> alarms = crossings.stream().filter(Crossing::isAlarm).toList();
        if (alarms.stream()
                .anyMatch(it -> it.kind() == Kind.PERFORMANCE
                        || it.kind() == Kind.INPUT_DRIFT
                        || it.kind() == Kind.OUTPUT_DRIFT
                        || it.kind() == Kind.DATA)) {
            return Verdict.HARM;
        }
        if (!alarms.isEmpty()) {
            return Verdict.ERROR;
        }
        List<Verdict> promised = claims.stream()
                .filter(it -> it.origin() == WatchedClaim.Origin.OBLIGATION)
                .map(WatchedClaim::verdict)
                .toList();
        return isMature && !promised.isEmpty() ? Verdict.worst(promised) : Verdict.PASS;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
