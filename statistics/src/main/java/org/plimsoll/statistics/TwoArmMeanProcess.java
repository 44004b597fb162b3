package org.plimsoll.statistics;

import org.plimsoll.core.Problem;

/**
 * Anytime-valid evidence that the mean of numbers in [0, 1] is higher in the canary's arm than in the champion's by more than a
 * tolerance, when each row was routed at random.
 *
 * <p>With share w a row yields {@code Y = (x − ½)/w} in the canary and {@code −(x − ½)/(1 − w)} in the champion; its mean is the
 * difference of the arms' means. The payoff {@code (Y − δ)/(R + δ)}, {@code R = ½/min(w, 1 − w)}, is at least −1 and at most 0 on
 * average under the null, so the bets of {@link BoundedMeanProcess} apply; the share may change from row to row. For harm by
 * lower values feed {@code 1 − x}.
 *
 * <p>State: δ, a count and nine sums, additive over shards. A step is O(1). Needs real random routing with the logged share.
 * Mutable; one thread at a time. x outside [0, 1] or NaN: a Problem. Sources: the weights are
 * those of D. Horvitz, D. Thompson, J. Amer. Statist. Assoc. 47, 1952; the bets those of {@link BoundedMeanProcess}.
 */
public final class TwoArmMeanProcess {

    private final double tolerated;
    private final Wealth wealth;
    private long observations;

    /** @param tolerated greatest difference canary − champion under the null, strictly between −1 and 1 */
    public TwoArmMeanProcess(double tolerated) {
        this(tolerated, 0, new double[Wealth.BETS]);
    }

    /** Continues from a stored state. */
    public TwoArmMeanProcess(double tolerated, long observations, double[] logWealth) {
        if (!(tolerated > -1 && tolerated < 1)) {
            throw Problem.invalid("tolerated", tolerated, "a number strictly between -1 and 1");
        }
        this.tolerated = tolerated;
        this.observations = Inputs.count("observations", observations);
        this.wealth = new Wealth(logWealth);
    }

    /**
     * One row.
     *
     * @param share the canary's share when the row was routed, at least 1e-6 and at most 1 − 1e-6
     */
    public void add(boolean canary, double x, double share) {
        if (!(x >= 0 && x <= 1)) {
            throw Problem.invalid("x", x, "a number from 0 to 1");
        }
        if (!(share >= 1e-6 && share <= 1 - 1e-6)) {
            throw Problem.invalid("share", share, "a share from 1e-6 to 1 - 1e-6");
        }
        double estimate = canary ? (x - 0.5) / share : (0.5 - x) / (1 - share);
        double reach = 0.5 / Math.min(share, 1 - share);
        wealth.add(Math.max(-1, (estimate - tolerated) / (reach + tolerated)));
        observations++;
    }

    /** Adds the evidence of other rows under the same null. */
    public void merge(TwoArmMeanProcess other) {
        if (other.tolerated != tolerated) {
            throw Problem.invalid("tolerated", other.tolerated, "that of the other process, " + tolerated);
        }
        wealth.merge(other.wealth);
        observations += other.observations;
    }

    /** ln E. At or above ln(1/α) the null is rejected at level α. */
    public double logE() {
        return wealth.logE();
    }

    /** How many rows the evidence rests on. */
    public long observations() {
        return observations;
    }

    /** The nine sums to store. */
    public double[] logWealth() {
        return wealth.logs();
    }
}
