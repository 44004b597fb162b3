package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.plimsoll.statistics.Refusals.BOTH;
import static org.plimsoll.statistics.Refusals.COSTS;
import static org.plimsoll.statistics.Refusals.INFINITE;
import static org.plimsoll.statistics.Refusals.NAN;
import static org.plimsoll.statistics.Refusals.NEGATIVES;
import static org.plimsoll.statistics.Refusals.NONE;
import static org.plimsoll.statistics.Refusals.ONES;
import static org.plimsoll.statistics.Refusals.POSITIVES;
import static org.plimsoll.statistics.Refusals.TWO;
import static org.plimsoll.statistics.Refusals.assertRefused;
import static org.plimsoll.statistics.Refusals.assertUndefined;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.plimsoll.core.Problem;

/** Absence is never a number: of any metric, no rows, one class, NaN and impossible weights are Problems. */
class MetricRefusalsTest {

    private record Metric(
            String name, BiFunction<double[], boolean[], Object> of, boolean needsPositive, boolean needsNegative) {}

    private static List<Metric> metrics() {
        return List.of(
                new Metric("AUC", Auc::of, true, true),
                new Metric("weighted AUC", (s, y) -> Auc.of(s, y, ones(s)), true, true),
                new Metric("placements", Placements::of, true, true),
                new Metric("AUC influence", (s, y) -> Placements.influence(s, y, ones(s)), true, true),
                new Metric("average precision", AveragePrecision::of, true, false),
                new Metric("log loss", LogLoss::of, false, false),
                new Metric("Brier", Brier::of, false, false),
                new Metric("weighted Brier", (s, y) -> Brier.of(s, y, ones(s)), false, false),
                new Metric("confusion", (s, y) -> Confusion.at(s, y, 0.5), false, false),
                new Metric("equal width", (s, y) -> CalibrationCurve.equalWidth(s, y, 5), false, false),
                new Metric("equal mass", (s, y) -> CalibrationCurve.equalMass(s, y, 5), false, false),
                new Metric("costs", (s, y) -> COSTS.rows(s, y, 0.5), false, false),
                new Metric("flagged rate", (s, y) -> OperatingPoint.atFlaggedRate(s, y, ones(s), 0.5), false, false),
                new Metric(
                        "false positive rate",
                        (s, y) -> OperatingPoint.atFalsePositiveRate(s, y, ones(s), 0.5),
                        false,
                        true),
                new Metric("recall", (s, y) -> OperatingPoint.atRecall(s, y, ones(s), 0.5), true, false),
                new Metric("separation", (s, y) -> OperatingPoint.atGreatestSeparation(s, y, ones(s)), true, true),
                new Metric("lowest cost", (s, y) -> OperatingPoint.atLowestCost(s, y, ones(s), COSTS), false, false),
                new Metric("isotonic", (s, y) -> IsotonicRegression.fit(s, y, ones(s)), false, false),
                new Metric("Platt", (s, y) -> PlattScaling.fit(s, y, ones(s)), true, true),
                new Metric("decision", (s, y) -> ConfusionInfluence.at(s, y, ones(s), 0.5), false, false));
    }

    @TestFactory
    Stream<DynamicTest> binaryMetric_badRows_isAProblem() {
        return metrics().stream()
                .flatMap(metric -> Stream.of(
                        refused(metric.name + " of no rows", () -> metric.of.apply(NONE, new boolean[0])),
                        refused(metric.name + " of NaN", () -> metric.of.apply(NAN, BOTH)),
                        refused(metric.name + " of infinity", () -> metric.of.apply(INFINITE, BOTH)),
                        refused(metric.name + " of unequal lengths", () -> metric.of.apply(TWO, new boolean[3])),
                        refused(metric.name + " of fewer scores", () -> metric.of.apply(TWO, new boolean[1]))));
    }

    @TestFactory
    Stream<DynamicTest> binaryMetric_oneClass_isAProblemOnlyWhereItNeedsBoth() {
        return metrics().stream()
                .flatMap(metric -> Stream.of(
                        metric.needsPositive
                                ? undefined(metric.name + " without positives", () -> metric.of.apply(TWO, NEGATIVES))
                                : allowed(metric.name + " without positives", () -> metric.of.apply(TWO, NEGATIVES)),
                        metric.needsNegative
                                ? undefined(metric.name + " without negatives", () -> metric.of.apply(TWO, POSITIVES))
                                : allowed(metric.name + " without negatives", () -> metric.of.apply(TWO, POSITIVES)),
                        allowed(metric.name + " of both", () -> metric.of.apply(TWO, BOTH))));
    }

