package org.plimsoll.predictions;

import java.util.OptionalDouble;
import org.plimsoll.core.Problem;
import org.plimsoll.scoring.Task;

/**
 * What an answer cost, once the truth is known, from 0 to 1; anything above 0 is an adverse event. It depends on the answer, so
 * arms can be judged by it.
 */
@FunctionalInterface
public interface Loss {

    /** The loss of one row. @return empty where the label cannot be read as the task needs it */
    OptionalDouble of(double score, String label);

    /** 1 where the decision at the task's threshold was wrong, else 0. */
    static Loss wrongDecision(Task task) {
        binary(task);
        double threshold = task.decisionThreshold();
        return (score, label) -> {
            OptionalDouble truth = Truth.of(label, task);
            return truth.isEmpty()
                    ? truth
                    : OptionalDouble.of(score >= threshold == (truth.getAsDouble() == 1) ? 0 : 1);
        };
    }

    /** What the decision cost by the task's costs, as a share of the greater of the two. */
    static Loss cost(Task task) {
        binary(task);
        Task.Costs costs = task.costs()
                .orElseThrow(
                        () -> Problem.invalid("event", "cost", "wrong_decision, since the task declares no costs"));
        double greatest = Math.max(costs.falsePositive(), costs.falseNegative());
        double threshold = task.decisionThreshold();
        return (score, label) -> {
            OptionalDouble truth = Truth.of(label, task);
            if (truth.isEmpty()) {
                return truth;
            }
            boolean isPositive = truth.getAsDouble() == 1;
            double cost =
                    score >= threshold == isPositive ? 0 : isPositive ? costs.falseNegative() : costs.falsePositive();
            return OptionalDouble.of(cost / greatest);
        };
    }

    private static void binary(Task task) {
        if (task.kind() != Task.Kind.BINARY) {
            throw Problem.invalid("task", task.kind().word(), "a binary task, whose decisions are right or wrong");
        }
    }
}
