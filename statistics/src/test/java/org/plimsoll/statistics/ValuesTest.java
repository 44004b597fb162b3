package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Values that follow by hand, at the borders where an operator turned round would show. */
class ValuesTest {

    private static final double[] ONES = {1, 1, 1, 1};

    @Test
    void sum_lostDigits_areKept() {
        assertThat(Sum.of(new double[] {1e16, 1, -1e16})).isEqualTo(1);
        assertThat(Sum.of(new double[] {1, 1e16, -1e16})).isEqualTo(1);
        assertThat(Sum.of(new double[] {1, 1e100, 1, -1e100})).isEqualTo(2);
        assertThat(new Sum().add(1e16).add(1).merge(new Sum().add(-1e16).add(1)).value())
                .isEqualTo(2);
        assertThat(Sum.mean(new double[] {2, 4}, new double[] {3, 1})).isEqualTo(2.5);
    }

    @Test
    void confusion_threshold_isInclusive() {
        Confusion confusion =
                Confusion.at(new double[] {0.5, 0.4, 0.5, 0.6}, new boolean[] {true, true, false, false}, 0.5);
        assertThat(confusion).isEqualTo(new Confusion(1, 2, 1, 0));
        assertThat(Confusion.at(ONES, new boolean[4], Double.POSITIVE_INFINITY)).isEqualTo(new Confusion(0, 0, 0, 4));
        assertThat(confusion.merge(new Confusion(1, 2, 3, 4))).isEqualTo(new Confusion(2, 4, 4, 4));
        Confusion c = new Confusion(8, 2, 4, 6);
        assertThat(c.falsePositiveRate()).isEqualTo(0.25);
        assertThat(c.falseNegativeRate()).isCloseTo(1 / 3.0, within(1e-15));
        assertThat(c.prevalence()).isEqualTo(0.6);
        assertThat(c.flaggedRate()).isEqualTo(0.5);
        assertThat(c.separation()).isCloseTo(2 / 3.0 - 0.25, within(1e-15));
        assertThat(c.total()).isEqualTo(20);
        assertThat(c.lift()).isCloseTo(0.8 / 0.6, within(1e-15));
    }

    @Test
    void costs_eachOutcome_costsItsOwn() {
        CostMatrix costs = new CostMatrix(1, 10, 100, 1000);
        assertThat(costs.rows(new double[] {1, 1, 0, 0}, new boolean[] {true, false, true, false}, 1))
                .containsExactly(1, 10, 100, 1000);
        assertThat(new Confusion(1, 2, 3, 4).expectedCost(costs)).isEqualTo(432.1);
    }

    @Test
    void operatingPoint_borders() {
        double[] scores = {0.9, 0.8, 0.8, 0.1};
        boolean[] positive = {true, false, true, false};
        assertThat(OperatingPoint.atFlaggedRate(scores, positive, ONES, 0.25).threshold())
                .isEqualTo(0.9);
        assertThat(OperatingPoint.atFlaggedRate(scores, positive, ONES, 0.74).threshold())
                .isEqualTo(0.9);
        assertThat(OperatingPoint.atFlaggedRate(scores, positive, ONES, 0.75).threshold())
                .isEqualTo(0.8);
        assertThat(OperatingPoint.atFlaggedRate(scores, positive, ONES, 0).threshold())
                .isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(OperatingPoint.atFlaggedRate(scores, positive, ONES, 1).threshold())
                .isEqualTo(0.1);
        assertThat(OperatingPoint.atFalsePositiveRate(scores, positive, ONES, 0.5)
                        .threshold())
                .isEqualTo(0.8);
        assertThat(OperatingPoint.atFalsePositiveRate(scores, positive, ONES, 0.49)
                        .threshold())
                .isEqualTo(0.9);
        assertThat(OperatingPoint.atRecall(scores, positive, ONES, 0.5).threshold())
                .isEqualTo(0.9);
        assertThat(OperatingPoint.atRecall(scores, positive, ONES, 0.51).threshold())
                .isEqualTo(0.8);
        assertThat(OperatingPoint.atRecall(scores, positive, ONES, 0).threshold())
                .isEqualTo(Double.POSITIVE_INFINITY);
        OperatingPoint precise = OperatingPoint.atPrecision(scores, positive, ONES, 2 / 3.0);
        assertThat(precise.threshold()).isEqualTo(0.8);
        assertThat(precise.confusion()).isEqualTo(new Confusion(2, 1, 0, 1));
        assertThat(OperatingPoint.atPrecision(scores, positive, ONES, 0.67).threshold())
                .isEqualTo(0.9);
        assertThat(OperatingPoint.atLowestCost(scores, positive, ONES, new CostMatrix(0, 0, 0, 0))
                        .threshold())
                .isEqualTo(Double.POSITIVE_INFINITY);
        OperatingPoint separated = OperatingPoint.atGreatestSeparation(scores, positive, ONES);
        assertThat(separated.threshold()).isEqualTo(0.9);
        assertThat(separated.confusion().separation()).isEqualTo(0.5);
    }

