package org.plimsoll.pipeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Spelling;
import org.plimsoll.core.YamlDocument;

/**
 * The order of a file's steps, by what each makes and takes.
 *
 * @param document where the steps are written, for the places of what is wrong
 * @param data names of the pipeline's data
 * @param steps by name, in the order of the file
 */
record StepOrder(YamlDocument document, Set<String> data, Map<String, PipelineStep> steps) {

    /**
     * The steps, as near to the order of the file as can be.
     *
     * @throws Problem with its place, where an input is made by nobody, an output twice, or steps wait for each other
     */
    List<PipelineStep> checked() {
        Map<String, String> makers = makers();
        steps.values().forEach(step -> checkInputs(step, makers));
        List<PipelineStep> order = new ArrayList<>();
        Set<String> done = new HashSet<>();
        List<PipelineStep> waiting = new ArrayList<>(steps.values());
        while (!waiting.isEmpty()) {
            List<PipelineStep> ready = waiting.stream()
                    .filter(step -> step.inputs().stream()
                            .filter(input -> input.contains("."))
                            .allMatch(input -> done.contains(makers.get(input))))
                    .toList();
            if (ready.isEmpty()) {
                String circle = waiting.stream().map(PipelineStep::name).collect(Collectors.joining(", "));
                throw document.problem(
                        "/steps/" + waiting.getFirst().name(), "steps wait for each other: " + circle, List.of());
            }
            PipelineStep next = ready.getFirst(); // one at a time keeps the order of the file wherever it can be kept
            order.add(next);
            done.add(next.name());
            waiting.remove(next);
        }
        return List.copyOf(order);
    }

    /** By output, as {@code step.output}: the step that makes it. */
    private Map<String, String> makers() {
        Map<String, String> makers = new HashMap<>();
        for (PipelineStep step : steps.values()) {
            for (int i = 0; i < step.outputs().size(); i++) {
                String output = step.outputs().get(i);
                String pointer = "/steps/" + step.name() + "/out/" + i;
                if (!PipelineFile.WORD.matcher(output).matches()) {
                    throw document.problemAtValue(
                            pointer,
                            "`" + output + "` cannot be the name of an output: a letter, then letters, digits and _");
                }
                if (makers.put(step.name() + "." + output, step.name()) != null) {
                    throw document.problemAtValue(pointer, "`" + output + "` is there twice");
                }
            }
        }
        return makers;
    }

    private void checkInputs(PipelineStep step, Map<String, String> makers) {
        String pointer = "/steps/" + step.name();
        if (step.inputs().isEmpty()) {
            throw document.problem(pointer, "step `" + step.name() + "` has no inputs: name them under in", List.of());
        }
        boolean one = step.work() instanceof Work.Split || step.work() instanceof Work.Train;
        if (one && step.inputs().size() != 1) {
            throw document.problemAtValue(
                    pointer + "/in",
                    "a split or a trainer has one input; here are "
                            + step.inputs().size());
        }
        Set<String> known = new HashSet<>(makers.keySet());
        known.addAll(data);
        Set<String> aliases = new HashSet<>();
        for (int i = 0; i < step.inputs().size(); i++) {
            String input = step.inputs().get(i);
            if (!known.contains(input)) {
                throw document.problemAtValue(
                        pointer + "/in/" + i,
                        "`" + input + "` is neither data nor a step's output (step.output)"
                                + Spelling.nearest(input, known)
                                        .map(likely -> "; did you mean `" + likely + "`?")
                                        .orElse("; there are " + String.join(", ", new TreeSet<>(known))));
            }
            if (!aliases.add(PipelineStep.alias(input))) {
                throw document.problemAtValue(
                        pointer + "/in/" + i,
                        "two inputs would be called `" + PipelineStep.alias(input)
                                + "` inside the step; rename an output");
            }
        }
    }
}
