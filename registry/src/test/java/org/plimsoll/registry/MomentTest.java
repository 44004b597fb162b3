package org.plimsoll.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.plimsoll.core.Problem;

class MomentTest {

    private static final Instant NOW = Instant.parse("2001-04-15T21:30:00Z");

    @ParameterizedTest
    @CsvSource({
        "now, 2001-04-15T21:30:00Z",
        "today, 2001-04-15T00:00:00Z",
        "today - 14d - 12h, 2001-03-31T12:00:00Z",
        "month - 14d, 2001-03-18T00:00:00Z",
        "now+30m, 2001-04-15T22:00:00Z",
        "2001-01-01T00:00:00Z, 2001-01-01T00:00:00Z",
        "100, 100",
        "nowhere, nowhere"
    })
    void parameter_isTheMomentItMeans(String written, String meant) {
        assertThat(Moment.at(written, NOW, ZoneId.of("UTC"))).isEqualTo(meant);
    }

    /** A day begins where the task's zone has it: at half past nine in the evening it is tomorrow in Sydney already. */
    @Test
    void today_beginsInTheTasksZone() {
        assertThat(Moment.at("today", NOW, ZoneId.of("Australia/Sydney"))).isEqualTo("2001-04-15T14:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"today - two weeks", "now -", "today 14d"})
    void time_thatIsNone_isRefusedWhenTheCardIsRead(String written) {
        assertThatThrownBy(() -> CardDraft.read("card.yaml", """
                        purpose: Tell whether it will be late.
                        retraining: {plan: p, when: w, parameters: {train_to: "%s"}}
                        """.formatted(written)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("today - 14d - 12h");
    }

    @Test
    void plan_isReadWithWhatTheServerDoes() {
        CardDraft card = CardDraft.read("card.yaml", """
                purpose: Tell whether it will be late.
                respond_within: 10m
                retraining:
                  plan: on all months so far
                  when: a week's AUC below 0.62
                  starts: performance
                  data: {raw: flights@latest}
                  parameters: {train_from: 2001-01-01T00:00:00Z, test_from: today - 14d, rounds: 100}
                """);

        CardDraft.Retraining plan = card.retraining().orElseThrow();
        assertThat(plan.starts()).contains(CardDraft.Retraining.Starts.PERFORMANCE);
        assertThat(plan.parametersAt(NOW, ZoneId.of("UTC")))
                .isEqualTo(Map.of(
                        "train_from", "2001-01-01T00:00:00Z", "test_from", "2001-04-01T00:00:00Z", "rounds", "100"));
        assertThat(card.respondWithin()).contains(java.time.Duration.ofMinutes(10));
    }
}
