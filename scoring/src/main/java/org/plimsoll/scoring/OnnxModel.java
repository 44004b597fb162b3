package org.plimsoll.scoring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.scoring.Signature.Datatype;

/**
 * An ONNX file as far as we look into it: its graph of nodes with their attributes, its constants, and what goes in and out
 * ({@link OnnxReader}). Numbers are kept in primitive arrays, constants as views of the file's bytes, so that a file needs no more
 * memory than its own size once more.
 */
final class OnnxModel {

    /** A node of the graph. */
    record Node(
            String operator,
            String domain,
            List<String> inputs,
            List<String> outputs,
            Map<String, Attribute> attributes) {

        boolean is(String name) {
            return operator.equals(name);
        }

        /** Whether it is of the domain for machine learning of tables. */
        boolean isMl(String name) {
            return operator.equals(name) && domain.equals("ai.onnx.ml");
        }

        Optional<Attribute> attribute(String name) {
            return Optional.ofNullable(attributes.get(name));
        }

        long whole(String name, long otherwise) {
            return attribute(name).map(Attribute::whole).orElse(otherwise);
        }

        String word(String name, String otherwise) {
            return attribute(name).map(Attribute::word).orElse(otherwise);
        }

        long[] wholes(String name) {
            return attribute(name).map(Attribute::wholes).orElse(new long[0]);
        }

        List<String> words(String name) {
            return attribute(name).map(Attribute::words).orElse(List.of());
        }

        /** The numbers of an attribute of floats, or of one that holds a tensor; none where it is absent. */
        double[] numbers(String name) {
            Optional<Attribute> found = attribute(name);
            if (found.isEmpty()) {
                return new double[0];
            }
            return found.get().tensor.isPresent() ? found.get().tensor.get().numbers() : widened(found.get().floats);
        }
    }

    /** An attribute of a node; only what its kind says is set. */
    record Attribute(
            long whole,
            float number,
            String word,
            float[] floats,
            long[] wholes,
            List<String> words,
            Optional<Constant> tensor) {}

    /** A tensor whose values stand in the file. */
    record Constant(String name, int type, long[] shape, ByteBuffer raw, double[] values, List<String> words) {

        /** How many elements the shape claims. */
        long elements() {
            long all = 1;
            for (long dimension : shape) {
                if (dimension < 0 || dimension > Integer.MAX_VALUE) {
                    return -1;
                }
                all = Math.min(all * dimension, Integer.MAX_VALUE + 1L);
            }
            return all;
        }

        /** The elements as numbers; exact for all types but great whole numbers. @throws Problem where they are not as many as claimed */
        double[] numbers() {
            double[] numbers = raw.remaining() > 0 ? ofRaw() : values;
            if (numbers.length != elements()) {
                throw wrong(numbers.length);
            }
            return numbers;
        }

        private Problem wrong(int found) {
            return Problem.of(
                    Problem.Kind.INVALID,
                    "constant " + name + " has " + found + " elements, and claims the shape " + Arrays.toString(shape));
        }

        private double[] ofRaw() {
            ByteBuffer bytes = raw.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            int size = switch (type) {
                case 1, 6, 12 -> 4;
                case 7, 11, 13 -> 8;
                case 4, 5, 10 -> 2;
                default -> 1;
            };
            double[] numbers = new double[bytes.remaining() / size];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = switch (type) {
                    case 1 -> bytes.getFloat();
                    case 3, 9 -> bytes.get();
                    case 2 -> bytes.get() & 0xff;
                    case 4 -> bytes.getShort() & 0xffff;
                    case 5 -> bytes.getShort();
                    case 6 -> bytes.getInt();
                    case 7, 13 -> bytes.getLong();
                    case 10 -> Float.float16ToFloat(bytes.getShort());
                    case 11 -> bytes.getDouble();
                    case 12 -> bytes.getInt() & 0xffff_ffffL;
                    default -> throw Problem.invalid("constant " + name, "elements of type " + type, "numbers");
                };
            }
            return numbers;
        }
    }

    /**
     * What goes in or out.
     *
     * @param datatype empty where it is no tensor, but a sequence or a map
     * @param shape -1 where a dimension is not fixed
     */
    record Value(String name, Optional<Datatype> datatype, long[] shape) {}

    private final String file;
    private final List<Node> nodes;
    private final Map<String, Constant> constants;
    private final List<Value> inputs;
    private final List<Value> outputs;
    private final Map<String, Long> opsets;
    private final String producer;

    /** @param inputs those of the graph; its constants may be among them, and are none of the model's */
    OnnxModel(
            String file,
            List<Node> nodes,
            Map<String, Constant> constants,
            List<Value> inputs,
            List<Value> outputs,
            Map<String, Long> opsets,
            String producer) {
        this.file = file;
        this.nodes = List.copyOf(nodes);
        this.constants = Map.copyOf(constants);
        this.inputs = inputs.stream()
                .filter(input -> !constants.containsKey(input.name))
                .toList();
        this.outputs = List.copyOf(outputs);
        this.opsets = Map.copyOf(opsets);
        this.producer = producer;
    }

    /** @throws Problem naming what is wrong with the file */
    static OnnxModel read(String file, byte[] bytes) {
        return new OnnxReader(file).read(bytes);
    }

    List<Node> nodes() {
        return nodes;
    }

    Optional<Constant> constant(String name) {
        return Optional.ofNullable(constants.get(name));
    }

    /** The graph's inputs but its constants. */
    List<Value> inputs() {
        return inputs;
    }

    List<Value> outputs() {
        return outputs;
    }

    /** The version of this domain's operators; 0 where the file does not use it. */
    long opset(String domain) {
        return opsets.getOrDefault(domain, 0L);
    }

    /** Who wrote the file: {@code skl2onnx 1.20.0}. */
    String producer() {
        return producer;
    }

    /** The node that gives this value, where one does. */
    Optional<Node> maker(String value) {
        return nodes.stream().filter(node -> node.outputs.contains(value)).findFirst();
    }

    Problem problem(String what) {
        return Problem.of(Problem.Kind.INVALID, file + " " + what);
    }

    static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
