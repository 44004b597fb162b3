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

/** Comparisons and evidence of too little, or with impossible arguments, are Problems. */
class ComparisonRefusalsTest {

    @Test
    void comparison_tooLittle_isUndefined() {
        boolean[] three = {true, false, false};
        double[] scores = {0.3, 0.2, 0.7};
        assertUndefined(() -> DeLong.compare(scores, scores, three));
        assertUndefined(() -> DeLong.standardError(scores, new boolean[] {true, true, false}));
        assertRefused(() -> DeLong.compare(scores, TWO, three));
        assertRefused(() -> DeLong.clustered(scores, TWO, three, new double[] {1, 1, 1}, Clusters.ofRows(3)));
        assertUndefined(
                () -> ClusterRobust.standardError(Influence.mean(TWO, ONES), ONES, Clusters.of(new long[] {5, 5})));
        assertRefused(() -> ClusterRobust.standardError(Influence.mean(TWO, ONES), ONES, Clusters.ofRows(3)));
        assertUndefined(() -> new Tango(0, 0, 0));
        assertRefused(() -> new Tango(-1, 0, 5));
        assertRefused(() -> new Tango(0, -1, 5));
        assertRefused(() -> new Tango(3, 3, 5));
        assertRefused(() -> Tango.of(BOTH, three));
        assertRefused(() -> new Tango(1, 1, 5).statistic(1));
        assertRefused(() -> new Tango(1, 1, 5).statistic(-1));
        assertRefused(() -> new Proportion(1, 5).lower(1));
        assertRefused(() -> new Proportion(1, 5).upper(0));
        assertRefused(() -> new Tango(1, 1, 5).lower(1));
        assertRefused(() -> new Tango(1, 1, 5).upper(0));
        assertRefused(() -> McNemar.exact(-1, 2));
        assertRefused(() -> McNemar.midP(1, -2));
        assertRefused(() -> new PairedDifference(1, 1, Double.NaN, 1, 1, 1, 1));
        assertRefused(() -> new PairedDifference(1, 1, 0, -1, 1, 1, 1));
        assertUndefined(() -> new PairedDifference(1, 1, 0, 1, 0, 1, 1));
        assertRefused(() -> Holm.adjust(NONE));
        assertRefused(() -> Holm.adjust(NAN));
        assertRefused(() -> BenjaminiHochberg.adjust(new double[] {1.1}));
        assertRefused(() -> new PoissonBootstrap(1, 99));
        PoissonBootstrap bootstrap = new PoissonBootstrap(1, 100);
        assertUndefined(() -> bootstrap.of(Sum::of, ONES, Clusters.of(new long[] {1, 1})));
        assertUndefined(() -> bootstrap.ofRatios(TWO, ONES, TWO, ONES, ONES, Clusters.of(new long[] {1, 1})));
        assertRefused(() -> bootstrap.ofRatios(NAN, ONES, TWO, ONES, ONES, Clusters.ofRows(2)));
        assertRefused(() -> bootstrap.of(Sum::of, new double[] {1, -2}, Clusters.ofRows(2)));
        assertRefused(() -> bootstrap.ofRatios(TWO, ONES, TWO, ONES, new double[] {5, -2}, Clusters.ofRows(2)));
        assertUndefined(() -> bootstrap.of(w -> Auc.of(TWO, BOTH, w), ONES, Clusters.ofRows(2)));
        assertUndefined(() -> bootstrap.ofRatios(TWO, ONES, TWO, new double[] {1, 0}, ONES, Clusters.ofRows(2)));
        assertRefused(() -> bootstrap.of(w -> Auc.of(TWO, new boolean[3], w), ONES, Clusters.ofRows(2)));
    }

