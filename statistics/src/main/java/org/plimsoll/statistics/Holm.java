package org.plimsoll.statistics;

/**
 * Holm's step-down correction: the chance of any false rejection stays at the level, whatever the dependence (statsmodels
 * {@code multipletests(method='holm')}).
 *
 * <p>Formula [1]: sorted ascending, {@code p̃_(k) = max_{j≤k} min(1, (K − j + 1)·p_(j))}. O(K log K). Each p in [0, 1]; none at
 * all or NaN: a Problem.
 *
 * <p>[1] S. Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statistics 6, 1979.
 */
public final class Holm {

    private Holm() {}

    /** Adjusted p-values in the given order; reject where at or below the level. */
    public static double[] adjust(double[] pValues) {
        Inputs.probabilities("p_values", pValues);
        int[] order = Order.ascending(pValues);
        double[] adjusted = new double[pValues.length];
        double greatest = 0;
        for (int k = 0; k < order.length; k++) {
            greatest = Math.max(greatest, Math.min(1, (order.length - k) * pValues[order[k]]));
            adjusted[order[k]] = greatest;
        }
        return adjusted;
    }
}
