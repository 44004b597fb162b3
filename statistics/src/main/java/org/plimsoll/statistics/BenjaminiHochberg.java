package org.plimsoll.statistics;

/**
 * Benjamini–Hochberg step-up correction: the expected share of false discoveries stays at the level under independence or
 * positive dependence (statsmodels {@code multipletests(method='fdr_bh')}). For arbitrary dependence use {@link EValues}.
 *
 * <p>Formula [1]: sorted ascending, {@code p̃_(k) = min_{j≥k} min(1, K·p_(j)/j)}. O(K log K). Each p in [0, 1]; none at all or
 * NaN: a Problem.
 *
 * <p>[1] Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate", J. Royal Statistical Society B 57, 1995.
 */
public final class BenjaminiHochberg {

    private BenjaminiHochberg() {}

    /** Adjusted p-values in the given order; discover where at or below the level. */
    public static double[] adjust(double[] pValues) {
        Inputs.probabilities("p_values", pValues);
        int[] order = Order.ascending(pValues);
        double[] adjusted = new double[pValues.length];
        double least = 1;
        for (int k = order.length; k > 0; k--) {
            least = Math.min(least, pValues[order[k - 1]] / (k / (double) order.length));
            adjusted[order[k - 1]] = least;
        }
        return adjusted;
    }
}
