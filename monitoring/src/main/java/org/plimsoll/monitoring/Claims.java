package org.plimsoll.monitoring;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.plimsoll.core.Spans;
import org.plimsoll.core.Verdict;
import org.plimsoll.data.Columns;
import org.plimsoll.evaluation.Claim;
import org.plimsoll.evaluation.Judged;
import org.plimsoll.evaluation.Measurement;
import org.plimsoll.evaluation.PairedTable;
import org.plimsoll.evaluation.Scope;
import org.plimsoll.monitoring.ApprovedVersion.Approved;
import org.plimsoll.monitoring.WatchedClaim.Origin;
import org.plimsoll.registry.Obligation;
import org.plimsoll.statistics.ConfidenceSequence;
import org.plimsoll.statistics.Judgement.Better;
import org.plimsoll.statistics.Moments;

/**
 * Judges live performance on mature days.
 *
 * <p>An obligation is judged on the rows of its window, in whole days, as a gate judges a floor, at a one-sided level of .005: a version
 * exactly at its limit is accused wrongly once in two hundred windows. The record at approval is held against the mean of the daily
 * values since the version began here, by a confidence sequence that holds on all days at once, at a level of .01 over all scopes together:
 * harm is proved where its upper end lies below the lower bound at approval less the tolerance [1]. It needs a week to begin with and is
 * asymptotic [2].
 *
 * <p>[1] A. Podkopaev, A. Ramdas, "Tracking the risk of a deployed model and detecting harmful distribution shifts", ICLR 2022. [2] I.
 * Waudby-Smith, D. Arbour, R. Sinha, E. Kennedy, A. Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences", Annals
 * of Statistics 52, 2024.
 */
final class Claims {

    private static final double OBLIGATION_LEVEL = 0.005;
    private static final double APPROVAL_LEVEL = 0.01;
    private static final long BURN_IN = 7;
    private static final double TUNED_TO = 28;

    private Claims() {}

    /** In whole days, at least one. */
    static int days(String span) {
        return (int) Math.max(
                1,
                Math.ceilDiv(Spans.parse(span).toSeconds(), Duration.ofDays(1).toSeconds()));
    }

    /** Whether an obligation is judged on this day: every day, or every so many. */
    static boolean isDue(Obligation obligation, LocalDate day) {
        return Math.floorMod(day.toEpochDay() + 1, days(obligation.cadence())) == 0;
    }

    /** An obligation on the days of its window, oldest first; one claim for each scope it stands for. */
    static List<WatchedClaim> obligation(Obligation obligation, ApprovedVersion version, List<MatureDay> days) {
        LocalDate until = days.getLast().day();
        LocalDate from = days.getFirst().day();
        long rows = days.stream().mapToLong(MatureDay::rows).sum();
        Columns all = Columns.concat(days.stream().map(MatureDay::table).toList());
        boolean isWhole = days.size() >= days(obligation.window());
        PairedTable table = new PairedTable(all, version.task());
        List<WatchedClaim> claims = new ArrayList<>();
        for (Scope scope : scopes(obligation, table)) {
            Claim claim = Claim.of(
                            obligation.metric(), scope, obligation.claim().bound())
                    .with(OBLIGATION_LEVEL, Claim.USUAL_ROWS, Claim.USUAL_RARER);
            Measurement measured = table.measure(obligation.metric(), scope, Optional.empty());
            if (measured.clusters() < 2) {
                measured = new PairedTable(days.getLast().independent(), version.task())
                        .measure(obligation.metric(), scope, Optional.empty());
            }
            Judged judged = Judged.of(claim, measured);
            boolean isShort = judged.verdict() == Verdict.ERROR && !isWhole && all.rows() > 0;
            claims.add(new WatchedClaim(
                    Origin.OBLIGATION,
                    obligation.metric().toString(),
                    scope.column(),
                    scope.value(),
                    from,
                    until,
                    rows,
                    measured.rows(),
                    rows == 0 ? 0 : all.rows() / (double) rows,
                    measured.estimate().map(Measurement.Estimate::value),
                    judged.lower(),
                    judged.upper(),
                    obligation.atLeast().or(obligation::atMost),
                    version.approved(scope)
                            .filter(it -> it.metric().equals(obligation.metric()))
                            .map(Approved::value),
                    Optional.empty(),
                    isShort ? Verdict.INCONCLUSIVE : judged.verdict(),
                    Optional.of(obligation.page()),
                    judged.verdict() == Verdict.PASS
                            ? Optional.empty()
                            : Optional.of(
                                    isWhole
                                            ? judged.reason()
                                            : days.size() + " of " + days(obligation.window()) + " days so far; "
                                                    + judged.reason())));
        }
        return claims;
    }

