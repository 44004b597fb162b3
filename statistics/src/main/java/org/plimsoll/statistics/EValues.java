package org.plimsoll.statistics;

import org.plimsoll.core.Problem;

/**
 * Rules for evidence in e-values: numbers, 0 or more, whose mean is at most 1 if the null is true. Kept as natural logarithms,
 * because they grow beyond any double.
 *
 * <p>An e-value of 1/α is a rejection at level α. Means of e-values are e-values whatever their dependence; products only when
 * each is an e-value given the past of the others. −∞ (an e-value of 0) is allowed; NaN and +∞ are Problems. Sources: [1] V. Vovk, R.
 * Wang, "E-values: calibration, combination and applications", Annals of Statistics 49, 2021; [2] R. Wang, A. Ramdas, "False discovery
 * rate control with e-values", J. R. Statist. Soc. B 84, 2022.
 */
public final class EValues {

    private EValues() {}

    /** ln of the mean e-value: one e-value from many, under any dependence. O(K), safe against overflow. */
    public static double average(double[] logs) {
        check(logs);
        return logMeanExp(logs);
    }

    /**
     * e-BH [1]: which of K hypotheses to reject so that the expected share of false ones is at most {@code level}, under any
     * dependence. Rejects the k greatest for the greatest k with {@code k·e_(k) ≥ K/level}. O(K log K).
     *
     * <p>[1] R. Wang, A. Ramdas, "False discovery rate control with e-values", J. Royal Statistical Society B 84, 2022.
     */
    public static boolean[] benjaminiHochberg(double[] logs, double level) {
        check(logs);
        double limit = Math.log(logs.length) - Math.log(Inputs.fraction("level", level));
        int[] order = Order.ascending(logs);
        int rejected = 0;
        for (int k = 1; k <= logs.length; k++) {
            if (Math.log(k) + logs[order[logs.length - k]] >= limit) {
                rejected = k;
            }
        }
        boolean[] reject = new boolean[logs.length];
        for (int k = 1; k <= rejected; k++) {
            reject[order[logs.length - k]] = true;
        }
        return reject;
    }

    /** e-Bonferroni: rejects where {@code e ≥ K/level}; any false rejection has probability at most {@code level}. */
    public static boolean[] bonferroni(double[] logs, double level) {
        check(logs);
        double limit = Math.log(logs.length) - Math.log(Inputs.fraction("level", level));
        boolean[] reject = new boolean[logs.length];
        for (int i = 0; i < logs.length; i++) {
            reject[i] = logs[i] >= limit;
        }
        return reject;
    }

    static double logMeanExp(double[] logs) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (double log : logs) {
            greatest = Math.max(greatest, log);
        }
        if (greatest == Double.NEGATIVE_INFINITY) {
            return greatest;
        }
        double sum = 0;
        for (double log : logs) {
            sum += Math.exp(log - greatest);
        }
        return greatest + Math.log(sum / logs.length);
    }

    private static void check(double[] logs) {
        Inputs.notEmpty("log_e", logs.length);
        for (int i = 0; i < logs.length; i++) {
            if (!(logs[i] < Double.POSITIVE_INFINITY)) {
                throw Problem.invalid("log_e[" + i + "]", logs[i], "a finite number or -∞");
            }
        }
    }
}
