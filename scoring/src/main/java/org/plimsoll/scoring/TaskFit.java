package org.plimsoll.scoring;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.plimsoll.core.Problem;

/** Whether what a model answers is what its task asks for, class by class, and whether its features are those that are made. */
final class TaskFit {

    private TaskFit() {}

    /** @throws Problem where the engine answers another kind of task, or takes other features */
    static void check(Engine engine, Task task, Optional<Features> features) {
        if (engine instanceof MatrixEngine matrix) {
            Features encoding = features.orElseThrow(() -> Problem.of(
                    Problem.Kind.INVALID,
                    "the artifact has no features.json, and its model takes a matrix of features"));
            if (matrix.features() != encoding.width()) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "the model has " + matrix.features() + " features, and the declared features give "
                                + encoding.width());
            }
            if (!matrix.names().isEmpty() && !matrix.names().equals(encoding.names())) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "the model's features are " + matrix.names() + ", and the declared features give "
                                + encoding.names());
            }
        }
        Signature.Output answer = engine.outputs().getFirst();
        boolean fits = switch (task.kind()) {
            case BINARY -> answer.name().equals("probability");
            case MULTICLASS -> answer.name().equals("probabilities");
            case REGRESSION -> answer.name().equals("prediction");
            case RANKING -> answer.width() == 1;
        };
        if (!fits) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the task is " + task.kind().word() + ", and the model answers " + answer
                            + "; train it with an objective of the task's kind");
        }
        if (task.kind() == Task.Kind.MULTICLASS) {
            checkClasses(task.classes(), answer);
        }
    }

    /** A probability must not be taken for that of another class. Words that no task names are the label's own affair. */
    private static void checkClasses(List<String> declared, Signature.Output answer) {
        List<String> own = answer.classes();
        boolean isNumbered = own.stream().allMatch(each -> each.matches("-?[0-9]+"));
        List<String> numbers =
                IntStream.range(0, answer.width()).mapToObj(Integer::toString).toList();
        boolean fits = declared.isEmpty()
                ? own.isEmpty() || !isNumbered || own.equals(numbers)
                : declared.size() == answer.width() && (own.isEmpty() || own.equals(declared) || own.equals(numbers));
        if (!fits) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the model answers the probabilities of "
                            + (own.isEmpty() ? answer.width() + " classes" : "the classes " + String.join(", ", own))
                            + ", and task.classes names "
                            + (declared.isEmpty()
                                    ? "none, so that they would be numbers from 0"
                                    : String.join(", ", declared))
                            + "; name the label's values in the model's order");
        }
    }

    /** A number that is no probability must not be taken for one. */
    static void refuseMargins(Task task, GoldenRows golden) {
        if (task.kind() != Task.Kind.BINARY && task.kind() != Task.Kind.MULTICLASS) {
            return;
        }
        for (double value : golden.scores()[0]) {
            if (!(value >= -Scorer.ROUNDING && value <= 1 + Scorer.ROUNDING)) {
                Signature.Output answer = golden.outputs().getFirst();
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "the model answers " + value + " where a probability is needed; its output "
                                + answer.from().orElse(answer.name())
                                + " is none: export the model with its probabilities, or name another output");
            }
        }
    }
}
