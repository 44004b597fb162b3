package org.plimsoll.statistics;

import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.apache.commons.statistics.inference.PValueMethod;

/**
 * Kolmogorov–Smirnov: the greatest distance of two distribution functions, from 0 to 1 (SciPy {@code ks_2samp}).
 *
 * <p>Formula: {@code D = max|F − G|}; unchanged by strictly increasing maps. The exact p-value counts lattice paths, the
 * asymptotic one is that of one sample of {@code nm/(n + m)} rows, halves rounded to even, as in SciPy. Ties make both
 * conservative. O(n log n); the exact p-value O(n·m). NaN, no rows: a Problem.
 */
public final class KolmogorovSmirnov {

    private static final int EXACT_UP_TO = 10_000;

    private KolmogorovSmirnov() {}

    /** D alone, without a p-value; one row a side will do. */
    public static double statistic(double[] reference, double[] current) {
        return SortedPair.of(reference, current).walk().kolmogorovSmirnov();
    }

    /** Exact up to 10,000 rows on the greater side, else asymptotic, as SciPy's {@code method='auto'}. */
    public static TestResult test(double[] reference, double[] current) {
        return Math.max(reference.length, current.length) <= EXACT_UP_TO
                ? exact(reference, current)
                : asymptotic(reference, current);
    }

    /** D with the exact p-value. */
    public static TestResult exact(double[] reference, double[] current) {
        SortedPair pair = pair(reference, current);
        double pValue = KolmogorovSmirnovTest.withDefaults()
                .with(PValueMethod.EXACT)
                .test(pair.reference(), pair.current())
                .getPValue();
        return new TestResult(pair.walk().kolmogorovSmirnov(), Math.clamp(pValue, 0, 1));
    }

    /** D with the p-value of the limiting law. */
    public static TestResult asymptotic(double[] reference, double[] current) {
        double statistic = pair(reference, current).walk().kolmogorovSmirnov();
        double n = reference.length;
        double m = current.length;
        int rows = (int) Math.rint(n * m / (n + m));
        return new TestResult(statistic, Math.clamp(ofOneSample(statistic, rows), 0, 1));
    }

    /**
     * The chance that one sample of this many rows strays from its law by the statistic or more. The library has this law behind
     * its one-sample test alone, so it is asked about the evenly spread sample whose greatest distance from the uniform law is
     * the statistic.
     */
    private static double ofOneSample(double statistic, int rows) {
        if (statistic <= 0.5 / rows) {
            return 1;
        }
        if (rows == 1) {
            return 2 * (1 - statistic);
        }
        double[] sample = new double[rows];
        for (int i = 0; i < sample.length; i++) {
            sample[i] = Math.max(0, (i + 1.0) / sample.length - statistic);
        }
        return KolmogorovSmirnovTest.withDefaults()
                .with(PValueMethod.EXACT)
                .test(sample, x -> Math.min(x, 1))
                .getPValue();
    }

    private static SortedPair pair(double[] reference, double[] current) {
        SortedPair pair = SortedPair.of(reference, current);
        if (reference.length < 2 || current.length < 2) {
            throw Inputs.undefined("Kolmogorov-Smirnov p-value", "it needs two rows or more on each side");
        }
        return pair;
    }
}
