package org.plimsoll.statistics;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.plimsoll.core.Problem;

/**
 * What a comparison can prove before it is run: power, units needed, provable margin.
 *
 * <p>For every test here that ends in {@code estimate ± z·SE}: with one-sided level α, margin m and true difference Δ (positive
 * is better), {@code power = Φ((m + Δ)/SE − z_{1−α})} and {@code n = (z_{1−α} + z_{power})²·σ²/(m + Δ)²} units with {@code SE =
 * σ/√n}. Superiority by a gain g is margin −g. σ per unit: {@link #deviationOfPairedProportions}, {@link #standardErrorOfAuc}, or
 * estimated from an earlier comparison as {@code SE·√units}. Anytime-valid tests: {@link #growthOfPairs}, {@link
 * #growthOfCounts}. Normal approximation: where it states 0.80 for 687 pairs, one in ten discordant, the exact chance is 0.7998 for
 * cluster t and 0.792 for {@link Tango}, whose standard error is that under the margin, not under the truth. O(1). Source:
 * S.-C. Chow, J. Shao, H. Wang, "Sample Size Calculations in Clinical Research", 2008, chapters 3 and 4.
 */
public final class Power {

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    private Power() {}

    /** Chance to prove non-inferiority when the true difference is {@code difference}. */
    public static double of(double standardError, double margin, double difference, double level) {
        Inputs.positive("standard_error", standardError);
        Inputs.finite("margin", margin);
        Inputs.finite("difference", difference);
        return NORMAL.cumulativeProbability((margin + difference) / standardError - quantile("level", 1 - level));
    }

    /** Units needed for the wished power, rounded up; a Problem when the true difference lies at or beyond the margin. */
    public static long unitsNeeded(double deviation, double margin, double difference, double level, double power) {
        Inputs.positive("deviation", deviation);
        Inputs.finite("margin", margin);
        Inputs.finite("difference", difference);
        if (!(margin + difference > 0)) {
            throw Inputs.undefined(
                    "sample size", "the supposed difference is not better than the margin, so nothing proves it");
        }
        double reach = (quantile("level", 1 - level) + quantile("power", power)) * deviation / (margin + difference);
        return (long) Math.ceil(Inputs.defined("sample size", reach * reach));
    }

    /** The smallest margin that {@code units} prove with the wished power when the true difference is {@code difference}. */
    public static double provableMargin(double deviation, double difference, long units, double level, double power) {
        Inputs.positive("deviation", deviation);
        Inputs.positive("units", units);
        Inputs.finite("difference", difference);
        double reach = quantile("level", 1 - level) + quantile("power", power);
        return reach * deviation / Math.sqrt(units) - difference;
    }

    /** σ per row of a paired difference of proportions: {@code √(discordance − Δ²)}; for cluster t and {@link Tango}. */
    public static double deviationOfPairedProportions(double discordance, double difference) {
        if (!(discordance > 0 && discordance <= 1 && Math.abs(difference) <= discordance)) {
            throw Problem.invalid("discordance", discordance, "a share above 0, at most 1, not less than |difference|");
        }
        return Math.sqrt(discordance - difference * difference);
    }

    /**
     * Standard error of a paired AUC difference, by Hanley and McNeil [1]: {@code Var(A) = (A(1−A) + (m−1)(Q₁−A²) +
     * (n−1)(Q₂−A²))/(mn)}, {@code Q₁ = A/(2−A)}, {@code Q₂ = 2A²/(1+A)}; the difference has {@code V_c + V_b − 2r√(V_c·V_b)}.
     *
     * <p>[1] J. Hanley, B. McNeil, Radiology 143, 1982, and 148, 1983.
     *
     * @param correlation of the two estimates, often 0.5 to 0.95 for models on the same rows
     */
    public static double standardErrorOfAuc(
            double candidate, double champion, double correlation, long positives, long negatives) {
        if (!(correlation >= -1 && correlation <= 1)) {
            throw Problem.invalid("correlation", correlation, "a number from -1 to 1");
        }
        Inputs.positive("positives", positives);
        Inputs.positive("negatives", negatives);
        double first = varianceOfAuc(Inputs.fraction("candidate", candidate), positives, negatives);
        double second = varianceOfAuc(Inputs.fraction("champion", champion), positives, negatives);
        return Math.sqrt(Math.max(0, first + second - 2 * correlation * Math.sqrt(first * second)));
    }

    private static double varianceOfAuc(double auc, double positives, double negatives) {
        double first = auc / (2 - auc);
        double second = 2 * auc * auc / (1 + auc);
        return (auc * (1 - auc) + (positives - 1) * (first - auc * auc) + (negatives - 1) * (second - auc * auc))
                / positives
                / negatives;
    }

    /**
     * Growth of log evidence per row of {@link PairedLosses}, at the best fixed bet of its grid: {@code max_k E[ln(1 + λ_k(X −
     * m₀))]}. About {@code ln(1/α)/growth} rows reach 1/α; 0 when no bet gains.
     *
     * @param worse chance that only the candidate errs
     * @param better chance that only the champion errs
     * @param tolerated harm under the null, candidate error − champion error
     */
    public static double growthOfPairs(double worse, double better, double tolerated) {
        double none = 1 - worse - better;
        if (!(worse >= 0 && better >= 0 && none >= 0)) {
            throw Problem.invalid("worse + better", worse + better, "shares of all rows");
        }
        double nullMean = PairedLosses.nullMean(tolerated);
        double greatest = 0;
        for (int k = 0; k < Wealth.BETS; k++) {
            double bet = Wealth.bet(k) / nullMean;
            greatest = Math.max(
                    greatest,
                    worse * Math.log1p(bet * (1 - nullMean))
                            + none * Math.log1p(bet * (0.5 - nullMean))
                            + better * Math.log1p(-bet * nullMean));
        }
        return greatest;
    }

    /** Growth of log evidence per event of {@link CountProcess} at true risk ratio {@code ratio}, at its best bet. */
    public static double growthOfCounts(CountProcess.Side side, double share, double nullRatio, double ratio) {
        Inputs.fraction("share", share);
        double truth = CountProcess.canaryShare(Inputs.positive("ratio", ratio), share);
        double[] logs = new CountProcess(side, nullRatio).logLikelihoods(share, truth, 1 - truth);
        double greatest = 0;
        for (double log : logs) {
            greatest = Math.max(greatest, log);
        }
        return greatest;
    }

    private static double quantile(String name, double probability) {
        return NORMAL.inverseCumulativeProbability(Inputs.fraction(name, probability));
    }
}
