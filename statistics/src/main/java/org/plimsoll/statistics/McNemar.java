package org.plimsoll.statistics;

import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * Whether two models err on the same rows equally often, from the rows on which just one of them is right. Two-sided; proves a
 * difference, not non-inferiority (for that: {@link Tango}).
 *
 * <p>Under the null the b rows won by one model are Binomial(b + c, ½). Assumes independent rows. No discordant row: p = 1. A
 * negative count: a Problem. O(b + c) at most. Sources: [1] Q. McNemar, Psychometrika 12, 1947; [2] M. Fagerland, S. Lydersen, P. Laake, "The
 * McNemar test for binary matched-pairs data: mid-p and asymptotic are better than exact conditional", BMC Med. Res. Methodol. 13, 2013.
 */
public final class McNemar {

    private McNemar() {}

    /** Exact p-value (statsmodels {@code mcnemar(exact=True)}): {@code min(1, 2·P(X ≤ min(b, c)))}. Never above nominal size. */
    public static double exact(int candidateOnly, int championOnly) {
        int fewer = fewer(candidateOnly, championOnly);
        return Math.min(1, 2 * law(candidateOnly, championOnly).cumulativeProbability(fewer));
    }

    /** Mid-p value: {@code 2·(P(X < min) + ½P(X = min))}, at most 1; closer to nominal size than {@link #exact}. */
    public static double midP(int candidateOnly, int championOnly) {
        int fewer = fewer(candidateOnly, championOnly);
        BinomialDistribution law = law(candidateOnly, championOnly);
        return Math.min(1, 2 * law.cumulativeProbability(fewer) - law.probability(fewer));
    }

    private static int fewer(int candidateOnly, int championOnly) {
        Inputs.count("candidate_only", candidateOnly);
        Inputs.count("champion_only", championOnly);
        return Math.min(candidateOnly, championOnly);
    }

    private static BinomialDistribution law(int candidateOnly, int championOnly) {
        return BinomialDistribution.of(Math.addExact(candidateOnly, championOnly), 0.5);
    }
}