    /** 0.29·100 is 28.999999999999996 in floating point; 29 rows of a hundred still are a share of 0.29. */
    @Test
    void operatingPoint_shareThatRounds_losesNoRow() {
        double[] scores = new double[100];
        Arrays.setAll(scores, i -> i);
        OperatingPoint point = OperatingPoint.atFlaggedRate(scores, new boolean[100], Inputs.ones(100), 0.29);
        assertThat(point.confusion().flagged()).isEqualTo(29);
        assertThat(point.threshold()).isEqualTo(71);
    }

    @Test
    void calibration_debiasedRoot_isZeroBelowZero() {
        CalibrationCurve lucky = new CalibrationCurve(List.of(new CalibrationCurve.Bin(10, 10, 0.5, 0.5)));
        assertThat(CalibrationError.debiasedSquare(lucky)).isCloseTo(-0.25 / 9, within(1e-15));
        assertThat(CalibrationError.debiased(lucky)).isZero();
        CalibrationCurve off = new CalibrationCurve(
                List.of(new CalibrationCurve.Bin(2, 2, 0.9, 0.5), new CalibrationCurve.Bin(1, 1, 0.2, 1)));
        assertThat(CalibrationError.debiasedSquare(off)).isCloseTo((2 * (0.16 - 0.25) + 0) / 3, within(1e-15));
        CalibrationCurve far = new CalibrationCurve(List.of(new CalibrationCurve.Bin(101, 101, 0.9, 0.5)));
        assertThat(CalibrationError.debiased(far)).isCloseTo(Math.sqrt(0.16 - 0.0025), within(1e-15));
        CalibrationCurve curve = CalibrationCurve.equalWidth(
                new double[] {0.5, 0.500001, 0, 1}, new boolean[] {true, false, true, true}, 2);
        assertThat(curve.bins()).extracting(CalibrationCurve.Bin::rows).containsExactly(2L, 2L);
        BrierDecomposition parts = new BrierDecomposition(0.1, 0.02, 0.2, 0.005);
        assertThat(parts.score()).isCloseTo(0.285, within(1e-15));
    }

    @Test
    void topK_ties_higherClassComesFirst() {
        double[][] tied = {{0.5, 0.5, 0.1}};
        assertThat(Multiclass.topKHits(tied, new int[] {1}, 1)).containsExactly(1);
        assertThat(Multiclass.topKHits(tied, new int[] {0}, 1)).containsExactly(0);
        assertThat(Multiclass.topKHits(tied, new int[] {0}, 2)).containsExactly(1);
        assertThat(Multiclass.predicted(tied)).containsExactly(0);
    }

    @Test
    void averaging_classWithoutRows_hasNoWeight() {
        MulticlassConfusion confusion = new MulticlassConfusion(new double[][] {{2, 0, 0}, {1, 1, 0}, {0, 0, 0}});
        assertThat(confusion.recall(Averaging.WEIGHTED)).isEqualTo(0.75);
        assertThat(confusion.recall(Averaging.MICRO)).isEqualTo(0.75);
        assertThat(confusion.oneVersusRest(1)).isEqualTo(new Confusion(1, 0, 1, 2));
    }

    @Test
    void ranking_byHand() {
        double[] relevance = {0, 1, 1};
        double[] scores = {3, 2, 1};
        assertThat(Ranking.reciprocalRank(relevance, scores, 3)).isEqualTo(0.5);
        assertThat(Ranking.reciprocalRank(relevance, scores, 2)).isEqualTo(0.5);
        assertThat(Ranking.reciprocalRank(relevance, scores, 1)).isZero();
        assertThat(Ranking.recall(relevance, scores, 2)).isEqualTo(0.5);
        assertThat(Ranking.recall(relevance, scores, 9)).isEqualTo(1);
    }

