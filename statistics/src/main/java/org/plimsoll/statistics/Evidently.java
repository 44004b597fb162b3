package org.plimsoll.statistics;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.FisherExactTest;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.apache.commons.statistics.inference.PValueMethod;
import org.plimsoll.core.Problem;

/**
 * The drift scores of Evidently 0.7 with its binning and defaults, for people who compare or migrate. Our own defaults are in
 * {@link ColumnDrift}.
 *
 * <p>Known weaknesses are kept: bins of equal width hide drift behind one outlier, {@code chisquare} takes the reference as
 * exact, {@code mannw} is one-sided. Numbers: two samples of finite values (Evidently drops NaN and infinities first); where
 * several scores of one column are wanted, sort it once into a {@link SortedPair}. Categories: counts aligned over the union of
 * sorted keys; keys that neither sample has do not count. O(n log n) from samples, O(n) from sorted ones, O(k) from counts. Left out are statistics that draw random numbers (TVD, MMD, text).
 */
public final class Evidently {

    /** Evidently's name of a statistic and the threshold from which it reports drift. */
    public enum Statistic {
        KS("ks", 0.05),
        CHISQUARE("chisquare", 0.05),
        Z("z", 0.05),
        WASSERSTEIN("wasserstein", 0.1),
        JENSENSHANNON("jensenshannon", 0.1);

        private final String label;
        private final double threshold;

        Statistic(String label, double threshold) {
            this.label = label;
            this.threshold = threshold;
        }

        public String label() {
            return label;
        }

        public double threshold() {
            return threshold;
        }

        /** Is this score drift at the default threshold? p-values drift when small, distances when great. */
        public boolean drifts(double score) {
            return switch (this) {
                case KS -> score <= threshold;
                case CHISQUARE, Z -> score < threshold;
                case WASSERSTEIN, JENSENSHANNON -> score >= threshold;
            };
        }
    }

    private static final int FEW_VALUES = 20;
    private static final int RANKED_EXACTLY = 8;

    private Evidently() {}

    /**
     * The statistic Evidently takes when none is named; only the reference's size counts.
     *
     * @param distinct distinct values of both samples together
     */
    public static Statistic defaultStatistic(boolean numeric, long referenceRows, long distinct) {
        if (referenceRows > 1000) {
            return numeric && distinct > 5 ? Statistic.WASSERSTEIN : Statistic.JENSENSHANNON;
        }
        if (numeric && distinct > 5) {
            return Statistic.KS;
        }
        return distinct > 2 ? Statistic.CHISQUARE : Statistic.Z;
    }

    /** {@code ks}: p-value of the two-sample Kolmogorov–Smirnov test. */
    public static double ks(double[] reference, double[] current) {
        return KolmogorovSmirnov.test(reference, current).pValue();
    }

    /** {@code wasserstein}: distance over the larger of the reference's population standard deviation and 0.001. */
    public static double wasserstein(double[] reference, double[] current) {
        return wasserstein(SortedPair.of(reference, current));
    }

    /** The same of samples that are sorted already. */
    public static double wasserstein(SortedPair pair) {
        double deviation = Math.sqrt(Moments.of(pair.reference()).populationVariance());
        return pair.walk().wasserstein() / Math.max(deviation, 0.001);
    }

    /** {@code psi} of numbers. */
    public static double psi(double[] reference, double[] current) {
        return psi(SortedPair.of(reference, current));
    }

    /** The same of samples that are sorted already. */
    public static double psi(SortedPair pair) {
        return psi(binned(pair));
    }

    /** {@code psi} of categories. */
    public static double psi(long[] reference, long[] current) {
        return psi(shares(reference, current));
    }

    private static double psi(double[][] shares) {
        return Psi.ofShares(filled(shares[0]), filled(shares[1]));
    }

    /** {@code kl_div} of numbers, in nats. */
    public static double klDiv(double[] reference, double[] current) {
        double[][] shares = binned(SortedPair.of(reference, current));
        return KullbackLeibler.of(filled(shares[0]), filled(shares[1]));
    }

    /** {@code kl_div} of categories, in nats. */
    public static double klDiv(long[] reference, long[] current) {
        double[][] shares = shares(reference, current);
        return KullbackLeibler.of(filled(shares[0]), filled(shares[1]));
    }

    /** {@code jensenshannon} of numbers: base e, so at most √ln 2 = 0.83. */
    public static double jensenshannon(double[] reference, double[] current) {
        return jensenshannon(SortedPair.of(reference, current));
    }