    @TestFactory
    Stream<DynamicTest> weights_impossible_areAProblem() {
        return Stream.of(
                        new double[] {1, -1},
                        new double[] {2, -1},
                        new double[] {1, Double.NaN},
                        new double[] {0, 0},
                        new double[] {1},
                        new double[] {1, Double.POSITIVE_INFINITY})
                .flatMap(weights -> Stream.of(
                        refused("AUC", () -> Auc.of(TWO, BOTH, weights)),
                        refused("average precision", () -> AveragePrecision.of(TWO, BOTH, weights)),
                        refused("log loss", () -> LogLoss.of(TWO, BOTH, weights)),
                        refused("Brier", () -> Brier.of(TWO, BOTH, weights)),
                        refused("confusion", () -> Confusion.at(TWO, BOTH, weights, 0.5)),
                        refused("curve", () -> CalibrationCurve.equalWidth(TWO, BOTH, weights, 2)),
                        refused("operating point", () -> OperatingPoint.atLowestCost(TWO, BOTH, weights, COSTS)),
                        refused("mean", () -> Sum.mean(TWO, weights)),
                        refused("MAE", () -> Regression.meanAbsoluteError(TWO, ONES, weights)),
                        refused("RMSE of equals", () -> Regression.rootMeanSquaredError(TWO, TWO, weights)),
                        refused("isotonic", () -> IsotonicRegression.fit(TWO, BOTH, weights)),
                        refused(
                                "effective size",
                                () -> EffectiveSampleSize.of(weights.length == 1 ? new double[] {0} : weights)),
                        refused(
                                "cluster t",
                                () -> ClusterRobust.compare(
                                        Influence.mean(TWO, ONES),
                                        Influence.mean(ONES, ONES),
                                        weights,
                                        Clusters.ofRows(2)))));
    }

    @TestFactory
    Stream<DynamicTest> binaryMetric_classWithoutWeight_isUndefined() {
        double[] onlyNegatives = {1, 0};
        double[] onlyPositives = {0, 1};
        return Stream.of(
                undefined("AUC", () -> Auc.of(TWO, BOTH, onlyNegatives)),
                undefined("AUC", () -> Auc.of(TWO, BOTH, onlyPositives)),
                undefined("influence", () -> Placements.influence(TWO, BOTH, onlyPositives)),
                undefined("AP", () -> AveragePrecision.of(TWO, BOTH, onlyNegatives)),
                undefined("Platt", () -> PlattScaling.fit(TWO, BOTH, onlyPositives)));
    }

    @Test
    void rates_emptyDenominator_areUndefined() {
        Confusion nothingFlagged = new Confusion(0, 0, 3, 4);
        Confusion allFlagged = new Confusion(3, 4, 0, 0);
        Confusion noPositive = new Confusion(0, 2, 0, 3);
        Confusion noNegative = new Confusion(2, 0, 3, 0);
        Confusion empty = new Confusion(0, 0, 0, 0);
        Confusion onlyTrueNegatives = new Confusion(0, 0, 0, 9);
        assertUndefined(nothingFlagged::precision);
        assertUndefined(nothingFlagged::lift);
        assertUndefined(noPositive::recall);
        assertUndefined(noPositive::balancedAccuracy);
        assertUndefined(noPositive::lift);
        assertUndefined(noNegative::specificity);
        assertUndefined(noNegative::falsePositiveRate);
        assertUndefined(noNegative::separation);
        assertUndefined(onlyTrueNegatives::f1);
        for (Confusion degenerate : List.of(nothingFlagged, allFlagged, noPositive, noNegative)) {
            assertUndefined(degenerate::matthewsCorrelation);
        }
        assertUndefined(empty::accuracy);
        assertUndefined(empty::flaggedRate);
        assertUndefined(() -> empty.expectedCost(COSTS));
        assertRefused(() -> allFlagged.fBeta(0));
        assertRefused(() -> allFlagged.fBeta(Double.NaN));
        assertRefused(() -> new Confusion(-1, 0, 0, 0));
        assertRefused(() -> new Confusion(0, -1, 0, 0));
        assertRefused(() -> new Confusion(0, 0, Double.NaN, 0));
        assertRefused(() -> new Confusion(0, 0, 0, Double.POSITIVE_INFINITY));
        assertRefused(() -> Confusion.at(TWO, BOTH, Double.NaN));
    }

