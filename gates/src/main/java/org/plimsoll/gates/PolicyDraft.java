package org.plimsoll.gates;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.ModelName;
import org.plimsoll.registry.Tier;
import org.plimsoll.scoring.Task;

/**
 * A first {@code policy.yaml} for one model: the thin gate of its kind of task, with as many rows asked for as the data have.
 *
 * <pre>
 *  binary       AUC (DeLong) and log loss, paired by cluster      per segment: log loss
 *  multiclass   log loss                                          per segment: log loss
 *  regression   squared error, as its root                        per segment: the same
 *  first        proved better than the constant model of the training rows: base rate, class shares, mean
 * </pre>
 *
 * @param tier T4 lets a person approve what they made, and labels it so
 * @param testRows about how many rows it will be judged on
 * @param testRarer of these, rows of the rarer class; all rows where there are no classes
 * @param kinds the task's own first, then those that its label can be overruled to: all are provided for, and only what fits the
 *     task is asked
 * @param deviation of a label that is a number
 */
public record PolicyDraft(
        ModelName model,
        EndpointName endpoint,
        Tier tier,
        List<Task.Kind> kinds,
        long testRows,
        long testRarer,
        Optional<Double> deviation) {

    /** Of fewer test rows nothing is proved, so no draft asks for fewer. */
    public static final long LEAST_ROWS = 10;

    private static final long USUAL_ROWS = 300;
    private static final long USUAL_POSITIVES = 30;
    private static final String RMSE = "rmse";

    public PolicyDraft {
        kinds = List.copyOf(kinds);
    }

    /** The text of the file. */
    public String yaml() {
        boolean alone = tier == Tier.T4;
        List<String> lines = new ArrayList<>();
        lines.add("# By what a candidate of " + model + " is judged. plimsoll policy lint policy.yaml reads it aloud.");
        lines.add("policy: " + model);
        lines.add("purpose: What a new version of " + model + " must prove before it answers.");
        lines.add("endpoint: " + endpoint + "    # its name in the address: /v2/models/" + endpoint + "/infer");
        lines.add("# T4: a sandbox, whose owner may approve their own work, labelled self-approved; T1 to T3 never");
        lines.add("applies_to: {models: [" + model + "], tiers: [" + tier + "], environments: [production]}");
        lines.add("from: any");
        lines.add("smoke: {golden_rows: true}     # the loaded model gives its trainer's scores");
        lines.add("documents: complete");
        evidence(lines);
        lines.add("must_hold:                     # all must be proved, one-sided, on rows never trained on");
        proofs(lines);
        lines.add("must_not_happen:               # proved harm to one segment blocks");
        losses().forEach(loss ->
                lines.add("  - harm: {metric: " + loss + ", beyond: " + margin(loss, 2) + ", in: segments}"));
        lines.add("first_release:");
        lines.add("  better_than_constant: [" + named(PolicyDraft::better) + "]");
        lines.add("observe_only: [" + named(PolicyDraft::observed) + "]");
        lines.add(
                "inconclusive: ask_approvers    # what is neither proved nor refuted is theirs; block would refuse it");
        lines.add("approvals:");
        lines.add("  who:");
        lines.add(
                alone
                        ? "    - {role: owner}"
                        : "    - {role: owner, not: [author, trainer, registrant, card_author, data_preparer, policy_editor]}");
        lines.add("  valid_for: 14d");
        lines.add("rollout: {bake: 1h}            # all traffic at once; an hour until it counts as stable");
        return String.join("\n", lines) + "\n";
    }

    private void evidence(List<String> lines) {
        long rows = Math.max(LEAST_ROWS, Math.min(USUAL_ROWS, testRows * 8 / 10));
        long rarer = Math.max(3, Math.min(USUAL_POSITIVES, testRarer * 6 / 10));
        boolean fewer = rows < USUAL_ROWS || rarer < USUAL_POSITIVES;
        lines.add("evidence:");
        lines.add("  confidence: 95%");
        lines.add("  min_rows: " + rows
                + (rows < USUAL_ROWS
                        ? String.format(
                                Locale.ROOT, "                 # 300 as a rule; the test has about %,d", testRows)
                        : ""));
        lines.add("  min_positives: " + rarer
                + (rarer < USUAL_POSITIVES && kinds.contains(Task.Kind.BINARY)
                        ? String.format(Locale.ROOT, "            # 30 as a rule; the test has about %,d", testRarer)
                        : ""));
        lines.add("  too_few: inconclusive" + (fewer ? "" : "        ")
                + "        # a segment of fewer is an open question; error would block");
    }

    /** What all kinds name, each once. */
    private String named(Function<Task.Kind, String> names) {
        return kinds.stream()
                .flatMap(kind -> Stream.of(names.apply(kind).split(", ")))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private List<String> losses() {
        return kinds.stream().map(PolicyDraft::loss).distinct().toList();
    }

    private void proofs(List<String> lines) {
        if (kinds.contains(Task.Kind.BINARY)) {
            lines.add("  - {metric: auc, not_worse_than: champion by 0.02}"
                    + (kinds.getFirst() == Task.Kind.BINARY ? "" : "         # where the task's kind is binary"));
        }
        for (String loss : losses()) {
            String unit = loss.equals(RMSE) ? "    # 2 % of the label's deviation" : "    # in nats, per row";
            String proof = "  - {metric: " + loss;
            lines.add(proof + ", not_worse_than: champion by " + margin(loss, 1) + "}" + unit);
            lines.add(proof + ", for_each: segments, not_worse_than: champion by " + margin(loss, 2) + "}");
        }
    }

    private static String loss(Task.Kind kind) {
        return kind == Task.Kind.REGRESSION ? RMSE : "log_loss";
    }

    private static String better(Task.Kind kind) {
        return switch (kind) {
            case BINARY -> "auc, log_loss";
            case MULTICLASS, RANKING -> "log_loss";
            case REGRESSION -> "mse";
        };
    }

    private static String observed(Task.Kind kind) {
        return switch (kind) {
            case BINARY -> "accuracy, brier";
            case MULTICLASS, RANKING -> "accuracy";
            case REGRESSION -> "mae, r_squared";
        };
    }

    private String margin(String loss, int times) {
        double margin = loss.equals(RMSE) ? 0.02 * deviation.orElse(1.0) : 0.02;
        return new BigDecimal(times * margin)
                .round(new MathContext(2))
                .stripTrailingZeros()
                .toPlainString();
    }
}
