package org.plimsoll.evaluation;

import java.util.Optional;
import org.plimsoll.core.Verdict;
import org.plimsoll.statistics.Bounds;
import org.plimsoll.statistics.Judgement;
import org.plimsoll.statistics.Judgement.Better;
import org.plimsoll.statistics.PairedDifference;
import org.plimsoll.statistics.Power;

/**
 * A claim held against a measurement.
 *
 * <pre>
 *                      PASS when                        HARM when
 *  not_worse_by m      lower bound &gt; −m                 upper bound &lt; −m
 *  better_by g         lower bound &gt; g                  upper bound &lt; 0
 *  at_least l          lower bound ≥ l                  upper bound &lt; l
 *  at_most l           upper bound ≤ l                  lower bound &gt; l
 * </pre>
 *
 * (written for metrics that improve upward; for the others differences are turned around first). Both bounds are one-sided of
 * confidence 1 − level, by Student's t over clusters, or of counts where few rows were counted ({@link Counted}). Else INCONCLUSIVE.
 * Nothing measured, too few rows, or too few of the rarer class: ERROR, never PASS.
 *
 * @param lower one-sided lower bound of the measured value
 * @param upper one-sided upper bound of it
 * @param chanceIfWorthless p-value against "the claim does not hold": small when it is proved
 * @param chanceIfHarmless p-value against "there is no harm": small when harm is proved; many are corrected together
 * @param power chance to prove the claim with so many rows, were candidate and reference equally good
 * @param rowsNeeded rows that would prove it of equally good models with a chance of 80 %, where it is open and these are
 *     fewer; empty where rows are not what is missing
 * @param reason in words, for everything but PASS
 */
public record Judged(
        Claim claim,
        Measurement measured,
        Optional<Double> lower,
        Optional<Double> upper,
        Optional<Double> chanceIfWorthless,
        Optional<Double> chanceIfHarmless,
        Optional<Double> power,
        Optional<Long> rowsNeeded,
        Verdict verdict,
        String reason) {

    private static final double WISHED_POWER = 0.8;

    /** Holds the claim against what was measured for it. */
    public static Judged of(Claim claim, Measurement measured) {
        if (!measured.answers(claim)) {
            return error(
                    claim, measured, "this measures something else: " + measured.metric() + " of " + measured.scope());
        }
        if (measured.missing().isPresent()) {
            return error(claim, measured, measured.missing().get());
        }
        if (measured.rows() < claim.leastRows()) {
            return error(claim, measured, measured.rows() + " rows; at least " + claim.leastRows() + " are needed");
        }
        if (measured.rarer() < claim.leastRarer()) {
            return error(
                    claim,
                    measured,
                    measured.rarer() + " rows of the rarer class; at least " + claim.leastRarer() + " are needed");
        }
        return judge(
                claim,
                measured,
                measured.difference().orElseThrow(),
                measured.bounds().orElseThrow());
    }

    private static Judged error(Claim claim, Measurement measured, String why) {
        Optional<Double> none = Optional.empty();
        return new Judged(claim, measured, none, none, none, none, none, Optional.empty(), Verdict.ERROR, why);
    }

    private static Judged judge(Claim claim, Measurement measured, PairedDifference value, Bounds bounds) {
        double level = claim.levelOrUsual();
        double lower = bounds.lower(1 - level);
        double upper = bounds.upper(1 - level);
        Limits limits = Limits.of(claim);
        Verdict verdict = verdict(claim, bounds, level);
        boolean isOpen = verdict == Verdict.INCONCLUSIVE;
        return new Judged(
                claim,
                measured,
                Optional.of(lower),
                Optional.of(upper),
                Optional.of(limits.chanceOfProof(bounds)),
                Optional.of(limits.chanceOfHarm(bounds)),
                limits.power(value, level),
                isOpen ? limits.rowsNeeded(value, level) : Optional.empty(),
                verdict,
                reason(verdict, limits));
    }

    private static Verdict verdict(Claim claim, Bounds bounds, double level) {
        Better better = claim.metric().better();
        return switch (claim.bound()) {
            case Bound.NotWorse not -> Judgement.nonInferiority(bounds, better, not.margin(), level, level);
            case Bound.Better gains -> Judgement.superiority(bounds, better, gains.gain(), 0, level, level);
            case Bound.AtLeast at ->
                Judgement.bound(bounds.lower(1 - level), bounds.upper(1 - level), Better.HIGHER, at.limit());
            case Bound.AtMost at ->
                Judgement.bound(bounds.lower(1 - level), bounds.upper(1 - level), Better.LOWER, at.limit());
        };
    }

    private static String reason(Verdict verdict, Limits limits) {
        return switch (verdict) {
            case PASS -> "proved";
            case HARM -> "proved to be beyond " + limits.harmText();
            case INCONCLUSIVE -> "neither proved nor refuted: the bounds enclose " + limits.proofText();
            case ERROR -> "not judged";
        };
    }

    /**
     * Where proof begins and where harm begins, on the scale of the measured value.
     *
     * @param upward whether greater values are better
     * @param toleratesEqual whether two equally good models fulfil the claim
     */
    private record Limits(double proof, double harm, boolean upward, boolean toleratesEqual) {

        static Limits of(Claim claim) {
            boolean upward = claim.metric().better() == Better.HIGHER;
            double turn = upward ? 1 : -1;
            return switch (claim.bound()) {
                case Bound.NotWorse not -> new Limits(-turn * not.margin(), -turn * not.margin(), upward, true);
                case Bound.Better better -> new Limits(turn * better.gain(), 0, upward, false);
                case Bound.AtLeast at -> new Limits(at.limit(), at.limit(), true, false);
                case Bound.AtMost at -> new Limits(at.limit(), at.limit(), false, false);
            };
        }

        double chanceOfProof(Bounds bounds) {
            return upward ? bounds.pValueAbove(proof) : bounds.pValueBelow(proof);
        }

        double chanceOfHarm(Bounds bounds) {
            return upward ? bounds.pValueBelow(harm) : bounds.pValueAbove(harm);
        }

        /** How far on the good side of the limit the truth is taken to lie: equal models, else what was measured. */
        private double distance(PairedDifference value) {
            double truth = toleratesEqual ? 0 : value.difference();
            return upward ? truth - proof : proof - truth;
        }

        Optional<Double> power(PairedDifference value, double level) {
            return value.standardError() > 0 && toleratesEqual
                    ? Optional.of(Power.of(value.standardError(), distance(value), 0, level))
                    : Optional.empty();
        }

        Optional<Long> rowsNeeded(PairedDifference value, double level) {
            double distance = distance(value);
            if (!(distance > 0 && value.standardError() > 0)) {
                return Optional.empty();
            }
            double deviation = value.standardError() * Math.sqrt(value.rows());
            long needed = Power.unitsNeeded(deviation, distance, 0, level, WISHED_POWER);
            return needed > value.rows() ? Optional.of(needed) : Optional.empty();
        }

        String proofText() {
            return String.valueOf(proof + 0.0); // no person reads a negative zero
        }

        String harmText() {
            return String.valueOf(harm + 0.0);
        }
    }
}