    @Test
    void clusters_keys_decideWhoBelongsTogether() {
        Clusters clusters = Clusters.of(new long[] {7, -3, 7, 0});
        assertThat(clusters.count()).isEqualTo(3);
        assertThat(clusters.rows()).isEqualTo(4);
        assertThat(clusters.of(0)).isEqualTo(clusters.of(2)).isEqualTo(2);
        assertThat(clusters.keyOf(0)).isEqualTo(-3);
        assertThat(clusters.totals(new double[] {1, 2, 3, 4}, new double[] {1, 1, 2, 1}))
                .containsExactly(2, 4, 7);
        Clusters named = Clusters.of(new String[] {"a", "b", "a"});
        assertThat(named.count()).isEqualTo(2);
        assertThat(named.of(0)).isEqualTo(named.of(2)).isNotEqualTo(named.of(1));
        assertThat(named.keyOf(named.of(0))).isEqualTo(Clusters.key("a"));
        // FNV-1a of "a" is af63dc4c8601ec8c; the mixer is checked against Python in the reference cases.
        assertThat(Clusters.key("a")).isEqualTo(PoissonWeights.mix(0xaf63dc4c8601ec8cL));
        Clusters rows = Clusters.ofRows(3);
        assertThat(rows.count()).isEqualTo(3);
        assertThat(rows.of(2)).isEqualTo(2);
        assertThat(rows.keyOf(2)).isEqualTo(2);
        assertThat(clusters.totals(new double[] {1e16, 5, 1, 6}, ONES)).containsExactly(5, 6, 1e16 + 1);
        assertThat(Clusters.of(new long[] {1, 1, 1}).totals(new double[] {1e16, 1, -1e16}, new double[] {1, 1, 1}))
                .containsExactly(1);
        assertThat(Clusters.of(new long[] {1, 1, 1}).totals(new double[] {1, 1e16, -1e16}, new double[] {1, 1, 1}))
                .containsExactly(1);
    }

    @Test
    void influence_functions_followTheChainRule() {
        Influence four = Influence.mean(new double[] {3, 5}, new double[] {1, 1});
        assertThat(four.logarithm().metric()).isEqualTo(Math.log(4));
        assertThat(four.logarithm().values()).containsExactly(-0.25, 0.25);
        assertThat(four.squareRoot().metric()).isEqualTo(2);
        assertThat(four.squareRoot().values()).containsExactly(-0.25, 0.25);
        Influence sum = four.plus(-2, Influence.mean(new double[] {1, 0}, new double[] {1, 1}));
        assertThat(sum.metric()).isEqualTo(3);
        assertThat(sum.values()).containsExactly(-2, 2);
        assertThat(Influence.ratio(new double[] {3, 5}, new double[] {1, 3}, new double[] {1, 1})
                        .metric())
                .isEqualTo(2);
    }

    @Test
    void pairedDifference_counts_areCarried() {
        PairedDifference difference = ClusterRobust.compare(
                Influence.mean(new double[] {1, 2, 4}, new double[] {1, 1, 1}),
                Influence.mean(new double[] {1, 1, 1}, new double[] {1, 1, 1}),
                new double[] {1, 1, 1},
                Clusters.of(new long[] {1, 1, 2}));
        assertThat(difference.rows()).isEqualTo(3);
        assertThat(difference.clusters()).isEqualTo(2);
        assertThat(difference.degreesOfFreedom()).isEqualTo(1);
        PairedDifference auc = DeLong.compare(
                new double[] {1, 2, 3, 4}, new double[] {2, 1, 4, 3}, new boolean[] {true, false, true, false});
        assertThat(auc.rows()).isEqualTo(4);
        assertThat(auc.clusters()).isEqualTo(4);
        assertThat(auc.degreesOfFreedom()).isInfinite();
    }

    @Test
    void tango_rows_countDiscordance() {
        boolean[] candidate = {true, true, false, false, true};
        boolean[] champion = {true, false, true, false, false};
        assertThat(Tango.of(candidate, champion)).isEqualTo(new Tango(2, 1, 5));
        assertThat(new Tango(2, 1, 5).difference()).isEqualTo(0.2);
        assertThat(new Tango(3, 3, 6).statistic(0)).isZero();
        assertThat(new Tango(0, 5, 5).lower(0.95)).isEqualTo(-1, within(1e-15));
        assertThat(new Tango(5, 0, 5).upper(0.95)).isEqualTo(1, within(1e-15));
        assertThat(new Tango(0, 0, 5).statistic(0)).isZero();
    }

