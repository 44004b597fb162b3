package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.plimsoll.statistics.Refusals.BOTH;
import static org.plimsoll.statistics.Refusals.NAN;
import static org.plimsoll.statistics.Refusals.NONE;
import static org.plimsoll.statistics.Refusals.ONES;
import static org.plimsoll.statistics.Refusals.POSITIVES;
import static org.plimsoll.statistics.Refusals.TWO;

import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.plimsoll.core.Problem;

/** A Problem says which argument it is about. */
class NamedProblemsTest {

    @Test
    void problem_ofBadRow_namesTheRow() {
        assertThatThrownBy(() -> Auc.of(NAN, BOTH)).hasMessageContaining("scores[1] is NaN");
        assertThatThrownBy(() -> LogLoss.of(new double[] {0.5, 1.5}, BOTH))
                .hasMessageContaining("probabilities[1] is 1.5");
        assertThatThrownBy(() -> Auc.of(TWO, POSITIVES)).hasMessage("AUC is undefined: all rows are of one class");
        assertThatThrownBy(() -> Sum.mean(TWO, new double[] {1, -2})).hasMessageContaining("weights[1] is -2.0");
    }

    /** Where a later check would catch it too, the first one knows the caller's name for it. */
    @TestFactory
    Stream<DynamicTest> problem_ofAnyDoor_namesTheArgument() {
        double[] three = {0.1, 0.2, 0.3};
        boolean[] thrice = {true, false, true};
        double[] weights = {1, 1, 1};
        Clusters rows = Clusters.ofRows(3);
        KaplanMeier curve = KaplanMeier.fit(TWO, BOTH);
        return Stream.of(
                named("champion.length", () -> DeLong.compare(three, TWO, thrice)),
                named("champion.length", () -> DeLong.clustered(three, TWO, thrice, weights, rows)),
                named("denominators.length", () -> Influence.ratio(three, TWO, weights)),
                named("weights.length", () -> Clusters.ofRows(2).totals(TWO, weights)),
                named("clusters.length", () -> rows.totals(TWO, ONES)),
                named("worse + better is 1.25", () -> Power.growthOfPairs(0.75, 0.5, 0)),
                named(
                        "row.length",
                        () -> PcaReconstruction.fit(new double[][] {{1, 2}, {3, 4}, {0, 9}}, 0.65)
                                .error(new double[] {1, 2, 3})),
                named("current.length", () -> Psi.of(new long[] {1, 2}, new long[] {1, 2, 3})),
                named("current.length", () -> Psi.ofShares(TWO, three)),
                named("reference[3] is NaN", () -> QuantileBins.of(new double[] {1, 2, 3, Double.NaN}, 2)),
                named("reference[1] is NaN", () -> JensenShannon.distance(NAN, TWO)),
                named("values[1] is NaN", () -> WidthBins.doane(NAN, false)),
                named("there are no rows", () -> WidthBins.doane(NONE, false)),
                named("reference has no values", () -> ColumnDrift.of(NONE, TWO)),
                named("current is undefined", () -> ColumnDrift.of(TWO, NONE)),
                named("weights is undefined", () -> EffectiveSampleSize.of(NONE)),
                named("reference rows", () -> Noise.jensenShannon(0, 5, 10, 0.05)),
                named("current rows", () -> Noise.kolmogorovSmirnov(5, 0, 0.05)),
                named("level", () -> Noise.kolmogorovSmirnov(5, 5, 0)),
                named(
                        "ages[0] is NaN",
                        () -> ArrivalWeights.of(new double[] {Double.NaN}, new boolean[1], curve, curve, 0.05)),
                named("calibrated.length", () -> Cbpe.auc(TWO, three)),
                named("calibrated[1] is NaN", () -> Cbpe.averagePrecision(TWO, NAN)),
                named("calibrated[1] is 1.5", () -> Cbpe.confusion(new double[] {0.5, 1.5}, BOTH)),
                named("calibrated[1] is 1.5", () -> Cbpe.accuracyInterval(new double[] {0.5, 1.5}, BOTH, 0.9)),
                named("calibrated[1] is 1.5", () -> Cbpe.precisionInterval(new double[] {0.5, 1.5}, BOTH, 0.9)),
                named("expected_losses[1]", () -> DirectLoss.mean(NAN)),
                named("scores[1] is NaN", () -> new IsotonicRegression(NAN, TWO)),
                named("values[1] is NaN", () -> new IsotonicRegression(TWO, NAN)),
                named(
                        "scores[2] is NaN",
                        () -> IsotonicRegression.fit(
                                new double[] {1, 2, Double.NaN}, new double[] {0, 1, 0}, new double[] {1, 1, 0})),
                named("outcomes[1] is NaN", () -> IsotonicRegression.fit(TWO, NAN, new double[] {1, 0})),
                named("scores[1] is NaN", () -> PlattScaling.fit(NAN, BOTH, ONES)),
                named("weights[1] is -1.0", () -> PlattScaling.fit(TWO, BOTH, new double[] {2, -1})),
                named("probabilities[1] is 1.5", () -> Brier.rows(new double[] {0.5, 1.5}, BOTH)),
                named("confusion is undefined", () -> Confusion.at(NONE, new boolean[0], 0.5)),
                named("no positive row", () -> Auc.of(TWO, BOTH, new double[] {1, 0})),
                named("no negative row", () -> Auc.of(TWO, BOTH, new double[] {0, 1})),
                named("actual.length", () -> Multiclass.logLoss(new double[][] {{0.5, 0.5}}, new int[] {0, 1}, ONES)),
                named(
                        "scores[1] is NaN",
                        () -> Multiclass.topK(new double[][] {{0.5, Double.NaN}}, new int[] {0}, new double[] {1}, 1)),
                named(
                        "a class from 0 to 1",
                        () -> Multiclass.topK(new double[][] {{0.5, 0.5}}, new int[] {2}, new double[] {1}, 1)),
                named(
                        "weights[0] is -1.0",
                        () -> Multiclass.auc(
                                new double[][] {{0.1, 0.9}, {0.8, 0.2}, {0.3, 0.7}},
                                new int[] {0, 1, 1},
                                new double[] {-1, 2, 2},
                                Averaging.MACRO)),
                named(
                        "weights[1] is -2.0",
                        () -> new PoissonBootstrap(1, 100)
                                .ofRatios(TWO, ONES, TWO, ONES, new double[] {5, -2}, Clusters.ofRows(2))),
                named(
                        "it needs two clusters",
                        () -> new PoissonBootstrap(1, 100)
                                .ofRatios(TWO, ONES, TWO, ONES, ONES, Clusters.of(new long[] {1, 1}))),
                named(
                        "rows[1] is NaN",
                        () -> new PoissonBootstrap(1, 100).ofRatios(NAN, ONES, TWO, ONES, ONES, Clusters.ofRows(2))),
                named("standard_errors.length", () -> Shrinkage.of(TWO, new double[] {1})),
                named("values[1] is NaN", () -> Shrinkage.of(NAN, ONES)),
                named("scores[1] is NaN", () -> SamplingError.auc(BOTH, NAN, 9)),
                named("reference is undefined", () -> SamplingError.accuracy(new boolean[0], new boolean[0], 9)),
                named("reference categories.length", () -> Evidently.fisherExact(new long[3], new long[2])),
                named("current categories.length", () -> Evidently.fisherExact(new long[2], new long[3])),
                named("reference[1] is NaN", () -> Evidently.tTest(NAN, TWO)),
                named("current[1] is NaN", () -> Evidently.tTest(TWO, NAN)),
                named("rate is 1.5", () -> OperatingPoint.atFlaggedRate(TWO, BOTH, ONES, 1.5)),
                named("precision is 1.5", () -> OperatingPoint.atPrecision(TWO, BOTH, ONES, 1.5)),
                named("scores.length", () -> Ranking.recall(TWO, three, 1)),
                named("upper.length", () -> Regression.coverage(TWO, TWO, three, ONES)),
                named("actual[1] is NaN", () -> Regression.meanAbsoluteError(NAN, TWO, ONES)),
                named("predicted[1] is NaN", () -> Regression.meanAbsoluteError(TWO, NAN, ONES)),
                named("weights.length", () -> Sum.ofProducts(TWO, three)),
                named("values[1] is NaN", () -> Sum.mean(NAN, new double[] {1, 0})),
                named("confusion is undefined", () -> MulticlassConfusion.of(new int[0], new int[0], NONE, 2)),
                named(
                        "weights[1] is -1.0",
                        () -> MulticlassConfusion.of(new int[] {0, 0}, new int[] {0, 0}, new double[] {2, -1}, 2)));
    }

    private static DynamicTest named(String words, ThrowingCallable call) {
        return DynamicTest.dynamicTest(
                words,
                () -> assertThatThrownBy(call).isInstanceOf(Problem.class).hasMessageContaining(words));
    }
}
