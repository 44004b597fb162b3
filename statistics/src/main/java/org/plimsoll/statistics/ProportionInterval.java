package org.plimsoll.statistics;

import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Two-sided intervals for a share, and for the difference of two, from counts. O(1). No trials, more successes than trials: a Problem.
 *
 * <p>Independent trials; for rows that share luck use {@link ClusterRobust}.
 */
public record ProportionInterval(double lower, double upper) {

    /** Wilson's score interval [1] (statsmodels {@code proportion_confint(method='wilson')}): right on average, good for display. */
    public static ProportionInterval wilson(long successes, long trials, double confidence) {
        double z = quantile(confidence);
        double n = trials;
        double share = new Proportion(successes, trials).share();
        double centre = (share + z * z / (2 * n)) / (1 + z * z / n);
        double reach = z / (1 + z * z / n) * Math.sqrt(share * (1 - share) / n + z * z / (4 * n * n));
        double lower = successes == 0 ? 0 : centre - reach;
        double upper = successes == trials ? 1 : centre + reach;
        return new ProportionInterval(lower, upper);
    }

    /** Clopper and Pearson's exact interval (statsmodels {@code method='beta'}, {@link Proportion}): never below nominal coverage. */
    public static ProportionInterval clopperPearson(long successes, long trials, double confidence) {
        Proportion proportion = new Proportion(successes, trials);
        double side = (1 + Inputs.fraction("confidence", confidence)) / 2;
        return new ProportionInterval(proportion.lower(side), proportion.upper(side));
    }

    /**
     * Newcombe's interval for {@code first − second} of independent samples (statsmodels {@code
     * confint_proportions_2indep(method='newcomb')}): {@code d − √((p₁ − l₁)² + (u₂ − p₂)²)} to {@code d + √((u₁ − p₁)² + (p₂ −
     * l₂)²)} from Wilson bounds.
     */
    public static ProportionInterval newcombe(
            long successes, long trials, long otherSuccesses, long otherTrials, double confidence) {
        ProportionInterval first = wilson(successes, trials, confidence);
        ProportionInterval second = wilson(otherSuccesses, otherTrials, confidence);
        double p = successes / (double) trials;
        double q = otherSuccesses / (double) otherTrials;
        return new ProportionInterval(
                p - q - Math.hypot(p - first.lower, second.upper - q),
                p - q + Math.hypot(first.upper - p, q - second.lower));
    }

    /**
     * Newcombe's interval for the difference of paired shares [2, method 10]: as above with a term for the correlation φ of the
     * pairs, {@code √(x² − 2φxy + y²)}, φ with continuity correction.
     *
     * @param both rows with both successes
     * @param firstOnly rows with the first alone
     * @param secondOnly rows with the second alone
     * @param neither rows with none
     */
    public static ProportionInterval newcombePaired(
            long both, long firstOnly, long secondOnly, long neither, double confidence) {
        long trials = Inputs.count("both", both)
                + Inputs.count("first_only", firstOnly)
                + Inputs.count("second_only", secondOnly)
                + Inputs.count("neither", neither);
        ProportionInterval first = wilson(both + firstOnly, trials, confidence);
        ProportionInterval second = wilson(both + secondOnly, trials, confidence);
        double p = (both + firstOnly) / (double) trials;
        double q = (both + secondOnly) / (double) trials;
        double phi = correlation(both, firstOnly, secondOnly, neither);
        double down = p - first.lower;
        double downOther = second.upper - q;
        double up = first.upper - p;
        double upOther = q - second.lower;
        return new ProportionInterval(
                p - q - root(down * down - 2 * phi * down * downOther + downOther * downOther),
                p - q + root(up * up - 2 * phi * up * upOther + upOther * upOther));
    }

    private static double root(double square) {
        return Math.sqrt(Math.max(0, square));
    }

    /** φ of a 2×2 table; a positive cross difference is lessened by half the rows, not below 0. */
    private static double correlation(double both, double firstOnly, double secondOnly, double neither) {
        double scale = Math.sqrt(both + firstOnly)
                * Math.sqrt(secondOnly + neither)
                * Math.sqrt(both + secondOnly)
                * Math.sqrt(firstOnly + neither);
        if (scale == 0) {
            return 0;
        }
        double cross = both * neither - firstOnly * secondOnly;
        double corrected = cross > 0 ? Math.max(0, cross - (both + firstOnly + secondOnly + neither) / 2) : cross;
        return corrected / scale;
    }

    private static double quantile(double confidence) {
        return NormalDistribution.of(0, 1)
                .inverseCumulativeProbability((1 + Inputs.fraction("confidence", confidence)) / 2);
    }
}