    private static List<Scope> scopes(Obligation obligation, PairedTable table) {
        Scope scope = obligation.claim().scope();
        return scope.isEach()
                ? table.values(scope.column().orElseThrow()).stream()
                        .map(value -> Scope.of(scope.column().orElseThrow(), value))
                        .toList()
                : List.of(scope);
    }

    /** A metric on one day. @param rows labelled ones */
    record Day(long rows, double value) {}

    /** The metric of each scope of the record at approval on one day; scopes that it is not defined for are left out. */
    static Map<Approved, Day> daily(ApprovedVersion version, MatureDay day) {
        Map<Approved, Day> daily = new LinkedHashMap<>();
        PairedTable table = new PairedTable(day.table(), version.task());
        for (Approved approved : version.record()) {
            table.value(approved.metric(), approved.scope())
                    .ifPresent(value -> daily.put(approved, new Day(table.count(approved.scope()), value)));
        }
        return daily;
    }

    /** One scope of the record at approval beside the daily values since the version began. */
    static WatchedClaim approval(
            Approved approved,
            int scopes,
            Moments values,
            LocalDate from,
            MatureDay day,
            long labelled,
            OptionalDouble estimated) {
        Optional<ConfidenceSequence> interval = interval(values, APPROVAL_LEVEL / scopes);
        return new WatchedClaim(
                Origin.APPROVAL,
                approved.metric().toString(),
                approved.scope().column(),
                approved.scope().value(),
                from,
                day.day(),
                day.rows(),
                labelled,
                day.rows() == 0 ? 0 : day.labelled() / (double) day.rows(),
                values.count() == 0 ? Optional.empty() : Optional.of(values.mean()),
                interval.map(ConfidenceSequence::lower),
                interval.map(ConfidenceSequence::upper),
                Optional.of(approved.limit()),
                Optional.of(approved.value()),
                estimated.isPresent() ? Optional.of(estimated.getAsDouble()) : Optional.empty(),
                interval.map(it -> verdict(approved, it)).orElse(Verdict.INCONCLUSIVE),
                Optional.empty(),
                interval.isPresent()
                        ? Optional.empty()
                        : Optional.of(values.count() + " of " + BURN_IN + " days to begin with"
                                + (labelled == 0 ? "; no row of it came with its truth" : "")));
    }

    /** What is known before the truths are. */
    static WatchedClaim estimate(Approved approved, LocalDate day, long rows, double estimated, String when) {
        Optional<Double> none = Optional.empty();
        return new WatchedClaim(
                Origin.APPROVAL,
                approved.metric().toString(),
                approved.scope().column(),
                approved.scope().value(),
                day,
                day,
                rows,
                0,
                0,
                none,
                none,
                none,
                Optional.of(approved.limit()),
                Optional.of(approved.value()),
                Optional.of(estimated),
                Verdict.INCONCLUSIVE,
                Optional.empty(),
                Optional.of("estimated from calibrated scores; the truths are known " + when));
    }

    private static Optional<ConfidenceSequence> interval(Moments values, double level) {
        if (values.count() < BURN_IN) {
            return Optional.empty();
        }
        double deviation = Math.sqrt(values.sampleVariance());
        double radius =
                deviation * ConfidenceSequence.normalMixture(values.count(), TUNED_TO, 2 * level) / values.count();
        return Optional.of(new ConfidenceSequence(values.mean() - radius, values.mean() + radius));
    }

    private static Verdict verdict(Approved approved, ConfidenceSequence interval) {
        boolean isHigher = approved.metric().better() == Better.HIGHER;
        double best = isHigher ? interval.upper() : interval.lower();
        double worst = isHigher ? interval.lower() : interval.upper();
        if (approved.isBeyond(best)) {
            return Verdict.HARM;
        }
        return approved.isBeyond(worst) ? Verdict.INCONCLUSIVE : Verdict.PASS;
    }
}
