package org.plimsoll.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plimsoll.evaluation.Metric;
import org.plimsoll.registry.Obligation;
import org.plimsoll.reports.Leadership.Performance;

class PromisesTest {

    private static final Obligation AUC = obligation("auc", Optional.empty());

    @ParameterizedTest
    @CsvSource({"0.62,true", "0.6199999,false", "0.9,true", "NaN,false"})
    void obligation_atItsLimit_isMet(double value, boolean met) {
        assertThat(Promises.unmet(List.of(AUC), now(value, 0.5, 0.95)).isEmpty())
                .isEqualTo(met);
    }

    @Test
    void obligation_unmet_isToldWithTheNumbers() {
        assertThat(Promises.unmet(List.of(AUC), now(0.6, 0.58, 0.615)))
                .containsExactly("Promised is auc at least 0.62; it is AUC 0.600 (0.580–0.615) on 12,000 rows.");
    }

    /** What this page knows nothing of is neither met nor unmet here. */
    @Test
    void obligation_aboutSomethingElse_isNotJudged() {
        assertThat(Promises.unmet(
                        List.of(obligation("brier", Optional.empty()), obligation("auc", Optional.of("origin"))),
                        now(0.1, 0.1, 0.1)))
                .isEmpty();
    }

    /** The whole interval must lie below; touching what was approved is not proof. */
    @ParameterizedTest
    @CsvSource({"0.699,true", "0.7,false", "0.71,false"})
    void performance_whollyBelowApproval_isWorse(double upper, boolean worse) {
        assertThat(Promises.worse(now(0.7, 0.69, 0.71), now(0.65, 0.6, upper)).isPresent())
                .isEqualTo(worse);
    }

    @Test
    void performance_withoutAnInterval_isNotProvedWorse() {
        Performance now = new Performance("auc", 0.1, Optional.empty(), Optional.empty(), 10, 1);
        assertThat(Promises.worse(now(0.7, 0.69, 0.71), now)).isEmpty();
    }

    private static Performance now(double value, double lower, double upper) {
        return new Performance("auc", value, Optional.of(lower), Optional.of(upper), 12_000, 0.6);
    }

    private static Obligation obligation(String metric, Optional<String> segment) {
        return new Obligation(
                Metric.parse(metric),
                segment,
                Optional.empty(),
                Optional.of(0.62),
                Optional.empty(),
                "7d",
                "1d",
                Obligation.Page.OWNER);
    }
}
