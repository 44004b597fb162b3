package org.plimsoll.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plimsoll.core.Json;
import org.plimsoll.core.YamlDocument;

class ClaimTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{metric: auc, at_least: 0.65}",
                "{metric: auc, segment: origin, not_worse_by: 0.02}",
                "{metric: recall@10%, segment: state, value: CA, better_by: 0.01, than: anchor, level: 0.025}",
                "{metric: log_loss, at_most: 0.4, min_rows: 1, min_rarer: 1}",
                "{metric: auc, not_worse_by: 0, level: 0.5}",
                "{metric: auc, better_by: 0}"
            })
    void claim_writtenByHand_survivesJson(String yaml) {
        Claim claim = YamlDocument.parse("card.yaml", yaml).read(Claim.class);

        assertThat(Json.read(Json.text(claim), Claim.class)).isEqualTo(claim);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{metric: auc}",
                "{metric: auc, at_least: 0.6, at_most: 0.7}",
                "{metric: auc, value: CA, at_least: 0.6}",
                "{metric: auc, at_least: 0.6, than: champion}",
                "{metric: auc, not_worse_by: -0.01}",
                "{metric: auc, better_by: -0.01}",
                "{metric: auc, at_least: 0.6, level: 0}",
                "{metric: auc, at_least: 0.6, level: 0.51}",
                "{metric: auc, at_least: 0.6, min_rows: 0}",
                "{metric: auc, at_least: 0.6, min_rarer: 0}",
                "{metric: auc, at_least: 0.6, bound: 3}"
            })
    void nonsense_isRefused(String yaml) {
        assertThatThrownBy(() -> YamlDocument.parse("card.yaml", yaml).read(Claim.class))
                .hasMessageContaining("card.yaml:1:");
    }

    @Test
    void claim_asSentence_saysWhatWhoseAndHowMuch() {
        assertThat(Claim.of(
                        Metric.parse("auc"), Scope.of("origin", "DFW"), new Bound.NotWorse(Reference.CHAMPION, 0.02)))
                .hasToString("auc of origin = DFW not worse than champion by 0.02");
        assertThat(Claim.of(Metric.parse("auc"), Scope.ALL, new Bound.Better(Reference.CHAMPION, 0)))
                .hasToString("auc better than champion");
        assertThat(Claim.of(Metric.parse("auc"), Scope.each("origin"), new Bound.AtLeast(0.65)))
                .hasToString("auc of each origin at least 0.65");
    }
}
