package org.plimsoll.statistics;

import static org.plimsoll.statistics.Refusals.BOTH;
import static org.plimsoll.statistics.Refusals.NAN;
import static org.plimsoll.statistics.Refusals.NEGATIVES;
import static org.plimsoll.statistics.Refusals.NONE;
import static org.plimsoll.statistics.Refusals.ONES;
import static org.plimsoll.statistics.Refusals.POSITIVES;
import static org.plimsoll.statistics.Refusals.TWO;
import static org.plimsoll.statistics.Refusals.assertRefused;
import static org.plimsoll.statistics.Refusals.assertUndefined;

import org.junit.jupiter.api.Test;

/** Calibration, estimates, delays, attribution and intervals of impossible inputs are Problems. */
class EstimationRefusalsTest {

    @Test
    void estimation_undefinedInputs_areProblems() {
        boolean[] flagged = {true, false};
        assertRefused(() -> Cbpe.confusion(new double[] {0.5, 1.5}, flagged));
        assertRefused(() -> Cbpe.confusion(new double[] {0.5}, flagged));
        assertRefused(() -> Cbpe.auc(TWO, new double[] {0.5}));
        assertUndefined(() -> Cbpe.auc(TWO, new double[] {1, 1}));
        assertRefused(() -> Cbpe.averagePrecision(TWO, NAN));
        assertRefused(() -> Cbpe.accuracy(new double[][] {{0.4, 0.6}}, new int[] {2}));
        assertRefused(() -> Cbpe.accuracy(new double[][] {{0.4, 0.6}}, new int[] {0, 1}));
        assertRefused(() -> Cbpe.accuracy(new double[][] {{0.4, 1.6}}, new int[] {1}));
        assertRefused(() -> Cbpe.macroAuc(new double[][] {{0.4, 0.6}}, new double[0][]));
        assertRefused(() -> Cbpe.macroAuc(new double[0][], new double[0][]));
        assertUndefined(() -> Cbpe.precisionInterval(TWO, new boolean[2], 0.9));
        assertRefused(() -> Cbpe.accuracyInterval(TWO, flagged, 1));
        assertRefused(() -> Cbpe.recallInterval(TWO, flagged, 0));
        assertRefused(() -> Cbpe.fBetaInterval(TWO, flagged, 0, 0.9));
        assertUndefined(() -> Cbpe.recallInterval(new double[2], flagged, 0.9));
        assertRefused(() -> PoissonBinomial.of(NONE));
        assertRefused(() -> PoissonBinomial.of(NAN));
        assertRefused(() -> PoissonBinomial.of(TWO).quantile(0));
        assertUndefined(() -> SamplingError.precision(flagged, new boolean[2], 10));
        assertUndefined(() -> SamplingError.recall(new boolean[2], flagged, 10));
        assertUndefined(() -> SamplingError.specificity(POSITIVES, flagged, 10));
        assertUndefined(() -> SamplingError.f1(new boolean[2], new boolean[2], 10));
        assertUndefined(() -> SamplingError.auc(POSITIVES, TWO, 10));
        assertRefused(() -> SamplingError.accuracy(flagged, flagged, 0));
        assertRefused(() -> SamplingError.accuracy(flagged, new boolean[3], 9));
        assertRefused(() -> SamplingError.accuracy(new boolean[0], new boolean[0], 9));
        assertRefused(() -> SamplingError.recall(flagged, new boolean[3], 9));
        assertRefused(() -> SamplingError.f1(flagged, new boolean[3], 9));
        assertRefused(() -> SamplingError.mean(NAN, 9));
        assertRefused(() -> DensityRatio.weights(NAN, 9));
        assertRefused(() -> DensityRatio.weights(TWO, 0));
        assertRefused(() -> DirectLoss.mean(NAN));
        assertUndefined(() -> DirectLoss.errorOfRootMean(new double[3], 10));
        assertRefused(() -> DirectLoss.Loss.SQUARED_LOGARITHMIC.rows(new double[] {-1}, new double[] {1}));
        assertUndefined(() -> PlattScaling.fit(new double[] {3, 3}, BOTH, ONES));
        assertRefused(() -> new PlattScaling(1, 0).of(Double.NaN));
        assertRefused(() -> IsotonicRegression.fit(TWO, new double[] {1, Double.NaN}, ONES));
        assertRefused(() -> IsotonicRegression.fit(TWO, new double[] {1}, ONES));
        assertRefused(() -> new IsotonicRegression(TWO, new double[] {1}));
        assertRefused(() -> new IsotonicRegression(TWO, TWO).of(Double.NaN));
        assertRefused(() -> KaplanMeier.fit(NONE, new boolean[0]));
        assertRefused(() -> KaplanMeier.fit(new double[] {-1, 2}, BOTH));
        assertRefused(() -> KaplanMeier.fit(NAN, BOTH));
        assertRefused(() -> KaplanMeier.fit(TWO, new boolean[3]));
        KaplanMeier curve = KaplanMeier.fit(TWO, BOTH);
        assertRefused(() -> curve.arrivedBy(-1));
        assertRefused(() -> curve.arrivedInterval(1, 1));
        assertRefused(() -> curve.ageOf(0));
        assertUndefined(() -> KaplanMeier.fit(TWO, NEGATIVES).ageOf(0.5));
        assertRefused(() -> ArrivalWeights.of(new double[] {0.1}, new boolean[1], curve, curve, 0.05));
        assertRefused(() -> ArrivalWeights.of(new double[] {1}, new boolean[2], curve, curve, 0.05));
        assertRefused(() -> ArrivalWeights.of(new double[] {1}, new boolean[1], curve, curve, 0));
        assertRefused(() -> new Shapley(new double[3]));
        assertRefused(() -> new Shapley(new double[1]));
        assertRefused(() -> new Shapley(new double[512]));
        assertRefused(() -> new Shapley(NAN));
        assertRefused(() -> new Shapley(TWO).noiseFloor(-1, 0.95));
        assertRefused(() -> new Shapley(TWO).noiseFloor(1, 1));
        assertRefused(() -> Shrinkage.of(TWO, new double[] {1, 0}));
        assertRefused(() -> Shrinkage.of(new double[] {1}, new double[] {1}));
        assertRefused(() -> Shrinkage.of(NAN, ONES));
        assertRefused(() -> Shrinkage.of(TWO, new double[] {1}));
        assertUndefined(() -> ProportionInterval.wilson(0, 0, 0.95));
        assertRefused(() -> ProportionInterval.wilson(3, 2, 0.95));
        assertRefused(() -> ProportionInterval.clopperPearson(-1, 2, 0.95));
        assertRefused(() -> ProportionInterval.clopperPearson(1, 2, 1));
        assertRefused(() -> ProportionInterval.newcombePaired(-1, 2, 3, 4, 0.9));
        assertRefused(() -> ProportionInterval.newcombePaired(1, -2, 3, 4, 0.9));
        assertRefused(() -> ProportionInterval.newcombePaired(1, 2, -3, 4, 0.9));
        assertRefused(() -> ProportionInterval.newcombePaired(1, 2, 3, -4, 0.9));
    }
}
