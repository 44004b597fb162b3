package org.plimsoll.gates;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.evaluation.Bound;
import org.plimsoll.evaluation.Claim;
import org.plimsoll.evaluation.Metric;
import org.plimsoll.evaluation.Reference;
import org.plimsoll.evaluation.Scope;
import org.plimsoll.scoring.Task;

/**
 * What a policy wants proved of one metric; one claim for each bound and each segment.
 *
 * <pre>
 *  - metric: auc
 *    at_least: 0.65
 *    not_worse_than: champion by 0.005
 *    not_worse_than_anchor_by: 0.01
 *  - metric: auc
 *    for_each: segments                  every segment of the task, or their names
 *    not_worse_than: champion by 0.02
 * </pre>
 *
 * @param task which tasks it speaks of; all where it is not given
 * @param forEach segments of the task, or the word {@code segments} for all of them; none means all rows together
 * @param confidence of the one-sided bounds; the policy's where it is not given
 * @param minRows least rows; the policy's where it is not given
 * @param minPositives least rows of the rarer class; the policy's where it is not given
 */
public record Requirement(
        Optional<Task.Kind> task,
        Metric metric,
        List<String> forEach,
        Optional<Double> atLeast,
        Optional<Double> atMost,
        Optional<Comparison> notWorseThan,
        Optional<Double> notWorseThanAnchorBy,
        Optional<Comparison> betterThan,
        Optional<Share> confidence,
        Optional<Long> minRows,
        Optional<Long> minPositives,
        Optional<Action> action) {

    /** The word for every segment of the task. */
    static final String SEGMENTS = "segments";

    public Requirement {
        forEach = List.copyOf(forEach);
        confidence.ifPresent(Requirement::checkConfidence);
    }

    private static void checkConfidence(Share confidence) {
        if (!(confidence.value() >= 0.5 && confidence.value() < 1)) {
            throw Problem.invalid("confidence", confidence, "at least 50% and less than 100%, such as 95%");
        }
    }

    /** What it asks of the metric. Checked by {@link Policy#read}, after misspelt keys, which are the likelier cause. */
    List<Bound> bounds() {
        List<Bound> bounds = new ArrayList<>();
        atLeast.ifPresent(limit -> bounds.add(new Bound.AtLeast(limit)));
        atMost.ifPresent(limit -> bounds.add(new Bound.AtMost(limit)));
        notWorseThan.ifPresent(than -> bounds.add(new Bound.NotWorse(than.reference(), than.by())));
        notWorseThanAnchorBy.ifPresent(margin -> bounds.add(new Bound.NotWorse(Reference.ANCHOR, margin)));
        betterThan.ifPresent(than -> bounds.add(new Bound.Better(than.reference(), than.by())));
        return bounds;
    }

    /** Whether it speaks of tasks like this one. */
    boolean concerns(Task asked) {
        return task.map(kind -> kind == asked.kind()).orElse(metric.isOf(asked.kind()));
    }

    Action actionOrEnforce() {
        return action.orElse(Action.ENFORCE);
    }

    /** Its claims for this task. @throws Problem where it names a segment the task does not have */
    List<Claim> claims(Task asked, EvidenceRules rules) {
        double level = confidence.map(Share::complement).orElse(rules.levelOrUsual());
        List<Claim> claims = new ArrayList<>();
        for (Scope scope : scopes(forEach, asked)) {
            for (Bound bound : bounds()) {
                claims.add(Claim.of(metric, scope, bound)
                        .with(
                                level,
                                minRows.orElse(rules.rowsOrUsual()),
                                minPositives.orElse(rules.positivesOrUsual())));
            }
        }
        return claims;
    }

    /** The scopes these words stand for. */
    static List<Scope> scopes(List<String> words, Task asked) {
        if (words.isEmpty()) {
            return List.of(Scope.ALL);
        }
        if (words.equals(List.of(SEGMENTS))) {
            return asked.segments().stream().map(Scope::each).toList();
        }
        for (String word : words) {
            if (!asked.segments().contains(word)) {
                throw Problem.invalid("segment", word, "a segment of the task: " + String.join(", ", asked.segments()));
            }
        }
        return words.stream().map(Scope::each).toList();
    }
}
