package org.plimsoll.scoring;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.plimsoll.core.Problem;
import org.plimsoll.scoring.Signature.Datatype;

/**
 * Which of a model's own outputs answers the task, and what the others are called. Frameworks name their outputs as they like;
 * a task is judged by {@code probability}, {@code probabilities}, {@code prediction} or {@code score}. Where the model leaves
 * no doubt the output is found, else the error asks which one is meant.
 *
 * <pre>
 *  binary       the one floating output, or the one that is called probability: of two values that of the positive class
 *  multiclass   the one floating output of several values, or the one that is called probability
 *  regression   the one output of a number
 *  ranking      the one output of a number
 * </pre>
 *
 * What else the model answers follows under its own name.
 */
final class TaskOutputs {

    /**
     * An output as the model has it.
     *
     * @param width values a row
     * @param classes whose probability each value is, or the words a label stands for; none where that is not known
     */
    record Own(String name, Datatype datatype, int width, List<String> classes) {

        private boolean isNumber() {
            return datatype != Datatype.BYTES && datatype != Datatype.BOOL;
        }

        @Override
        public String toString() {
            return name + " " + datatype + (width == 1 ? "[rows]" : "[rows, " + width + "]");
        }
    }

    /** Everything of wide outputs that are not the answer would only fill the log. */
    private static final int WIDEST_EXTRA = 64;

    private static final Pattern ONE_VALUE = Pattern.compile("(.+)\\[(\\d+)]");

    private final List<Signature.Output> outputs = new ArrayList<>();
    private final List<Integer> sources = new ArrayList<>();
    private int place = -1; // of the first output's value among several, or -1

    private TaskOutputs() {}

    /**
     * @param chosen the output somebody said it is: a name, or one of its values {@code name[2]}
     * @throws Problem where no output answers the task, or it is not clear which one
     */
    static TaskOutputs of(Task task, List<Own> own, Optional<String> chosen) {
        TaskOutputs found = new TaskOutputs();
        Optional<Integer> value = Optional.empty();
        int source;
        if (chosen.isPresent()) {
            Matcher one = ONE_VALUE.matcher(chosen.get());
            boolean whole = own.stream().anyMatch(each -> each.name.equals(chosen.get()));
            boolean isOne = !whole && one.matches();
            source = named(own, isOne ? one.group(1) : chosen.get());
            value = isOne ? Optional.of(place(one.group(2))) : Optional.empty();
        } else {
            source = only(task, own);
        }
        found.first(task, own, source, value);
        found.others(own, source);
        return found;
    }

