package org.plimsoll.statistics;

import org.plimsoll.core.Problem;
import org.plimsoll.core.Verdict;

/**
 * What a difference and its bounds mean against a margin.
 *
 * <p>Differences are turned first so that positive is better for the candidate. With one-sided bounds L and U: non-inferiority
 * is PASS when {@code L > −margin}, HARM when {@code U < −margin}, else INCONCLUSIVE; superiority is PASS when {@code L > gain}. A
 * bound that is no number is ERROR. Many judgements together are as bad as the worst ({@link Verdict#worst}).
 */
public final class Judgement {

    /** Which way a metric improves. */
    public enum Better {
        HIGHER,
        LOWER
    }

    private Judgement() {}

    /**
     * Is the candidate not worse than the champion by more than the margin?
     *
     * @param margin how much worse is tolerated, 0 or more, in the metric's unit
     * @param passLevel one-sided chance of passing a candidate that is worse by just the margin, such as 0.05
     * @param harmLevel one-sided chance of calling harm where there is none beyond the margin
     */
    public static Verdict nonInferiority(
            Bounds difference, Better better, double margin, double passLevel, double harmLevel) {
        Inputs.fraction("pass_level", passLevel);
        Inputs.fraction("harm_level", harmLevel);
        return switch (better) {
            case HIGHER -> nonInferiority(difference.lower(1 - passLevel), difference.upper(1 - harmLevel), margin);
            case LOWER -> nonInferiority(-difference.upper(1 - passLevel), -difference.lower(1 - harmLevel), margin);
        };
    }

    /** The same from bounds of a difference in which positive is better. */
    public static Verdict nonInferiority(double lower, double upper, double margin) {
        return superiority(lower, upper, -Inputs.notNegative("margin", margin), margin);
    }

    /**
     * Is the candidate better by more than {@code gain}?
     *
     * @param gain by how much it must be better, 0 or more
     * @param margin beyond this much worse is HARM, 0 or more
     */
    public static Verdict superiority(
            Bounds difference, Better better, double gain, double margin, double passLevel, double harmLevel) {
        Inputs.fraction("pass_level", passLevel);
        Inputs.fraction("harm_level", harmLevel);
        Inputs.notNegative("gain", gain);
        return switch (better) {
            case HIGHER -> superiority(difference.lower(1 - passLevel), difference.upper(1 - harmLevel), gain, margin);
            case LOWER -> superiority(-difference.upper(1 - passLevel), -difference.lower(1 - harmLevel), gain, margin);
        };
    }

    /** PASS above {@code atLeast}, HARM below −margin; positive is better. */
    private static Verdict superiority(double lower, double upper, double atLeast, double margin) {
        Inputs.notNegative("margin", margin);
        if (Double.isNaN(lower) || Double.isNaN(upper)) {
            return Verdict.ERROR;
        }
        if (upper < -margin) {
            return Verdict.HARM;
        }
        return lower > atLeast ? Verdict.PASS : Verdict.INCONCLUSIVE;
    }

    /** Does a metric stay above a floor (or below a ceiling)? PASS and HARM when a bound proves it. */
    public static Verdict bound(double lower, double upper, Better better, double limit) {
        if (Double.isNaN(limit)) {
            throw Problem.invalid("limit", limit, "a number");
        }
        double low = better == Better.HIGHER ? lower - limit : limit - upper;
        double high = better == Better.HIGHER ? upper - limit : limit - lower;
        if (Double.isNaN(low) || Double.isNaN(high)) {
            return Verdict.ERROR;
        }
        if (high < 0) {
            return Verdict.HARM;
        }
        return low >= 0 ? Verdict.PASS : Verdict.INCONCLUSIVE;
    }
}
