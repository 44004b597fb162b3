package org.plimsoll.scoring;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.scoring.OnnxModel.Attribute;
import org.plimsoll.scoring.OnnxModel.Constant;
import org.plimsoll.scoring.OnnxModel.Node;
import org.plimsoll.scoring.OnnxModel.Value;
import org.plimsoll.scoring.Signature.Datatype;

/**
 * Reads an ONNX file [1] into an {@link OnnxModel}.
 *
 * <p>What comes in is not trusted: lengths beyond the file, graphs in graphs without end, and data outside the file are refused.
 *
 * <p>[1] onnx/onnx-ml.proto of ONNX 1.23; the numbers of the fields stand beside the code that reads them.
 */
final class OnnxReader {

    /** Graphs inside attributes of nodes of graphs: nobody nests deeper. */
    private static final int DEEPEST = 16;

    /** So many nodes, attributes, constants and values at most: the largest known graphs have some ten thousand. */
    private static final int MOST_PARTS = 1_000_000;

    /** Words that are kept once however often they come, such as the mode of every split of a tree. */
    private static final int MOST_SHARED = 10_000;

    /** What the file's numbers of element types mean. */
    private static final Map<Integer, Datatype> DATATYPES = Map.ofEntries(
            Map.entry(1, Datatype.FP32),
            Map.entry(2, Datatype.UINT8),
            Map.entry(3, Datatype.INT8),
            Map.entry(4, Datatype.UINT16),
            Map.entry(5, Datatype.INT16),
            Map.entry(6, Datatype.INT32),
            Map.entry(7, Datatype.INT64),
            Map.entry(8, Datatype.BYTES),
            Map.entry(9, Datatype.BOOL),
            Map.entry(10, Datatype.FP16),
            Map.entry(11, Datatype.FP64),
            Map.entry(12, Datatype.UINT32),
            Map.entry(13, Datatype.UINT64));

    private final String file;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Constant> constants = new HashMap<>();
    private final List<Value> inputs = new ArrayList<>();
    private final List<Value> outputs = new ArrayList<>();
    private final Map<String, Long> opsets = new HashMap<>();
    private final Map<ByteString, String> shared = new HashMap<>();
    private String producer = "";
    private boolean hasGraph;
    private int parts;

    OnnxReader(String file) {
        this.file = file;
    }

    /** @throws Problem naming what is wrong with the file */
    OnnxModel read(byte[] bytes) {
        CodedInputStream in = CodedInputStream.newInstance(ByteBuffer.wrap(bytes));
        in.enableAliasing(true);
        in.setSizeLimit(Integer.MAX_VALUE);
        try {
            model(in);
        } catch (IOException e) {
            throw problem("is no ONNX model, or was cut off: " + e.getMessage());
        } catch (NegativeArraySizeException | OutOfMemoryError e) {
            throw problem("claims more than it holds");
        }
        if (!hasGraph || outputs.isEmpty()) {
            throw problem("is no ONNX model: it has no " + (hasGraph ? "outputs" : "graph"));
        }
        return new OnnxModel(file, nodes, constants, inputs, outputs, opsets, producer);
    }

    private Problem problem(String what) {
        return Problem.of(Problem.Kind.INVALID, file + " " + what);
    }

    private void count() {
        if (++parts > MOST_PARTS) {
            throw problem("has more than " + MOST_PARTS + " parts");
        }
    }

    private interface Field {
        void read(int number, int tag) throws IOException;
    }

