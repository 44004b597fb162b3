package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.plimsoll.statistics.Evidently.Statistic;

class DriftTest {

    private static double[] normal(long seed, int rows, double shift) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[rows];
        Arrays.setAll(values, i -> random.nextGaussian() + shift);
        return values;
    }

    private static double[] withOutlier(double[] values) {
        double[] changed = values.clone();
        changed[0] = 1e7;
        return changed;
    }

    /** One outlier among 20,000 rows on either side blinds equal-width bins; ours must still see half a standard deviation. */
    @Test
    void columnDrift_oneOutlierOnEitherSide_stillFindsHalfADeviation() {
        double[] reference = normal(1, 20_000, 0);
        double[] shifted = normal(2, 5_000, 0.5);
        double[] alike = normal(3, 5_000, 0);
        for (ColumnDrift drift : new ColumnDrift[] {
            ColumnDrift.of(reference, shifted),
            ColumnDrift.of(withOutlier(reference), shifted),
            ColumnDrift.of(reference, withOutlier(shifted))
        }) {
            assertThat(drift.psi()).isGreaterThan(0.2);
            assertThat(drift.jensenShannon()).isGreaterThan(0.15);
            assertThat(drift.totalVariation()).isGreaterThan(0.15);
            assertThat(drift.kolmogorovSmirnov().orElseThrow()).isGreaterThan(0.17);
            assertThat(drift.scaledWasserstein().orElseThrow()).isGreaterThan(0.4);
        }
        for (ColumnDrift quiet : new ColumnDrift[] {
            ColumnDrift.of(reference, alike),
            ColumnDrift.of(withOutlier(reference), alike),
            ColumnDrift.of(reference, withOutlier(alike))
        }) {
            assertThat(quiet.psi()).isLessThan(0.01);
            assertThat(quiet.jensenShannon()).isLessThan(0.05);
            assertThat(quiet.kolmogorovSmirnov().orElseThrow()).isLessThan(0.03);
        }
        // The control: bins of equal width see nothing once there is an outlier.
        assertThat(Evidently.psi(withOutlier(reference), shifted)).isLessThan(0.1);
        assertThat(Evidently.jensenshannon(withOutlier(reference), shifted)).isLessThan(0.1);
        assertThat(NannyMl.kolmogorovSmirnov(withOutlier(reference), shifted)).isLessThan(0.02);
    }

    @Test
    void columnDrift_parts_equalTheSingleFunctions() {
        double[] reference = normal(4, 3_000, 0);
        double[] current = normal(5, 2_000, 0.2);
        ColumnDrift drift = ColumnDrift.of(reference, current);
        QuantileBins bins = QuantileBins.of(reference, 10);
        long[] expected = Arrays.copyOf(bins.counts(reference), 11);
        long[] found = Arrays.copyOf(bins.counts(current), 11);
        assertThat(drift.psi()).isEqualTo(Psi.of(expected, found));
        assertThat(drift.jensenShannon()).isEqualTo(JensenShannon.distance(expected, found));
        assertThat(drift.totalVariation()).isEqualTo(TotalVariation.distance(expected, found));
        assertThat(drift.kolmogorovSmirnov()).hasValue(KolmogorovSmirnov.statistic(reference, current));
        assertThat(drift.wasserstein()).hasValue(Wasserstein.distance(reference, current));
        assertThat(drift.scaledWasserstein()).hasValue(Wasserstein.scaled(reference, current));
        assertThat(drift.missingChange()).isZero();
        assertThat(ColumnDrift.ofColumns(new double[][] {reference, current}, new double[][] {current, current}))
                .containsExactly(drift, ColumnDrift.of(current, current));
    }

    @Test
    void columnDrift_missingValues_areABinOfTheirOwn() {
        double[] reference = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, Double.NaN, Double.NaN};
        double[] current = {1, 2, 3, Double.NaN, Double.NaN, Double.NaN};
        double[] untouched = current.clone();
        ColumnDrift drift = ColumnDrift.of(reference, current);
        assertThat(current).isEqualTo(untouched);
        assertThat(drift.missingChange()).isCloseTo(0.5 - 2 / 12.0, within(1e-15));
        assertThat(drift.kolmogorovSmirnov()).hasValue(0.7);
        long[] expected = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2};
        long[] found = {1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 3};
        assertThat(drift.psi()).isEqualTo(Psi.of(expected, found));
        assertThat(drift.totalVariation()).isEqualTo(TotalVariation.distance(expected, found));
        ColumnDrift allMissing = ColumnDrift.of(reference, new double[] {Double.NaN});
        assertThat(allMissing.kolmogorovSmirnov()).isEmpty();
        assertThat(allMissing.wasserstein()).isEmpty();
        assertThat(allMissing.scaledWasserstein()).isEmpty();
        assertThat(allMissing.totalVariation()).isCloseTo(10 / 12.0, within(1e-15));
    }

    @Test
    void columnDrift_constantReference_hasNoScaledDistance() {
        ColumnDrift drift = ColumnDrift.of(new double[] {2, 2, 2}, new double[] {2, 3});
        assertThat(drift.scaledWasserstein()).isEmpty();
        assertThat(drift.wasserstein()).hasValue(0.5);
        assertThat(drift.kolmogorovSmirnov()).hasValue(0.5);
    }

    @Test
    void quantileBins_edgeValue_belongsToTheBinItOpens() {
        QuantileBins bins = new QuantileBins(new double[] {1, 2});
        assertThat(bins.count()).isEqualTo(3);
        assertThat(bins.of(0.999)).isZero();
        assertThat(bins.of(1)).isEqualTo(1);
        assertThat(bins.of(1.999)).isEqualTo(1);
        assertThat(bins.of(2)).isEqualTo(2);
        assertThat(bins.counts(new double[] {-5, 1, 1.5, 2, 9})).containsExactly(1, 2, 2);
        assertThat(bins.countsOfSorted(new double[] {-5, 1, 1.5, 2, 9})).containsExactly(1, 2, 2);
        assertThat(QuantileBins.of(new double[] {0, 0, 0, 0, 1, 2}, 3).edges()).containsExactly(0, 1);
    }

    @Test
    void widthBins_outside_isNotCountedAndTheLastEdgeIsInside() {
        WidthBins bins = WidthBins.equal(0, 1, 2);
        assertThat(bins.edges()).containsExactly(0, 0.5, 1);
        assertThat(bins.countsOfSorted(new double[] {-1, 0, 0.4, 0.5, 1, 1.1})).containsExactly(2, 2);
        assertThat(WidthBins.sturges(0, 8, 8, true).edges()).hasSize(5);
        assertThat(WidthBins.sturges(0, 2, 1000, true).edges()).containsExactly(0, 1, 2);
        assertThat(WidthBins.sturges(0, 2, 1000, false).edges()).hasSize(12);
    }

    @Test
    void binnedSample_pointsAndGaps_countSeparately() {
        BinnedSample sample =
                BinnedSample.of(new QuantileBins(new double[] {1, 2}), new double[] {0.5, 1, 1, 1.5, 2, 7, Double.NaN});
        assertThat(sample.counts()).containsExactly(1, 2, 1, 1, 1);
        assertThat(sample.sums()).containsExactly(0.5, 2, 1.5, 2, 7);
        assertThat(sample.binned()).containsExactly(1, 3, 2, 1);
        assertThat(sample.minimum()).isEqualTo(0.5);
        assertThat(sample.maximum()).isEqualTo(7);
        assertThat(sample.present()).isEqualTo(6);
    }

    /** All values on edges: bins know everything, so the distances are exact. */
    @Test
    void binnedSample_discreteValues_givesExactDistances() {
        SplittableRandom random = new SplittableRandom(6);
        double[] reference = random.ints(500, 0, 8).asDoubleStream().toArray();
        double[] current = random.ints(300, 0, 10).asDoubleStream().toArray();
        QuantileBins bins = new QuantileBins(new double[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
        BinnedSample first = BinnedSample.of(bins, reference);
        BinnedSample second = BinnedSample.of(bins, current);
        assertThat(first.kolmogorovSmirnov(second))
                .isCloseTo(KolmogorovSmirnov.statistic(reference, current), within(1e-14));
        assertThat(first.kolmogorovSmirnovError(second)).isZero();
        assertThat(first.wasserstein(second)).isCloseTo(Wasserstein.distance(reference, current), within(1e-12));
        BinnedSample coarse = BinnedSample.of(new QuantileBins(new double[] {4}), reference);
        BinnedSample coarseNow = BinnedSample.of(new QuantileBins(new double[] {4}), current);
        double share = Arrays.stream(reference).filter(x -> x < 4).count() / 500.0;
        double above = Arrays.stream(current).filter(x -> x > 4).count() / 300.0;
        double below = Arrays.stream(current).filter(x -> x < 4).count() / 300.0;
        double aboveThen = Arrays.stream(reference).filter(x -> x > 4).count() / 500.0;
        assertThat(coarse.kolmogorovSmirnovError(coarseNow))
                .isCloseTo(Math.max(Math.max(share, above), Math.max(below, aboveThen)), within(1e-15));
    }

    /** F above G throughout: one bin gives the exact distance from its sums alone. */
    @Test
    void binnedSample_shiftedSample_distanceFromSumsIsExact() {
        double[] reference = {0.1, 0.7, 1.3, 2.9, 4.4};
        double[] current = {1.2, 1.8, 2.4, 4.1, 5.5};
        QuantileBins bins = new QuantileBins(new double[] {1, 3});
        assertThat(BinnedSample.of(bins, reference).wasserstein(BinnedSample.of(bins, current)))
                .isCloseTo(Wasserstein.distance(reference, current), within(1e-14));
    }

    @Test
    void evidently_thresholds_decideAsEvidentlyDoes() {
        assertThat(Statistic.KS.drifts(0.05)).isTrue();
        assertThat(Statistic.KS.drifts(0.0501)).isFalse();
        assertThat(Statistic.CHISQUARE.drifts(0.05)).isFalse();
        assertThat(Statistic.CHISQUARE.drifts(0.0499)).isTrue();
        assertThat(Statistic.Z.drifts(0.05)).isFalse();
        assertThat(Statistic.WASSERSTEIN.drifts(0.1)).isTrue();
        assertThat(Statistic.WASSERSTEIN.drifts(0.0999)).isFalse();
        assertThat(Statistic.JENSENSHANNON.drifts(0.1)).isTrue();
        assertThat(Statistic.JENSENSHANNON.drifts(0.0999)).isFalse();
        assertThat(Statistic.JENSENSHANNON.threshold()).isEqualTo(0.1);
        assertThat(Evidently.z(new long[] {0, 5}, new long[] {0, 9})).isEqualTo(1);
        assertThat(Evidently.z(new long[] {5, 0}, new long[] {9, 0})).isEqualTo(1);
        assertThat(Evidently.gTest(new long[] {3, 0}, new long[] {2, 1})).isZero();
    }

    @Test
    void chiSquare_emptyCategories_areLeftOut() {
        assertThat(ChiSquare.homogeneity(new long[] {5, 0, 7}, new long[] {6, 0, 3}))
                .isEqualTo(ChiSquare.homogeneity(new long[] {5, 7}, new long[] {6, 3}));
        assertThat(ChiSquare.corrected(new long[] {5, 0, 7}, new long[] {6, 0, 3}))
                .isEqualTo(ChiSquare.corrected(new long[] {5, 7}, new long[] {6, 3}));
        assertThat(ChiSquare.corrected(new long[] {5, 5}, new long[] {6, 6}).statistic())
                .isZero();
    }

    @Test
    void pca_keepsComponentsUntilMoreThanTheShareIsExplained() {
        double[][] rows = new double[100][];
        SplittableRandom random = new SplittableRandom(9);
        Arrays.setAll(rows, i -> new double[] {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()});
        assertThat(PcaReconstruction.fit(rows, 0.01).components()).hasNumberOfRows(1);
        assertThat(PcaReconstruction.fit(rows, 0.999).components()).hasNumberOfRows(3);
        assertThat(PcaReconstruction.fit(rows, 0.999).meanError(rows)).isCloseTo(0, within(1e-12));
    }

    @Test
    void kolmogorovSmirnov_exactAndAsymptotic_differAsTheyShould() {
        double[] reference = normal(10, 30, 0);
        double[] current = normal(11, 25, 0.5);
        assertThat(KolmogorovSmirnov.test(reference, current)).isEqualTo(KolmogorovSmirnov.exact(reference, current));
        double[] large = normal(12, 10_001, 0);
        assertThat(KolmogorovSmirnov.test(large, current)).isEqualTo(KolmogorovSmirnov.asymptotic(large, current));
        double[] limit = normal(12, 10_000, 0);
        assertThat(KolmogorovSmirnov.test(limit, current)).isEqualTo(KolmogorovSmirnov.exact(limit, current));
    }

    @Test
    void evidently_sortedOnce_givesTheSameScores() {
        double[] reference = new SplittableRandom(8).doubles(300).toArray();
        double[] current = new SplittableRandom(9).doubles(200).map(Math::sqrt).toArray();
        SortedPair pair = SortedPair.of(reference, current);
        assertThat(Evidently.wasserstein(pair)).isEqualTo(Evidently.wasserstein(reference, current));
        assertThat(Evidently.jensenshannon(pair)).isEqualTo(Evidently.jensenshannon(reference, current));
        assertThat(Evidently.psi(pair)).isEqualTo(Evidently.psi(reference, current));
    }

    @Test
    void evidently_borders() {
        double[] twenty = new double[20];
        Arrays.setAll(twenty, i -> i);
        double[] twentyOne = new double[21];
        Arrays.setAll(twentyOne, i -> i);
        double[] now = {0, 0, 1, 19};
        // 20 distinct values are counted one by one; 21 fall into Sturges bins
        assertThat(Evidently.jensenshannon(twenty, now))
                .isCloseTo(
                        Math.sqrt(JensenShannon.divergence(
                                ones20(), new double[] {2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})),
                        within(1e-12));
        WidthBins bins = WidthBins.sturges(0, 20, 25, false);
        assertThat(Evidently.jensenshannon(twentyOne, now))
                .isCloseTo(
                        JensenShannon.distance(bins.countsOfSorted(twentyOne), bins.countsOfSorted(now))
                                * Math.sqrt(Math.log(2)),
                        within(1e-12));
        // 20 rows a side are counted, 21 follow the limiting law; 8 rows are ranked exactly, 9 are not
        double[] scattered = Arrays.stream(twenty).map(x -> x * x / 15).toArray();
        assertThat(Evidently.cramerVonMises(twenty, scattered))
                .isEqualTo(CramerVonMises.exact(twenty, scattered).pValue())
                .isNotEqualTo(CramerVonMises.test(twenty, scattered).pValue());
        assertThat(Evidently.cramerVonMises(twentyOne, scattered))
                .isEqualTo(CramerVonMises.test(twentyOne, scattered).pValue());
        assertThat(Evidently.mannw(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, new double[] {9.5}))
                .isCloseTo(1 / 9.0, within(1e-12));
        assertThat(Evidently.gTest(new long[] {4, 6}, new long[] {4, 6})).isEqualTo(1);
        assertThat(Evidently.gTest(new long[] {4, 6}, new long[] {0, 10})).isBetween(0.0, 0.01);
        assertThat(NannyMl.jensenShannon(new long[] {5, 5, 0, 0}, new long[] {5, 5, 3, 2}))
                .isEqualTo(JensenShannon.distance(new long[] {5, 5, 0}, new long[] {5, 5, 5}));
    }

    private static double[] ones20() {
        return Inputs.ones(20);
    }

    /** Expected from 60 digits (mpmath); the third term of the series shows at 1e-14. */
    @Test
    void jensenShannon_nearShares_keepsEveryDigit() {
        double[] p = {129 / 256.0, 127 / 256.0};
        double[] q = {127 / 256.0, 129 / 256.0};
        assertThat(JensenShannon.divergence(p, q) / 0.000030517888573437575501).isCloseTo(1, within(3e-15));
    }

    @Test
    void kolmogorovSmirnov_equalSamples_areNoEvidence() {
        double[] two = {1, 2};
        assertThat(KolmogorovSmirnov.asymptotic(two, two)).isEqualTo(new TestResult(0, 1));
        assertThat(KolmogorovSmirnov.exact(two, two)).isEqualTo(new TestResult(0, 1));
    }

    @Test
    void epps_andCramer_fewestRows_areAccepted() {
        double[] five = {1, 2, 4, 8, 16};
        double[] other = {3, 5, 6, 7, 30};
        assertThat(EppsSingleton.test(five, other).pValue()).isBetween(0.0, 1.0);
        assertThat(CramerVonMises.test(new double[] {1, 3}, new double[] {2, 4}).pValue())
                .isBetween(0.0, 1.0);
    }

    @Test
    void pca_columnsShiftedAndStretched_errorsStayTheSame() {
        SplittableRandom random = new SplittableRandom(10);
        double[][] rows = new double[60][];
        Arrays.setAll(rows, i -> {
            double shared = random.nextGaussian();
            return new double[] {shared + 0.3 * random.nextGaussian(), shared, random.nextGaussian() - shared};
        });
        double[][] moved = new double[60][];
        Arrays.setAll(moved, i -> new double[] {900 + 50 * rows[i][0], -3 + 0.01 * rows[i][1], 7 * rows[i][2] + 40});
        PcaReconstruction plain = PcaReconstruction.fit(rows, 0.65);
        PcaReconstruction stretched = PcaReconstruction.fit(moved, 0.65);
        assertThat(stretched.meanError(moved)).isCloseTo(plain.meanError(rows), within(1e-9));
        assertThat(stretched.error(moved[7])).isCloseTo(plain.error(rows[7]), within(1e-9));
    }

    @Test
    void noise_oneBin_isNone() {
        assertThat(Noise.jensenShannon(5, 5, 1, 0.05)).isZero();
        assertThat(Noise.jensenShannon(5, 5, 2, 0.05)).isPositive();
    }

    @Test
    void binnedSample_otherEdges_areRefused() {
        BinnedSample first = BinnedSample.of(new QuantileBins(new double[] {1, 2}), new double[] {0, 1, 3});
        BinnedSample second = BinnedSample.of(new QuantileBins(new double[] {1, 3}), new double[] {0, 1, 4});
        for (ThrowingCallable call : new ThrowingCallable[] {
            () -> first.merge(second),
            () -> first.kolmogorovSmirnov(second),
            () -> first.kolmogorovSmirnovError(second),
            () -> first.wasserstein(second)
        }) {
            assertThatThrownBy(call).hasMessageContaining("edges");
        }
    }

    /** The fewest rows and the last size that is ranked exactly; expected values from SciPy 1.17. */
    @Test
    void twoSampleTests_atTheirLastSizes_equalSciPy() {
        double[] eight = {1, 3, 4, 7, 8, 11, 13, 15};
        double[] nine = {2, 5, 6, 9, 10, 12, 14, 16, 17};
        assertThat(Evidently.mannw(eight, nine)).isCloseTo(0.18519127930892637, within(1e-12));
        assertThat(Evidently.tTest(new double[] {1}, new double[] {2, 4})).isCloseTo(0.45437105165701, within(1e-12));
        TestResult four = AndersonDarling.test(new double[] {1, 2}, new double[] {3, 4});
        assertThat(four.statistic()).isCloseTo(1.5427784316797186, within(1e-12));
        assertThat(four.pValue()).isCloseTo(0.07502559142197442, within(1e-9));
    }

    /** Medians of two by NumPy 2.4.6, which steps down from the greater at one half; stepping up gives 5.449999999999999 and so on. */
    @Test
    void quantile_halfway_stepsDownAsNumPyDoes() {
        assertThat(Quantile.ofSorted(new double[] {1.4, 9.5}, 0.5)).isEqualTo(5.45);
        assertThat(Quantile.ofSorted(new double[] {1.3, 4.0}, 0.5)).isEqualTo(2.65);
        assertThat(Quantile.ofSorted(new double[] {1.6, 9.7}, 0.5)).isEqualTo(5.6499999999999995);
        assertThat(Quantile.ranks(5, 1)).containsExactly(4, 4);
        assertThat(Quantile.ranks(5, 0.3)).containsExactly(1, 2);
    }
}