    @Test
    void confusionInfluence_whereTheMetricIsUndefined_isUndefinedToo() {
        ConfusionInfluence nothingFlagged = ConfusionInfluence.at(TWO, BOTH, ONES, 0.9);
        ConfusionInfluence noPositive = ConfusionInfluence.at(TWO, NEGATIVES, ONES, 0.5);
        ConfusionInfluence noNegative = ConfusionInfluence.at(TWO, POSITIVES, ONES, 0.5);
        ConfusionInfluence wrong = ConfusionInfluence.at(TWO, new boolean[] {true, false}, ONES, 0.5);
        assertUndefined(nothingFlagged::precision);
        assertUndefined(nothingFlagged::matthewsCorrelation);
        assertUndefined(noPositive::recall);
        assertUndefined(noNegative::specificity);
        assertUndefined(noPositive::balancedAccuracy);
        assertUndefined(wrong::lift);
        assertUndefined(() -> ConfusionInfluence.at(TWO, NEGATIVES, ONES, 0.9).fBeta(1));
        assertUndefined(() -> Influence.ratio(TWO, new double[2], ONES));
        assertUndefined(() -> Influence.mean(new double[2], ONES).logarithm());
        assertUndefined(() -> Influence.mean(new double[2], ONES).squareRoot());
        assertUndefined(() -> Influence.rSquared(new double[] {3, 3}, TWO, ONES));
        assertRefused(() -> Influence.ratio(TWO, new double[3], ONES));
        assertRefused(() -> Influence.mean(TWO, ONES).plus(1, Influence.mean(new double[3], new double[] {1, 1, 1})));
    }

    @Test
    void regression_undefinedInputs_areProblems() {
        assertUndefined(() -> Regression.rSquared(new double[] {3, 3}, TWO, ONES));
        assertRefused(() -> Regression.meanAbsolutePercentageError(new double[] {0, 1}, TWO, ONES));
        assertRefused(() -> Regression.pinballLoss(TWO, TWO, ONES, 0));
        assertRefused(() -> Regression.pinballLoss(TWO, TWO, ONES, 1));
        assertRefused(() -> Regression.coverage(TWO, new double[] {1, 1}, new double[] {0, 2}, ONES));
        assertRefused(() -> Regression.coverage(TWO, new double[3], new double[3], ONES));
        assertRefused(() -> Regression.coverage(NAN, TWO, TWO, ONES));
        assertRefused(() -> Regression.coverage(TWO, NAN, TWO, ONES));
        assertRefused(() -> Regression.coverage(TWO, TWO, NAN, ONES));
        assertRefused(() -> Regression.coverage(TWO, TWO, new double[1], ONES));
        assertRefused(() -> Regression.meanAbsoluteError(TWO, NAN, ONES));
        assertRefused(() -> Regression.meanAbsoluteError(NAN, TWO, ONES));
        assertRefused(() -> Regression.meanAbsoluteError(NONE, NONE, NONE));
        assertRefused(() -> Regression.meanAbsoluteError(TWO, new double[3], ONES));
        double[] huge = {1e300, -1e300};
        assertUndefined(() -> Regression.meanAbsoluteError(
                new double[] {1e308, 1e308}, new double[] {-7e307, -7e307}, new double[] {1, 1}));
        assertThatThrownBy(() -> Regression.meanSquaredError(huge, TWO, ONES)).isInstanceOf(Problem.class);
        assertThat(Regression.coverage(new double[] {1, 1}, new double[] {1, 0}, new double[] {1, 1}, ONES))
                .isEqualTo(1);
    }

    @Test
    void multiclass_badTables_areProblems() {
        double[][] scores = {{0.2, 0.8}, {0.6, 0.4}};
        int[] actual = {1, 0};
        assertRefused(() -> Multiclass.auc(new double[0][], new int[0], NONE, Averaging.MACRO));
        assertRefused(() -> Multiclass.auc(scores, new int[] {0, 2}, ONES, Averaging.MACRO));
        assertRefused(() -> Multiclass.auc(scores, new int[] {0, -1}, ONES, Averaging.MACRO));
        assertRefused(() -> Multiclass.auc(scores, new int[] {0}, ONES, Averaging.MACRO));
        assertRefused(() -> Multiclass.auc(new double[][] {{1}, {1}}, actual, ONES, Averaging.MACRO));
        assertRefused(() -> Multiclass.auc(new double[][] {{1, 0}, {1}}, actual, ONES, Averaging.MACRO));
        assertRefused(() -> Multiclass.auc(new double[][] {{1, 0}, {1, Double.NaN}}, actual, ONES, Averaging.MICRO));
        assertUndefined(() -> Multiclass.auc(scores, new int[] {0, 0}, ONES, Averaging.WEIGHTED));
        assertRefused(() -> Multiclass.topK(scores, actual, ONES, 0));
        assertRefused(() -> Multiclass.topK(scores, actual, ONES, 3));
        assertThat(Multiclass.topK(scores, actual, ONES, 2)).isEqualTo(1);
        assertRefused(() -> Multiclass.logLoss(new double[][] {{0.5, 0.6}, {0.5, 0.5}}, actual, ONES));
        assertRefused(() -> Multiclass.logLoss(new double[][] {{1.5, -0.5}, {0.5, 0.5}}, actual, ONES));
        assertThat(Multiclass.logLoss(new double[][] {{0.5, 0.5 + 9e-7}, {0.5, 0.5}}, actual, ONES))
                .isPositive();
        assertRefused(() -> Multiclass.predicted(new double[][] {{0, Double.NaN}}));
        assertRefused(() -> new MulticlassConfusion(new double[][] {{1}}));
        assertRefused(() -> new MulticlassConfusion(new double[][] {{1, 2}, {1}}));
        assertRefused(() -> new MulticlassConfusion(new double[][] {{1, 2}, {1, -1}}));
        assertRefused(() -> MulticlassConfusion.of(actual, new int[] {0, 2}, ONES, 2));
        assertRefused(() -> MulticlassConfusion.of(new int[] {0, 2}, actual, ONES, 2));
        assertRefused(() -> MulticlassConfusion.of(actual, new int[1], ONES, 2));
        assertRefused(() -> MulticlassConfusion.of(actual, actual, ONES, 1));
        assertRefused(() -> MulticlassConfusion.of(new int[0], new int[0], NONE, 2));
        assertUndefined(() -> new MulticlassConfusion(new double[2][2]).accuracy());
        assertUndefined(() -> new MulticlassConfusion(new double[][] {{2, 1}, {0, 0}}).matthewsCorrelation());
        assertUndefined(() -> new MulticlassConfusion(new double[][] {{2, 0}, {1, 0}}).matthewsCorrelation());
    }

