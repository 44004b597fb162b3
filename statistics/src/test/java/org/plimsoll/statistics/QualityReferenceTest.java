package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Quality metrics against scikit-learn (src/test/reference/quality.py). */
class QualityReferenceTest {

    @TestFactory
    List<DynamicTest> quality_referenceInputs_equalScikitLearn() {
        Map<String, Function<Given, double[]>> functions = new HashMap<>();
        functions.put("auc", scalar(g -> either(g, Auc::of, Auc::of)));
        functions.put("average_precision", scalar(g -> either(g, AveragePrecision::of, AveragePrecision::of)));
        functions.put("log_loss", scalar(g -> either(g, LogLoss::of, LogLoss::of)));
        functions.put("brier", scalar(g -> either(g, Brier::of, Brier::of)));
        functions.put(
                "greatest_separation",
                scalar(g -> OperatingPoint.atGreatestSeparation(scores(g), positive(g), weights(g))
                        .confusion()
                        .separation()));
        functions.put("confusion", g -> {
            Confusion c = confusion(g);
            return new double[] {c.truePositives(), c.falsePositives(), c.falseNegatives(), c.trueNegatives()};
        });
        functions.put("accuracy", decision(Confusion::accuracy));
        functions.put("balanced_accuracy", decision(Confusion::balancedAccuracy));
        functions.put("precision", decision(Confusion::precision));
        functions.put("lift", decision(Confusion::lift));
        functions.put("recall", decision(Confusion::recall));
        functions.put("specificity", decision(Confusion::specificity));
        functions.put("f1", decision(Confusion::f1));
        functions.put("f_beta", scalar(g -> confusion(g).fBeta(g.number("beta"))));
        functions.put("mcc", decision(Confusion::matthewsCorrelation));
        functions.put("expected_cost", scalar(g -> confusion(g).expectedCost(costs(g))));
        functions.put(
                "threshold_at_flagged_rate",
                scalar(g -> OperatingPoint.atFlaggedRate(scores(g), positive(g), weights(g), g.number("rate"))
                        .threshold()));
        functions.put(
                "threshold_at_false_positive_rate",
                scalar(g -> OperatingPoint.atFalsePositiveRate(scores(g), positive(g), weights(g), g.number("rate"))
                        .threshold()));
        functions.put(
                "threshold_at_recall",
                scalar(g -> OperatingPoint.atRecall(scores(g), positive(g), weights(g), g.number("recall"))
                        .threshold()));
        functions.put(
                "threshold_at_precision",
                scalar(g -> OperatingPoint.atPrecision(scores(g), positive(g), weights(g), g.number("precision"))
                        .threshold()));
        functions.put(
                "threshold_at_lowest_cost",
                scalar(g -> OperatingPoint.atLowestCost(scores(g), positive(g), weights(g), costs(g))
                        .threshold()));
        for (String binning : List.of("equal_width", "equal_mass")) {
            functions.put("calibration_curve_" + binning, g -> points(curve(binning, g)));
            functions.put(
                    "expected_calibration_error_" + binning, scalar(g -> CalibrationError.expected(curve(binning, g))));
            functions.put(
                    "debiased_square_calibration_error_" + binning,
                    scalar(g -> CalibrationError.debiasedSquare(curve(binning, g))));
        }
        functions.put("brier_decomposition", g -> {
            CalibrationCurve curve = CalibrationCurve.equalWidth(scores(g), positive(g), weights(g), g.whole("bins"));
            BrierDecomposition parts = BrierDecomposition.of(curve, scores(g), positive(g), weights(g));
            return new double[] {parts.reliability(), parts.resolution(), parts.uncertainty(), parts.within()};
        });
        functions.put(
                "multiclass_auc", scalar(g -> Multiclass.auc(g.table("scores"), actual(g), weights(g), averaging(g))));
        functions.put(
                "multiclass_average_precision",
                scalar(g -> Multiclass.averagePrecision(g.table("scores"), actual(g), weights(g), averaging(g))));
        functions.put("multiclass_precision", scalar(g -> classes(g).precision(averaging(g))));
        functions.put("multiclass_recall", scalar(g -> classes(g).recall(averaging(g))));
        functions.put("multiclass_f_beta", scalar(g -> classes(g).fBeta(averaging(g), g.number("beta"))));
        functions.put(
                "multiclass_confusion",
                g -> Arrays.stream(classes(g).cells())
                        .flatMapToDouble(Arrays::stream)
                        .toArray());
        functions.put("multiclass_accuracy", scalar(g -> classes(g).accuracy()));
        functions.put("multiclass_balanced_accuracy", scalar(g -> classes(g).balancedAccuracy()));
        functions.put("multiclass_mcc", scalar(g -> classes(g).matthewsCorrelation()));
        functions.put("multiclass_log_loss", scalar(g -> Multiclass.logLoss(g.table("scores"), actual(g), weights(g))));
        functions.put(
                "argmax",
                g -> Arrays.stream(Multiclass.predicted(g.table("scores")))
                        .asDoubleStream()
                        .toArray());
        functions.put("top_k", scalar(g -> Multiclass.topK(g.table("scores"), actual(g), weights(g), g.whole("k"))));
        functions.put("mae", scalar(g -> Regression.meanAbsoluteError(y(g), predicted(g), weights(g))));
        functions.put("mse", scalar(g -> Regression.meanSquaredError(y(g), predicted(g), weights(g))));
        functions.put("rmse", scalar(g -> Regression.rootMeanSquaredError(y(g), predicted(g), weights(g))));
        functions.put("mape", scalar(g -> Regression.meanAbsolutePercentageError(y(g), predicted(g), weights(g))));
        functions.put("r2", scalar(g -> Regression.rSquared(y(g), predicted(g), weights(g))));
        functions.put(
                "pinball", scalar(g -> Regression.pinballLoss(y(g), predicted(g), weights(g), g.number("level"))));
        functions.put(
                "coverage", scalar(g -> Regression.coverage(y(g), g.numbers("lower"), g.numbers("upper"), weights(g))));
        functions.put(
                "ndcg",
                scalar(g ->
                        Ranking.normalizedDiscountedGain(g.numbers("relevance"), g.numbers("scores"), g.whole("k"))));
        functions.put(
                "recall_at_k", scalar(g -> Ranking.recall(g.numbers("relevance"), g.numbers("scores"), g.whole("k"))));
        functions.put(
                "reciprocal_rank",
                scalar(g -> Ranking.reciprocalRank(g.numbers("relevance"), g.numbers("scores"), g.whole("k"))));
        return References.check("quality", functions);
    }

