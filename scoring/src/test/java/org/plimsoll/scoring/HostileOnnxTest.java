package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.plimsoll.core.Problem;

/** Files nobody honest writes: refused with words, in little time and memory. Numbers of fields are those of onnx-ml.proto. */
class HostileOnnxTest {

    private static final Task TASK = Task.of(Task.Kind.REGRESSION, "label");

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    /** A tree of three nodes over two columns: x[feature] ≤ threshold, else. */
    private static final class Ensemble {
        private long[] nodeIds = {0, 1, 2};
        private long[] yes = {1, 0, 0};
        private long[] no = {2, 0, 0};
        private long[] features = {1, 0, 0};
        private float[] values = {0.5f, 0, 0};
        private String[] modes = {"BRANCH_LEQ", "LEAF", "LEAF"};
        private long[] targetNodes = {1, 2};
        private long[] targetIds = {0, 0};
        private float[] weights = {1, 2};

        byte[] model() {
            byte[] node = message(out -> {
                out.writeString(1, "X");
                out.writeString(2, "variable");
                out.writeString(4, "TreeEnsembleRegressor");
                wholes(out, "nodes_treeids", new long[nodeIds.length]);
                wholes(out, "nodes_nodeids", nodeIds);
                wholes(out, "nodes_featureids", features);
                wholes(out, "nodes_truenodeids", yes);
                wholes(out, "nodes_falsenodeids", no);
                floats(out, "nodes_values", values);
                out.writeByteArray(5, message(attribute -> {
                    attribute.writeString(1, "nodes_modes");
                    for (String mode : modes) {
                        attribute.writeString(9, mode);
                    }
                }));
                wholes(out, "target_treeids", new long[weights.length]);
                wholes(out, "target_nodeids", targetNodes);
                wholes(out, "target_ids", targetIds);
                floats(out, "target_weights", weights);
                out.writeString(7, "ai.onnx.ml");
            });
            return HostileOnnxTest.model(node);
        }
    }

    private static void wholes(CodedOutputStream out, String name, long[] values) throws IOException {
        out.writeByteArray(5, message(attribute -> {
            attribute.writeString(1, name);
            for (long value : values) {
                attribute.writeInt64(8, value);
            }
        }));
    }

    private static void floats(CodedOutputStream out, String name, float[] values) throws IOException {
        out.writeByteArray(5, message(attribute -> {
            attribute.writeString(1, name);
            for (float value : values) {
                attribute.writeFloat(7, value);
            }
        }));
    }

    private static byte[] value(String name, int... shape) {
        return message(out -> {
            out.writeString(1, name);
            out.writeByteArray(
                    2,
                    message(type -> type.writeByteArray(1, message(tensor -> {
                        tensor.writeInt32(1, 1);
                        tensor.writeByteArray(2, message(dimensions -> {
                            for (int size : shape) {
                                dimensions.writeByteArray(1, message(dimension -> {
                                    if (size > 0) {
                                        dimension.writeInt64(1, size);
                                    }
                                }));
                            }
                        }));
                    }))));
        });
    }

    private static byte[] model(byte[] node) {
        return message(out -> {
            out.writeInt64(1, 9);
            out.writeByteArray(7, message(graph -> {
                graph.writeByteArray(1, node);
                graph.writeByteArray(11, value("X", 0, 2));
                graph.writeByteArray(12, value("variable", 0, 1));
            }));
        });
    }

    private static Optional<MatrixEngine> recognise(byte[] bytes) {
        return OnnxGraph.recognise(OnnxModel.read("model.onnx", bytes), TASK, Optional.empty());
    }

    @Test
    void honestEnsemble_isExecuted() { // control: the others differ from it in one thing only
        try (MatrixEngine engine = recognise(new Ensemble().model()).orElseThrow()) {
            double nan = Double.NaN;
            assertThat(engine.score(new double[] {9, 0.5, 9, Math.nextUp(0.5f), 9, nan, nan, 0}, 4)[0])
                    .containsExactly(1, 2, 2, 1);
        }
    }

    @Test
    void treesThatAreNone_areRefused() {
        Ensemble cyclic = new Ensemble();
        cyclic.modes = new String[] {"BRANCH_LEQ", "BRANCH_LEQ", "LEAF"};
        cyclic.targetNodes = new long[] {2, 2};
        assertRefused(cyclic, "is no tree");

        Ensemble chain = new Ensemble(); // equalities that lead into each other
        chain.modes = new String[] {"BRANCH_EQ", "BRANCH_EQ", "BRANCH_EQ"};
        chain.yes = new long[] {2, 2, 2};
        chain.no = new long[] {1, 0, 1};
        chain.features = new long[] {0, 0, 0};
        chain.targetNodes = new long[] {2, 2};
        assertRefused(chain, "is no tree");

        Ensemble outside = new Ensemble();
        outside.yes = new long[] {7, 0, 0};
        assertRefused(outside, "is no tree");

        Ensemble negative = new Ensemble();
        negative.no = new long[] {Long.MIN_VALUE, 0, 0};
        assertRefused(negative, "is no tree");

        Ensemble twice = new Ensemble();
        twice.nodeIds = new long[] {0, 1, 1};
        twice.targetNodes = new long[] {1, 1};
        assertRefused(twice, "twice");
    }