    /** The same of samples that are sorted already. */
    public static double jensenshannon(SortedPair pair) {
        double[][] shares = binned(pair);
        return Math.sqrt(JensenShannon.divergence(shares[0], shares[1]));
    }

    /** {@code jensenshannon} of categories: base e. */
    public static double jensenshannon(long[] reference, long[] current) {
        double[][] shares = shares(reference, current);
        return Math.sqrt(JensenShannon.divergence(shares[0], shares[1]));
    }

    /** {@code hellinger} of numbers: √(1 − Σ√(pq)) over Sturges bins of the distinct pooled values. */
    public static double hellinger(double[] reference, double[] current) {
        SortedPair pair = SortedPair.of(reference, current);
        double[] distinct = distinct(pair);
        WidthBins bins = WidthBins.sturges(distinct[0], distinct[distinct.length - 1], distinct.length, false);
        return hellinger(bins.countsOfSorted(pair.reference()), bins.countsOfSorted(pair.current()));
    }

    /** {@code hellinger} of categories. */
    public static double hellinger(long[] reference, long[] current) {
        double[][] shares = shares(reference, current);
        Sum overlap = new Sum();
        for (int k = 0; k < shares[0].length; k++) {
            overlap.add(Math.sqrt(shares[0][k] * shares[1][k]));
        }
        return Math.sqrt(1 - Math.clamp(overlap.value(), 0, 1));
    }

    /** {@code chisquare}: p-value with the reference's shares taken as exact. */
    public static double chisquare(long[] reference, long[] current) {
        return ChiSquare.goodnessOfFit(reference, current).pValue();
    }

    /** {@code z}: two-sided p-value for the share of rows that are not of the first category; 1 when all rows are of one. */
    public static double z(long[] reference, long[] current) {
        double[][] shares = shares(reference, current);
        double n = Shares.total("reference", reference);
        double m = Shares.total("current", current);
        double pooled = 1 - (shares[0][0] * n + shares[1][0] * m) / (n + m);
        if (pooled <= 0 || pooled >= 1) {
            return 1;
        }
        double z = (shares[1][0] - shares[0][0]) / Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
        return Math.min(1, 2 * NormalDistribution.of(0, 1).survivalProbability(Math.abs(z)));
    }

    /** {@code g_test}: p-value of the log-likelihood ratio on raw counts; Evidently refuses samples of different sizes. */
    public static double gTest(long[] reference, long[] current) {
        long[][] present = Shares.present(reference, current);
        if (Shares.total("reference", reference) != Shares.total("current", current)) {
            throw Problem.invalid("current", Shares.total("current", current) + " rows", "as many as in the reference");
        }
        int categories = Inputs.atLeast("categories", present[0].length, 2);
        Sum statistic = new Sum();
        for (int k = 0; k < categories; k++) {
            double before = present[0][k];
            double now = present[1][k];
            if (before == 0) {
                return 0;
            }
            statistic.add(now == 0 ? 0 : 2 * now * Math.log(now / before));
        }
        return ChiSquaredDistribution.of(categories - 1.0).survivalProbability(Math.max(0, statistic.value()));
    }

    /** {@code fisher_exact}: two-sided p-value of a 2×2 table; exactly two categories. */
    public static double fisherExact(long[] reference, long[] current) {
        Inputs.sameLength("reference categories", reference.length, "Fisher's table", 2);
        Inputs.sameLength("current categories", current.length, "Fisher's table", 2);
        Shares.total("reference", reference);
        Shares.total("current", current);
        int[][] table = {
            {Math.toIntExact(current[1]), Math.toIntExact(current[0])},
            {Math.toIntExact(reference[1]), Math.toIntExact(reference[0])}
        };
        return FisherExactTest.withDefaults().test(table).getPValue();
    }

    /** {@code ed}: energy distance √(2∫(F − G)²), not normalised. */
    public static double ed(double[] reference, double[] current) {
        return SortedPair.of(reference, current).walk().energy();
    }

    /** {@code anderson}: p-value between 0.001 and 0.25. */
    public static double anderson(double[] reference, double[] current) {
        return AndersonDarling.test(reference, current).pValue();
    }

    /** {@code cramer_von_mises}: p-value, exact when neither side has more than 20 rows. */
    public static double cramerVonMises(double[] reference, double[] current) {
        boolean few = Math.max(reference.length, current.length) <= FEW_VALUES;
        return (few ? CramerVonMises.exact(reference, current) : CramerVonMises.test(reference, current)).pValue();
    }

    /** {@code es}: Epps–Singleton p-value. */
    public static double es(double[] reference, double[] current) {
        return EppsSingleton.test(reference, current).pValue();
    }