    private interface Unweighted {
        double of(double[] scores, boolean[] positive);
    }

    private interface Weighted {
        double of(double[] scores, boolean[] positive, double[] weights);
    }

    /** Unweighted cases must agree in both forms. */
    private static double either(Given g, Unweighted unweighted, Weighted weighted) {
        double value = weighted.of(scores(g), positive(g), weights(g));
        if (Arrays.stream(weights(g)).allMatch(w -> w == 1)) {
            double plain = unweighted.of(scores(g), positive(g));
            assertThat(plain).isCloseTo(value, within(1e-13));
            return plain;
        }
        return value;
    }

    private static Function<Given, double[]> scalar(ToDoubleFunction<Given> function) {
        return g -> new double[] {function.applyAsDouble(g)};
    }

    private static Function<Given, double[]> decision(ToDoubleFunction<Confusion> rate) {
        return scalar(g -> rate.applyAsDouble(confusion(g)));
    }

    private static Confusion confusion(Given g) {
        return Confusion.at(scores(g), positive(g), weights(g), g.number("threshold"));
    }

    private static CalibrationCurve curve(String binning, Given g) {
        return binning.equals("equal_width")
                ? CalibrationCurve.equalWidth(scores(g), positive(g), g.whole("bins"))
                : CalibrationCurve.equalMass(scores(g), positive(g), g.whole("bins"));
    }

    private static double[] points(CalibrationCurve curve) {
        int bins = curve.bins().size();
        double[] points = new double[2 * bins];
        for (int k = 0; k < bins; k++) {
            points[k] = curve.bins().get(k).meanProbability();
            points[bins + k] = curve.bins().get(k).positiveShare();
        }
        return points;
    }

    private static MulticlassConfusion classes(Given g) {
        return MulticlassConfusion.of(actual(g), g.wholes("predicted"), weights(g), g.whole("classes"));
    }

    private static Averaging averaging(Given g) {
        return Averaging.valueOf(g.text("averaging"));
    }

    private static CostMatrix costs(Given g) {
        double[] costs = g.numbers("costs");
        return new CostMatrix(costs[0], costs[1], costs[2], costs[3]);
    }

    private static int[] actual(Given g) {
        return g.wholes("actual");
    }

    private static double[] y(Given g) {
        return g.numbers("actual");
    }

    private static double[] predicted(Given g) {
        return g.numbers("predicted");
    }

    private static double[] scores(Given g) {
        return g.numbers("scores");
    }

    private static boolean[] positive(Given g) {
        return g.booleans("positive");
    }

    private static double[] weights(Given g) {
        return g.numbers("weights");
    }
}
