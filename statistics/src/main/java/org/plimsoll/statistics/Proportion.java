package org.plimsoll.statistics;

import org.apache.commons.statistics.distribution.BetaDistribution;
import org.plimsoll.core.Problem;

/**
 * An observed share with exact bounds after Clopper and Pearson [1], never below nominal coverage, for any number of trials.
 *
 * <p>Formula: the bounds are quantiles of Beta laws, {@code lower(c) = Beta⁻¹(1 − c; k, n − k + 1)} and {@code upper(c) = Beta⁻¹(c; k + 1, n − k)}
 * for k successes in n trials; p-values are the binomial tails {@code P(X ≥ k)} and {@code P(X ≤ k)} (SciPy {@code binomtest}). Assumes
 * independent trials; for rows that share luck use {@link ClusterRobust}. O(1). No trials, more successes than trials: a Problem.
 *
 * <p>[1] C. Clopper, E. Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial", Biometrika 26, 1934.
 *
 * @param successes trials that succeeded
 * @param trials all trials, one or more
 */
public record Proportion(long successes, long trials) implements Bounds {

    public Proportion {
        if (trials <= 0) {
            throw Inputs.undefined("interval", "there are no trials");
        }
        if (successes < 0 || successes > trials) {
            throw Problem.invalid("successes", successes, "from 0 to the " + trials + " trials");
        }
    }

    /** Successes by trials, from 0 to 1. */
    public double share() {
        return successes / (double) trials;
    }

    @Override
    public double lower(double confidence) {
        Inputs.fraction("confidence", confidence);
        return successes == 0 ? 0 : atLeast().inverseSurvivalProbability(confidence);
    }

    @Override
    public double upper(double confidence) {
        Inputs.fraction("confidence", confidence);
        return successes == trials ? 1 : atMost().inverseCumulativeProbability(confidence);
    }

    /** P(X ≥ successes) if each trial succeeded with chance {@code bound}. */
    @Override
    public double pValueAbove(double bound) {
        Inputs.finite("bound", bound);
        return successes == 0 ? 1 : atLeast().cumulativeProbability(bound);
    }

    /** P(X ≤ successes) if each trial succeeded with chance {@code bound}. */
    @Override
    public double pValueBelow(double bound) {
        Inputs.finite("bound", bound);
        return successes == trials ? 1 : atMost().survivalProbability(bound);
    }

    /** The law whose distribution function at p is the chance of so many successes or more. */
    private BetaDistribution atLeast() {
        return BetaDistribution.of(successes, trials - successes + 1.0);
    }

    /** The law whose survival function at p is the chance of so many successes or fewer. */
    private BetaDistribution atMost() {
        return BetaDistribution.of(successes + 1.0, (double) trials - successes);
    }
}