    @Test
    void bootstrap_oneSidedReplicates_haveNoBcaBound() {
        BootstrapReplicates replicates = BootstrapReplicates.of(0, new double[] {1, 2, 3}, new double[] {1, 1});
        assertThat(replicates.acceleration()).isZero();
        assertThatThrownBy(() -> replicates.lower(0.9)).hasMessageContaining("one side");
        assertThatThrownBy(() -> BootstrapReplicates.of(9, new double[] {1, 2, 3}, new double[] {1, 1})
                        .upper(0.9))
                .hasMessageContaining("one side");
        BootstrapReplicates equal = BootstrapReplicates.of(2, new double[] {2, 2, 2}, new double[] {2, 2});
        assertThat(equal.lower(0.9)).isEqualTo(2);
        assertThat(equal.upper(0.9)).isEqualTo(2);
        assertThat(equal.standardError()).isZero();
        assertThat(replicates.percentile(0.5)).isEqualTo(2);
    }

    @Test
    void poissonWeights_uniformQuantiles_matchTheDistribution() {
        assertThat(PoissonWeights.quantile(0)).isZero();
        double half = Math.exp(-1);
        assertThat(PoissonWeights.quantile((long) (half * 0x1p63) * 2 - 4096)).isZero();
        assertThat(PoissonWeights.quantile((long) (half * 0x1p63) * 2 + 4096)).isEqualTo(1);
        double total = 0;
        double probability = half;
        for (int k = 0; k < 8; k++) {
            total += probability;
            probability /= k + 1;
            long threshold = (long) (total * 0x1p63) * 2;
            assertThat(PoissonWeights.quantile(threshold - 65536)).isEqualTo(k);
            assertThat(PoissonWeights.quantile(threshold + 65536)).isEqualTo(k + 1);
            assertThat(PoissonWeights.quantile((long) (total * 0x1p63) << 1)).isEqualTo(k + 1);
        }
        assertThat(PoissonWeights.quantile(-1)).isGreaterThan(15);
    }

    @Test
    void eValues_rules() {
        assertThat(EValues.rejects(Math.log(20) + 1e-12, 0.05)).isTrue();
        assertThat(EValues.rejects(Math.log(20) - 1e-12, 0.05)).isFalse();
        assertThat(EValues.rejects(-Math.log(0.05), 0.05)).isTrue();
        assertThat(EValues.pValue(Double.NEGATIVE_INFINITY)).isEqualTo(1);
        assertThat(EValues.pValue(Math.log(4))).isCloseTo(0.25, within(1e-15));
        assertThat(EValues.average(new double[] {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY}))
                .isEqualTo(Double.NEGATIVE_INFINITY);
        double limit = Math.log(2) - Math.log(0.1);
        assertThat(EValues.bonferroni(new double[] {limit, limit - 1e-9}, 0.1)).containsExactly(true, false);
        assertThat(EValues.benjaminiHochberg(new double[] {limit - Math.log(2), limit - Math.log(2)}, 0.1))
                .containsExactly(true, true);
        assertThat(EValues.benjaminiHochberg(new double[] {0, Double.NEGATIVE_INFINITY}, 0.1))
                .containsExactly(false, false);
    }

