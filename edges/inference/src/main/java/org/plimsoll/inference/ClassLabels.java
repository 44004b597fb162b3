package org.plimsoll.inference;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.plimsoll.scoring.Signature;
import org.plimsoll.scoring.Task;

/**
 * The names of the classes that a multiclass model tells apart, in the order of its probabilities. Beside these it answers a text for
 * each row, the name of the most probable class, unless it has an output of that name itself.
 *
 * @param probabilities the output that they are the values of
 * @param names one for each value
 */
record ClassLabels(String probabilities, List<String> names) {

    /** The output that says the most probable class of each row. */
    static final String OUTPUT = "label";

    /** Each name is a parameter of the probabilities: this and its place, from 0. */
    static final String PARAMETER = "class_";

    ClassLabels {
        names = List.copyOf(names);
    }

    /** The labels of a model of this task; empty where it tells no classes apart. */
    static Optional<ClassLabels> of(Task task, List<Signature.Output> outputs) {
        Signature.Output first = outputs.getFirst();
        if (task.kind() != Task.Kind.MULTICLASS
                || first.width() < 2
                || outputs.stream().anyMatch(output -> output.name().equals(OUTPUT))) {
            return Optional.empty();
        }
        List<String> names = !task.classes().isEmpty() ? task.classes() : first.classes();
        return Optional.of(new ClassLabels(
                first.name(),
                names.size() == first.width()
                        ? names
                        : IntStream.range(0, first.width())
                                .mapToObj(String::valueOf)
                                .toList()));
    }

    /** The most probable class of each row, the first of equals. @param values row by row, one for each class */
    String[] mostProbable(double[] values) {
        int width = names.size();
        String[] labels = new String[values.length / width];
        for (int row = 0; row < labels.length; row++) {
            int best = 0;
            for (int place = 1; place < width; place++) {
                if (values[row * width + place] > values[row * width + best]) {
                    best = place;
                }
            }
            labels[row] = names.get(best);
        }
        return labels;
    }
}