    @Test
    void numbersThatFitNothing_areRefused() {
        Ensemble nan = new Ensemble();
        nan.values = new float[] {Float.NaN, 0, 0};
        assertRefused(nan, "NaN");

        Ensemble infinite = new Ensemble();
        infinite.weights = new float[] {Float.POSITIVE_INFINITY, 1};
        assertRefused(infinite, "leaf Infinity");

        Ensemble feature = new Ensemble();
        feature.features = new long[] {2, 0, 0};
        assertRefused(feature, "feature 2");

        Ensemble far = new Ensemble();
        far.features = new long[] {Long.MAX_VALUE, 0, 0};
        assertRefused(far, "feature");

        Ensemble shorter = new Ensemble();
        shorter.values = new float[] {0.5f};
        assertRefused(shorter, "1 values for 3 nodes");

        Ensemble longer = new Ensemble();
        longer.no = new long[] {2, 0, 0, 0};
        assertRefused(longer, "4 of nodes_falsenodeids for 3");

        Ensemble nowhere = new Ensemble();
        nowhere.targetNodes = new long[] {1, 5};
        assertRefused(nowhere, "node 5");

        Ensemble target = new Ensemble();
        target.targetIds = new long[] {0, 1};
        assertRefused(target, "output 1");

        Ensemble mode = new Ensemble();
        mode.modes = new String[] {"BRANCH_MAYBE", "LEAF", "LEAF"};
        assertRefused(mode, "BRANCH_MAYBE");
    }

    private static void assertRefused(Ensemble ensemble, String words) {
        assertThatThrownBy(() -> recognise(ensemble.model()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(words);
    }

    @Test
    void fileCutOffAnywhere_isRefusedOrNotRecognised_neverAnythingElse() {
        byte[] whole = new Ensemble().model();
        for (int length = 0; length < whole.length; length++) {
            onlyProblems(Arrays.copyOf(whole, length));
        }
    }

    @Test
    void fileWithBytesChanged_isRefusedOrNotRecognised_neverAnythingElse() {
        byte[] whole = new Ensemble().model();
        long seed = 815;
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] changed = whole.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            onlyProblems(changed);
        }
    }

    private static void onlyProblems(byte[] bytes) {
        try {
            recognise(bytes).ifPresent(engine -> engine.score(new double[engine.features()], 1));
        } catch (Problem expected) {
            assertThat(expected.detail()).isNotEmpty();
        }
    }

    @Test
    void claimsOfMoreThanTheFileHolds_costNothing() {
        byte[] packed = message(
                out -> { // an attribute that claims two thousand million bytes of floats
                    out.writeTag(7, 2);
                    out.writeUInt32NoTag(2_000_000_000);
                });
        byte[] attribute = message(out -> out.writeByteArray(5, packed));
        assertThatThrownBy(() -> recognise(model(attribute))).isInstanceOf(Problem.class);

        byte[] constant = message(
                out -> { // a constant of 10¹⁸ elements, of which it holds none
                    out.writeInt64(1, 1_000_000_000);
                    out.writeInt64(1, 1_000_000_000);
                    out.writeInt32(2, 1);
                    out.writeString(8, "c");
                });
        byte[] graph = message(out -> out.writeByteArray(7, message(in -> {
            in.writeByteArray(5, constant);
            in.writeByteArray(12, value("variable", 0, 1));
        })));
        OnnxModel model = OnnxModel.read("m", graph);
        assertThatThrownBy(() -> model.constant("c").orElseThrow().numbers()).hasMessageContaining("claims the shape");
    }

    @Test
    void graphsInsideGraphsWithoutEnd_areRefused() {
        byte[] inner = new byte[0];
        for (int depth = 0; depth < 10_000; depth++) {
            byte[] within = inner;
            byte[] attribute = message(out -> out.writeByteArray(6, within));
            byte[] node = message(out -> out.writeByteArray(5, attribute));
            inner = message(out -> out.writeByteArray(1, node));
        }
        byte[] deepest = inner;
        assertThatThrownBy(() -> recognise(message(out -> out.writeByteArray(7, deepest))))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("graphs inside graphs");
    }

    @Test
    void partsWithoutNumber_areRefused() {
        byte[] nodes = new byte[2 * 1_100_000]; // {field 1, length 0} again and again
        for (int i = 0; i < nodes.length; i += 2) {
            nodes[i] = 10;
        }
        assertThatThrownBy(() -> recognise(message(out -> out.writeByteArray(7, nodes))))
                .hasMessageContaining("parts");
    }

    @Test
    void dataOutsideTheFile_isRefused_whereverItPoints() {
        byte[] entry = message(out -> {
            out.writeString(1, "location");
            out.writeString(2, "../../../etc/passwd");
        });
        byte[] constant = message(out -> {
            out.writeString(8, "w");
            out.writeByteArray(13, entry);
            out.writeInt32(14, 1);
        });
        byte[] graph = message(out -> out.writeByteArray(7, message(in -> {
            in.writeByteArray(5, constant);
            in.writeByteArray(12, value("variable", 0, 1));
        })));
        assertThatThrownBy(() -> OnnxModel.read("m", graph)).hasMessageContaining("outside of itself");
        byte[] attribute = message(out -> out.writeByteArray(5, constant));
        byte[] node = message(out -> out.writeByteArray(5, attribute));
        assertThatThrownBy(() -> recognise(model(node))).hasMessageContaining("outside of itself");
    }

    @Test
    void anythingElse_isNoOnnxModel() {
        for (String text : new String[] {"", "hello", "{\"learner\":{}}", "\u0000\u0000\u0000"}) {
            assertThatThrownBy(() -> recognise(text.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("no ONNX model");
        }
    }
}
