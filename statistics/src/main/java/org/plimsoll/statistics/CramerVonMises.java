package org.plimsoll.statistics;

import java.util.Arrays;
import org.hipparchus.util.ArithmeticUtils;

/**
 * Two-sample Cramér–von Mises test with its limiting or its exact law (SciPy {@code cramervonmises_2samp}).
 *
 * <p>Formula [1], r midranks of the pooled sample, N = n + m, k = nm: {@code U = nΣ(r_xi − i)² + mΣ(r_yj − j)²}, {@code T =
 * U/(kN) − (4k − 1)/(6N)}; {@code T' = 1/6 + (T − E)/√(45V)}, {@code E = (1 + 1/N)/6}, {@code V = (N + 1)(4kN − 3(n² + m²) −
 * 2k)/(180N²k)}; p = 1 − F(T') with {@code F(x) = Σ_j Γ(j + ½)/Γ(j + 1)/(π^1.5·√x)·√(4j + 1)·e^−q·K_¼(q)}, {@code q = (4j +
 * 1)²/(16x)}. The limit is good from about 20 rows a side. The statistic is undefined below two rows a side. O(n log n).
 *
 * <p>[1] T. Anderson, "On the distribution of the two-sample Cramér–von Mises criterion", Annals of Mathematical Statistics 33, 1962.
 */
public final class CramerVonMises {

    private static final double NEGLIGIBLE = 1e-7;
    private static final int EXACT_UP_TO = 20;
    /** Far below the step between sums of paths, far above rounding. */
    private static final double ROUNDING = 1e-6;

    private CramerVonMises() {}

    /** With the limiting law. */
    public static TestResult test(double[] reference, double[] current) {
        int n = reference.length;
        int m = current.length;
        double statistic = statistic(reference, current);
        double k = (double) n * m;
        double total = (double) n + m;
        double expected = (1 + 1 / total) / 6;
        double variance = (total + 1)
                * (4 * k * total - 3 * ((double) n * n + (double) m * m) - 2 * k)
                / (180 * total * total * k);
        double normalized = 1 / 6.0 + (statistic - expected) / Math.sqrt(45 * variance);
        return new TestResult(statistic, normalized < 0.003 ? 1 : Math.max(0, 1 - limit(normalized)));
    }

    /**
     * With the exact law, up to 20 rows a side (SciPy {@code method='exact'}): every order of the pooled rows is a path from (0,
     * 0) to (n, m), and {@code T = nm/(n + m)²·Σ(u/n − v/m)²} over its points (u, v); the paths are counted by that sum, in whole
     * numbers, one row after the other [2].
     *
     * <p>[2] Y. Xiao, A. Gordon, A. Yakovlev, "A C++ program for the Cramér–von Mises two-sample test", J. Statistical Software 17, 2007.
     */
    public static TestResult exact(double[] reference, double[] current) {
        int n = reference.length;
        int m = current.length;
        if (Math.max(n, m) > EXACT_UP_TO) {
            throw Inputs.undefined("exact Cramér-von Mises test", "it counts up to " + EXACT_UP_TO + " rows a side");
        }
        double statistic = statistic(reference, current);
        long common = ArithmeticUtils.lcm(n, m);
        double total = (double) n + m;
        // Ties give sums between those of paths; the next lower whole number is compared, as SciPy does.
        double observed = Math.floor(common * common * statistic * total * total / ((double) n * m) + ROUNDING);
        Paths paths = Paths.all(n, m, common);
        return new TestResult(statistic, paths.shareFrom(observed));
    }

    /** The sums that paths to one point have, ascending, and how many paths have each. */
    private record Paths(long[] sums, double[] counts) {

