package org.plimsoll.scoring;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.plimsoll.core.Json;
import tools.jackson.databind.JsonNode;

/**
 * A binary model of XGBoost as an ONNX graph: TreeEnsembleRegressor, then Sigmoid. Written field by field [1], so that measuring
 * needs no library for it.
 *
 * <p>[1] onnx/onnx.proto; protocol buffers' wire format.
 */
final class OnnxExport {

    private static final int FLOAT = 1;

    /** A message of protocol buffers. */
    private static final class Message {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                bytes.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            bytes.write((int) rest);
        }

        Message number(int field, long value) {
            varint((long) field << 3);
            varint(value);
            return this;
        }

        Message real(int field, float value) {
            varint((long) field << 3 | 5);
            int bits = Float.floatToRawIntBits(value);
            for (int shift = 0; shift < 32; shift += 8) {
                bytes.write(bits >>> shift);
            }
            return this;
        }

        Message bytes(int field, byte[] value) {
            varint((long) field << 3 | 2);
            varint(value.length);
            bytes.writeBytes(value);
            return this;
        }

        Message text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Consumer<Message> fill) {
            Message inner = new Message();
            fill.accept(inner);
            return bytes(field, inner.bytes.toByteArray());
        }
    }

    /** What the nodes of all trees have in common: one attribute each. */
    private final Message node = new Message();

    private OnnxExport() {}

    /** @param json a binary model of XGBoost, without categories */
    static byte[] of(byte[] json) {
        JsonNode learner = Json.MAPPER.readTree(json).get("learner");
        JsonNode trees = learner.get("gradient_booster").get("model").get("trees");
        float score = Float.parseFloat(learner.get("learner_model_param")
                .get("base_score")
                .asString()
                .replace("[", "")
                .replace("]", ""));
        OnnxExport graph = new OnnxExport();
        graph.nodes(trees, (float) Math.log(score / (1 - score)));
        return new Message()
                .number(1, 8)
                .message(8, opset -> opset.text(1, "ai.onnx.ml").number(2, 3))
                .message(8, opset -> opset.text(1, "").number(2, 15))
                .message(
                        7,
                        body -> body.bytes(1, graph.node.bytes.toByteArray())
                                .message(
                                        1,
                                        sigmoid -> sigmoid.text(1, "margin")
                                                .text(2, "probability")
                                                .text(4, "Sigmoid"))
                                .text(2, "trees")
                                .message(
                                        11,
                                        input -> tensor(
                                                input,
                                                "x",
                                                learner.get("learner_model_param")
                                                        .get("num_feature")
                                                        .asInt()))
                                .message(12, output -> tensor(output, "probability", 1)))
                .bytes
                .toByteArray();
    }

    private static void tensor(Message value, String name, int width) {
        value.text(1, name)
                .message(
                        2,
                        type -> type.message(
                                1,
                                tensor -> tensor.number(1, FLOAT)
                                        .message(
                                                2,
                                                shape -> shape.message(1, rows -> rows.text(2, "rows"))
                                                        .message(1, columns -> columns.number(1, width)))));
    }

    private interface Value {
        void add(Message attribute, int tree, JsonNode arrays, int node);
    }

    private void nodes(JsonNode trees, float base) {
        node.text(1, "x").text(2, "margin").text(4, "TreeEnsembleRegressor").text(7, "ai.onnx.ml");
        node.message(5, attribute -> attribute.text(1, "n_targets").number(3, 1).number(20, 2));
        node.message(
                5, attribute -> attribute.text(1, "base_values").real(7, base).number(20, 6));
        ints(trees, "nodes_treeids", (into, tree, _, _) -> into.number(8, tree));
        ints(trees, "nodes_nodeids", (into, _, _, at) -> into.number(8, at));
        ints(
                trees,
                "nodes_featureids",
                (into, _, arrays, at) -> into.number(
                        8,
                        isLeaf(arrays, at)
                                ? 0
                                : arrays.get("split_indices").get(at).asInt()));
        ints(
                trees,
                "nodes_truenodeids",
                (into, _, arrays, at) -> into.number(
                        8,
                        isLeaf(arrays, at)
                                ? 0
                                : arrays.get("left_children").get(at).asInt()));
        ints(
                trees,
                "nodes_falsenodeids",
                (into, _, arrays, at) -> into.number(
                        8,
                        isLeaf(arrays, at)
                                ? 0
                                : arrays.get("right_children").get(at).asInt()));
        ints(
                trees,
                "nodes_missing_value_tracks_true",
                (into, _, arrays, at) ->
                        into.number(8, arrays.get("default_left").get(at).asInt()));
        attribute(
                trees,
                "nodes_modes",
                8,
                (into, _, arrays, at) -> into.text(9, isLeaf(arrays, at) ? "LEAF" : "BRANCH_LT"));
        attribute(
                trees,
                "nodes_values",
                6,
                (into, _, arrays, at) -> into.real(7, isLeaf(arrays, at) ? 0 : value(arrays, at)));
        ints(trees, "target_treeids", leaves((into, tree, _, _) -> into.number(8, tree)));
        ints(trees, "target_nodeids", leaves((into, _, _, at) -> into.number(8, at)));
        ints(trees, "target_ids", leaves((into, _, _, _) -> into.number(8, 0)));
        attribute(trees, "target_weights", 6, leaves((into, _, arrays, at) -> into.real(7, value(arrays, at))));
    }

    private void ints(JsonNode trees, String name, Value value) {
        attribute(trees, name, 7, value);
    }

    private void attribute(JsonNode trees, String name, int type, Value value) {
        node.message(5, attribute -> {
            attribute.text(1, name);
            for (int tree = 0; tree < trees.size(); tree++) {
                JsonNode arrays = trees.get(tree);
                for (int at = 0; at < arrays.get("left_children").size(); at++) {
                    value.add(attribute, tree, arrays, at);
                }
            }
            attribute.number(20, type);
        });
    }

    private static Value leaves(Value value) {
        return (into, tree, arrays, at) -> {
            if (isLeaf(arrays, at)) {
                value.add(into, tree, arrays, at);
            }
        };
    }

    private static boolean isLeaf(JsonNode arrays, int at) {
        return arrays.get("left_children").get(at).asInt() < 0;
    }

    private static float value(JsonNode arrays, int at) {
        return arrays.get("split_conditions").get(at).floatValue();
    }
}
