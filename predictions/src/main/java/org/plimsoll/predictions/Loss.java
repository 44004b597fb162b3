package org.plimsoll.predictions;

import java.util.OptionalDouble;
import java.util.function.DoublePredicate;
import org.plimsoll.core.Problem;
import org.plimsoll.scoring.Task;

/**
 * What an answer cost, once the truth is known, from 0 to 1; anything above 0 is an adverse event. It depends on the answer, so
 * arms can be judged by it.
 */
@FunctionalInterface
public interface Loss {

    /**
     * The loss of one row.
     *
     * @param answers what was answered, row by row
     * @param from where this row begins
     * @param width values of a row: of a multiclass task one a class
     * @return empty where the label cannot be read as the task needs it
     */
    OptionalDouble of(double[] answers, int from, int width, String label);

    /** The loss of a row that is one number. */
    default OptionalDouble of(double score, String label) {
        return of(new double[] {score}, 0, 1, label);
    }

    /**
     * 1 where the decision was wrong, else 0: of binary tasks at the task's threshold, of multiclass ones for the most probable
     * class, of regressions a prediction that is off by more than the task tolerates.
     *
     * @throws Problem where the task has no decision to be wrong about
     */
    static Loss wrongDecision(Task task) {
        return switch (task.kind()) {
            case BINARY -> {
                double threshold = task.decisionThreshold();
                yield (answers, from, _, label) ->
                        wrong(task.truth(label), truth -> answers[from] >= threshold == (truth == 1));
            }
            case MULTICLASS ->
                (answers, from, width, label) ->
                        wrong(task.truth(label), truth -> mostProbable(answers, from, width) == (int) truth);
            case REGRESSION -> {
                double tolerance = task.tolerance()
                        .orElseThrow(() -> Problem.invalid(
                                "task.tolerance",
                                "missing",
                                "how far off a prediction of " + task.label()
                                        + " may be before it counts as a wrong decision"));
                yield (answers, from, _, label) ->
                        wrong(task.truth(label), truth -> Math.abs(answers[from] - truth) <= tolerance);
            }
            case RANKING ->
                throw Problem.invalid("task", task.kind().word(), "a task whose decisions are right or wrong");
        };
    }

    private static OptionalDouble wrong(OptionalDouble truth, DoublePredicate isRight) {
        return truth.isEmpty() ? truth : OptionalDouble.of(isRight.test(truth.getAsDouble()) ? 0 : 1);
    }

    /** The first of the greatest. */
    private static int mostProbable(double[] answers, int from, int width) {
        int best = 0;
        for (int k = 1; k < width; k++) {
            best = answers[from + k] > answers[from + best] ? k : best;
        }
        return best;
    }

    /** What the decision cost by the task's costs, as a share of the greater of the two. */
    static Loss cost(Task task) {
        if (task.kind() != Task.Kind.BINARY) {
            throw Problem.invalid("task", task.kind().word(), "a binary task, whose wrong decisions have costs");
        }
        Task.Costs costs = task.costs()
                .orElseThrow(
                        () -> Problem.invalid("event", "cost", "wrong_decision, since the task declares no costs"));
        double greatest = Math.max(costs.falsePositive(), costs.falseNegative());
        double threshold = task.decisionThreshold();
        return (answers, from, _, label) -> {
            OptionalDouble truth = task.truth(label);
            if (truth.isEmpty()) {
                return truth;
            }
            boolean isPositive = truth.getAsDouble() == 1;
            double cost = answers[from] >= threshold == isPositive
                    ? 0
                    : isPositive ? costs.falseNegative() : costs.falsePositive();
            return OptionalDouble.of(cost / greatest);
        };
    }
}
