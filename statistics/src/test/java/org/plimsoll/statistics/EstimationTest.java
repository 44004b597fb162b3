package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Calibration, estimated performance and attribution, by hand, at the borders where an operator turned round would show. */
class EstimationTest {

    private static final double[] ONES = {1, 1, 1, 1};

    @Test
    void poissonBinomial_quantiles() {
        PoissonBinomial fair = PoissonBinomial.of(new double[] {0.5, 0.5});
        assertThat(fair.cumulativeProbability(-1)).isZero();
        assertThat(fair.cumulativeProbability(0)).isEqualTo(0.25);
        assertThat(fair.cumulativeProbability(1)).isEqualTo(0.75);
        assertThat(fair.cumulativeProbability(2)).isEqualTo(1);
        assertThat(fair.quantile(0.25)).isZero();
        assertThat(fair.quantile(0.26)).isEqualTo(1);
        assertThat(fair.quantile(0.75)).isEqualTo(1);
        assertThat(fair.quantile(0.76)).isEqualTo(2);
        double[] certain = new double[5000];
        Arrays.fill(certain, 0, 1000, 1);
        PoissonBinomial sure = PoissonBinomial.of(certain);
        assertThat(sure.cumulativeProbability(999)).isZero();
        assertThat(sure.cumulativeProbability(1000)).isEqualTo(1);
        assertThat(sure.standardDeviation()).isZero();
    }

    @Test
    void cbpe_manyClasses_andIntervals() {
        double[][] calibrated = {{0.2, 0.8}, {0.6, 0.4}};
        assertThat(Cbpe.accuracy(calibrated, new int[] {1, 0})).isCloseTo(0.7, within(1e-15));
        double[][] scores = {{0.1, 0.9}, {0.7, 0.3}};
        double first = Cbpe.auc(new double[] {0.1, 0.7}, new double[] {0.2, 0.6});
        double second = Cbpe.auc(new double[] {0.9, 0.3}, new double[] {0.8, 0.4});
        assertThat(Cbpe.macroAuc(scores, calibrated)).isCloseTo((first + second) / 2, within(1e-15));
        double[] p = {0.9, 0.8, 0.3, 0.1};
        boolean[] flagged = {true, true, false, false};
        double[] recall = Cbpe.recallInterval(p, flagged, 0.5);
        double estimate = 1.7 / 2.1;
        double variance =
                (Math.pow((1 - estimate) / 2.1, 2) * (0.09 + 0.16)) + Math.pow(estimate / 2.1, 2) * (0.21 + 0.09);
        assertThat(recall[0]).isCloseTo(estimate - 0.6744897501960817 * Math.sqrt(variance), within(1e-12));
        assertThat(recall[1]).isCloseTo(estimate + 0.6744897501960817 * Math.sqrt(variance), within(1e-12));
        double f = 2 * 1.7 / (2 + 2.1);
        double[] f1 = Cbpe.fBetaInterval(p, flagged, 1, 0.5);
        double varianceOfF = Math.pow((2 - f) / 4.1, 2) * 0.25 + Math.pow(f / 4.1, 2) * 0.3;
        assertThat(f1[0]).isCloseTo(f - 0.6744897501960817 * Math.sqrt(varianceOfF), within(1e-12));
        assertThat(Cbpe.recallInterval(p, flagged, 0.999999)[1]).isEqualTo(1);
        assertThat(Cbpe.recallInterval(new double[] {0.1, 0.9}, new boolean[] {true, false}, 0.999999)[0])
                .isZero();
        double[] accuracy = Cbpe.accuracyInterval(new double[] {1, 1, 0, 0}, flagged, 0.9);
        assertThat(accuracy).containsExactly(1, 1);
        assertThat(Cbpe.precisionInterval(new double[] {1, 0, 1, 1}, flagged, 0.9))
                .containsExactly(0.5, 0.5);
        double[] f2 = Cbpe.fBetaInterval(p, flagged, 2, 0.5);
        double g = 5 * 1.7 / (2 + 4 * 2.1);
        double varianceOfG = Math.pow((5 - 4 * g) / 10.4, 2) * 0.25 + Math.pow(4 * g / 10.4, 2) * 0.3;
        assertThat(f2[0]).isCloseTo(g - 0.6744897501960817 * Math.sqrt(varianceOfG), within(1e-12));
    }

