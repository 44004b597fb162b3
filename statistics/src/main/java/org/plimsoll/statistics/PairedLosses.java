package org.plimsoll.statistics;

import org.plimsoll.core.Problem;

/**
 * Two models on the same rows, each right or wrong: three integers are the whole evidence, anytime-valid.
 *
 * <p>Each row has {@code X = (1 + candidate error − champion error)/2}, so 1, ½ or 0, and is fed to the grid of bets of
 * {@link BoundedMeanProcess}: {@code ln E = ln mean_k exp(worse·ln(1 + λ_k(1 − m₀)) + equal·ln(1 + λ_k(½ − m₀)) + better·ln(1 −
 * λ_k·m₀))}. Merging shards adds integers, bit-equal in any order. O(1). A
 * negative count: a Problem. Source: I. Waudby-Smith, A. Ramdas, "Estimating means of bounded random variables by betting", J. R. Statist.
 * Soc. B 86, 2024.
 *
 * @param worse rows on which only the candidate errs
 * @param equal rows on which both err or neither
 * @param better rows on which only the champion errs
 */
public record PairedLosses(long worse, long equal, long better) {

    /** No row yet. */
    public static final PairedLosses NONE = new PairedLosses(0, 0, 0);

    public PairedLosses {
        Inputs.count("worse", worse);
        Inputs.count("equal", equal);
        Inputs.count("better", better);
    }

    /** With one more row. */
    public PairedLosses add(boolean candidateErrs, boolean championErrs) {
        if (candidateErrs == championErrs) {
            return new PairedLosses(worse, equal + 1, better);
        }
        return candidateErrs ? new PairedLosses(worse + 1, equal, better) : new PairedLosses(worse, equal, better + 1);
    }

    /** With the rows of another shard. */
    public PairedLosses merge(PairedLosses other) {
        return new PairedLosses(worse + other.worse, equal + other.equal, better + other.better);
    }

    /** How many rows were compared. */
    public long rows() {
        return worse + equal + better;
    }

    /** ln E against "the candidate errs at most {@code tolerated} more often": evidence for a rollback. */
    public double logEvidenceOfHarm(double tolerated) {
        return logE(worse, better, nullMean(tolerated));
    }

    /** ln E against "the candidate errs at least {@code margin} more often": evidence to advance. */
    public double logEvidenceOfNonInferiority(double margin) {
        return logE(better, worse, 1 - nullMean(margin));
    }

    /** Mean of X when the candidate errs {@code difference} more often. */
    static double nullMean(double difference) {
        if (!(difference > -1 && difference < 1)) {
            throw Problem.invalid("difference", difference, "a number strictly between -1 and 1");
        }
        return (1 + difference) / 2;
    }

    private double logE(long ones, long zeros, double nullMean) {
        double[] logs = new double[Wealth.BETS];
        for (int k = 0; k < logs.length; k++) {
            double bet = Wealth.bet(k) / nullMean;
            logs[k] = ones * Math.log1p(bet * (1 - nullMean))
                    + equal * Math.log1p(bet * (0.5 - nullMean))
                    + zeros * Math.log1p(-bet * nullMean);
        }
        return EValues.logMeanExp(logs);
    }
}