    /**
     * {@code mannw}: one-sided p-value "reference below current"; exact when a side has at most eight rows and no values are
     * tied, else asymptotic with continuity correction.
     */
    public static double mannw(double[] reference, double[] current) {
        SortedPair pair = SortedPair.of(reference, current);
        boolean exact = Math.min(reference.length, current.length) <= RANKED_EXACTLY
                && distinct(pair).length == reference.length + current.length;
        return MannWhitneyUTest.withDefaults()
                .with(AlternativeHypothesis.LESS_THAN)
                .with(exact ? PValueMethod.EXACT : PValueMethod.ASYMPTOTIC)
                .test(pair.reference(), pair.current())
                .getPValue();
    }

    /** {@code t_test}: two-sided p-value of Student's test with equal variances. */
    public static double tTest(double[] reference, double[] current) {
        Inputs.finite("reference", reference);
        Inputs.finite("current", current);
        double freedom = (double) reference.length + current.length - 2;
        if (freedom < 1) {
            throw Inputs.undefined("t-test", "it needs two rows or more on one side");
        }
        double greatest = Math.max(greatest(reference), greatest(current));
        Moments first = scaled(reference, greatest);
        Moments second = scaled(current, greatest);
        double variance = (first.squares() + second.squares()) / freedom;
        double difference = first.mean() - second.mean();
        if (variance == 0 && difference == 0) {
            throw Inputs.undefined("t-test", "all values are equal");
        }
        double t = Math.abs(difference) / Math.sqrt(variance * (1.0 / reference.length + 1.0 / current.length));
        return Math.min(1, 2 * TDistribution.of(freedom).survivalProbability(t));
    }

    private static double greatest(double[] values) {
        double greatest = 0;
        for (double value : values) {
            greatest = Math.max(greatest, Math.abs(value));
        }
        return greatest;
    }

    /** Moments of values over the greatest size, so that no square leaves the range of doubles. */
    private static Moments scaled(double[] values, double greatest) {
        double[] scaled = new double[values.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = greatest == 0 ? 0 : values[i] / greatest;
        }
        return Moments.of(scaled);
    }

    /** Shares in Sturges bins over both samples, or of single values where the reference has at most 20 distinct ones. */
    private static double[][] binned(SortedPair pair) {
        double[] first = pair.reference();
        double[] second = pair.current();
        if (countDistinct(first) > FEW_VALUES) {
            double minimum = Math.min(first[0], second[0]);
            double maximum = Math.max(first[first.length - 1], second[second.length - 1]);
            WidthBins bins = WidthBins.sturges(minimum, maximum, (long) first.length + second.length, false);
            return new double[][] {
                Shares.of("reference", bins.countsOfSorted(first)), Shares.of("current", bins.countsOfSorted(second))
            };
        }
        double[] values = distinct(pair);
        long[][] counts = new long[2][values.length];
        for (int k = 0; k < values.length; k++) {
            counts[0][k] = Quantile.countNotAbove(first, values[k]) - Quantile.countBelow(first, values[k]);
            counts[1][k] = Quantile.countNotAbove(second, values[k]) - Quantile.countBelow(second, values[k]);
        }
        return shares(counts[0], counts[1]);
    }

    private static double[][] shares(long[] reference, long[] current) {
        long[][] present = Shares.present(reference, current);
        return new double[][] {Shares.of("reference", present[0]), Shares.of("current", present[1])};
    }

    /** Zeros become a millionth of the smallest share when that is at most 1e-4, else 1e-4; the sum is left as it comes. */
    private static double[] filled(double[] shares) {
        double smallest = 1;
        for (double share : shares) {
            smallest = share > 0 ? Math.min(smallest, share) : smallest;
        }
        double filler = smallest <= 1e-4 ? smallest / 1e6 : 1e-4;
        double[] filled = shares.clone();
        for (int k = 0; k < filled.length; k++) {
            filled[k] = filled[k] == 0 ? filler : filled[k];
        }
        return filled;
    }

    private static double[] distinct(SortedPair pair) {
        double[] all = pair.pooled();
        int kept = 0;
        for (double value : all) {
            if (kept == 0 || all[kept - 1] != value) {
                all[kept++] = value;
            }
        }
        return Arrays.copyOf(all, kept);
    }

    private static int countDistinct(double[] sorted) {
        int distinct = 1;
        for (int i = 1; i < sorted.length; i++) {
            distinct += sorted[i] == sorted[i - 1] ? 0 : 1;
        }
        return distinct;
    }
}
