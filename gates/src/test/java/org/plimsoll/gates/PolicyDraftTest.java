package org.plimsoll.gates;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.ModelName;
import org.plimsoll.evaluation.Claim;
import org.plimsoll.registry.Tier;
import org.plimsoll.scoring.Task;

/** The policy that a person begins with can be read, and asks what fits the task and the rows there are. */
class PolicyDraftTest {

    private static PolicyDraft draft(Tier tier, Task.Kind kind, long rows, long rarer, Optional<Double> deviation) {
        return draft(tier, List.of(kind), rows, rarer, deviation);
    }

    private static PolicyDraft draft(
            Tier tier, List<Task.Kind> kinds, long rows, long rarer, Optional<Double> deviation) {
        return new PolicyDraft(new ModelName("risk"), new EndpointName("risk"), tier, kinds, rows, rarer, deviation);
    }

    private static Policy read(PolicyDraft draft) {
        return Policy.read(draft.yaml(), "policy.yaml");
    }

    private static Policy ofRows(long rows, long rarer) {
        return read(draft(Tier.T4, Task.Kind.BINARY, rows, rarer, Optional.empty()));
    }

    @Test
    void binary_asksForAucAndLogLoss_perSegmentToo() {
        Policy policy = ofRows(10_000, 1_000);

        assertThat(policy.claims(Task.of(Task.Kind.BINARY, "y"), false))
                .extracting(Claim::toString)
                .contains("auc not worse than champion by 0.02", "log_loss not worse than champion by 0.02");
        assertThat(policy.claims(Task.of(Task.Kind.BINARY, "y"), true))
                .extracting(Claim::toString)
                .contains("auc better than champion", "log_loss better than champion");
        assertThat(policy.inconclusiveOrBlock()).isEqualTo(Policy.Inconclusive.ASK_APPROVERS);
    }

    /** Margins are 2 % of the label's deviation, and twice that in a segment. */
    @Test
    void regression_asksForRmse_inUnitsOfTheLabel() {
        Policy policy = read(draft(Tier.T4, Task.Kind.REGRESSION, 10_000, 10_000, Optional.of(50.0)));

        assertThat(policy.claims(Task.of(Task.Kind.REGRESSION, "y"), false))
                .extracting(Claim::toString)
                .contains("rmse not worse than champion by 1.0");
        assertThat(draft(Tier.T4, Task.Kind.REGRESSION, 10_000, 10_000, Optional.of(50.0))
                        .yaml())
                .contains("{metric: rmse, not_worse_than: champion by 1}")
                .contains("{metric: rmse, for_each: segments, not_worse_than: champion by 2}")
                .contains("# 2 % of the label's deviation");
    }

    /** Whichever kind the label is overruled to, the gate asks what belongs to it, and nothing else. */
    @ParameterizedTest
    @EnumSource(names = {"BINARY", "MULTICLASS", "REGRESSION"})
    void kinds_thatTheLabelCanBe_areProvidedFor(Task.Kind guess) {
        List<Task.Kind> kinds = Stream.concat(
                        Stream.of(guess),
                        Stream.of(Task.Kind.BINARY, Task.Kind.MULTICLASS, Task.Kind.REGRESSION)
                                .filter(kind -> kind != guess))
                .toList();
        Policy policy = read(draft(Tier.T4, kinds, 10_000, 1_000, Optional.of(50.0)));

        for (boolean first : List.of(true, false)) {
            assertThat(metrics(policy, Task.Kind.BINARY, first))
                    .contains("auc", "log_loss")
                    .doesNotContain("rmse", "mse", "mae");
            assertThat(metrics(policy, Task.Kind.MULTICLASS, first))
                    .contains("log_loss")
                    .doesNotContain("auc", "rmse", "mse");
            assertThat(metrics(policy, Task.Kind.REGRESSION, first))
                    .contains(first ? "mse" : "rmse")
                    .doesNotContain("auc", "log_loss", "accuracy");
        }
    }

    private static Set<String> metrics(Policy policy, Task.Kind kind, boolean first) {
        return policy.claims(Task.of(kind, "y"), first).stream()
                .map(claim -> claim.metric().toString())
                .collect(Collectors.toSet());
    }

    @Test
    void classesThatAreNoNumbers_areAskedNothingOfANumber() {
        assertThat(draft(Tier.T4, List.of(Task.Kind.MULTICLASS, Task.Kind.BINARY), 10_000, 1_000, Optional.empty())
                        .yaml())
                .contains("metric: auc", "metric: log_loss", "better_than_constant: [log_loss, auc]")
                .doesNotContain("rmse");
    }

    @ParameterizedTest
    @CsvSource({"1000, 300, 300, 30", "375, 50, 300, 30", "374, 50, 299, 30", "1000, 49, 300, 29", "5, 1, 10, 3"})
    void leastRows_areWhatTheTestCanHave(long rows, long rarer, long leastRows, long leastRarer) {
        Claim claim = ofRows(rows, rarer)
                .claims(Task.of(Task.Kind.BINARY, "y"), false)
                .getFirst();

        assertThat(claim.leastRows()).isEqualTo(leastRows);
        assertThat(claim.leastRarer()).isEqualTo(leastRarer);
        String text =
                draft(Tier.T4, Task.Kind.BINARY, rows, rarer, Optional.empty()).yaml();
        assertThat(text.contains("300 as a rule")).isEqualTo(leastRows < 300);
        assertThat(text.contains("30 as a rule")).isEqualTo(leastRarer < 30);
    }

    @Test
    void onlyTheSandboxTier_letsAPersonApproveTheirOwnWork() {
        assertThat(ofRows(1_000, 300).approvalsOrNone().who())
                .singleElement()
                .satisfies(rule -> assertThat(rule.not()).isEmpty());
        assertThat(read(draft(Tier.T3, Task.Kind.BINARY, 1_000, 300, Optional.empty()))
                        .approvalsOrNone()
                        .who())
                .singleElement()
                .satisfies(rule -> assertThat(rule.not()).contains(Approvals.Part.TRAINER, Approvals.Part.REGISTRANT));
    }
}