    private static int place(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException _) {
            throw Problem.invalid("output", "[" + digits + "]", "the place of a value");
        }
    }

    private static int named(List<Own> own, String name) {
        for (int i = 0; i < own.size(); i++) {
            if (own.get(i).name.equals(name)) {
                return i;
            }
        }
        throw Problem.invalid("output", name, "one of the model's: " + listed(own));
    }

    private static String listed(List<Own> own) {
        return own.stream().map(Own::toString).collect(Collectors.joining(", "));
    }

    /** The output that can be meant and no other. */
    private static int only(Task task, List<Own> own) {
        List<Integer> fitting = new ArrayList<>();
        List<Integer> called = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            Own each = own.get(i);
            if (fits(task, each)) {
                fitting.add(i);
                if (each.name.toLowerCase(Locale.ROOT).contains("prob")) {
                    called.add(i);
                }
            }
        }
        if (fitting.size() == 1) {
            return fitting.getFirst();
        }
        if (called.size() == 1 && (task.kind() == Task.Kind.BINARY || task.kind() == Task.Kind.MULTICLASS)) {
            return called.getFirst();
        }
        String wanted = wanted(task);
        throw Problem.of(
                Problem.Kind.INVALID,
                fitting.isEmpty()
                        ? "the task is " + task.kind().word() + ", which needs " + wanted
                                + "; the model's outputs are " + listed(own)
                                + (isLabelOnly(task, own)
                                        ? ": a label without probabilities; save the model with its probabilities"
                                        : ": name one value of an output, such as " + own.getFirst().name + "[0]")
                        : "the task is " + task.kind().word() + ", and several outputs of the model can be its answer: "
                                + listed(fitting.stream().map(own::get).toList()) + "; name the output that is meant");
    }

    private static boolean isLabelOnly(Task task, List<Own> own) {
        return (task.kind() == Task.Kind.BINARY || task.kind() == Task.Kind.MULTICLASS)
                && own.stream().noneMatch(each -> each.datatype.isFloating());
    }

    private static String wanted(Task task) {
        return switch (task.kind()) {
            case BINARY -> "a probability: one floating number a row, or two";
            case MULTICLASS -> "probabilities: several floating numbers a row";
            case REGRESSION -> "a prediction: one number a row";
            case RANKING -> "a score: one number a row";
        };
    }

    private static boolean fits(Task task, Own own) {
        return switch (task.kind()) {
            case BINARY -> own.datatype.isFloating() && own.width <= 2;
            case MULTICLASS -> own.datatype.isFloating() && own.width >= 2;
            case REGRESSION, RANKING -> own.isNumber() && own.width == 1;
        };
    }

    private void first(Task task, List<Own> own, int source, Optional<Integer> value) {
        Own answer = own.get(source);
        if (value.isPresent()) {
            if (value.get() >= answer.width || task.kind() == Task.Kind.MULTICLASS || !answer.isNumber()) {
                throw Problem.invalid("output", answer.name + "[" + value.get() + "]", "a value of " + listed(own));
            }
            place = value.get();
        } else if (!fits(task, answer)) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the task is " + task.kind().word() + ", which needs " + wanted(task) + "; the output named is "
                            + answer);
        } else if (task.kind() == Task.Kind.BINARY && answer.width == 2) {
            place = positive(task, answer);
        }
        String name = switch (task.kind()) {
            case BINARY -> "probability";
            case MULTICLASS -> "probabilities";
            case REGRESSION -> "prediction";
            case RANKING -> "score";
        };
        String from = value.isPresent() ? answer.name + "[" + value.get() + "]" : answer.name;
        boolean several = task.kind() == Task.Kind.MULTICLASS;
        outputs.add(new Signature.Output(
                name,
                answer.datatype,
                several ? answer.width : 1,
                several ? answer.classes : List.of(),
                from.equals(name) ? Optional.empty() : Optional.of(from)));
        sources.add(source);
    }

    /** The place of the positive class: the one the task names, else the second. */
    private static int positive(Task task, Own answer) {
        if (task.positive().isEmpty() || answer.classes.isEmpty()) {
            return 1;
        }
        int found = answer.classes.indexOf(task.positive().get());
        if (found < 0 && answer.classes.equals(List.of("0", "1"))) {
            return 1; // trained on 0 and 1 that somebody made of the label
        }
        if (found < 0) {
            throw Problem.invalid(
                    "task.positive", task.positive().get(), "one of the model's classes " + answer.classes);
        }
        return found;
    }

    private void others(List<Own> own, int source) {
        Set<String> names = new HashSet<>();
        names.add(outputs.getFirst().name());
        for (int i = 0; i < own.size(); i++) {
            Own other = own.get(i);
            boolean said = i != source || place >= 0 && other.width > 2;
            boolean known = other.datatype != Datatype.BYTES || !other.classes.isEmpty();
            if (said && known && other.width <= WIDEST_EXTRA && names.add(other.name)) {
                boolean aboutClasses = other.width > 1 ? other.classes.size() == other.width : !other.classes.isEmpty();
                outputs.add(new Signature.Output(
                        other.name,
                        other.datatype,
                        other.width,
                        aboutClasses ? other.classes : List.of(),
                        Optional.empty()));
                sources.add(i);
            }
        }
    }

    /** What is answered. */
    List<Signature.Output> outputs() {
        return List.copyOf(outputs);
    }

    /** Whether the answers need this output of the model's own. */
    boolean needs(int own) {
        return sources.contains(own);
    }

    /**
     * The answers out of the model's own.
     *
     * @param own for each of the model's outputs its values, row-major; those that are not needed may be empty
     */
    double[][] answers(double[][] own, int rows) {
        double[][] answers = new double[outputs.size()][];
        for (int i = 0; i < answers.length; i++) {
            answers[i] = own[sources.get(i)];
        }
        if (place >= 0) {
            double[] all = answers[0];
            int width = all.length / rows;
            double[] one = new double[rows];
            for (int row = 0; row < rows; row++) {
                one[row] = all[row * width + place];
            }
            answers[0] = one;
        }
        return answers;
    }
}
