package org.plimsoll.statistics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.plimsoll.core.Problem;

/** Calibration, estimation, label arrival, attribution and display (calibration.py, nannyml_estimation.py). */
class CalibrationReferenceTest {

    @TestFactory
    List<DynamicTest> calibration_referenceInputs_equalOutsideValues() {
        Map<String, Function<Given, double[]>> functions = new HashMap<>();
        functions.put(
                "isotonic",
                g -> IsotonicRegression.fit(g.numbers("scores"), g.booleans("positive"), g.numbers("weights"))
                        .of(g.numbers("at")));
        functions.put("platt", g -> {
            PlattScaling platt = PlattScaling.fit(g.numbers("scores"), g.booleans("positive"), g.numbers("weights"));
            return new double[] {platt.slope(), platt.intercept()};
        });
        functions.put("cbpe_auc", scalar(g -> Cbpe.auc(g.numbers("scores"), g.numbers("calibrated"))));
        functions.put(
                "cbpe_average_precision",
                scalar(g -> Cbpe.averagePrecision(g.numbers("scores"), g.numbers("calibrated"))));
        functions.put("poisson_binomial", g -> {
            PoissonBinomial law = PoissonBinomial.of(g.numbers("chances"));
            return DoubleStream.concat(
                            DoubleStream.of(law.mean(), law.standardDeviation()),
                            IntStream.rangeClosed(0, g.numbers("chances").length)
                                    .mapToDouble(law::cumulativeProbability))
                    .toArray();
        });
        functions.put(
                "poisson_binomial_large",
                scalar(g -> PoissonBinomial.of(g.numbers("chances")).cumulativeProbability(g.whole("k"))));
        functions.put("kaplan_meier", g -> {
            KaplanMeier curve = KaplanMeier.fit(g.numbers("ages"), g.booleans("arrived"));
            double[] interval = curve.arrivedInterval(g.number("age"), 0.9);
            return new double[] {curve.arrivedBy(g.number("age")), interval[0], interval[1]};
        });
        functions.put("age_of_share", scalar(g -> {
            try {
                return KaplanMeier.fit(g.numbers("ages"), g.booleans("arrived")).ageOf(g.number("share"));
            } catch (Problem never) {
                return Double.POSITIVE_INFINITY;
            }
        }));
        functions.put("effective_sample_size", scalar(g -> EffectiveSampleSize.of(g.numbers("weights"))));
        functions.put("density_ratio", g -> DensityRatio.weights(g.numbers("chance_of_now"), g.count("now_rows")));
        functions.put("shapley", g -> new Shapley(g.numbers("outcomes")).values());
        functions.put(
                "shapley_noise_floor",
                scalar(g -> new Shapley(g.numbers("outcomes")).noiseFloor(g.number("deviation"), 0.95)));
        functions.put(
                "shapley_interactions",
                g -> Arrays.stream(new Shapley(g.numbers("outcomes")).interactions())
                        .flatMapToDouble(Arrays::stream)
                        .toArray());
        functions.put("shrinkage", g -> {
            Shrinkage shrunken = Shrinkage.of(g.numbers("values"), g.numbers("standard_errors"));
            DoubleStream parts =
                    DoubleStream.concat(Arrays.stream(shrunken.values()), Arrays.stream(shrunken.standardErrors()));
            return DoubleStream.concat(DoubleStream.of(shrunken.mean(), shrunken.betweenVariance()), parts)
                    .toArray();
        });
        functions.put(
                "wilson",
                g -> interval(
                        ProportionInterval.wilson(g.count("successes"), g.count("trials"), g.number("confidence"))));
        functions.put("proportion_bounds", g -> {
            Proportion proportion = new Proportion(g.count("successes"), g.count("trials"));
            double confidence = g.number("confidence");
            return new double[] {proportion.lower(confidence), proportion.upper(confidence)};
        });
        functions.put("proportion_p", g -> {
            Proportion proportion = new Proportion(g.count("successes"), g.count("trials"));
            return new double[] {proportion.pValueAbove(g.number("bound")), proportion.pValueBelow(g.number("bound"))};
        });
        functions.put(
                "clopper_pearson",
                g -> interval(ProportionInterval.clopperPearson(
                        g.count("successes"), g.count("trials"), g.number("confidence"))));
        functions.put(
                "newcombe",
                g -> interval(ProportionInterval.newcombe(
                        g.count("successes"),
                        g.count("trials"),
                        g.count("other_successes"),
                        g.count("other_trials"),
                        0.95)));
        functions.put("newcombe_paired", g -> {
            long[] cells = g.counts("cells");
            return interval(ProportionInterval.newcombePaired(cells[0], cells[1], cells[2], cells[3], 0.95));
        });
        functions.put(
                "arrival_weights",
                g -> ArrivalWeights.of(
                        g.numbers("ages"), g.booleans("positive"), curve(g, true), curve(g, false), 0.01));
        return References.check("calibration", functions);
    }

