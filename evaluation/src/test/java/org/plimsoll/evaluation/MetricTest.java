package org.plimsoll.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.statistics.Judgement.Better;

class MetricTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auc",
                "log_loss",
                "brier",
                "average_precision",
                "calibration_error",
                "accuracy",
                "balanced_accuracy",
                "precision",
                "recall",
                "specificity",
                "expected_cost",
                "mae",
                "rmse",
                "r_squared",
                "recall@10%",
                "recall@7%",
                "recall@2.5%",
                "recall@0.5",
                "precision@-1.25",
                "recall@fpr=5%",
                "precision@fpr=0.1%"
            })
    void name_readAndWritten_isTheSame(String name) {
        Metric metric = Metric.parse(name);

        assertThat(metric).hasToString(name);
        assertThat(Json.read(Json.text(metric), Metric.class)).isEqualTo(metric);
    }

    @Test
    void point_readFromName_isTheShareOrTheScore() {
        assertThat(Metric.parse("recall@10%").point()).isEqualTo(new Metric.Point.AtRate(0.1));
        assertThat(Metric.parse("recall@10").point()).isEqualTo(new Metric.Point.AtScore(10));
        assertThat(Metric.parse("recall@fpr=5%").point()).isEqualTo(new Metric.Point.AtFalsePositiveRate(0.05));
        assertThat(Metric.parse("recall").point()).isEqualTo(Metric.Point.TASK);
    }

    @Test
    void unknownName_isRefusedWithTheLikelyOne() {
        assertThatThrownBy(() -> Metric.parse("acuracy"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("accuracy, or another of");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auc@10%",
                "log_loss@0.5",
                "mae@1",
                "recall@0%",
                "recall@100%",
                "recall@fpr=5",
                "recall@",
                "re call",
                ""
            })
    void nonsense_isRefused(String name) {
        assertThatThrownBy(() -> Metric.parse(name)).isInstanceOf(Problem.class);
    }

    @Test
    void direction_ofEachMetric_isWhatItsNameSays() {
        for (Metric.Kind kind : Metric.Kind.values()) {
            boolean isLoss = switch (kind) {
                case LOG_LOSS, BRIER, CALIBRATION_ERROR, EXPECTED_COST, MAE, MSE, RMSE -> true;
                case AUC, AVERAGE_PRECISION, ACCURACY, BALANCED_ACCURACY, PRECISION, RECALL, SPECIFICITY, R_SQUARED ->
                    false;
            };
            assertThat(Metric.of(kind).better()).as("%s", kind).isEqualTo(isLoss ? Better.LOWER : Better.HIGHER);
        }
    }
}
