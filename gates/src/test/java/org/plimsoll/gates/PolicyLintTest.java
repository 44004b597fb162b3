package org.plimsoll.gates;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a policy says of itself, in prose, and what its author may not have meant. */
class PolicyLintTest {

    private static PolicyLint lint(String rest) {
        return PolicyLint.of(Policy.read("policy: mine\napplies_to: {tiers: [T3]}\n" + rest, "mine.yaml"));
    }

    @Test
    void shippedT3_isReadAloud_withoutWarnings() {
        PolicyLint lint = PolicyLint.of(Policy.read(PolicyTest.shipped("t3"), "t3.yaml"));

        assertThat(lint.sentences())
                .contains(
                        "It is for any model, tier T3, in production.",
                        "The loaded model must give its trainer's scores on the golden rows.",
                        "It must be proved that auc over all rows is not worse than the champion's by 0.005 or more.",
                        "It must be proved that auc in every segment is not worse than the champion's by 0.02 or more.",
                        "What is neither proved nor refuted blocks.",
                        "It needs 1 × owner (nobody who had a part in it).");
        assertThat(lint.sentences())
                .anySatisfy(sentence -> assertThat(sentence)
                        .startsWith(
                                "Where nothing serves yet, it must be proved better than the constant model in auc"));
        assertThat(lint.warnings()).isEmpty();
    }

    @Test
    void everyKindOfRule_hasItsSentence() {
        PolicyLint lint = lint("""
                must_hold:
                  - {metric: auc, at_least: 0.7}
                  - {metric: log_loss, at_most: 0.6}
                  - {metric: brier, better_than: champion by 0.01}
                  - {metric: auc, for_each: [origin, part_of_day], not_worse_than: champion by 0.02}
                must_not_happen:
                  - {harm: {metric: auc, beyond: 0.02, in: segments}}
                  - {harm: {metric: brier, beyond: 0.03}}
                  - {suspicious_improvement: {metric: auc, more_than: 0.1}}
                inconclusive: ask_approvers
                approvals: {who: [{role: owner}, {role: validator, not: [trainer]}]}
                """);

        assertThat(lint.sentences())
                .containsExactly(
                        "It is for any model, tier T3, any environment.",
                        "It must be proved that auc over all rows is at least 0.7.",
                        "It must be proved that log_loss over all rows is at most 0.6.",
                        "It must be proved that brier over all rows is better than the champion's by more than 0.01.",
                        "It must be proved that auc for each origin and each part_of_day is not worse than the champion's by 0.02 or more.",
                        "Proved harm to auc of more than 0.02 in any segment blocks.",
                        "Proved harm to brier of more than 0.03 blocks.",
                        "A proved improvement of auc by more than 0.1 blocks, until leakage is excluded.",
                        "Where nothing serves yet, it refuses.",
                        "What is neither proved nor refuted is left to the approvers.",
                        "It needs 1 × owner (whoever built it included) and 1 × validator (nobody who had a part in it).");
    }

    @Test
    void whatAnAuthorMayNotHaveMeant_isAWarning_andWhatHeMeantIsNot() {
        assertThat(lint("must_hold: [{metric: auc, not_worse_than: champion by 0}]\n")
                        .warnings())
                .hasSize(5)
                .anySatisfy(it -> assertThat(it).startsWith("no first_release"))
                .anySatisfy(it -> assertThat(it).startsWith("no max_evaluations"))
                .anySatisfy(it -> assertThat(it).startsWith("no requirement speaks of segments"))
                .anySatisfy(it -> assertThat(it).startsWith("a margin of 0 on auc"))
                .anySatisfy(it -> assertThat(it).startsWith("nobody is asked"));
        assertThat(lint("""
                must_hold:
                  - {metric: auc, not_worse_than: champion by 0.01}
                  - {metric: auc, for_each: segments, not_worse_than: champion by 0.02}
                first_release: {better_than_constant: [auc]}
                evidence: {max_evaluations: 20}
                approvals: {who: [{role: owner}]}
                """).warnings()).isEmpty();
    }

    @Test
    void policyWithoutEvidence_saysSo_andHasNoPowerToTellOf() {
        PolicyLint lint = lint("smoke: {golden_rows: true}\n");

        assertThat(lint.sentences()).contains("Where nothing serves yet, it asks no more.", "Nobody is asked.");
        assertThat(lint.power()).isEmpty();
        assertThat(lint.warnings()).isEmpty();
    }

    /** (z.95 + z.80)·√(0.1/n): 1.6449 + 0.8416 = 2.4865; at 300 rows .0454, at 100,000 .0025. */
    @Test
    void power_isOfPairedDecisions() {
        PolicyLint lint = lint("must_hold: [{metric: auc, not_worse_than: champion by 0.01}]\n");

        assertThat(lint.power()).hasSize(5);
        assertThat(lint.power().getFirst()).contains("300 independent rows").contains("0.0454");
        assertThat(lint.power().getLast()).contains("100,000 independent rows").contains("0.0025");
    }
}
