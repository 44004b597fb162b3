package org.plimsoll.statistics;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.plimsoll.core.Problem;

/**
 * When labels arrive: the share of rows whose outcome is known at each age, from arrived and still waiting rows (lifelines {@code
 * KaplanMeierFitter}).
 *
 * <p>Formula [1]: over distinct ages t at which labels arrived, {@code S(t) = Π(1 − d/n)} with d arrivals among n rows still
 * waiting just before; the delay curve is 1 − S. Rows that left at the same age count as waiting through it. Greenwood's variance
 * {@code S²·Σ d/(n(n − d))}; the interval is the exponential one of lifelines, {@code S^exp(±z·√V/ln S)}. Assumes that rows still
 * waiting are not waiting because of what their outcome will be: fit one curve per class where they are. O(n log n). Ages finite,
 * 0 or more; no rows: a Problem.
 *
 * <p>[1] E. Kaplan, P. Meier, J. American Statistical Association 53, 1958.
 *
 * @param ages ascending ages at which labels arrived
 * @param waiting S just after each age
 * @param greenwood Σ d/(n(n − d)) up to each age; +∞ once nobody waits
 */
public record KaplanMeier(double[] ages, double[] waiting, double[] greenwood) {

    /** A product of shares that is 0.8 on paper may be 0.8000000000000002. */
    private static final double ROUNDING = 1e-12;

    public KaplanMeier {
        Inputs.sameLength("waiting", waiting.length, "ages", ages.length);
        Inputs.sameLength("greenwood", greenwood.length, "ages", ages.length);
        Inputs.ascending("ages", ages);
        for (int k = 0; k < ages.length; k++) {
            if (!(waiting[k] >= 0 && waiting[k] <= 1 && greenwood[k] >= 0)) {
                throw Problem.invalid(
                        "waiting[" + k + "], greenwood[" + k + "]",
                        waiting[k] + ", " + greenwood[k],
                        "a share, and a number that is not negative");
            }
        }
    }

    /**
     * @param ages of each row: at its label's arrival, or now if it still waits
     * @param arrived whether the label has arrived
     */
    public static KaplanMeier fit(double[] ages, boolean[] arrived) {
        Inputs.sameLength("arrived", arrived.length, "ages", ages.length);
        Inputs.finite("ages", ages);
        int[] order = Order.ascending(ages);
        Inputs.notNegative("age", ages[order[0]]);
        double[] times = new double[ages.length];
        double[] survival = new double[ages.length];
        double[] greenwood = new double[ages.length];
        int steps = 0;
        double still = 1;
        double sum = 0;
        for (int start = 0; start < order.length; ) {
            int end = Order.endOfTie(ages, order, start);
            double arrivals = 0;
            for (int k = start; k < end; k++) {
                arrivals += arrived[order[k]] ? 1 : 0;
            }
            double atRisk = order.length - start;
            if (arrivals > 0) {
                still *= 1 - arrivals / atRisk;
                sum += arrivals / (atRisk * (atRisk - arrivals));
                times[steps] = ages[order[start]];
                survival[steps] = still;
                greenwood[steps++] = sum;
            }
            start = end;
        }
        return new KaplanMeier(
                Arrays.copyOf(times, steps), Arrays.copyOf(survival, steps), Arrays.copyOf(greenwood, steps));
    }

    /** The share of rows whose label has arrived by this age: the delay curve, 0 before the first arrival. */
    public double arrivedBy(double age) {
        int steps = Quantile.countNotAbove(ages, Inputs.notNegative("age", age));
        return steps == 0 ? 0 : 1 - waiting[steps - 1];
    }

    /** Two-sided interval of {@link #arrivedBy}; degenerate where the curve is 0 or 1. */
    public double[] arrivedInterval(double age, double confidence) {
        Inputs.fraction("confidence", confidence);
        int steps = Quantile.countNotAbove(ages, Inputs.notNegative("age", age));
        if (steps == 0 || waiting[steps - 1] == 0) {
            double share = arrivedBy(age);
            return new double[] {share, share};
        }
        double logarithm = Math.log(waiting[steps - 1]);
        double z = NormalDistribution.of(0, 1).inverseCumulativeProbability((1 + confidence) / 2);
        double reach = z * Math.sqrt(greenwood[steps - 1]) / Math.abs(logarithm);
        return new double[] {1 - Math.exp(logarithm * Math.exp(-reach)), 1 - Math.exp(logarithm * Math.exp(reach))};
    }

    /** The age by which at least this share has arrived; a Problem when the curve does not get there. */
    public double ageOf(double share) {
        Inputs.fraction("share", share);
        for (int k = 0; k < ages.length; k++) {
            if (1 - waiting[k] >= share - ROUNDING) {
                return ages[k];
            }
        }
        throw Inputs.undefined("age", "too few labels have arrived for a share of " + share);
    }
}