    @Test
    void pape_equalChances_isPlainCalibration() {
        double[] scores = {0.1, 0.4, 0.35, 0.8};
        boolean[] positive = {false, false, true, true};
        double[] chance = {0.5, 0.5, 0.5, 0.5};
        assertThat(DensityRatio.calibrator(scores, positive, chance, 4).values())
                .isEqualTo(IsotonicRegression.fit(scores, positive, ONES).values());
        assertThat(DensityRatio.weights(chance, 2)).containsExactly(2, 2, 2, 2);
        double[] tilted = {0.2, 0.8, 0.5, 0.5};
        assertThat(DensityRatio.calibrator(scores, positive, tilted, 4).values())
                .isEqualTo(IsotonicRegression.fit(scores, positive, DensityRatio.weights(tilted, 4))
                        .values());
    }

    @Test
    void arrivalWeights_classesApart_undoTheirDelays() {
        KaplanMeier positives = KaplanMeier.fit(new double[] {1, 2, 3, 4}, new boolean[] {true, true, true, true});
        KaplanMeier negatives = KaplanMeier.fit(new double[] {1, 1, 1, 9}, new boolean[] {true, true, true, true});
        double[] weights = ArrivalWeights.of(
                new double[] {2, 2.5, 1, 4}, new boolean[] {true, true, false, true}, positives, negatives, 0.25);
        assertThat(weights[0]).isCloseTo(2, within(1e-12));
        assertThat(weights[1]).isCloseTo(2, within(1e-12));
        assertThat(weights[2]).isCloseTo(4 / 3.0, within(1e-12));
        assertThat(weights[3]).isEqualTo(1);
        assertThat(ArrivalWeights.of(new double[] {1}, new boolean[] {true}, positives, negatives, 0.25)[0])
                .isCloseTo(4, within(1e-12));
        assertThat(positives.arrivedBy(0.99)).isZero();
        assertThat(positives.arrivedInterval(0.5, 0.9)).containsExactly(0, 0);
        assertThat(positives.arrivedInterval(4, 0.9)).containsExactly(1, 1);
        assertThat(positives.ageOf(0.25)).isEqualTo(1);
        assertThat(positives.ageOf(0.26)).isEqualTo(2);
    }

    @Test
    void shapley_additiveEffects_haveNoInteraction() {
        assertThat(new Shapley(new double[] {2, 5}).total()).isEqualTo(3);
        Shapley additive = new Shapley(new double[] {1, 3, 11, 13});
        assertThat(additive.values()).containsExactly(2, 10);
        assertThat(additive.interactions()).isDeepEqualTo(new double[2][2]);
        Shapley both = new Shapley(new double[] {0, 0, 0, 6});
        assertThat(both.values()).containsExactly(3, 3);
        assertThat(both.interactions()[0][1]).isEqualTo(6);
        assertThat(both.interactions()[1][0]).isEqualTo(6);
        assertThat(both.total()).isEqualTo(6);
        assertThat(new Shapley(new double[256]).values()).hasSize(8);
    }

    @Test
    void platt_probability_fallsWithTheLinearTerm() {
        PlattScaling scaling = new PlattScaling(-2, 1);
        assertThat(scaling.of(0.5)).isEqualTo(0.5);
        assertThat(scaling.of(new double[] {0, 1})).containsExactly(1 / (1 + Math.E), 1 / (1 + 1 / Math.E));
    }

    @Test
    void samplingError_tiedScores_standInRowOrder() {
        boolean[] positive = {true, false, true, false, false};
        double[] scores = {0.2, 0.5, 0.6, 0.1, 0.3};
        // negatives below the positives: 1 and 3 of 3; population deviation 1/3; positives are 2 of 5
        assertThat(SamplingError.auc(positive, scores, 10)).isCloseTo(1 / 3.0 / Math.sqrt(10 * 0.4), within(1e-15));
        boolean[] common = {false, true, false, true, true};
        assertThat(SamplingError.auc(common, scores, 10)).isCloseTo(1 / 3.0 / Math.sqrt(10 * 0.4), within(1e-15));
        boolean[] even = {true, false};
        assertThat(SamplingError.accuracy(even, even, 4)).isZero();
        assertThat(SamplingError.accuracy(even, new boolean[] {true, true}, 4)).isEqualTo(0.25);
        assertThat(SamplingError.recall(new boolean[] {true, true, false}, new boolean[] {true, false, false}, 6))
                .isCloseTo(0.5 / 2, within(1e-15));
    }

