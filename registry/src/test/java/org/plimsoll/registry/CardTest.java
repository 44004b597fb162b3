package org.plimsoll.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plimsoll.core.Checkout;
import org.plimsoll.core.Digest;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.evaluation.Metric;

class CardTest {

    static final String YAML = """
            purpose: Tell the gate team, as a flight leaves, whether it will be more than 15 minutes late.
            intended_users: [gate team]
            out_of_scope: [compensation of passengers]
            limitations: [airports outside the twelve hubs were never seen]
            risks:
              - {harm: gates are reassigned for nothing, mitigation: the gate team decides}
            data: Departures of January 2001 from the twelve busiest airports.
            oversight: The gate team may ignore the score.
            retraining: {plan: monthly on the last six weeks, when: AUC of a week below 0.60}
            retirement: Replaced when the airline's own forecast covers all hubs.
            obligations:
              - {metric: auc, at_least: 0.60, window: 7d, cadence: 1d, page: owner}
            """;

    private static final Contacts NOBODY = new Contacts(Optional.empty(), Optional.empty(), List.of());
    private static final Contacts EVERYBODY = new Contacts(Optional.of("ben"), Optional.of("ana"), List.of("mira"));

    @Test
    void draft_whole_isCompleteForEveryTier() {
        CardDraft draft = CardDraft.read("card.yaml", YAML);
        for (Tier tier : Tier.values()) {
            assertThat(Completeness.of(tier, draft, EVERYBODY).missing())
                    .as("%s", tier)
                    .isEmpty();
        }
        assertThat(Completeness.of(Tier.T1, draft, EVERYBODY).text()).isEqualTo("complete for tier T1 (13 of 13)");
        assertThat(Completeness.of(Tier.T4, draft, EVERYBODY).needed()).isEqualTo(2);
    }

    @Test
    void example_ofTheFlights_isCompleteForEveryTier() throws IOException {
        Path example = Checkout.resolve("examples/flights/card.yaml");
        CardDraft draft = CardDraft.read("card.yaml", Files.readString(example));
        assertThat(Completeness.of(Tier.T1, draft, EVERYBODY).missing()).isEmpty();
        assertThat(draft.obligations().getFirst().claim()).hasToString("auc at least 0.62");
    }

    /** The negative control: each line taken away is missed, and exactly that one. */
    @ParameterizedTest
    @CsvSource({
        "intended_users,intended_users,T2",
        "out_of_scope,out_of_scope,T3",
        "limitations,limitations,T3",
        "data,data,T3",
        "oversight,oversight,T2",
        "retraining,retraining,T3",
        "retirement,retirement,T2",
    })
    void draft_withoutALine_lacksExactlyThat(String line, String missing, Tier lightestThatNeedsIt) {
        String yaml = YAML.lines().filter(l -> !l.startsWith(line + ":")).reduce("", (a, b) -> a + b + "\n");
        CardDraft draft = CardDraft.read("card.yaml", yaml);
        for (Tier tier : Tier.values()) {
            boolean needs = !lightestThatNeedsIt.isGraverThan(tier);
            assertThat(Completeness.of(tier, draft, EVERYBODY).missing())
                    .as("%s without %s", tier, line)
                    .isEqualTo(needs ? List.of(missing) : List.of());
        }
    }

    @Test
    void model_withoutPeople_isIncompleteForEveryTier() {
        CardDraft draft = CardDraft.read("card.yaml", YAML);
        assertThat(Completeness.of(Tier.T4, draft, NOBODY).missing()).containsExactly("an owner");
        assertThat(Completeness.of(Tier.T3, draft, NOBODY).missing()).containsExactly("an owner", "somebody on call");
        assertThat(Completeness.of(Tier.T1, draft, NOBODY).missing())
                .containsExactly("an owner", "somebody on call", "a deputy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "purpose: Tell | purpos: Tell | card.yaml:1:1: `purpose` is missing",
                "at_least: 0.60, | | card.yaml:12:5: obligation on auc",
                "window: 7d | window: 6h | card.yaml:12:5: cadence is 1d; expected no longer than the window, 6h",
                "page: owner | page: boss | `boss` is not one of owner, deputy, on_call",
                "intended_users: [gate team] | artifact: x | card.yaml:2:1: `artifact` is not a key here",
            })
    void draft_wrong_saysWhere(String right, String wrong, String message) {
        String yaml = YAML.replace(right.strip(), wrong == null ? "" : wrong.strip());
        assertThatThrownBy(() -> CardDraft.read("card.yaml", yaml))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(message.strip());
    }

    @Test
    void card_withOneLetterChanged_isAnotherCard() {
        Card card = card(CardDraft.read("card.yaml", YAML));
        Card other = card(CardDraft.read("card.yaml", YAML.replace("gate team]", "gate teams]")));
        assertThat(other.digest()).isNotEqualTo(card.digest());
        assertThat(card(CardDraft.read("again.yaml", YAML)).digest()).isEqualTo(card.digest());
        assertThat(new String(card.bytes(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\"v\":1");
    }

    @ParameterizedTest
    @CsvSource({"0.60,true", "0.5999999,false", "0.7,true", "NaN,false"})
    void obligation_atItsLimit_isKept(double value, boolean kept) {
        Obligation obligation = CardDraft.read("card.yaml", YAML).obligations().getFirst();
        assertThat(obligation.isKeptBy(value)).isEqualTo(kept);
    }

    @ParameterizedTest
    @CsvSource({"0.2,true", "0.2000001,false", "NaN,false"})
    void obligation_withACeiling_isKeptBelowIt(double value, boolean kept) {
        Obligation obligation = new Obligation(
                Metric.parse("brier"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(0.2),
                "7d",
                "7d",
                Obligation.Page.ON_CALL);
        assertThat(obligation.isKeptBy(value)).isEqualTo(kept);
    }

    private static Card card(CardDraft draft) {
        Digest some = Digest.of("artifact");
        return new Card(
                Card.FORMAT,
                new ModelName("late-arrival"),
                draft,
                new Card.Derived(
                        some,
                        Optional.empty(),
                        "binary",
                        "late",
                        List.of("origin"),
                        List.of("hour"),
                        List.of(some),
                        new GoldenParity(10, 0)));
    }
}
