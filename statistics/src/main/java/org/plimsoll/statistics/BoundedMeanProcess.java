package org.plimsoll.statistics;

import org.plimsoll.core.Problem;

/**
 * Anytime-valid evidence that the mean of numbers in [0, 1] exceeds a supposed one. For the other direction feed {@code 1 − x}
 * against {@code 1 − m}.
 *
 * <p>Formula [1]: {@code E = mean over k of Π(1 + λ_k(x_i − m₀))}, {@code λ_k = 0.9/m₀·2^−k}, k = 0…8; ln E is the log evidence,
 * 1/α rejects. Assumes only that each x has conditional mean at most m₀ under the null; no independence, no fixed number of
 * looks. Paired use: x = (1 + candidate loss − champion loss)/2. Where losses are 0 or 1 use {@link PairedLosses}, whose whole
 * state is three integers.
 *
 * <p>State: m₀, a count and nine sums, which add up over shards (to 1e-12 relative). A step is O(1), under 50 ns. Mutable; one
 * thread at a time. x outside [0, 1] or NaN: a Problem.
 *
 * <p>[1] I. Waudby-Smith, A. Ramdas, J. Royal Statistical Society B 86, 2024.
 */
public final class BoundedMeanProcess {

    private final double nullMean;
    private final Wealth wealth;
    private long observations;

    /** @param nullMean greatest mean under the null, from 1e-9 to 1 − 1e-9 */
    public BoundedMeanProcess(double nullMean) {
        this(nullMean, 0, new double[Wealth.BETS]);
    }

    /** Continues from a stored state. */
    public BoundedMeanProcess(double nullMean, long observations, double[] logWealth) {
        if (!(nullMean >= 1e-9 && nullMean <= 1 - 1e-9)) {
            throw Problem.invalid("null_mean", nullMean, "a number from 1e-9 to 1 - 1e-9");
        }
        this.nullMean = nullMean;
        this.observations = Inputs.count("observations", observations);
        this.wealth = new Wealth(logWealth);
    }

    /** One observation, in [0, 1]. */
    public void add(double x) {
        if (!(x >= 0 && x <= 1)) {
            throw Problem.invalid("x", x, "a number from 0 to 1");
        }
        wealth.add((x - nullMean) / nullMean);
        observations++;
    }

    /** Adds the evidence of other observations under the same null. */
    public void merge(BoundedMeanProcess other) {
        if (other.nullMean != nullMean) {
            throw Problem.invalid("null_mean", other.nullMean, "that of the other process, " + nullMean);
        }
        wealth.merge(other.wealth);
        observations += other.observations;
    }

    /** ln E. At or above ln(1/α) the null is rejected at level α. */
    public double logE() {
        return wealth.logE();
    }

    /** The greatest mean under the null, m₀. */
    public double nullMean() {
        return nullMean;
    }

    /** How many observations the evidence rests on. */
    public long observations() {
        return observations;
    }

    /** The nine sums to store. */
    public double[] logWealth() {
        return wealth.logs();
    }
}
