package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.plimsoll.statistics.Refusals.BOTH;
import static org.plimsoll.statistics.Refusals.INFINITE;
import static org.plimsoll.statistics.Refusals.NAN;
import static org.plimsoll.statistics.Refusals.NONE;
import static org.plimsoll.statistics.Refusals.ONES;
import static org.plimsoll.statistics.Refusals.TWO;
import static org.plimsoll.statistics.Refusals.assertRefused;
import static org.plimsoll.statistics.Refusals.assertUndefined;

import org.junit.jupiter.api.Test;

/** States that are stored and continued, or made by hand: what cannot be is refused where it comes in, not as NaN where it goes out. */
class StateRefusalsTest {

    private static final double[] THREE = {1, 2, 3};

    @Test
    void sortedPair_outOfOrderOrNoNumbers_isRefusedByItsPlace() {
        assertThatThrownBy(() -> new SortedPair(new double[] {1, 3, 2}, THREE))
                .hasMessageContaining("reference[2] is 2.0");
        assertThatThrownBy(() -> new SortedPair(THREE, NAN)).hasMessageContaining("current[1] is NaN");
        assertThatThrownBy(() -> new SortedPair(new double[] {1, Double.POSITIVE_INFINITY}, THREE))
                .hasMessageContaining("reference[1] is Infinity");
        assertThat(new SortedPair(new double[] {1, 1}, THREE).walk().kolmogorovSmirnov())
                .isEqualTo(2 / 3.0);
    }

    @Test
    void kaplanMeier_curveThatCannotBe_isRefused() {
        assertThatThrownBy(() -> new KaplanMeier(TWO, new double[] {1, 0.5, 0.2}, TWO))
                .hasMessageContaining("waiting.length is 3");
        assertRefused(() -> new KaplanMeier(TWO, TWO, THREE));
        assertRefused(() -> new KaplanMeier(new double[] {2, 1}, TWO, TWO));
        assertRefused(() -> new KaplanMeier(TWO, NAN, TWO));
        assertRefused(() -> new KaplanMeier(TWO, new double[] {1.1, 0.5}, TWO));
        assertRefused(() -> new KaplanMeier(TWO, new double[] {0.5, -0.1}, TWO));
        assertRefused(() -> new KaplanMeier(TWO, TWO, NAN));
        assertRefused(() -> new KaplanMeier(TWO, TWO, new double[] {-0.1, 0.5}));
        assertThat(new KaplanMeier(TWO, new double[] {1, 0}, new double[] {0, Double.POSITIVE_INFINITY}).arrivedBy(1))
                .isOne();
        assertThat(new KaplanMeier(NONE, NONE, NONE).arrivedBy(1)).isZero();
    }

    @Test
    void driftDetector_otherBinsOrNoShares_isRefused() {
        WindowNull model = WindowNull.fit(new long[][] {{5, 6}, {6, 5}}, 1);
        EDetector detector = EDetector.start(100);
        assertThatThrownBy(() -> new DriftDetector(model, THREE, detector)).hasMessageContaining("recent.length is 3");
        assertThatThrownBy(() -> new DriftDetector(model, new double[] {0, 1}, detector))
                .hasMessageContaining("recent share is 0.0");
        assertThatThrownBy(() -> DriftDetector.start(model, 100).next(new long[] {1, 2, 3}))
                .hasMessageContaining("window.length is 3");
        assertThatThrownBy(() -> new WindowNull(5, new double[] {0, 1}, new double[0][]))
                .hasMessageContaining("share is 0.0");
        assertThatThrownBy(() -> new WindowNull(5, TWO, new double[][] {{0.5, 0}}))
                .hasMessageContaining("resampled share is 0.0");
    }

    @Test
    void empiricalBernstein_sumsThatCannotBe_areRefusedByName() {
        assertThat(new EmpiricalBernstein(0.1, 0, 0, 0, 0, 0, 0, 0)).isEqualTo(EmpiricalBernstein.start(0.1));
        assertThatThrownBy(() -> new EmpiricalBernstein(1, 1, 1, 1, 1, 1, 1, 1)).hasMessageContaining("level is 1.0");
        assertThatThrownBy(() -> new EmpiricalBernstein(0.1, -1, 1, 1, 1, 1, 1, 1))
                .hasMessageContaining("count is -1");
        assertThatThrownBy(() -> new EmpiricalBernstein(0.1, 1, -1, 1, 1, 1, 1, 1))
                .hasMessageContaining("sum is -1.0");
        assertThatThrownBy(() -> new EmpiricalBernstein(0.1, 1, 1, -1, 1, 1, 1, 1))
                .hasMessageContaining("squares is -1.0");
        assertThatThrownBy(() -> new EmpiricalBernstein(0.1, 1, 1, 1, -1, 1, 1, 1))
                .hasMessageContaining("bets is -1.0");
        assertThatThrownBy(() -> new EmpiricalBernstein(0.1, 1, 1, 1, 1, -1, 1, 1))
                .hasMessageContaining("weighted is -1.0");
        assertThatThrownBy(() -> new EmpiricalBernstein(0.1, 1, 1, 1, 1, 1, -1, 1))
                .hasMessageContaining("penalty is -1.0");
        assertThatThrownBy(() -> new EmpiricalBernstein(0.1, 1, 1, 1, 1, 1, 1, Double.NaN))
                .hasMessageContaining("penalty_above is NaN");
    }