    @Test
    void power_impossibleQuestions_areProblems() {
        assertUndefined(() -> Power.unitsNeeded(1, 0.1, -0.1, 0.05, 0.8));
        assertUndefined(() -> Power.unitsNeeded(1, 0.1, -0.2, 0.05, 0.8));
        assertThatThrownBy(() -> Power.unitsNeeded(1, 0.1, -0.1, 0.05, 0.8)).hasMessageContaining("not better");
        assertRefused(() -> Power.unitsNeeded(0, 0.1, 0, 0.05, 0.8));
        assertRefused(() -> Power.unitsNeeded(1, 0.1, 0, 0, 0.8));
        assertRefused(() -> Power.unitsNeeded(1, 0.1, 0, 0.05, 1));
        assertRefused(() -> Power.of(0, 0.1, 0, 0.05));
        assertRefused(() -> Power.of(1, Double.NaN, 0, 0.05));
        assertRefused(() -> Power.of(1, 0, Double.NaN, 0.05));
        assertRefused(() -> Power.provableMargin(1, 0, 0, 0.05, 0.8));
        assertRefused(() -> Power.deviationOfPairedProportions(0, 0));
        assertRefused(() -> Power.deviationOfPairedProportions(0.1, 0.2));
        assertRefused(() -> Power.deviationOfPairedProportions(1.1, 0));
        assertThat(Power.deviationOfPairedProportions(1, 0)).isEqualTo(1);
        assertRefused(() -> Power.standardErrorOfAuc(1, 0.5, 0.5, 10, 10));
        assertRefused(() -> Power.standardErrorOfAuc(0.8, 0.5, 1.1, 10, 10));
        assertRefused(() -> Power.standardErrorOfAuc(0.8, 0.5, -1.1, 10, 10));
        assertRefused(() -> Power.standardErrorOfAuc(0.8, 0.5, 0.5, 0, 10));
        assertRefused(() -> Power.growthOfPairs(0.6, 0.5, 0.01));
        assertRefused(() -> Power.growthOfPairs(-0.1, 0.5, 0.01));
        assertRefused(() -> Power.growthOfPairs(0.1, -0.5, 0.01));
        assertRefused(() -> Power.growthOfPairs(0.1, 0.1, 1));
        assertRefused(() -> Power.growthOfCounts(CountProcess.Side.HARM, 1, 1.1, 2));
        assertRefused(() -> Power.growthOfCounts(CountProcess.Side.HARM, 0.5, 1.1, 0));
    }

