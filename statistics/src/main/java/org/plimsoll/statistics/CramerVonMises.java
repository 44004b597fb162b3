package org.plimsoll.statistics;

/**
 * Two-sample Cramér–von Mises test with its limiting law (SciPy {@code cramervonmises_2samp(method='asymptotic')}).
 *
 * <p>Formula [1], r midranks of the pooled sample, N = n + m, k = nm: {@code U = nΣ(r_xi − i)² + mΣ(r_yj − j)²}, {@code T = U/(kN) − (4k − 1)/(6N)};
 * {@code T' = 1/6 + (T − E)/√(45V)}, {@code E = (1 + 1/N)/6}, {@code V = (N + 1)(4kN − 3(n² + m²) − 2k)/(180N²k)}; p = 1 − F(T') with {@code F(x) = Σ_j
 * Γ(j + ½)/Γ(j + 1)/(π^1.5·√x)·√(4j + 1)·e^−q·K_¼(q)}, {@code q = (4j + 1)²/(16x)}. The limit is good from about 20 rows a side. The statistic is undefined
 * below two rows a side. O(n log n).
 *
 * <p>[1] T. Anderson, "On the distribution of the two-sample Cramér–von Mises criterion", Annals of Mathematical Statistics 33, 1962.
 */
public final class CramerVonMises {

    private static final double NEGLIGIBLE = 1e-7;

    private CramerVonMises() {}

    public static TestResult test(double[] reference, double[] current) {
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
        double statistic = u / (k * total) - (4 * k - 1) / (6 * total);
        double expected = (1 + 1 / total) / 6;
        double variance = (total + 1)
                * (4 * k * total - 3 * ((double) n * n + (double) m * m) - 2 * k)
                / (180 * total * total * k);
        double normalized = 1 / 6.0 + (statistic - expected) / Math.sqrt(45 * variance);
        return new TestResult(statistic, normalized < 0.003 ? 1 : Math.max(0, 1 - limit(normalized)));
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