    @Test
    void results_noNumbers_areRefused() {
        assertUndefined(() -> new ConfidenceSequence(Double.NaN, 1));
        assertUndefined(() -> new ConfidenceSequence(0, Double.NaN));
        assertUndefined(() -> new Influence(Double.NaN, TWO));
        assertUndefined(() -> new Influence(1, NAN));
        assertUndefined(() -> new BootstrapReplicates(Double.NaN, TWO));
        assertRefused(() -> new BootstrapReplicates(1, NAN));
        assertRefused(() -> new PlattScaling(Double.NaN, 1));
        assertRefused(() -> new PlattScaling(1, Double.NaN));
        assertRefused(() -> new Shrinkage(1, 1, NAN, TWO));
        assertRefused(() -> new Shrinkage(1, 1, TWO, NAN));
        assertRefused(() -> new PairedDifference(Double.NaN, 1, 0, 1, 5, 6, 6));
        assertRefused(() -> new PairedDifference(1, Double.NaN, 0, 1, 5, 6, 6));
        assertUndefined(() -> new PairedDifference(1, 1, 0, 1, 0.5, 6, 6));
        assertThat(new PairedDifference(1, 1, 0, 1, 1, 6, 6).pValue()).isOne();
    }

    @Test
    void bounds_claimThatIsNoNumber_isRefused() {
        assertRefused(() -> new PairedDifference(1, 1, 0, 1, 5, 6, 6).pValueAbove(Double.NaN));
        assertRefused(() -> new Proportion(1, 3).pValueAbove(Double.NaN));
        assertRefused(() -> new Proportion(1, 3).pValueBelow(Double.NaN));
        assertRefused(() -> new Tango(1, 1, 3).pValueAbove(Double.NaN));
        assertRefused(() -> Noise.jensenShannon(10, 10, 4, 1));
        assertRefused(() -> Noise.kolmogorovSmirnov(10, 10, 1.5));
    }

    @Test
    void edgesAndSums_thatCannotBe_areRefused() {
        assertRefused(() -> new WidthBins(new double[] {1}));
        assertRefused(() -> new WidthBins(new double[] {1, 0}));
        assertRefused(() -> new BinnedSample(new double[] {1}, new long[3], new double[] {0, Double.NaN, 0}, 0, 0, 1));
        BinnedSample large = BinnedSample.of(new QuantileBins(new double[] {0}), new double[] {1e308});
        assertUndefined(() -> BinnedSample.of(new QuantileBins(new double[] {0}), new double[] {1e308, 1e308}));
        assertUndefined(() -> large.merge(large));
        assertUndefined(() -> Clusters.ofRows(2).totals(NAN, ONES));
        assertUndefined(() -> KullbackLeibler.of(new double[] {1, 1e-300}, new double[] {1e-320, 1}));
        assertUndefined(() -> Shares.normalized("reference", new double[] {1e308, 1e308}));
        assertUndefined(() -> Psi.ofShares(ONES, new double[] {5e-324, 1}));
    }

    @Test
    void columns_otherNumberThanTheFirstRows_areRefused() {
        double[][] even = {{0.5, 0.5}, {0.5, 0.5}};
        double[][] ragged = {{0.5, 0.5}, {0.5}};
        assertThatThrownBy(() -> Cbpe.macroAuc(ragged, even)).hasMessageContaining("scores[1].length is 1");
        assertThatThrownBy(() -> Cbpe.macroAuc(even, ragged)).hasMessageContaining("calibrated[1].length is 1");
        assertRefused(() -> PcaReconstruction.fit(new double[][] {{}, {}}, 0.5));
        assertRefused(() -> new PcaReconstruction(NAN, TWO, new double[0][]));
        assertRefused(() -> new PcaReconstruction(TWO, THREE, new double[0][]));
        assertRefused(() -> new PcaReconstruction(TWO, new double[] {1, 0}, new double[0][]));
        assertRefused(() -> new PcaReconstruction(TWO, TWO, new double[][] {THREE}));
        assertRefused(() -> new PcaReconstruction(TWO, TWO, new double[][] {INFINITE}));
        assertRefused(() -> new PcaReconstruction(TWO, TWO, new double[][] {TWO}).error(THREE));
        assertRefused(() -> Auc.of(TWO, BOTH, THREE));
    }
}