    /** Reads a message's fields to its end. */
    private static void message(CodedInputStream in, Field field) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            field.read(WireFormat.getTagFieldNumber(tag), tag);
        }
    }

    /** Reads a message inside another one. */
    private static void inner(CodedInputStream in, Field field) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        message(in, field);
        in.checkLastTagWas(0);
        in.popLimit(limit);
    }

    private void model(CodedInputStream in) throws IOException {
        message(in, (number, tag) -> {
            switch (number) {
                case 2 -> producer = (text(in) + " " + producer).strip();
                case 3 -> producer = (producer + " " + text(in)).strip();
                case 7 -> {
                    hasGraph = true;
                    inner(in, (field, inTag) -> graph(in, field, inTag, 0));
                }
                case 8 -> opset(in);
                default -> in.skipField(tag);
            }
        });
    }

    private void opset(CodedInputStream in) throws IOException {
        String[] domain = {""};
        long[] version = {0};
        inner(in, (number, tag) -> {
            switch (number) {
                case 1 -> domain[0] = text(in);
                case 2 -> version[0] = in.readInt64();
                default -> in.skipField(tag);
            }
        });
        opsets.put(domain[0].equals("ai.onnx") ? "" : domain[0], version[0]);
    }

    private void graph(CodedInputStream in, int number, int tag, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw problem("has graphs inside graphs, more than " + DEEPEST + " deep");
        }
        switch (number) {
            case 1 -> {
                Node node = node(in, depth);
                if (depth == 0) {
                    nodes.add(node);
                }
            }
            case 5 -> {
                Constant constant = constant(in);
                if (depth == 0) {
                    constants.put(constant.name(), constant);
                }
            }
            case 11 -> value(in, depth == 0 ? inputs : new ArrayList<>());
            case 12 -> value(in, depth == 0 ? outputs : new ArrayList<>());
            default -> in.skipField(tag);
        }
    }

    private Node node(CodedInputStream in, int depth) throws IOException {
        count();
        String[] operator = {"", ""};
        List<String> from = new ArrayList<>();
        List<String> to = new ArrayList<>();
        Map<String, Attribute> attributes = new HashMap<>();
        inner(in, (number, tag) -> {
            switch (number) {
                case 1 -> from.add(text(in));
                case 2 -> to.add(text(in));
                case 4 -> operator[0] = text(in);
                case 5 -> attribute(in, attributes, depth);
                case 7 -> operator[1] = text(in);
                default -> in.skipField(tag);
            }
        });
        String domain = operator[1].equals("ai.onnx") ? "" : operator[1];
        return new Node(operator[0], domain, List.copyOf(from), List.copyOf(to), Map.copyOf(attributes));
    }

    private void attribute(CodedInputStream in, Map<String, Attribute> into, int depth) throws IOException {
        count();
        String[] words = {"", ""};
        long[] whole = {0};
        float[] number = {0};
        Numbers floats = new Numbers();
        Wholes wholes = new Wholes();
        List<String> texts = new ArrayList<>();
        List<Constant> tensors = new ArrayList<>();
        inner(in, (field, tag) -> {
            switch (field) {
                case 1 -> words[0] = text(in);
                case 2 -> number[0] = in.readFloat();
                case 3 -> whole[0] = in.readInt64();
                case 4 -> words[1] = text(in);
                case 5, 10 -> tensors.add(constant(in));
                case 6, 11 -> inner(in, (inField, inTag) -> graph(in, inField, inTag, depth + 1));
                case 7 -> repeated(in, tag, () -> floats.add(in.readFloat()));
                case 8 -> repeated(in, tag, () -> wholes.add(in.readInt64()));
                case 9 -> texts.add(text(in));
                default -> in.skipField(tag);
            }
        });
        into.put(
                words[0],
                new Attribute(
                        whole[0],
                        number[0],
                        words[1],
                        floats.all(),
                        wholes.all(),
                        List.copyOf(texts),
                        tensors.stream().findFirst()));
    }

    private interface Element {
        void read() throws IOException;
    }

    /** Numbers come one by one with a tag each, or packed behind a length. */
    private static void repeated(CodedInputStream in, int tag, Element element) throws IOException {
        if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            element.read();
            return;
        }
        int limit = in.pushLimit(in.readRawVarint32());
        while (in.getBytesUntilLimit() > 0) {
            element.read();
        }
        in.popLimit(limit);
    }

    private Constant constant(CodedInputStream in) throws IOException {
        count();
        Wholes shape = new Wholes();
        int[] type = {0};
        String[] name = {""};
        ByteBuffer[] raw = {ByteBuffer.allocate(0)};
        Numbers floats = new Numbers();
        Doubles doubles = new Doubles();
        List<String> words = new ArrayList<>();
        inner(in, (number, tag) -> {
            switch (number) {
                case 1 -> repeated(in, tag, () -> shape.add(in.readInt64()));
                case 2 -> type[0] = in.readInt32();
                case 4 -> repeated(in, tag, () -> floats.add(in.readFloat()));
                case 5 -> repeated(in, tag, () -> doubles.add(in.readInt32()));
                case 6 -> words.add(text(in));
                case 7 -> repeated(in, tag, () -> doubles.add(in.readInt64()));
                case 8 -> name[0] = text(in);
                case 9 -> raw[0] = in.readByteBuffer();
                case 10 -> repeated(in, tag, () -> doubles.add(in.readDouble()));
                case 11 -> repeated(in, tag, () -> doubles.add(in.readUInt64()));
                case 13 -> throw problem("keeps data outside of itself; save it as one file, with all its data inside");
                case 14 -> {
                    if (in.readInt32() != 0) {
                        throw problem("keeps data outside of itself; save it as one file, with all its data inside");
                    }
                }
                default -> in.skipField(tag);
            }
        });
        double[] values = floats.count > 0 ? OnnxModel.widened(floats.all()) : doubles.all();
        return new Constant(name[0], type[0], shape.all(), raw[0], values, List.copyOf(words));
    }

    private void value(CodedInputStream in, List<Value> into) throws IOException {
        count();
        String[] name = {""};
        int[] type = {0};
        List<Long> shape = new ArrayList<>();
        inner(in, (number, tag) -> {
            switch (number) {
                case 1 -> name[0] = text(in);
                case 2 ->
                    inner(in, (kind, kindTag) -> {
                        if (kind == 1) {
                            tensorType(in, type, shape);
                        } else {
                            in.skipField(kindTag);
                        }
                    });
                default -> in.skipField(tag);
            }
        });
        into.add(new Value(
                name[0],
                Optional.ofNullable(DATATYPES.get(type[0])),
                shape.stream().mapToLong(Long::longValue).toArray()));
    }

    private static void tensorType(CodedInputStream in, int[] type, List<Long> shape) throws IOException {
        inner(in, (number, tag) -> {
            switch (number) {
                case 1 -> type[0] = in.readInt32();
                case 2 ->
                    inner(in, (part, partTag) -> {
                        if (part == 1) {
                            long[] fixed = {-1};
                            inner(in, (choice, choiceTag) -> {
                                if (choice == 1) {
                                    fixed[0] = in.readInt64();
                                } else {
                                    in.skipField(choiceTag);
                                }
                            });
                            shape.add(fixed[0]);
                        } else {
                            in.skipField(partTag);
                        }
                    });
                default -> in.skipField(tag);
            }
        });
    }

    private String text(CodedInputStream in) throws IOException {
        ByteString bytes = in.readBytes();
        String known = shared.get(bytes);
        if (known != null) {
            return known;
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        if (shared.size() < MOST_SHARED) {
            shared.put(ByteString.copyFrom(bytes.asReadOnlyByteBuffer()), text);
        }
        return text;
    }

    /** Floats that grow in number. */
    private static final class Numbers {
        private float[] values = new float[0];
        private int count;

        void add(float value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, Math.max(16, count + (count >> 1)));
            }
            values[count++] = value;
        }

        float[] all() {
            return Arrays.copyOf(values, count);
        }
    }

    /** Doubles that grow in number. */
    private static final class Doubles {
        private double[] values = new double[0];
        private int count;

        void add(double value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, Math.max(16, count + (count >> 1)));
            }
            values[count++] = value;
        }

        double[] all() {
            return Arrays.copyOf(values, count);
        }
    }

    /** Whole numbers that grow in number. */
    private static final class Wholes {
        private long[] values = new long[0];
        private int count;

        void add(long value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, Math.max(16, count + (count >> 1)));
            }
            values[count++] = value;
        }

        long[] all() {
            return Arrays.copyOf(values, count);
        }
    }
}