    @Test
    void eDetector_alarm_restartsFromNothing() {
        EDetector start = EDetector.start(100);
        assertThat(start.alarms()).isFalse();
        EDetector once = start.next(Math.log(100));
        assertThat(once.logM()).isCloseTo(Math.log(100), within(1e-14));
        assertThat(once.windows()).isEqualTo(1);
        assertThat(new EDetector(100, Math.log(100), 1).alarms()).isTrue();
        assertThat(new EDetector(100, Math.log(99.9), 1).alarms()).isFalse();
        assertThat(once.restarted()).isEqualTo(start);
        assertThat(start.next(0).next(0).logM()).isCloseTo(Math.log(2), within(1e-14));
        assertThat(start.next(-2).next(0).logM()).isCloseTo(Math.log1p(Math.exp(-2)), within(1e-14));
        assertThat(start.next(Double.MAX_VALUE).next(Double.MAX_VALUE).logM()).isEqualTo(Double.MAX_VALUE);
        assertThat(start.next(Double.NEGATIVE_INFINITY).logM()).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void driftDetector_byHand() {
        long[][] windows = {{10, 10}, {12, 8}, {9, 11}, {10, 10}};
        WindowNull model = WindowNull.fit(windows, 3);
        assertThat(model.shares()).containsExactly(41.5 / 81, 39.5 / 81);
        assertThat(model.resampled()).hasNumberOfRows(24);
        assertThat(Sum.of(model.resampled()[5])).isCloseTo(1, within(1e-15));
        assertThat(WindowNull.fit(windows, 3).concentration()).isEqualTo(model.concentration());
        DriftDetector detector = DriftDetector.start(model, 50);
        long[] window = {3, 17};
        double kappa = model.concentration();
        double a = WindowNull.logLikelihood(window, kappa, model.shares());
        double b = WindowNull.logLikelihood(window, kappa / 4, model.shares());
        double greatest = a;
        for (double[] other : model.resampled()) {
            greatest = Math.max(greatest, WindowNull.logLikelihood(window, kappa, other));
        }
        assertThat(model.logLikelihood(window)).isEqualTo(greatest);
        double expected = Math.log((Math.exp(a) + Math.exp(b)) / 2) - greatest;
        assertThat(detector.logE(window)).isCloseTo(expected, within(1e-9));
        DriftDetector next = detector.next(window);
        assertThat(next.detector().logM()).isCloseTo(expected, within(1e-9));
        double p = model.shares()[0];
        assertThat(next.recent()[0]).isCloseTo(0.9 * (0.7 * p + 0.3 * 0.15) + 0.1 * p, within(1e-15));
        assertThat(Sum.of(next.recent())).isCloseTo(1, within(1e-15));
        assertThat(next.alarms()).isFalse();
        assertThat(next.restarted().recent()).containsExactly(model.shares());
        assertThat(next.restarted().detector()).isEqualTo(EDetector.start(50));
        // The middle share of quiet windows means a large κ; windows that differ wildly mean a small one.
        long[][] wild = {{20, 0}, {0, 20}, {15, 5}, {2, 18}};
        assertThat(WindowNull.fit(wild, 3).concentration()).isLessThan(3);
        assertThat(model.concentration()).isGreaterThan(20);
    }

    /** κ at the lower end of its profile interval: the log likelihood there is within the drop, one grid step below it is not. */
    @Test
    void windowNull_concentration_isTheLowerProfileBound() {
        long[][] windows = {{30, 10}, {12, 28}, {22, 18}, {15, 25}, {28, 12}};
        WindowNull model = WindowNull.fit(windows, 1);
        double step = Math.pow(10, 7 / 140.0);
        double best = Double.NEGATIVE_INFINITY;
        for (int k = 0; k <= 140; k++) {
            best = Math.max(best, total(windows, Math.pow(step, k), model.shares()));
        }
        double drop = 0.8211872075749085;
        assertThat(total(windows, model.concentration(), model.shares())).isGreaterThanOrEqualTo(best - drop - 1e-9);
        assertThat(total(windows, model.concentration() / step, model.shares())).isLessThan(best - drop);
    }

    private static double total(long[][] windows, double concentration, double[] shares) {
        return Arrays.stream(windows)
                .mapToDouble(window -> WindowNull.logLikelihood(window, concentration, shares))
                .sum();
    }

    @Test
    void wealth_logEvidence_settlesEverySixteenSteps() {
        BoundedMeanProcess process = new BoundedMeanProcess(1e-9);
        for (int i = 0; i < 100; i++) {
            process.add(1);
        }
        double[] expected = new double[9];
        Arrays.setAll(expected, k -> 100 * Math.log1p(0.9 * Math.pow(2, -k) * (1 - 1e-9) / 1e-9));
        for (int k = 0; k < 9; k++) {
            assertThat(process.logWealth()[k]).isCloseTo(expected[k], within(1e-8));
        }
        assertThat(process.logE()).isCloseTo(expected[0] - Math.log(9), within(1e-8));
    }

    @Test
    void moments_emptySides_changeNothing() {
        Moments some = Moments.of(new double[] {1, 3});
        assertThat(some).isEqualTo(new Moments(2, 2, 2));
        assertThat(some.merge(Moments.NONE)).isEqualTo(some);
        assertThat(Moments.NONE.merge(some)).isEqualTo(some);
        assertThat(some.merge(new Moments(2, 4, 0))).isEqualTo(new Moments(4, 3, 6));
        assertThat(some.sampleVariance()).isEqualTo(2);
        assertThat(some.populationVariance()).isEqualTo(1);
    }

    @Test
    void confidenceSequence_borders() {
        assertThat(ConfidenceSequence.bernoulli(0, 10, 0.05, 10).lower()).isZero();
        assertThat(ConfidenceSequence.bernoulli(10, 10, 0.05, 10).upper()).isEqualTo(1);
        assertThat(EmpiricalBernstein.start(0.1).interval()).isEqualTo(new ConfidenceSequence(0, 1));
        double[] constant = new double[100];
        Arrays.fill(constant, 3);
        assertThat(ConfidenceSequence.asymptotic(Moments.of(constant), 0.05, 100))
                .isEqualTo(new ConfidenceSequence(3, 3));
    }

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
    void quantile_nearNeighbours_interpolatesFromTheNearerSide() {
        double[] sorted = {1, 2, 4};
        assertThat(Quantile.ofSorted(sorted, 0)).isEqualTo(1);
        assertThat(Quantile.ofSorted(sorted, 1)).isEqualTo(4);
        assertThat(Quantile.ofSorted(sorted, 0.25)).isEqualTo(1.5);
        assertThat(Quantile.ofSorted(sorted, 0.625)).isEqualTo(2.5);
        assertThat(Quantile.ofSorted(sorted, 0.875)).isEqualTo(3.5);
        assertThat(Quantile.countBelow(sorted, 2)).isEqualTo(1);
        assertThat(Quantile.countNotAbove(sorted, 2)).isEqualTo(2);
        assertThat(Quantile.countBelow(sorted, 9)).isEqualTo(3);
        assertThat(Quantile.countNotAbove(sorted, 0)).isZero();
    }

    @Test
    void platt_probability_fallsWithTheLinearTerm() {
        PlattScaling scaling = new PlattScaling(-2, 1);
        assertThat(scaling.of(0.5)).isEqualTo(0.5);
        assertThat(scaling.of(new double[] {0, 1})).containsExactly(1 / (1 + Math.E), 1 / (1 + 1 / Math.E));
    }

    @Test
    void bootstrap_differenceOfRatios_equalsTheGeneralDoor() {
        double[] a = {1, 0, 2, 5, 3, 1, 2, 2, 4, 0, 1, 3};
        double[] b = {2, 1, 2, 6, 3, 4, 3, 2, 5, 1, 2, 4};
        double[] c = {0, 1, 1, 4, 2, 1, 1, 3, 2, 0, 2, 1};
        double[] d = {1, 3, 2, 5, 2, 2, 4, 3, 3, 1, 2, 2};
        double[] weights = {1, 2, 1, 1, 3, 1, 2, 1, 1, 1, 2, 1};
        Clusters clusters = Clusters.of(new long[] {1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
        PoissonBootstrap bootstrap = new PoissonBootstrap(7, 130);
        BootstrapReplicates fast = bootstrap.ofRatios(a, b, c, d, weights, clusters);
        BootstrapReplicates slow = bootstrap.of(
                w -> Sum.ofProducts(a, w) / Sum.ofProducts(b, w) - Sum.ofProducts(c, w) / Sum.ofProducts(d, w),
                weights,
                clusters);
        assertThat(fast.estimate()).isCloseTo(slow.estimate(), within(1e-14));
        assertThat(fast.acceleration()).isCloseTo(slow.acceleration(), within(1e-12));
        assertThat(fast.sorted()).hasSameSizeAs(slow.sorted());
        for (int r = 0; r < fast.sorted().length; r++) {
            assertThat(fast.sorted()[r]).isCloseTo(slow.sorted()[r], within(1e-13));
        }
        // Two clusters are both drawn away in an eighth of the replicates.
        assertThatThrownBy(() -> bootstrap.ofRatios(
                        a, b, c, d, weights, Clusters.of(new long[] {1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1})))
                .hasMessageContaining("too many replicates");
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
    void power_borders() {
        assertThat(Power.deviationOfPairedProportions(0.1, 0.1)).isCloseTo(0.3, within(1e-15));
        assertThat(Power.standardErrorOfAuc(0.8, 0.8, 1, 50, 50)).isZero();
        assertThat(Power.standardErrorOfAuc(0.8, 0.8, -1, 50, 50))
                .isCloseTo(2 * Power.standardErrorOfAuc(0.8, 0.8, 0, 50, 50) / Math.sqrt(2), within(1e-12));
        assertThat(Power.growthOfPairs(0, 0, 0)).isZero();
        assertThat(Power.growthOfPairs(1, 0, 0)).isCloseTo(Math.log(1.9), within(1e-12));
        double share = 0.2 * 2.5 / (0.2 * 2.5 + 0.8);
        double edge = 0.2 * 1.1 / (0.2 * 1.1 + 0.8);
        double best = 0;
        for (double g : new double[] {1.2, 1.35, 1.5, 1.75, 2, 2.5, 3, 4, 6, 10}) {
            double other = 0.2 * 1.1 * g / (0.2 * 1.1 * g + 0.8);
            best = Math.max(best, share * Math.log(other / edge) + (1 - share) * Math.log((1 - other) / (1 - edge)));
        }
        assertThat(Power.growthOfCounts(CountProcess.Side.HARM, 0.2, 1.1, 2.5)).isCloseTo(best, within(1e-14));
        double bet = 0.9 / 0.505;
        double growth = 0;
        for (int k = 0; k < 9; k++) {
            double lambda = bet * Math.pow(2, -k);
            growth = Math.max(
                    growth,
                    0.09 * Math.log(1 + lambda * 0.495)
                            + 0.88 * Math.log(1 - lambda * 0.005)
                            + 0.03 * Math.log(1 - lambda * 0.505));
        }
        assertThat(Power.growthOfPairs(0.09, 0.03, 0.01)).isCloseTo(growth, within(1e-12));
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

    @Test
    void evidently_sortedOnce_givesTheSameScores() {
        double[] reference = new SplittableRandom(8).doubles(300).toArray();
        double[] current = new SplittableRandom(9).doubles(200).map(Math::sqrt).toArray();
        SortedPair pair = SortedPair.of(reference, current);
        assertThat(Evidently.wasserstein(pair)).isEqualTo(Evidently.wasserstein(reference, current));
        assertThat(Evidently.jensenshannon(pair)).isEqualTo(Evidently.jensenshannon(reference, current));
        assertThat(Evidently.psi(pair)).isEqualTo(Evidently.psi(reference, current));
    }

    @Test
    void evidently_borders() {
        double[] twenty = new double[20];
        Arrays.setAll(twenty, i -> i);
        double[] twentyOne = new double[21];
        Arrays.setAll(twentyOne, i -> i);
        double[] now = {0, 0, 1, 19};
        // 20 distinct values are counted one by one; 21 fall into Sturges bins
        assertThat(Evidently.jensenshannon(twenty, now))
                .isCloseTo(
                        Math.sqrt(JensenShannon.divergence(
                                ones20(), new double[] {2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})),
                        within(1e-12));
        WidthBins bins = WidthBins.sturges(0, 20, 25, false);
        assertThat(Evidently.jensenshannon(twentyOne, now))
                .isCloseTo(
                        JensenShannon.distance(bins.countsOfSorted(twentyOne), bins.countsOfSorted(now))
                                * Math.sqrt(Math.log(2)),
                        within(1e-12));
        // 20 rows a side are counted, 21 follow the limiting law; 8 rows are ranked exactly, 9 are not
        double[] scattered = Arrays.stream(twenty).map(x -> x * x / 15).toArray();
        assertThat(Evidently.cramerVonMises(twenty, scattered))
                .isEqualTo(CramerVonMises.exact(twenty, scattered).pValue())
                .isNotEqualTo(CramerVonMises.test(twenty, scattered).pValue());
        assertThat(Evidently.cramerVonMises(twentyOne, scattered))
                .isEqualTo(CramerVonMises.test(twentyOne, scattered).pValue());
        assertThat(Evidently.mannw(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, new double[] {9.5}))
                .isCloseTo(1 / 9.0, within(1e-12));
        assertThat(Evidently.gTest(new long[] {4, 6}, new long[] {4, 6})).isEqualTo(1);
        assertThat(Evidently.gTest(new long[] {4, 6}, new long[] {0, 10})).isBetween(0.0, 0.01);
        assertThat(NannyMl.jensenShannon(new long[] {5, 5, 0, 0}, new long[] {5, 5, 3, 2}))
                .isEqualTo(JensenShannon.distance(new long[] {5, 5, 0}, new long[] {5, 5, 5}));
    }

    private static double[] ones20() {
        return Inputs.ones(20);
    }
}
