package org.plimsoll.gates;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.ModelName;
import org.plimsoll.evaluation.Claim;
import org.plimsoll.registry.Tier;
import org.plimsoll.scoring.Task;

/** The policy that a person begins with can be read, and asks what fits the task and the rows there are. */
class PolicyDraftTest {

    private static PolicyDraft draft(Tier tier, Task.Kind kind, long rows, long rarer, Optional<Double> deviation) {
        return new PolicyDraft(
                new ModelName("risk"), new EndpointName("risk"), tier, Task.of(kind, "y"), rows, rarer, deviation);
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

    @Test
    void numberThatMayBeClasses_isProvidedForBothWays() {
        String both = draft(Tier.T4, Task.Kind.MULTICLASS, 10_000, 1_000, Optional.of(2.0))
                .yaml();
        String classesOnly = draft(Tier.T4, Task.Kind.MULTICLASS, 10_000, 1_000, Optional.of(0.0))
                .yaml();

        assertThat(both).contains("metric: rmse", "metric: log_loss", "better_than_constant: [log_loss, mse]");
        assertThat(classesOnly).contains("metric: log_loss").doesNotContain("rmse");
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