    @Test
    void platt_steepScores_convergesFromAnywhere() {
        double[] scores = new double[200];
        boolean[] positive = new boolean[200];
        for (int i = 0; i < 200; i++) {
            scores[i] = i < 199 ? i / 1000.0 : 50;
            positive[i] = i >= 100;
        }
        PlattScaling fit = PlattScaling.fit(scores, positive, Inputs.ones(200));
        double[] probabilities = fit.of(scores);
        double gradient = 0;
        double gradientOfSlope = 0;
        for (int i = 0; i < 200; i++) {
            double target = positive[i] ? 101 / 102.0 : 1 / 102.0;
            gradient += target - probabilities[i];
            gradientOfSlope += scores[i] * (target - probabilities[i]);
        }
        assertThat(gradient).isCloseTo(0, within(1e-10));
        assertThat(gradientOfSlope).isCloseTo(0, within(1e-9));
    }

    @Test
    void isotonic_scoresAcrossTheWholeRange_interpolates() {
        IsotonicRegression fitted = new IsotonicRegression(new double[] {-1e308, 1e308}, new double[] {0, 1});
        assertThat(fitted.of(new double[] {-1.5e308, -1e308, 0, 5e307, 1e308, 1.7e308}))
                .containsExactly(0, 0, 0.5, 0.75, 1, 1);
        IsotonicRegression fine = new IsotonicRegression(new double[] {0, 4 * Double.MIN_VALUE}, new double[] {0, 1});
        assertThat(fine.of(new double[] {0, Double.MIN_VALUE, 2 * Double.MIN_VALUE, 1}))
                .containsExactly(0, 0.25, 0.5, 1);
    }

    /** Nine rows near zero and one far off: a whole Newton step overshoots, so it is halved until the likelihood grows. */
    @Test
    void platt_loneFarPositive_findsTheMaximumByHalvedSteps() {
        double[] scores = {151, 0, 1, 1, -1, 3, 1, -3, 2, 0, -1, -2, -3, -3, 2, 2};
        boolean[] positive = new boolean[16];
        positive[0] = true;
        double[] probabilities =
                PlattScaling.fit(scores, positive, Inputs.ones(16)).of(scores);
        double gradient = 0;
        double gradientOfSlope = 0;
        for (int i = 0; i < 16; i++) {
            double target = positive[i] ? 2 / 3.0 : 1 / 17.0;
            gradient += target - probabilities[i];
            gradientOfSlope += scores[i] * (target - probabilities[i]);
        }
        assertThat(gradient).isCloseTo(0, within(1e-10));
        assertThat(gradientOfSlope).isCloseTo(0, within(1e-8));
    }

    @Test
    void isotonic_rowWithoutWeight_doesNotCount() {
        IsotonicRegression fit =
                IsotonicRegression.fit(new double[] {1, 2, 3}, new double[] {0.3, 0, 1}, new double[] {1, 0, 1});
        assertThat(fit.scores()).containsExactly(1, 3);
        assertThat(fit.of(-5)).isEqualTo(0.3);
        assertThat(fit.of(9)).isEqualTo(1);
    }

    /** Ten rows right with chance 0.3: the binomial law's 5 % and 95 % quantiles are 1 and 5 (SciPy binom.ppf). */
    @Test
    void cbpe_intervals_areTheQuantilesOfTheNumberRight() {
        double[] flaggedChances = Inputs.ones(10);
        Arrays.fill(flaggedChances, 0.3);
        boolean[] flagged = new boolean[10];
        Arrays.fill(flagged, true);
        assertThat(Cbpe.precisionInterval(flaggedChances, flagged, 0.9)).containsExactly(0.1, 0.5);
        assertThat(Cbpe.accuracyInterval(flaggedChances, flagged, 0.9)).containsExactly(0.1, 0.5);
        double[] otherChances = Inputs.ones(10);
        Arrays.fill(otherChances, 0.7);
        assertThat(Cbpe.accuracyInterval(otherChances, new boolean[10], 0.9)).containsExactly(0.1, 0.5);
    }

    @Test
    void directLoss_ofZero_hasALogarithm() {
        assertThat(DirectLoss.Loss.SQUARED_LOGARITHMIC.rows(new double[] {0}, new double[] {Math.E - 1}))
                .containsExactly(new double[] {1}, within(1e-15));
    }
}
