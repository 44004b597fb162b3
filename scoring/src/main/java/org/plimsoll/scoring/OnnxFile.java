package org.plimsoll.scoring;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.plimsoll.scoring.OnnxModel.Node;

/** An ONNX file, and which engine executes it: ours where its graph is one we prove, else ONNX Runtime. */
final class OnnxFile {

    private OnnxFile() {}

    /** @throws org.plimsoll.core.Problem where the file is broken or does not answer the task */
    static Engine open(Engines.Asked asked, byte[] bytes) {
        String file = asked.mlflow().modelFile();
        OnnxModel model = OnnxModel.read(file, bytes);
        refuseFatal(model);
        Optional<MatrixEngine> own =
                asked.own() ? OnnxGraph.recognise(model, asked.task(), asked.output()) : Optional.empty();
        return own.isPresent() ? own.get() : OnnxEngine.load(asked, model, bytes);
    }

    /** ONNX Runtime 1.28 ends the whole process at such a node, so it never gets to see one. */
    private static void refuseFatal(OnnxModel model) {
        for (Node node : model.nodes()) {
            if (node.domain().equals("ai.onnx.ml")
                    && node.operator().endsWith("Classifier")
                    && classes(node).size() == 1) {
                throw model.problem("has a " + node.operator() + " of a single class, which has nothing to tell apart");
            }
        }
    }

    /** The words or numbers of a model's classes, where its graph holds them: at its classifier, or where it names the answer. */
    static List<String> classes(OnnxModel model) {
        for (String operator : List.of("ZipMap", "TreeEnsembleClassifier", "LinearClassifier", "SVMClassifier")) {
            for (Node node : model.nodes()) {
                if (node.isMl(operator)) {
                    List<String> classes = classes(node);
                    if (!classes.isEmpty()) {
                        return classes;
                    }
                }
            }
        }
        for (Node node : model.nodes()) {
            if (node.isMl("ArrayFeatureExtractor") && !node.inputs().isEmpty()) {
                Optional<OnnxModel.Constant> held = model.constant(node.inputs().getFirst());
                if (held.isPresent() && held.get().elements() > 1) {
                    return held.get().words().isEmpty()
                            ? wholes(held.get())
                            : held.get().words();
                }
            }
        }
        return List.of();
    }

    private static List<String> wholes(OnnxModel.Constant constant) {
        double[] numbers = constant.numbers();
        for (double number : numbers) {
            if (number != Math.rint(number)) {
                return List.of();
            }
        }
        return Arrays.stream(numbers)
                .mapToObj(number -> Long.toString((long) number))
                .toList();
    }

    /** The classes that a classifier or a ZipMap names. */
    static List<String> classes(Node node) {
        List<String> words = node.words("classlabels_strings");
        if (!words.isEmpty()) {
            return words;
        }
        long[] wholes = node.wholes(
                node.is("LinearClassifier") || node.is("SVMClassifier") ? "classlabels_ints" : "classlabels_int64s");
        return Arrays.stream(wholes).mapToObj(Long::toString).toList();
    }
}
