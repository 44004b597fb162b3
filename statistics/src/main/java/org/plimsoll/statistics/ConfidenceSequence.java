package org.plimsoll.statistics;

import java.util.function.DoublePredicate;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.hipparchus.special.Beta;

/**
 * Intervals that hold at all times at once: however often anyone looks, the truth ever leaves them with probability at most
 * {@code level}. All states are counts and sums, so shards merge. Each is O(1).
 *
 * <p>Sources: [1] S. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence
 * sequences", Annals of Statistics 49, 2021, and the package confseq; [2] I. Waudby-Smith, D. Arbour, R. Sinha, E. Kennedy, A.
 * Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics 52, 2024.
 *
 * @param lower never above {@code upper}
 */
public record ConfidenceSequence(double lower, double upper) {

    public ConfidenceSequence {
        if (Double.isNaN(lower) || Double.isNaN(upper)) {
            throw Inputs.undefined("confidence sequence", "a bound is no number");
        }
    }

    /**
     * Two-sided normal mixture boundary (confseq {@code normal_mixture_bound(is_one_sided=False)}): a sum of mean-zero terms with
     * intrinsic variance v stays within {@code √((v + ρ)(ln(1 + v/ρ) + 2 ln(1/α)))}, {@code ρ = v_opt/(2 ln(1/α) + ln(1 + 2 ln(1/α)))}
     * [1]. For terms in an interval of width 1, v = n/4.
     *
     * @param variance v, 0 or more
     * @param tunedTo the v at which the boundary should be tightest
     */
    public static double normalMixture(double variance, double tunedTo, double level) {
        Inputs.notNegative("variance", variance);
        double rho = rho(Inputs.positive("tuned_to", tunedTo), Inputs.fraction("level", level));
        return Math.sqrt((variance + rho) * (Math.log1p(variance / rho) - 2 * Math.log(level)));
    }

    /**
     * One-sided normal mixture boundary (confseq {@code normal_mixture_bound}): the sum that solves {@code ½ ln(4ρ/(v + ρ)) +
     * s²/(2(v + ρ)) + ln Φ(s/√(v + ρ)) = ln(1/α)} [1], found by bisection to 1e-14 relative; ρ tuned at 2α.
     */
    public static double oneSidedNormalMixture(double variance, double tunedTo, double level) {
        Inputs.notNegative("variance", variance);
        Inputs.fraction("level", level);
        double rho = rho(Inputs.positive("tuned_to", tunedTo), Math.min(2 * level, Math.nextDown(1.0)));
        double scale = variance + rho;
        double limit = -Math.log(level);
        NormalDistribution normal = NormalDistribution.of(0, 1);
        double high = Math.sqrt(2 * scale * (limit + 1 + Math.log1p(variance / rho)));
        return crossing(
                0,
                2 * high,
                s -> 0.5 * Math.log(4 * rho / scale)
                                + s * s / (2 * scale)
                                + Math.log(normal.cumulativeProbability(s / Math.sqrt(scale)))
                        < limit);
    }

    /** ρ for which the two-sided boundary is tightest at v. */
    private static double rho(double tunedTo, double level) {
        double twice = -2 * Math.log(level);
        return tunedTo / (twice + Math.log1p(twice));
    }

    /**
     * For a chance of success, from counts (confseq {@code bernoulli_confidence_interval}): every p at which the two-sided
     * beta-binomial mixture does not exceed 1/level. Also valid for sums of numbers in [0, 1].
     *
     * @param successes number or sum, 0 to trials
     * @param tunedTo the number of trials at which the interval should be tightest
     */
    public static ConfidenceSequence bernoulli(double successes, long trials, double level, double tunedTo) {
        if (trials <= 0) {
            throw Inputs.undefined("confidence sequence", "there are no trials");
        }
        Inputs.notNegative("successes", successes);
        Inputs.notNegative("failures", trials - successes);
        Inputs.positive("tuned_to", tunedTo);
        double limit = -Math.log(Inputs.fraction("level", level));
        double share = successes / trials;
        double lower = share == 0 ? 0 : crossing(0, share, p -> betaBinomial(p, successes, trials, tunedTo) > limit);
        double upper = share == 1 ? 1 : crossing(share, 1, p -> betaBinomial(p, successes, trials, tunedTo) <= limit);
        return new ConfidenceSequence(lower, upper);
    }

    /** ln of the mixture likelihood ratio of a supposed p; the mixing weight is tuned at level 0.05 as in confseq. */
    private static double betaBinomial(double p, double successes, double trials, double tunedTo) {
        double variance = p * (1 - p);
        double r = Math.max(rho(variance * tunedTo, 0.05) - variance, 1e-3 * variance);
        double failures = trials - successes;
        return -successes * Math.log(p)
                - failures * Math.log1p(-p)
                + Beta.logBeta(r / p + failures, r / (1 - p) + successes)
                - Beta.logBeta(r / p, r / (1 - p));
    }

    /**
     * For any mean, from moments, asymptotically [2]: {@code mean ± s·√(2(nρ² + 1)/(n²ρ²) · ln(√(nρ² + 1)/α))}, ρ tuned to n_opt. The
     * guarantee begins after a burn-in; fewer than 100 values: a Problem. Assumes independent values with finite variance.
     *
     * @param tunedTo the number of values at which the interval should be tightest
     */
    public static ConfidenceSequence asymptotic(Moments moments, double level, double tunedTo) {
        if (moments.count() < 100) {
            throw Inputs.undefined("asymptotic confidence sequence", "it needs a burn-in of 100 values");
        }
        double deviation = Math.sqrt(moments.sampleVariance());
        double radius = deviation * normalMixture(moments.count(), tunedTo, level) / moments.count();
        return new ConfidenceSequence(moments.mean() - radius, moments.mean() + radius);
    }

    /** The last double before which a condition holds that ends once, by bisection to neighbouring doubles. */
    private static double crossing(double low, double high, DoublePredicate holds) {
        while (true) {
            double middle = low + (high - low) / 2;
            if (middle <= low || middle >= high) {
                return middle;
            }
            if (holds.test(middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
    }
}
