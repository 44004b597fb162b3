package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How good a model is, by hand, at the borders where an operator turned round would show. */
class QualityTest {

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
    void quantile_nearNeighbours_interpolatesFromTheNearerSide() {
        double[] sorted = {1, 2, 4};
        assertThat(Quantile.ofSorted(sorted, 0)).isEqualTo(1);
        assertThat(Quantile.ofSorted(sorted, 1)).isEqualTo(4);
        assertThat(Quantile.ofSorted(sorted, 0.25)).isEqualTo(1.5);
        assertThat(Quantile.ofSorted(sorted, 0.625)).isEqualTo(2.5);
        assertThat(Quantile.ofSorted(sorted, 0.875)).isEqualTo(3.5);
        // To the last bit as numpy.quantile, which counts from the nearer neighbour.
        assertThat(Quantile.ofSorted(new double[] {0.5, 0.9}, 0.93)).isEqualTo(0.872);
        assertThat(Quantile.ofSorted(new double[] {0.2, 0.9}, 0.06)).isEqualTo(0.242);
        assertThat(Quantile.countBelow(sorted, 2)).isEqualTo(1);
        assertThat(Quantile.countNotAbove(sorted, 2)).isEqualTo(2);
        assertThat(Quantile.countBelow(sorted, 9)).isEqualTo(3);
        assertThat(Quantile.countNotAbove(sorted, 0)).isZero();
    }

    /** Squares of these leave the range of doubles at both ends; their ratio does not. */
    @Test
    void rSquared_anyUnit_staysTheSame() {
        double[] actual = {1, 2, 4, 7};
        double[] predicted = {1.5, 2, 3, 8};
        double[] weights = {1, 2, 3, 1};
        double expected = Regression.rSquared(actual, predicted, weights);
        for (int exponent : new int[] {-1000, -600, 600, 1000}) {
            assertThat(Regression.rSquared(scaled(actual, exponent), scaled(predicted, exponent), weights))
                    .isCloseTo(expected, within(1e-14));
        }
        assertThatThrownBy(() -> Regression.rSquared(actual, predicted, new double[] {0, 0, 1, 0}))
                .hasMessageContaining("all actual values with weight are equal");
    }

    private static double[] scaled(double[] values, int exponent) {
        return Arrays.stream(values).map(x -> Math.scalb(x, exponent)).toArray();
    }
}
