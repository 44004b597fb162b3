package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.plimsoll.statistics.Properties.Rows;
import static org.plimsoll.statistics.Properties.forAll;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** What must hold of metrics and their estimates for any rows: order, whole weights, monotone maps. */
class MetricPropertiesTest {

    @Test
    void metrics_rowsShuffled_stayTheSame() {
        forAll(random -> {
            Rows rows = Rows.random(random);
            Rows shuffled = rows.shuffled(random.nextLong());
            assertThat(Auc.of(shuffled.scores(), shuffled.positive()))
                    .isEqualTo(Auc.of(rows.scores(), rows.positive()));
            assertThat(Placements.of(shuffled.scores(), shuffled.positive()).auc())
                    .isEqualTo(Auc.of(rows.scores(), rows.positive()));
            List<DoubleOf> metrics = List.of(
                    r -> Auc.of(r.scores(), r.positive(), r.weights()),
                    r -> AveragePrecision.of(r.scores(), r.positive(), r.weights()),
                    r -> LogLoss.of(r.scores(), r.positive(), r.weights()),
                    r -> Brier.of(r.scores(), r.positive(), r.weights()),
                    r -> CalibrationError.expected(
                            CalibrationCurve.equalMass(r.scores(), r.positive(), r.weights(), 7)),
                    r -> OperatingPoint.atGreatestSeparation(r.scores(), r.positive(), r.weights())
                            .threshold(),
                    r -> ClusterRobust.compare(
                                    Influence.mean(LogLoss.rows(r.scores(), r.positive()), r.weights()),
                                    Influence.mean(LogLoss.rows(r.others(), r.positive()), r.weights()),
                                    r.weights(),
                                    Clusters.of(r.keys()))
                            .standardError(),
                    r -> DeLong.clustered(r.scores(), r.others(), r.positive(), r.weights(), Clusters.of(r.keys()))
                            .standardError(),
                    r -> DeLong.compare(r.scores(), r.others(), r.positive()).standardError(),
                    r -> IsotonicRegression.fit(r.scores(), r.positive(), r.weights())
                            .of(0.4),
                    r -> PlattScaling.fit(r.scores(), r.positive(), r.weights()).of(0.4),
                    r -> Cbpe.auc(r.scores(), r.others()),
                    r -> EffectiveSampleSize.of(r.weights()));
            for (DoubleOf metric : metrics) {
                assertThat(metric.of(shuffled)).isCloseTo(metric.of(rows), within(1e-12));
            }
        });
    }

    @FunctionalInterface
    private interface DoubleOf {
        double of(Rows rows);
    }

    @Test
    void weights_whole_equalRepeatedRows() {
        forAll(random -> {
            Rows rows = Rows.random(random);
            int total = (int) Sum.of(rows.weights());
            double[] scores = new double[total];
            boolean[] positive = new boolean[total];
            int k = 0;
            for (int i = 0; i < rows.scores().length; i++) {
                for (int times = 0; times < rows.weights()[i]; times++) {
                    scores[k] = rows.scores()[i];
                    positive[k++] = rows.positive()[i];
                }
            }
            assertThat(Auc.of(rows.scores(), rows.positive(), rows.weights()))
                    .isCloseTo(Auc.of(scores, positive), within(1e-13));
            assertThat(AveragePrecision.of(rows.scores(), rows.positive(), rows.weights()))
                    .isCloseTo(AveragePrecision.of(scores, positive), within(1e-13));
            assertThat(Confusion.at(rows.scores(), rows.positive(), rows.weights(), 0.5))
                    .isEqualTo(Confusion.at(scores, positive, 0.5));
        });
    }

    @Test
    void ranks_strictlyIncreasingMap_changesNothing() {
        List<DoubleUnaryOperator> maps = List.of(x -> 3 * x - 7, Math::exp, x -> x * x * x, x -> Math.atan(5 * x));
        forAll(random -> {
            Rows rows = Rows.random(random);
            for (DoubleUnaryOperator map : maps) {
                double[] scores = Arrays.stream(rows.scores()).map(map).toArray();
                double[] others = Arrays.stream(rows.others()).map(map).toArray();
                assertThat(Auc.of(scores, rows.positive())).isEqualTo(Auc.of(rows.scores(), rows.positive()));
                assertThat(AveragePrecision.of(scores, rows.positive()))
                        .isEqualTo(AveragePrecision.of(rows.scores(), rows.positive()));
                assertThat(KolmogorovSmirnov.statistic(scores, others))
                        .isEqualTo(KolmogorovSmirnov.statistic(rows.scores(), rows.others()));
                ColumnDrift mapped = ColumnDrift.of(scores, others);
                ColumnDrift plain = ColumnDrift.of(rows.scores(), rows.others());
                assertThat(mapped.psi()).isEqualTo(plain.psi());
                assertThat(mapped.jensenShannon()).isEqualTo(plain.jensenShannon());
                assertThat(mapped.totalVariation()).isEqualTo(plain.totalVariation());
                double[] negated = Arrays.stream(scores).map(x -> -x).toArray();
                assertThat(Auc.of(negated, rows.positive()))
                        .isCloseTo(1 - Auc.of(rows.scores(), rows.positive()), within(1e-15));
            }
        });
    }

    @Test
    void isotonic_anyRows_neverDecreasesAndKeepsTheMean() {
        forAll(random -> {
            Rows rows = Rows.random(random);
            IsotonicRegression fit = IsotonicRegression.fit(rows.scores(), rows.positive(), rows.weights());
            for (int k = 1; k < fit.values().length; k++) {
                assertThat(fit.values()[k]).isGreaterThanOrEqualTo(fit.values()[k - 1]);
                assertThat(fit.scores()[k]).isGreaterThan(fit.scores()[k - 1]);
            }
            double[] outcomes = new double[rows.positive().length];
            Arrays.setAll(outcomes, i -> rows.positive()[i] ? 1 : 0);
            assertThat(Sum.mean(fit.of(rows.scores()), rows.weights()))
                    .isCloseTo(Sum.mean(outcomes, rows.weights()), within(1e-12));
        });
    }

    @Test
    void shapley_anyOutcomes_addUpToTheTotal() {
        forAll(random -> {
            int factors = random.nextInt(1, 9);
            Shapley shapley = new Shapley(random.doubles(1 << factors).toArray());
            assertThat(Sum.of(shapley.values())).isCloseTo(shapley.total(), within(1e-12));
            assertThat(shapley.values()).hasSize(factors);
        });
    }
}
