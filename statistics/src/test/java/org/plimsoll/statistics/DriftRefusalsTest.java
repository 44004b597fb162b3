package org.plimsoll.statistics;

import static org.plimsoll.statistics.Refusals.INFINITE;
import static org.plimsoll.statistics.Refusals.NAN;
import static org.plimsoll.statistics.Refusals.NONE;
import static org.plimsoll.statistics.Refusals.ONES;
import static org.plimsoll.statistics.Refusals.TWO;
import static org.plimsoll.statistics.Refusals.assertRefused;
import static org.plimsoll.statistics.Refusals.assertUndefined;

import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Samples with nothing to compare, and impossible bins, are Problems. */
class DriftRefusalsTest {

    @Test
    void drift_nothingToCompare_isAProblem() {
        long[] counts = {3, 4};
        long[] empty = {0, 0};
        long[] other = {1, 2, 3};
        long[] negative = {3, -1};
        List<BiFunction<long[], long[], Object>> distances = List.of(
                Psi::of,
                JensenShannon::distance,
                Hellinger::distance,
                TotalVariation::distance,
                LInfinity::distance,
                ChiSquare::homogeneity,
                ChiSquare::corrected,
                ChiSquare::goodnessOfFit,
                Evidently::psi,
                Evidently::jensenshannon,
                Evidently::hellinger,
                Evidently::chisquare,
                Evidently::klDiv,
                Evidently::z,
                Evidently::gTest,
                Evidently::fisherExact,
                NannyMl::jensenShannon,
                NannyMl::hellinger,
                NannyMl::chi2);
        for (BiFunction<long[], long[], Object> distance : distances) {
            assertRefused(() -> distance.apply(counts, empty));
            assertRefused(() -> distance.apply(empty, counts));
            assertRefused(() -> distance.apply(counts, other));
            assertRefused(() -> distance.apply(counts, negative));
        }
        List<BiFunction<double[], double[], Object>> ofNumbers = List.of(
                SortedPair::of,
                KolmogorovSmirnov::statistic,
                KolmogorovSmirnov::test,
                Wasserstein::distance,
                Wasserstein::scaled,
                CramerVonMises::test,
                AndersonDarling::test,
                EppsSingleton::test,
                Evidently::wasserstein,
                Evidently::psi,
                Evidently::mannw,
                Evidently::tTest,
                NannyMl::jensenShannon,
                NannyMl::wasserstein);
        double[] sample = {1, 2, 3, 4, 5, 6};
        for (BiFunction<double[], double[], Object> distance : ofNumbers) {
            assertRefused(() -> distance.apply(NONE, sample));
            assertRefused(() -> distance.apply(sample, NONE));
            assertRefused(() -> distance.apply(NAN, sample));
            assertRefused(() -> distance.apply(sample, INFINITE));
        }
        assertUndefined(() -> ChiSquare.homogeneity(new long[] {3, 0}, new long[] {4, 0}));
        assertUndefined(() -> KullbackLeibler.of(new double[] {1, 1}, new double[] {1, 0}));
        assertUndefined(() -> KullbackLeibler.of(new double[] {0, 0}, new double[] {1, 0}));
        assertRefused(() -> KullbackLeibler.of(new double[] {1, -1}, new double[] {1, 1}));
        assertRefused(() -> KullbackLeibler.of(TWO, new double[] {1}));
        assertRefused(() -> Psi.ofShares(new double[] {1, 0}, TWO));
        assertRefused(() -> Psi.ofShares(TWO, new double[] {1, 0}));
        assertUndefined(() -> Wasserstein.scaled(new double[] {1, 1, 1}, sample));
        assertUndefined(() -> KolmogorovSmirnov.test(new double[] {1}, sample));
        assertUndefined(() -> KolmogorovSmirnov.test(sample, new double[] {1}));
        assertUndefined(() -> CramerVonMises.test(new double[] {1}, sample));
        assertUndefined(() -> CramerVonMises.test(sample, new double[] {1}));
        assertUndefined(() -> AndersonDarling.test(new double[] {1, 1}, new double[] {1, 1}));
        assertUndefined(() -> AndersonDarling.test(new double[] {1}, new double[] {1, 2}));
        assertUndefined(() -> EppsSingleton.test(new double[] {1, 2, 3, 4}, sample));
        assertUndefined(() -> EppsSingleton.test(sample, new double[] {1, 2, 3, 4}));
        assertUndefined(() -> EppsSingleton.test(new double[5], new double[] {0, 0, 0, 0, 0}));
        assertUndefined(() -> CramerVonMises.exact(new double[21], new double[3]));
        assertUndefined(() -> CramerVonMises.exact(new double[3], new double[21]));
        assertUndefined(() -> Evidently.tTest(new double[] {1}, new double[] {2}));
        assertUndefined(() -> Evidently.tTest(new double[] {0.1, 0.1, 0.1}, new double[] {0.1, 0.1}));
        assertUndefined(() -> Psi.of(new long[] {Long.MAX_VALUE, 1}, counts));
        assertUndefined(() -> WidthBins.equal(1e308, 1e308, 1));
        assertUndefined(() -> WidthBins.equal(-1e308, 1e308, 3));
        assertUndefined(() ->
                EppsSingleton.test(new double[] {0, 0, 0, 1, 1}, new double[] {1e308, 1e308, 1e308, 1e308, 1e308}));
        assertRefused(() -> Evidently.gTest(new long[] {3, 3}, new long[] {3, 4}));
        assertRefused(() -> Evidently.gTest(new long[] {3}, new long[] {3}));
        assertRefused(() -> Evidently.fisherExact(other, other));
        assertRefused(() -> NannyMl.thresholds(TWO, -1));
        assertRefused(() -> new QuantileBins(new double[] {1, 1}));
        assertRefused(() -> new QuantileBins(new double[] {1, Double.NaN}));
        assertRefused(() -> QuantileBins.of(TWO, 1));
        assertRefused(() -> QuantileBins.of(NAN, 2));
        assertRefused(() -> QuantileBins.ofSorted(NONE, 2));
        assertRefused(() -> new QuantileBins(TWO).counts(NAN));
        assertRefused(() -> WidthBins.equal(0, 1, 0));
        assertRefused(() -> WidthBins.equal(1, 0, 3));
        assertRefused(() -> WidthBins.equal(Double.NaN, 0, 3));
        assertUndefined(() -> WidthBins.equal(-1e308, 1e308, 3));
        assertUndefined(
                () -> SortedPair.of(new double[] {-1e308}, new double[] {1e308}).walk());
        BinnedSample binned = BinnedSample.of(new QuantileBins(TWO), ONES);
        assertRefused(() -> binned.merge(BinnedSample.of(new QuantileBins(new double[] {3}), ONES)));
        assertRefused(() -> BinnedSample.of(new QuantileBins(TWO), INFINITE));
        BinnedSample nothing = BinnedSample.of(new QuantileBins(TWO), new double[] {Double.NaN});
        assertUndefined(() -> binned.kolmogorovSmirnov(nothing));
        assertUndefined(() -> nothing.kolmogorovSmirnov(binned));
        assertUndefined(() -> binned.wasserstein(nothing));
        assertUndefined(() -> binned.kolmogorovSmirnovError(nothing));
        assertRefused(() -> new BinnedSample(TWO, new long[4], new double[5], 0, 0, 1));
        assertRefused(() -> new BinnedSample(TWO, new long[5], new double[4], 0, 0, 1));
        assertRefused(() -> new BinnedSample(TWO, new long[5], new double[5], -1, 0, 1));
        assertRefused(() -> new BinnedSample(TWO, new long[] {0, 0, -1, 0, 0}, new double[5], 0, 0, 1));
        assertRefused(() -> new BinnedSample(NONE, new long[1], new double[1], 0, 0, 1));
        assertRefused(() -> ColumnDrift.of(NONE, TWO));
        assertRefused(() -> ColumnDrift.of(TWO, NONE));
        assertUndefined(() -> ColumnDrift.of(new double[] {Double.NaN}, TWO));
        assertRefused(() -> ColumnDrift.of(INFINITE, TWO));
        assertRefused(() -> ColumnDrift.of(TWO, new double[] {Double.NEGATIVE_INFINITY}));
        assertRefused(() -> ColumnDrift.ofColumns(new double[1][], new double[2][]));
        assertRefused(() -> PcaReconstruction.fit(new double[][] {{1, 2}}, 0.65));
        assertRefused(() -> PcaReconstruction.fit(new double[][] {{1, 2}, {3}}, 0.65));
        assertRefused(() -> PcaReconstruction.fit(new double[][] {{1, 2}, {3, 4}}, 1));
        assertUndefined(() -> PcaReconstruction.fit(new double[][] {{1, 2}, {1, 2}}, 0.65));
        PcaReconstruction pca = PcaReconstruction.fit(new double[][] {{1, 2}, {3, 4}, {0, 9}}, 0.65);
        assertRefused(() -> pca.error(new double[] {1}));
        assertRefused(() -> pca.error(NAN));
        assertRefused(() -> pca.meanError(new double[0][]));
    }
}
