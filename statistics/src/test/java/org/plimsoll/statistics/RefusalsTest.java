package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.plimsoll.core.Problem;

/** Absence is never a number: no rows, one class, NaN and impossible arguments are Problems that name what is wrong. */
class RefusalsTest {

    private static final double[] NONE = {};
    private static final double[] TWO = {0.2, 0.7};
    private static final double[] NAN = {0.2, Double.NaN};
    private static final double[] INFINITE = {Double.POSITIVE_INFINITY, 0.7};
    private static final double[] ONES = {1, 1};
    private static final boolean[] BOTH = {false, true};
    private static final boolean[] NEGATIVES = {false, false};
    private static final boolean[] POSITIVES = {true, true};
    private static final CostMatrix COSTS = new CostMatrix(0, 1, 5, 0);

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

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(Problem.class);
    }

    private static void assertUndefined(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.facts()).containsKey("undefined"));
    }
}
