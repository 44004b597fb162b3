package org.plimsoll.statistics;

import org.plimsoll.core.Problem;

/**
 * The wealth of nine gamblers, each betting a fixed share of what it has, started with one coin: an e-process.
 *
 * <p>A payoff g is at least −1 and, if the null is true, at most 0 on average given the past. Gambler k bets {@code λ_k =
 * 0.9·2^−k}, so its wealth {@code Π(1 + λ_k·g)} is a supermartingale, and so is the mean over gamblers [1]. Fixed bets make the
 * state additive: log wealths of shards add up, whatever the order. Anyone may look at any time: under the null the evidence
 * ever reaches 1/α with probability at most α (Ville).
 *
 * <p>Factors are multiplied and only every 16 steps turned into logarithms, which keeps a step under 50 ns; 16 factors stay far
 * inside the range of doubles because each lies between 0.1 and 1 + 0.9·greatest payoff and payoffs are at most 1e12. Rounding
 * of the log wealth is below {@code 2^-52} a step. Mutable; one thread at a time.
 *
 * <p>[1] I. Waudby-Smith, A. Ramdas, "Estimating means of bounded random variables by betting", J. Royal Statistical Society B
 * 86, 2024.
 */
final class Wealth {

    static final int BETS = 9;
    private static final int STEPS_BETWEEN_LOGARITHMS = 16;

    private final double[] logs;
    private final double[] product = Inputs.ones(BETS);
    private int pending;

    Wealth() {
        this(new double[BETS]);
    }

    /** Continues from stored log wealths. */
    Wealth(double[] logs) {
        Inputs.sameLength("log_wealth", logs.length, "the bets", BETS);
        for (double log : logs) {
            Inputs.finite("log_wealth", log);
        }
        this.logs = logs.clone();
    }

    static double bet(int k) {
        return Math.scalb(0.9, -k);
    }

    void add(double payoff) {
        if (!(payoff >= -1 && payoff <= 1e12)) {
            throw Problem.invalid("payoff", payoff, "a number from -1 to 1e12");
        }
        double bet = 0.9;
        for (int k = 0; k < BETS; k++) {
            product[k] *= 1 + bet * payoff;
            bet *= 0.5;
        }
        if (++pending == STEPS_BETWEEN_LOGARITHMS) {
            settle();
        }
    }

    void merge(Wealth other) {
        other.settle();
        for (int k = 0; k < BETS; k++) {
            logs[k] += other.logs[k];
        }
    }

    /** The log wealth of each gambler. */
    double[] logs() {
        settle();
        return logs.clone();
    }

    /** ln of the mean wealth: the log evidence against the null. */
    double logE() {
        return EValues.logMeanExp(logs());
    }

    private void settle() {
        for (int k = 0; k < BETS; k++) {
            logs[k] += Math.log(product[k]);
            product[k] = 1;
        }
        pending = 0;
    }
}