    @Test
    void evidence_impossibleObservations_areProblems() {
        BoundedMeanProcess mean = new BoundedMeanProcess(0.5);
        assertRefused(() -> mean.add(-0.1));
        assertRefused(() -> mean.add(1.1));
        assertRefused(() -> mean.add(Double.NaN));
        assertThat(mean.observations()).isZero();
        assertRefused(() -> mean.merge(new BoundedMeanProcess(0.4)));
        assertRefused(() -> new BoundedMeanProcess(0));
        assertRefused(() -> new BoundedMeanProcess(1));
        assertRefused(() -> new BoundedMeanProcess(0.5, -1, new double[9]));
        assertRefused(() -> new BoundedMeanProcess(0.5, 1, new double[8]));
        assertRefused(() -> new BoundedMeanProcess(0.5, 1, new double[] {0, 0, 0, Double.NaN, 0, 0, 0, 0, 0}));
        TwoArmMeanProcess arms = new TwoArmMeanProcess(0);
        assertRefused(() -> arms.add(true, 1.1, 0.5));
        assertRefused(() -> arms.add(true, -0.1, 0.5));
        assertRefused(() -> arms.add(true, 0.5, 0));
        assertRefused(() -> arms.add(true, 0.5, 1));
        assertRefused(() -> arms.merge(new TwoArmMeanProcess(0.1)));
        assertRefused(() -> new TwoArmMeanProcess(1));
        assertRefused(() -> new TwoArmMeanProcess(-1));
        assertRefused(() -> new PairedLosses(-1, 0, 0));
        assertRefused(() -> new PairedLosses(0, -1, 0));
        assertRefused(() -> new PairedLosses(0, 0, -1));
        assertRefused(() -> PairedLosses.NONE.logEvidenceOfHarm(1));
        assertRefused(() -> PairedLosses.NONE.logEvidenceOfNonInferiority(-1));
        assertRefused(() -> new CountProcess(CountProcess.Side.HARM, 0));
        assertRefused(() -> new CountProcess.Stratum(0, 1, 1));
        assertRefused(() -> new CountProcess.Stratum(1, 1, 1));
        assertRefused(() -> new CountProcess.Stratum(0.5, -1, 1));
        assertRefused(() -> new CountProcess.Stratum(0.5, 1, -1));
        assertRefused(() -> new CountProcess.Stratum(0.5, 1, 1).merge(new CountProcess.Stratum(0.4, 1, 1)));
        assertRefused(() -> EValues.average(NONE));
        assertRefused(() -> EValues.average(NAN));
        assertRefused(() -> EValues.average(INFINITE));
        assertRefused(() -> EValues.benjaminiHochberg(TWO, 1));
        assertRefused(() -> EValues.benjaminiHochberg(NAN, 0.05));
        assertRefused(() -> EValues.benjaminiHochberg(NONE, 0.05));
        assertRefused(() -> EValues.bonferroni(NAN, 0.05));
        assertRefused(() -> EDetector.start(1));
        assertRefused(() -> EDetector.start(Double.POSITIVE_INFINITY));
        assertRefused(() -> EDetector.start(10).next(Double.NaN));
        assertRefused(() -> EDetector.start(10).next(Double.POSITIVE_INFINITY));
        assertRefused(() -> new EDetector(10, Double.NaN, 0));
        assertRefused(() -> new EDetector(10, Double.POSITIVE_INFINITY, 0));
        assertRefused(() -> new EDetector(10, 0, -1));
        assertRefused(() -> EmpiricalBernstein.start(0));
        assertRefused(() -> EmpiricalBernstein.start(0.05).add(1.5));
        assertRefused(() -> EmpiricalBernstein.start(0.05).add(-0.5));
        assertUndefined(() -> ConfidenceSequence.bernoulli(0, 0, 0.05, 10));
        assertRefused(() -> ConfidenceSequence.bernoulli(3, 2, 0.05, 10));
        assertRefused(() -> ConfidenceSequence.bernoulli(-1, 2, 0.05, 10));
        assertRefused(() -> ConfidenceSequence.bernoulli(1, 2, 0.05, 0));
        assertRefused(() -> ConfidenceSequence.bernoulli(1, 2, 1, 10));
        assertRefused(() -> ConfidenceSequence.normalMixture(-1, 1, 0.05));
        assertRefused(() -> ConfidenceSequence.normalMixture(1, 0, 0.05));
        assertRefused(() -> ConfidenceSequence.normalMixture(1, 1, 0));
        assertRefused(() -> ConfidenceSequence.oneSidedNormalMixture(-1, 1, 0.05));
        assertRefused(() -> ConfidenceSequence.oneSidedNormalMixture(1, 1, 1));
        assertUndefined(() -> ConfidenceSequence.asymptotic(Moments.of(new double[99]), 0.05, 10));
        assertUndefined(Moments.NONE::populationVariance);
        assertUndefined(Moments.NONE.add(1)::sampleVariance);
        assertRefused(() -> Moments.NONE.add(Double.NaN));
        assertRefused(() -> Moments.of(NAN));
        assertRefused(() -> WindowNull.fit(new long[][] {{1, 2}}, 1));
        assertRefused(() -> WindowNull.fit(new long[][] {{1}, {2}}, 1));
        assertRefused(() -> WindowNull.fit(new long[][] {{1, 2}, {1, 2, 3}}, 1));
        assertRefused(() -> WindowNull.fit(new long[][] {{1, 2}, {1, -2}}, 1));
        assertUndefined(() -> WindowNull.fit(new long[][] {{1, 2}, {0, 0}}, 1));
        assertRefused(() -> new WindowNull(5, NAN, new double[0][]));
        assertRefused(() -> new WindowNull(5, TWO, new double[][] {{1}}));
        assertRefused(() -> new WindowNull(5, TWO, new double[][] {NAN}));
        assertRefused(() -> new WindowNull(0, TWO, new double[0][]));
        DriftDetector detector = DriftDetector.start(WindowNull.fit(new long[][] {{5, 6}, {6, 5}}, 1), 100);
        assertUndefined(() -> detector.next(new long[2]));
        assertRefused(() -> detector.next(new long[] {1, 2, 3}));
        assertRefused(() -> detector.logE(new long[] {1, -2}));
    }
}
