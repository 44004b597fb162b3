package org.plimsoll.statistics;

/**
 * Two-sample Anderson–Darling test with midranks (SciPy {@code anderson_ksamp(variant='midrank')}).
 *
 * <p>Statistic and its variance after Scholz and Stephens [1], equations 7 and 4 with k = 2; standardised {@code (A² − 1)/σ}. The
 * p-value interpolates ln p quadratically over their table of critical values and ends at 0.25 and 0.001, as SciPy's. Fewer than
 * two distinct values or four rows: a Problem. O(n log n).
 *
 * <p>[1] F. Scholz, M. Stephens, "K-sample Anderson–Darling tests", J. American Statistical Association 82, 1987.
 */
public final class AndersonDarling {

    private static final double[] LEVELS = {0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001};
    /** b₀ + b₁ + b₂ of the table, for two samples. */
    private static final double[] CRITICAL = {0.325, 1.226, 1.961, 2.718, 3.752, 4.592, 6.546};

    private AndersonDarling() {}

    /** The standardised statistic and its p-value, which stays within 0.001 and 0.25. */
    public static TestResult test(double[] reference, double[] current) {
        SortedPair pair = SortedPair.of(reference, current);
        if (reference.length + current.length < 4) {
            throw Inputs.undefined("Anderson-Darling test", "it needs four rows or more");
        }
        double statistic = (squared(pair) - 1) / Math.sqrt(variance(reference.length, current.length));
        return new TestResult(statistic, pValue(statistic));
    }

    private static double squared(SortedPair pair) {
        double[][] samples = {pair.reference(), pair.current()};
        double total = (double) samples[0].length + samples[1].length;
        double[] pooled = pair.pooled();
        if (pooled[0] == pooled[pooled.length - 1]) {
            throw Inputs.undefined("Anderson-Darling test", "all values are equal");
        }
        Sum[] sums = {new Sum(), new Sum()};
        int[] below = new int[2];
        for (int start = 0; start < pooled.length; ) {
            int end = start + 1;
            while (end < pooled.length && pooled[end] == pooled[start]) {
                end++;
            }
            double tied = end - start;
            double middle = start + tied / 2;
            for (int s = 0; s < 2; s++) {
                int own = 0;
                while (below[s] + own < samples[s].length && samples[s][below[s] + own] == pooled[start]) {
                    own++;
                }
                double ahead = total * (below[s] + own / 2.0) - middle * samples[s].length;
                sums[s].add(tied / total * ahead * ahead / (middle * (total - middle) - total * tied / 4));
                below[s] += own;
            }
            start = end;
        }
        return (sums[0].value() / samples[0].length + sums[1].value() / samples[1].length) * (total - 1) / total;
    }

    private static double variance(double n, double m) {
        double total = n + m;
        double reciprocal = 1 / n + 1 / m;
        double harmonic = 0;
        double g = 0;
        for (int i = 1; i < total - 1; i++) {
            harmonic += 1 / (total - i);
            g += harmonic / (i + 1);
        }
        double h = harmonic + 1;
        double a = (4 * g - 6) + (10 - 6 * g) * reciprocal;
        double b = (2 * g - 4) * 4 + 16 * h + (2 * g - 14 * h - 4) * reciprocal - 8 * h + 4 * g - 6;
        double c = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * reciprocal + 4 * h;
        double d = (2 * h + 6) * 4 - 8 * h;
        return (((a * total + b) * total + c) * total + d) / ((total - 1) * (total - 2) * (total - 3));
    }

    private static double pValue(double statistic) {
        if (statistic < CRITICAL[0]) {
            return LEVELS[0];
        }
        if (statistic > CRITICAL[CRITICAL.length - 1]) {
            return LEVELS[LEVELS.length - 1];
        }
        double[] coefficients = quadratic();
        return Math.exp(coefficients[0] + statistic * (coefficients[1] + statistic * coefficients[2]));
    }

    /** Least squares of ln level on 1, c, c² by its normal equations, solved by Cramer's rule. */
    private static double[] quadratic() {
        double[] power = new double[5];
        double[] right = new double[3];
        for (int i = 0; i < LEVELS.length; i++) {
            for (int p = 0; p < 5; p++) {
                power[p] += Math.pow(CRITICAL[i], p);
            }
            for (int p = 0; p < 3; p++) {
                right[p] += Math.pow(CRITICAL[i], p) * Math.log(LEVELS[i]);
            }
        }
        double[][] columns = {
            {power[0], power[1], power[2]}, {power[1], power[2], power[3]}, {power[2], power[3], power[4]}
        };
        double whole = determinant(columns[0], columns[1], columns[2]);
        return new double[] {
            determinant(right, columns[1], columns[2]) / whole,
            determinant(columns[0], right, columns[2]) / whole,
            determinant(columns[0], columns[1], right) / whole
        };
    }

    private static double determinant(double[] a, double[] b, double[] c) {
        return a[0] * (b[1] * c[2] - b[2] * c[1])
                - b[0] * (a[1] * c[2] - a[2] * c[1])
                + c[0] * (a[1] * b[2] - a[2] * b[1]);
    }
}