    /** The delay curve of one class of the rows that waited. */
    private static KaplanMeier curve(Given g, boolean positive) {
        boolean[] classes = g.booleans("waited_positive");
        int[] rows = IntStream.range(0, classes.length)
                .filter(i -> classes[i] == positive)
                .toArray();
        boolean[] arrived = new boolean[rows.length];
        for (int k = 0; k < rows.length; k++) {
            arrived[k] = g.booleans("arrived")[rows[k]];
        }
        double[] waited = g.numbers("waited");
        return KaplanMeier.fit(Arrays.stream(rows).mapToDouble(i -> waited[i]).toArray(), arrived);
    }

    @TestFactory
    List<DynamicTest> estimation_referenceInputs_equalNannyMl() {
        Map<String, Function<Given, double[]>> functions = new HashMap<>();
        functions.put("estimated_accuracy", scalar(g -> expected(g).accuracy()));
        functions.put("estimated_precision", scalar(g -> expected(g).precision()));
        functions.put("estimated_recall", scalar(g -> expected(g).recall()));
        functions.put("estimated_specificity", scalar(g -> expected(g).specificity()));
        functions.put("estimated_f1", scalar(g -> expected(g).f1()));
        functions.put("estimated_auc", scalar(g -> Cbpe.auc(g.numbers("scores"), g.numbers("calibrated"))));
        functions.put(
                "estimated_average_precision",
                scalar(g -> Cbpe.averagePrecision(g.numbers("scores"), g.numbers("calibrated"))));
        functions.put("accuracy_sampling_error", sampling(SamplingError::accuracy));
        functions.put("precision_sampling_error", sampling(SamplingError::precision));
        functions.put("recall_sampling_error", sampling(SamplingError::recall));
        functions.put("specificity_sampling_error", sampling(SamplingError::specificity));
        functions.put("f1_sampling_error", sampling(SamplingError::f1));
        functions.put(
                "auc_sampling_error",
                scalar(g -> SamplingError.auc(g.booleans("positive"), g.numbers("scores"), g.count("rows"))));
        functions.put("direct_loss_error", scalar(g -> {
            double[] losses = DirectLoss.Loss.valueOf(g.text("loss")).rows(g.numbers("actual"), g.numbers("predicted"));
            return g.flag("root")
                    ? DirectLoss.errorOfRootMean(losses, g.count("rows"))
                    : DirectLoss.errorOfMean(losses, g.count("rows"));
        }));
        functions.put("direct_loss", g -> new double[] {
            DirectLoss.mean(g.numbers("expected_losses")), DirectLoss.rootMean(g.numbers("expected_losses"))
        });
        return References.check("nannyml_estimation", functions);
    }

    private interface Error {
        double of(boolean[] positive, boolean[] flagged, long rows);
    }

    private static Function<Given, double[]> sampling(Error error) {
        return scalar(g -> error.of(g.booleans("positive"), g.booleans("flagged"), g.count("rows")));
    }

    private static Confusion expected(Given g) {
        return Cbpe.confusion(g.numbers("calibrated"), g.booleans("flagged"));
    }

    private static Function<Given, double[]> scalar(ToDoubleFunction<Given> function) {
        return g -> new double[] {function.applyAsDouble(g)};
    }

    private static double[] interval(ProportionInterval interval) {
        return new double[] {interval.lower(), interval.upper()};
    }
}
