package org.plimsoll.scoring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.plimsoll.scoring.OnnxModel.Constant;
import org.plimsoll.scoring.OnnxModel.Node;
import org.plimsoll.scoring.OnnxModel.Value;
import org.plimsoll.scoring.Signature.Datatype;

/**
 * Recognises the graphs that our own engines execute, as converters write them: one matrix of numbers, steps that change each
 * column by itself, one ensemble of trees or one linear model, and what only renames, casts or normalises its answers.
 *
 * <pre>
 *  X ─ Identity │ Cast │ Imputer │ Scaler │ Mul │ Add ─ … ─ TreeEnsemble* │ LinearClassifier │ LinearRegressor
 *        label         ─ Identity │ Cast ─────────────────────────────────────────────────────────▶ label
 *        probabilities ─ Identity │ Cast │ Mul by 1 │ Normalizer L1 ─ ZipMap │ nothing ───────────▶ probabilities
 * </pre>
 *
 * Everything else is for ONNX Runtime. Nothing is approximated: a graph with one node more is not recognised.
 */
final class OnnxGraph {

    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,19}");

    private static final Set<String> CORES = Set.of(
            "TreeEnsembleClassifier", "TreeEnsembleRegressor", "TreeEnsemble", "LinearClassifier", "LinearRegressor");

    private final OnnxModel model;

    private OnnxGraph(OnnxModel model) {
        this.model = model;
    }

    /**
     * Our own engine for this graph; empty where it is not one of those above.
     *
     * @throws org.plimsoll.core.Problem where its trees are broken
     */
    static Optional<MatrixEngine> recognise(OnnxModel model, Task task, Optional<String> output) {
        return new OnnxGraph(model).engine(task, output);
    }

    private Optional<MatrixEngine> engine(Task task, Optional<String> output) {
        List<Node> cores = model.nodes().stream()
                .filter(node -> node.domain().equals("ai.onnx.ml") && CORES.contains(node.operator()))
                .toList();
        if (cores.size() != 1 || model.inputs().size() != 1) {
            return Optional.empty();
        }
        Node core = cores.getFirst();
        Value input = model.inputs().getFirst();
        Optional<Precision> precision = precision(input);
        if (precision.isEmpty() || core.inputs().size() != 1 || input.shape().length != 2 || input.shape()[1] < 1) {
            return Optional.empty();
        }
        int features = (int) Math.min(input.shape()[1], Integer.MAX_VALUE);
        Set<Node> seen = Collections.newSetFromMap(new java.util.IdentityHashMap<>());
        seen.add(core);
        Optional<List<OnnxStep>> steps = steps(core.inputs().getFirst(), input, features, precision.get(), seen);
        Optional<OnnxHead> head = head(core, task, output, seen);
        if (steps.isEmpty() || head.isEmpty() || seen.size() != model.nodes().size()) {
            return Optional.empty();
        }
        boolean linear = core.operator().startsWith("Linear");
        if (linear && precision.get() == Precision.DOUBLE) {
            return Optional.empty(); // LinearRegressor over doubles is one of ONNX Runtime's own gaps
        }
        return Optional.of(
                linear
                        ? linear(core, features, steps.get(), head.get())
                        : new TreeEngine(
                                OnnxTrees.read(
                                        model, core, precision.get(), head.get().sums(), features),
                                steps.get(),
                                head.get(),
                                List.of(),
                                CategoryCodes.NONE,
                                model.producer(),
                                false));
    }

    private MatrixEngine linear(Node core, int features, List<OnnxStep> steps, OnnxHead head) {
        double[] coefficients = core.numbers("coefficients");
        double[] intercepts = core.numbers("intercepts");
        int sums = head.sums();
        if (coefficients.length != (long) sums * features || intercepts.length != 0 && intercepts.length != sums) {
            throw model.problem(core.operator() + " has " + coefficients.length + " coefficients and "
                    + intercepts.length + " intercepts for " + features + " features and " + sums + " outputs");
        }
        double[] added = intercepts.length == 0 ? new double[sums] : intercepts;
        return new LinearEngine(
                coefficients, added, features, Precision.SINGLE, steps, head, List.of(), model.producer());
    }

    private static Optional<Precision> precision(Value input) {
        return input.datatype().flatMap(type -> switch (type) {
            case FP32 -> Optional.of(Precision.SINGLE);
            case FP64 -> Optional.of(Precision.DOUBLE);
            default -> Optional.empty();
        });
    }

    /** What happens to each column on the way to the core, in order; empty where it is more than that. */
    private Optional<List<OnnxStep>> steps(
            String last, Value input, int features, Precision precision, Set<Node> seen) {
        List<OnnxStep> steps = new ArrayList<>();
        String value = last;
        while (!value.equals(input.name())) {
            Optional<Node> maker = model.maker(value);
            if (maker.isEmpty() || !seen.add(maker.get())) {
                return Optional.empty();
            }
            Optional<OnnxStep> step = OnnxStep.of(model, maker.get(), features, precision);
            if (step.isEmpty()) {
                return Optional.empty();
            }
            steps.addFirst(step.get());
            value = step.get().from();
        }
        return Optional.of(steps.stream().filter(step -> !step.isIdentity()).toList());
    }

    /** How an output of the graph comes from the core. */
    private record Route(int coreOutput, boolean normalised, Optional<Node> zipMap) {}

    private Optional<Route> route(String output, Node core, Set<Node> seen) {
        boolean normalised = false;
        Optional<Node> zipMap = Optional.empty();
        String value = output;
        Set<String> passed = new HashSet<>();
        while (!core.outputs().contains(value)) {
            Optional<Node> maker = model.maker(value);
            if (maker.isEmpty() || maker.get().inputs().isEmpty() || !passed.add(value)) {
                return Optional.empty();
            }
            Node node = maker.get();
            if (node.isMl("ZipMap")) {
                zipMap = maker;
            } else if (node.isMl("Normalizer") && node.word("norm", "MAX").equals("L1")) {
                normalised = true;
            } else if (!node.is("Identity") && !keeps(node) && !isTimesOne(node)) {
                return Optional.empty();
            }
            seen.add(node);
            value = node.inputs().getFirst();
        }
        return Optional.of(new Route(core.outputs().indexOf(value), normalised, zipMap));
    }

    /** A cast that changes no value: of scores to floats, of labels to whole numbers or words. */
    private static boolean keeps(Node node) {
        long to = node.whole("to", 0);
        return node.is("Cast") && (to == 1 || to == 7 || to == 8);
    }

    private boolean isTimesOne(Node node) {
        return node.is("Mul")
                && node.inputs().size() == 2
                && model.constant(node.inputs().get(1))
                        .filter(factor -> factor.elements() == 1)
                        .map(Constant::numbers)
                        .filter(factor -> factor[0] == 1)
                        .isPresent();
    }

    private Optional<OnnxHead> head(Node core, Task task, Optional<String> output, Set<Node> seen) {
        boolean classifier = core.operator().endsWith("Classifier");
        Optional<OnnxHead.Rule> rule = OnnxHead.Rule.of(model, core);
        if (rule.isEmpty()) {
            return Optional.empty();
        }
        List<TaskOutputs.Own> own = new ArrayList<>();
        List<Boolean> labels = new ArrayList<>();
        boolean normalised = false;
        for (Value each : model.outputs()) {
            Optional<Route> route = route(each.name(), core, seen);
            if (route.isEmpty()) {
                return Optional.empty();
            }
            boolean label = classifier && route.get().coreOutput == 0;
            if (!label && each.datatype().isPresent() && each.datatype().get() != Datatype.FP32) {
                return Optional.empty();
            }
            List<String> classes = rule.get().classes();
            if (label
                    && (route.get().normalised
                            || route.get().zipMap.isPresent()
                            || each.datatype().isEmpty()
                            || each.datatype().get() != Datatype.BYTES && !areNumbers(classes))) {
                return Optional.empty();
            }
            if (route.get().zipMap.isPresent()
                    && !OnnxFile.classes(route.get().zipMap.get()).equals(classes)) {
                return Optional.empty();
            }
            normalised |= route.get().normalised;
            labels.add(label);
            own.add(new TaskOutputs.Own(
                    each.name(),
                    label ? each.datatype().orElseThrow() : Datatype.FP32,
                    label ? 1 : rule.get().width(),
                    classes));
        }
        return Optional.of(new OnnxHead(rule.get(), normalised, labels, own, TaskOutputs.of(task, own, output)));
    }

    /** Whether labels of these classes can be answered as numbers. */
    private static boolean areNumbers(List<String> classes) {
        return classes.stream().allMatch(word -> WHOLE.matcher(word).matches());
    }
}
