package org.plimsoll.statistics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Performance estimated with many classes and under covariate shift, beside NannyML and scikit-learn (estimation.py). */
class EstimationReferenceTest {

    @TestFactory
    List<DynamicTest> estimation_referenceInputs_equalOutsideValues() {
        Map<String, Function<Given, double[]>> functions = new HashMap<>();
        for (String program : List.of("nannyml_", "cbpe_")) {
            functions.put(program + "macro_auc", scalar(g -> Cbpe.macroAuc(g.table("scores"), g.table("calibrated"))));
            functions.put(
                    program + "accuracy", scalar(g -> Cbpe.accuracy(g.table("calibrated"), g.wholes("predicted"))));
        }
        functions.put("pape_weights", g -> DensityRatio.weights(g.numbers("chance_of_now"), g.count("now_rows")));
        functions.put("pape_calibrator", EstimationReferenceTest::calibrated);
        functions.put("pape_auc", scalar(g -> Cbpe.auc(g.numbers("scores_of_now"), calibrated(g))));
        functions.put(
                "pape_average_precision",
                scalar(g -> Cbpe.averagePrecision(g.numbers("scores_of_now"), calibrated(g))));
        return References.check("estimation", functions);
    }

    /** The chances of the rows of now, by the calibrator weighted towards them. */
    private static double[] calibrated(Given g) {
        return DensityRatio.calibrator(
                        g.numbers("scores"), g.booleans("positive"), g.numbers("chance_of_now"), g.count("now_rows"))
                .of(g.numbers("scores_of_now"));
    }

    private static Function<Given, double[]> scalar(ToDoubleFunction<Given> function) {
        return g -> new double[] {function.applyAsDouble(g)};
    }
}
