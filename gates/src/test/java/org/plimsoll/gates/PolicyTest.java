package org.plimsoll.gates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.Json;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.evaluation.Claim;
import org.plimsoll.registry.Tier;
import org.plimsoll.scoring.Task;

class PolicyTest {

    private static final Task FLIGHTS =
            Json.read("{\"kind\":\"binary\",\"label\":\"late\",\"segments\":[\"origin\",\"part_of_day\"]}", Task.class);

    static String shipped(String name) {
        try (InputStream file = Policy.class.getResourceAsStream(name + ".yaml")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t1", "t2", "t3", "t4", "staging", "development"})
    void shippedPolicy_readAndWrittenAsJson_isTheSame(String name) {
        Policy policy = Policy.read(shipped(name), name + ".yaml");

        assertThat(policy.policy().value()).isEqualTo(name);
        assertThat(Json.read(Json.text(policy), Policy.class)).isEqualTo(policy);
    }

    /** The figures every T3 model is judged by; a change here is a change of policy and needs a word in the changelog. */
    @Test
    void shippedT3_claims_areTheRecommendedOnes() {
        Policy policy = Policy.read(shipped("t3"), "t3.yaml");

        assertThat(policy.claims(FLIGHTS, false).stream().map(Claim::toString))
                .containsExactly(
                        "auc not worse than champion by 0.005",
                        "auc of each origin not worse than champion by 0.02",
                        "auc of each part_of_day not worse than champion by 0.02",
                        "log_loss not worse than champion by 0.0",
                        "brier not worse than champion by 0.0");
        assertThat(policy.claims(FLIGHTS, true).stream().map(Claim::toString)).contains("auc better than champion");
        assertThat(policy.claims(FLIGHTS, true)).allSatisfy(claim -> {
            assertThat(claim.levelOrUsual()).isEqualTo(0.05);
            assertThat(claim.leastRows()).isEqualTo(300);
            assertThat(claim.leastRarer()).isEqualTo(30);
        });
        assertThat(policy.evidenceOrUsual().harmLevelOrUsual()).isEqualTo(0.05);
        RolloutPlan.Guardrail guardrail = policy.plan().guardrail().orElseThrow();
        assertThat(guardrail.tolerateRatio()).isEqualTo(1.10);
        assertThat(guardrail.proveBelow()).isEqualTo(1.25);
        assertThat(guardrail.levelOrUsual()).isEqualTo(0.05);
        assertThat(policy.approvalsOrNone().who()).singleElement().satisfies(rule -> {
            assertThat(rule.role()).isEqualTo("owner");
            assertThat(rule.not()).contains(Approvals.Part.TRAINER, Approvals.Part.REGISTRANT);
        });
        assertThat(policy.inconclusiveOrBlock()).isEqualTo(Policy.Inconclusive.BLOCK);
        assertThat(policy.fromOrPrevious()).isEqualTo(Policy.From.PREVIOUS_ENVIRONMENT);
    }

    @Test
    void shippedT1_level_isHalfOfTheOthers() {
        Claim first =
                Policy.read(shipped("t1"), "t1.yaml").claims(FLIGHTS, false).getFirst();

        assertThat(first.levelOrUsual()).isEqualTo(0.025);
    }

    @Test
    void shippedStaging_asksForNothingButTheServingPath() {
        Policy policy = Policy.read(shipped("staging"), "staging.yaml");

        assertThat(policy.needsEvidence()).isFalse();
        assertThat(policy.approvalsOrNone().who()).isEmpty();
        assertThat(policy.plan().replayedRequests()).isEqualTo(1_000);
        assertThat(policy.fromOrPrevious()).isEqualTo(Policy.From.ANY);
    }

    @ParameterizedTest
    @CsvSource({
        "loans,T3,production,true",
        "loans,T2,production,false",
        "loans,T3,staging,false",
        "other,T3,production,true"
    })
    void shippedT3_appliesTo_itsTierInProduction(String model, Tier tier, String environment, boolean expected) {
        Policy policy = Policy.read(shipped("t3"), "t3.yaml");

        assertThat(policy.appliesTo().matches(new ModelName(model), tier, new EnvironmentName(environment)))
                .isEqualTo(expected);
    }

    @Test
    void appliesTo_modelNamed_isForThatModelOnly() {
        AppliesTo one = new AppliesTo(List.of(new ModelName("loans")), List.of(), List.of());

        assertThat(one.matches(new ModelName("loans"), Tier.T1, new EnvironmentName("staging")))
                .isTrue();
        assertThat(one.matches(new ModelName("other"), Tier.T1, new EnvironmentName("staging")))
                .isFalse();
    }

    @Test
    void unknownKey_isRefusedWithItsPlaceAndTheLikelyWord() {
        assertThatThrownBy(() -> Policy.read("""
                        policy: mine
                        applies_to: {tiers: [T3]}
                        must_hold:
                          - metric: auc
                            not_wrose_than: champion by 0.005
                        """, "mine.yaml"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("mine.yaml:5:5")
                .hasMessageContaining("not_worse_than");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "must_hold: [{metric: auc}]",
                "must_hold: [{metric: auc, not_worse_than: champion by -0.005}]",
                "must_hold: [{metric: auc, not_worse_than: nobody by 0.005}]",
                "must_hold: [{metric: auk, at_least: 0.7}]",
                "must_hold: [{metric: auc, at_least: 0.7, confidence: 100%}]",
                "must_hold: [{metric: auc, at_least: 0.7, confidence: 49%}]",
                "must_hold: []",
                "smoke: {golden_rows: true}\nfirst_release: {better_than_constant: [auc]}",
                "smoke: {golden_rows: true}\nmust_not_happen: [{harm: {metric: auc, beyond: 0.02}}]",
                "must_hold: [{metric: auc, at_least: 0.7}]\nmust_not_happen: [{}]",
                "must_hold: [{metric: auc, at_least: 0.7}]\nmust_not_happen: [{harm: {metric: auc, beyond: -1}}]",
                "must_hold: [{metric: auc, at_least: 0.7}]\nfirst_release: {better_than_constant: []}",
                "smoke: {golden_rows: true}\nevidence: {max_evaluations: 0}",
                "smoke: {golden_rows: true}\nevidence: {harm_level: 0%}",
                "smoke: {golden_rows: true}\nevidence: {confidence: 100%}",
                "smoke: {golden_rows: true}\nevidence: {min_rows: 0}",
                "smoke: {golden_rows: true}\napprovals: {who: [{role: administrator}]}",
                "smoke: {golden_rows: true}\napprovals: {who: [{role: service}]}",
                "smoke: {golden_rows: true}\napprovals: {who: [{role: owner, count: 0}]}",
                "smoke: {golden_rows: true}\napprovals: {who: [{role: owner, not: [cat]}]}",
                "smoke: {golden_rows: true}\nrollout: {replay: -1}",
                "smoke: {golden_rows: true}\nrollout: {canary: [{share: 10%, min: 1d, deadline: 2d}]}",
                "smoke: {golden_rows: true}\nrollout: {bake: 5 days}",
                "smoke: {golden_rows: true}\ninconclusive: maybe"
            })
    void nonsense_isRefusedWithItsPlace(String rest) {
        assertThatThrownBy(() -> Policy.read("policy: mine\napplies_to: {}\n" + rest, "mine.yaml"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("mine.yaml");
    }

    private static RolloutPlan plan(String one, String min, String deadline, String two) {
        return Policy.read("""
                        policy: mine
                        applies_to: {}
                        smoke: {golden_rows: true}
                        rollout:
                          canary: [{share: %s, min: %s, deadline: %s}, {share: %s, min: 1d, deadline: 2d}]
                          guardrail: {event: wrong_decision, tolerate_ratio: 1.1, prove_below: 1.25}
                        """.formatted(one, min, deadline, two), "mine.yaml").plan();
    }

    @ParameterizedTest
    @CsvSource({"10%,1d,1d,50%", "10%,1d,2d,10%", "50%,1d,2d,10%", "0%,1d,2d,10%", "10%,1d,2d,100%"})
    void canary_outOfOrder_isRefused(String one, String min, String deadline, String two) {
        assertThatThrownBy(() -> plan(one, min, deadline, two)).isInstanceOf(Problem.class);
        assertThat(plan("10%", "1d", "2d", "50%").canary()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"1.1,1.1", "0.9,1.25", "1.25,1.1"})
    void guardrail_thatCannotDecide_isRefused(double tolerate, double below) {
        assertThatThrownBy(() -> new RolloutPlan.Guardrail(
                        RolloutPlan.Harmful.WRONG_DECISION, tolerate, below, Optional.empty()))
                .isInstanceOf(Problem.class);
        assertThat(new RolloutPlan.Guardrail(RolloutPlan.Harmful.WRONG_DECISION, 1, 1.25, Optional.empty())
                        .levelOrUsual())
                .isEqualTo(0.05);
    }

    @Test
    void shadow_thatCannotAdvance_isRefused() {
        Span day = Span.of("1d");
        Span week = Span.of("7d");
        assertThatThrownBy(() -> new RolloutPlan.Shadow(day, 1, week, new Share(0.02), new Share(0.02)))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> new RolloutPlan.Shadow(day, 0, week, new Share(0.01), new Share(0.02)))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> new RolloutPlan.Shadow(week, 1, week, new Share(0.01), new Share(0.02)))
                .isInstanceOf(Problem.class);
        assertThat(new RolloutPlan.Shadow(day, 1, week, new Share(0.01), new Share(0.02)).rows())
                .isEqualTo(1);
    }

    @Test
    void segmentOfAnotherTask_isRefused() {
        Policy policy = Policy.read("""
                policy: mine
                applies_to: {}
                must_hold: [{metric: auc, for_each: [colour], at_least: 0.6}]
                """, "mine.yaml");

        assertThatThrownBy(() -> policy.claims(FLIGHTS, false)).hasMessageContaining("origin, part_of_day");
    }

    @Test
    void firstRelease_whereThePolicyHasNone_isRefused() {
        Policy policy = Policy.read("""
                policy: mine
                applies_to: {}
                must_hold: [{metric: auc, not_worse_than: champion by 0.01}]
                """, "mine.yaml");

        assertThat(policy.claims(FLIGHTS, false)).hasSize(1);
        assertThatThrownBy(() -> policy.claims(FLIGHTS, true))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.REFUSED));
    }

    @Test
    void words_forSharesSizesAndSpans_areReadAndWritten() {
        assertThat(Share.of("5%").value()).isEqualTo(0.05);
        assertThat(Share.of(0.05)).hasToString("5%");
        assertThat(Share.of("97.5%").complement()).isEqualTo(0.025);
        assertThat(ByteSize.of("200MB").bytes()).isEqualTo(200_000_000L);
        assertThat(ByteSize.of("1500KB")).hasToString("1500KB");
        assertThat(Span.of("36h").length()).hasHours(36);
        assertThat(List.of("0MB", "2 TB", "MB"))
                .allSatisfy(word -> assertThatThrownBy(() -> ByteSize.of(word)).isInstanceOf(Problem.class));
        assertThat(List.of("101%", "-1%", "5", "five"))
                .allSatisfy(word -> assertThatThrownBy(() -> Share.of(word)).isInstanceOf(Problem.class));
    }

    /** The last value that is still allowed, and the first that is not. */
    @Test
    void limitsOfWords_areExact() {
        assertThat(Share.of("0%").value()).isZero();
        assertThat(Share.of("100%").value()).isEqualTo(1);
        assertThat(ByteSize.of("1000GB")).hasToString("1000GB");
        assertThat(ByteSize.of("1000KB")).hasToString("1MB");
        assertThat(Comparison.of("champion by 0").by()).isZero();
        assertThat(Comparison.of("anchor").by()).isZero();
        assertThat(new Span(java.time.Duration.ZERO).length()).isZero();
        assertThatThrownBy(() -> new Span(java.time.Duration.ofNanos(-1))).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> new Comparison(org.plimsoll.evaluation.Reference.CHAMPION, -Double.MIN_VALUE))
                .isInstanceOf(Problem.class);
    }

