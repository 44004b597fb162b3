package org.plimsoll.statistics;

import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.apache.commons.statistics.inference.PValueMethod;

/**
 * Kolmogorov–Smirnov: the greatest distance of two distribution functions, from 0 to 1 (SciPy {@code ks_2samp}).
 *
 * <p>Formula: {@code D = max|F − G|}; unchanged by strictly increasing maps. The exact p-value counts lattice paths, the asymptotic one is that of one
 * sample of {@code nm/(n + m)} rows, as in SciPy. Ties make both conservative. O(n log n); the exact p-value O(n·m). NaN, no rows: a Problem.
 */
public final class KolmogorovSmirnov {

    private static final int EXACT_UP_TO = 10_000;

    private KolmogorovSmirnov() {}

    public static double statistic(double[] reference, double[] current) {
        return SortedPair.of(reference, current).walk().kolmogorovSmirnov();
    }

    /** Exact up to 10,000 rows on the greater side, else asymptotic, as SciPy's {@code method='auto'}. */
    public static TestResult test(double[] reference, double[] current) {
        return Math.max(reference.length, current.length) <= EXACT_UP_TO
                ? exact(reference, current)
                : asymptotic(reference, current);
    }

    public static TestResult exact(double[] reference, double[] current) {
        return test(reference, current, PValueMethod.EXACT);
    }

    public static TestResult asymptotic(double[] reference, double[] current) {
        return test(reference, current, PValueMethod.ASYMPTOTIC);
    }

    private static TestResult test(double[] reference, double[] current, PValueMethod method) {
        SortedPair pair = SortedPair.of(reference, current);
        if (reference.length < 2 || current.length < 2) {
            throw Inputs.undefined("Kolmogorov-Smirnov p-value", "it needs two rows or more on each side");
        }
        double pValue = KolmogorovSmirnovTest.withDefaults()
                .with(method)
                .test(pair.reference(), pair.current())
                .getPValue();
        return new TestResult(pair.walk().kolmogorovSmirnov(), Math.clamp(pValue, 0, 1));
    }
}