    @Test
    void ranking_nothingRelevant_isUndefined() {
        assertUndefined(() -> Ranking.normalizedDiscountedGain(new double[2], TWO, 1));
        assertUndefined(() -> Ranking.recall(new double[2], TWO, 1));
        assertUndefined(() -> Ranking.reciprocalRank(new double[2], TWO, 1));
        assertRefused(() -> Ranking.recall(ONES, TWO, 0));
        assertRefused(() -> Ranking.recall(new double[] {-1, 1}, TWO, 1));
        assertRefused(() -> Ranking.recall(ONES, NAN, 1));
        assertRefused(() -> Ranking.recall(new double[3], TWO, 1));
        assertRefused(() -> Ranking.recall(NONE, NONE, 1));
    }

    @Test
    void operatingPoint_unreachableConstraint_isUndefined() {
        assertUndefined(() -> OperatingPoint.atPrecision(TWO, NEGATIVES, ONES, 0.5));
        assertRefused(() -> OperatingPoint.atPrecision(TWO, BOTH, ONES, 1.1));
        assertRefused(() -> OperatingPoint.atRecall(TWO, BOTH, ONES, -0.1));
        assertRefused(() -> OperatingPoint.atFlaggedRate(TWO, BOTH, ONES, Double.NaN));
        assertRefused(() -> OperatingPoint.atFalsePositiveRate(TWO, BOTH, ONES, 2));
        assertRefused(() -> CalibrationCurve.equalWidth(TWO, BOTH, 0));
        assertRefused(() -> CalibrationCurve.equalMass(TWO, BOTH, 0));
        assertRefused(() -> new CostMatrix(Double.NaN, 0, 0, 0));
        assertRefused(() -> new CostMatrix(0, Double.NaN, 0, 0));
        assertRefused(() -> new CostMatrix(0, 0, Double.POSITIVE_INFINITY, 0));
        assertRefused(() -> new CostMatrix(0, 0, 0, Double.NaN));
    }

    private static double[] ones(double[] rows) {
        return Inputs.ones(rows.length);
    }

    private static DynamicTest refused(String name, ThrowingCallable call) {
        return DynamicTest.dynamicTest(name, () -> assertRefused(call));
    }

    private static DynamicTest undefined(String name, ThrowingCallable call) {
        return DynamicTest.dynamicTest(name, () -> assertUndefined(call));
    }

    private static DynamicTest allowed(String name, Runnable call) {
        return DynamicTest.dynamicTest(name, call::run);
    }

    /** Sorted scores show at their ends what is not finite: either end, of either class. */
    @Test
    void auc_oneInfinityAmongScores_isRefusedByItsPlace() {
        for (double odd : new double[] {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NaN}) {
            for (boolean ofPositive : new boolean[] {true, false}) {
                double[] scores = {0.2, 0.7, odd, 0.4, 0.1};
                boolean[] positive = {true, false, ofPositive, true, false};
                assertThatThrownBy(() -> Auc.of(scores, positive)).hasMessageContaining("scores[2] is " + odd);
            }
            assertThatThrownBy(() -> Auc.of(new double[] {1, odd}, POSITIVES)).hasMessageContaining("scores[1]");
        }
    }

    @Test
    void weightsAndPositives_infinite_areRefusedByName() {
        assertThatThrownBy(() -> Sum.mean(TWO, INFINITE)).hasMessageContaining("weights[0] is Infinity");
        assertThatThrownBy(() -> new WindowNull(Double.POSITIVE_INFINITY, TWO, new double[0][]))
                .hasMessageContaining("concentration is Infinity");
    }
}