    @ParameterizedTest
    @CsvSource({
        "'must_hold: [{metric: auc, at_least: 0.7, confidence: 50%}]',true",
        "'must_hold: [{metric: auc, at_least: 0.7, confidence: 49.9%}]',false",
        "'must_hold: [{metric: auc, at_least: 0.7}]\nevidence: {confidence: 50%}',true",
        "'must_hold: [{metric: auc, at_least: 0.7}]\nevidence: {confidence: 49.9%}',false",
        "'must_hold: [{metric: auc, at_least: 0.7}]\nevidence: {harm_level: 50%}',true",
        "'must_hold: [{metric: auc, at_least: 0.7}]\nevidence: {harm_level: 50.1%}',false",
        "'must_hold: [{metric: auc, at_least: 0.7}]\nevidence: {min_rows: 1, min_positives: 1, max_evaluations: 1}',true",
        "'must_hold: [{metric: auc, at_least: 0.7}]\nevidence: {min_positives: 0}',false",
        "'must_hold: [{metric: auc, at_least: 0.7}]\nmust_not_happen: [{harm: {metric: auc, beyond: 0}}]',true",
        "'must_hold: [{metric: auc, at_least: 0.7}]\nmust_not_happen: [{suspicious_improvement: {metric: auc, more_than: 0}}]',false",
        "'must_hold: [{metric: auc, at_least: 0.7}]\nmust_not_happen: [{suspicious_improvement: {metric: auc, more_than: 0.001}}]',true",
        "'smoke: {golden_rows: true}\nrollout: {replay: 0}',true",
        "'smoke: {golden_rows: true}\nrollout: {guardrail: {event: cost, tolerate_ratio: 1, prove_below: 1.25, level: 50%}}',true",
        "'smoke: {golden_rows: true}\nrollout: {guardrail: {event: cost, tolerate_ratio: 1, prove_below: 1.25, level: 51%}}',false",
        "'smoke: {golden_rows: true}\nrollout: {guardrail: {event: cost, tolerate_ratio: 1, prove_below: 1.25, level: 0%}}',false",
        "'smoke: {golden_rows: true}\napprovals: {who: [{role: owner, count: 1}]}',true"
    })
    void limitsOfRules_areExact(String rest, boolean isAllowed) {
        String text = "policy: mine\napplies_to: {}\n" + rest.replace("\\n", "\n");
        if (isAllowed) {
            assertThat(Policy.read(text, "mine.yaml").policy().value()).isEqualTo("mine");
        } else {
            assertThatThrownBy(() -> Policy.read(text, "mine.yaml")).isInstanceOf(Problem.class);
        }
    }
}