        static Paths all(int n, int m, long common) {
            Paths[] row = new Paths[m + 1];
            for (int u = 0; u <= n; u++) {
                for (int v = 0; v <= m; v++) {
                    Paths reached = new Paths(new long[0], new double[0]);
                    if (u == 0 && v == 0) {
                        reached = new Paths(new long[] {0}, new double[] {1});
                    } else if (u > 0) {
                        reached = row[v];
                    }
                    Paths before = v > 0 ? row[v - 1] : new Paths(new long[0], new double[0]);
                    long gap = common / n * u - common / m * v;
                    row[v] = reached.merged(before, gap * gap);
                }
            }
            return row[m];
        }

        /** Both together, all sums grown by the square of a point. */
        private Paths merged(Paths other, long square) {
            long[] merged = new long[sums.length + other.sums.length];
            double[] together = new double[merged.length];
            int kept = 0;
            int i = 0;
            int j = 0;
            while (i < sums.length || j < other.sums.length) {
                long sum = Math.min(
                        i < sums.length ? sums[i] : Long.MAX_VALUE,
                        j < other.sums.length ? other.sums[j] : Long.MAX_VALUE);
                double count = 0;
                if (i < sums.length && sums[i] == sum) {
                    count += counts[i++];
                }
                if (j < other.sums.length && other.sums[j] == sum) {
                    count += other.counts[j++];
                }
                merged[kept] = sum + square;
                together[kept++] = count;
            }
            return new Paths(Arrays.copyOf(merged, kept), Arrays.copyOf(together, kept));
        }

        double shareFrom(double sum) {
            double atLeast = 0;
            double all = 0;
            for (int k = 0; k < sums.length; k++) {
                all += counts[k];
                atLeast += sums[k] >= sum ? counts[k] : 0;
            }
            return atLeast / all;
        }
    }

    private static double statistic(double[] reference, double[] current) {
        SortedPair pair = SortedPair.of(reference, current);
        int n = reference.length;
        int m = current.length;
        if (n < 2 || m < 2) {
            throw Inputs.undefined("Cramér-von Mises test", "it needs two rows or more on each side");
        }
        double[] pooled = new double[n + m];
        System.arraycopy(pair.reference(), 0, pooled, 0, n);
        System.arraycopy(pair.current(), 0, pooled, n, m);
        double[] ranks = Order.midranks(pooled);
        double u = n * squares(ranks, 0, n) + m * squares(ranks, n, m);
        double k = (double) n * m;
        double total = (double) n + m;
        return u / (k * total) - (4 * k - 1) / (6 * total);
    }

    /** Σ(rank − place)² over one sample, places from 1. */
    private static double squares(double[] ranks, int from, int count) {
        Sum sum = new Sum();
        for (int i = 0; i < count; i++) {
            double distance = ranks[from + i] - (i + 1);
            sum.add(distance * distance);
        }
        return sum.value();
    }

    /** F(x), the limiting distribution function; terms are added until one is below 1e-7, as SciPy does. */
    static double limit(double x) {
        double sum = 0;
        double gammas = Math.sqrt(Math.PI); // Γ(j + ½)/Γ(j + 1) at j = 0
        for (int j = 0; ; j++) {
            double y = 4.0 * j + 1;
            double q = y * y / (16 * x);
            double term = gammas / (Math.pow(Math.PI, 1.5) * Math.sqrt(x)) * Math.sqrt(y) * Math.exp(-q) * besselK(q);
            sum += term;
            if (Math.abs(term) < NEGLIGIBLE) {
                return sum;
            }
            gammas *= (j + 0.5) / (j + 1);
        }
    }

    /**
     * K_¼(q) = ∫₀^∞ exp(−q·cosh t)·cosh(t/4) dt by the trapezoidal rule, which converges exponentially for this integrand: 1e-14 at a step
     * of 1/32.
     */
    private static double besselK(double q) {
        double step = 1 / 32.0;
        double sum = 0.5 * Math.exp(-q);
        for (int i = 1; ; i++) {
            double t = i * step;
            double value = Math.exp(-q * Math.cosh(t)) * Math.cosh(t / 4);
            sum += value;
            if (value <= sum * 1e-18) {
                return sum * step;
            }
        }
    }
}
