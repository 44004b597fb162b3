package org.plimsoll.scoring;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.scoring.Signature.Datatype;

/** Columns into ONNX Runtime's tensors, and its tensors into numbers. */
final class OnnxTensors {

    private OnnxTensors() {}

    /** What a tensor of ONNX Runtime holds; empty for kinds that are no numbers and no text. */
    static Optional<Datatype> datatype(TensorInfo tensor) {
        return switch (tensor.type) {
            case FLOAT -> Optional.of(Datatype.FP32);
            case DOUBLE -> Optional.of(Datatype.FP64);
            case FLOAT16 -> Optional.of(Datatype.FP16);
            case INT8 -> Optional.of(Datatype.INT8);
            case INT16 -> Optional.of(Datatype.INT16);
            case INT32 -> Optional.of(Datatype.INT32);
            case INT64 -> Optional.of(Datatype.INT64);
            case UINT8 -> Optional.of(Datatype.UINT8);
            case BOOL -> Optional.of(Datatype.BOOL);
            case STRING -> Optional.of(Datatype.BYTES);
            case BFLOAT16, UNKNOWN -> Optional.empty();
        };
    }

    private static Optional<OnnxJavaType> type(Datatype datatype) {
        return switch (datatype) {
            case FP32 -> Optional.of(OnnxJavaType.FLOAT);
            case FP64 -> Optional.of(OnnxJavaType.DOUBLE);
            case FP16 -> Optional.of(OnnxJavaType.FLOAT16);
            case INT8 -> Optional.of(OnnxJavaType.INT8);
            case INT16 -> Optional.of(OnnxJavaType.INT16);
            case INT32 -> Optional.of(OnnxJavaType.INT32);
            case INT64 -> Optional.of(OnnxJavaType.INT64);
            case UINT8 -> Optional.of(OnnxJavaType.UINT8);
            case BOOL -> Optional.of(OnnxJavaType.BOOL);
            case BYTES -> Optional.of(OnnxJavaType.STRING);
            case UINT16, UINT32, UINT64 -> Optional.empty(); // its Java interface cannot make them
        };
    }

    /** Whether a question can be made of this. */
    static boolean canAsk(Datatype datatype) {
        return type(datatype).isPresent();
    }

    /** The tensor of these rows. @throws Problem naming column and row of a value that does not fit */
    static OnnxTensor of(TensorInput input, Columns rows) throws OrtException {
        int width = input.columns().size();
        int[] places = new int[width];
        for (int k = 0; k < width; k++) {
            places[k] = rows.index(input.columns().get(k));
        }
        if (input.datatype() == Datatype.BYTES) {
            String[] words = new String[rows.rows() * width];
            for (int row = 0; row < rows.rows(); row++) {
                for (int k = 0; k < width; k++) {
                    int at = row;
                    String column = input.columns().get(k);
                    words[row * width + k] = rows.text(places[k], row).orElseThrow(() -> missing(column, at));
                }
            }
            return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), words, input.shape(rows.rows()));
        }
        int size = size(input.datatype());
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(rows.rows() * width, size))
                .order(ByteOrder.nativeOrder());
        for (int row = 0; row < rows.rows(); row++) {
            for (int k = 0; k < width; k++) {
                put(bytes, input, k, rows, places[k], row);
            }
        }
        return tensor(input, bytes.flip(), rows.rows());
    }

    private static OnnxTensor tensor(TensorInput input, ByteBuffer bytes, int rows) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        long[] shape = input.shape(rows);
        return switch (input.datatype()) {
            case FP32 -> OnnxTensor.createTensor(environment, bytes.asFloatBuffer(), shape);
            case INT64 -> OnnxTensor.createTensor(environment, bytes.asLongBuffer(), shape);
            default ->
                OnnxTensor.createTensor(
                        environment, bytes, shape, type(input.datatype()).orElseThrow());
        };
    }

    /** A tensor of zeros or empty words. */
    static OnnxTensor blank(TensorInput input, int rows) throws OrtException {
        int elements = rows * input.columns().size();
        if (input.datatype() == Datatype.BYTES) {
            String[] words = new String[elements];
            Arrays.fill(words, "");
            return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), words, input.shape(rows));
        }
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(elements * size(input.datatype())).order(ByteOrder.nativeOrder());
        return tensor(input, bytes, rows);
    }

    private static int size(Datatype datatype) {
        return switch (datatype) {
            case FP64, INT64, UINT64 -> 8;
            case FP32, INT32, UINT32 -> 4;
            case FP16, INT16, UINT16 -> 2;
            case INT8, UINT8, BOOL, BYTES -> 1;
        };
    }

    private static void put(ByteBuffer bytes, TensorInput input, int k, Columns rows, int place, int row) {
        if (input.datatype().isFloating()) {
            double value = rows.number(place, row);
            switch (input.datatype()) {
                case FP64 -> bytes.putDouble(fitting(input, k, row, value, value));
                case FP32 -> bytes.putFloat((float) fitting(input, k, row, value, (float) value));
                default -> {
                    short half = Float.floatToFloat16((float) value);
                    fitting(input, k, row, value, Float.float16ToFloat(half));
                    bytes.putShort(half);
                }
            }
            return;
        }
        if (rows.isMissing(place, row)) {
            throw missing(input.columns().get(k), row);
        }
        long value = rows.integer(place, row);
        switch (input.datatype()) {
            case INT64 -> bytes.putLong(value);
            case INT32 -> bytes.putInt((int) within(input, k, row, value, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case INT16 -> bytes.putShort((short) within(input, k, row, value, Short.MIN_VALUE, Short.MAX_VALUE));
            case INT8 -> bytes.put((byte) within(input, k, row, value, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case UINT8 -> bytes.put((byte) within(input, k, row, value, 0, 255));
            default -> bytes.put((byte) (value == 0 ? 0 : 1));
        }
    }

    private static double fitting(TensorInput input, int k, int row, double given, double rounded) {
        if (Double.isInfinite(rounded)) {
            throw Problem.invalid(
                    "input " + input.columns().get(k) + " in row " + row + " (rows count from 0)",
                    given,
                    "a number that fits " + input.datatype());
        }
        return rounded;
    }

    private static long within(TensorInput input, int k, int row, long value, long least, long most) {
        if (value < least || value > most) {
            throw Problem.invalid(
                    "input " + input.columns().get(k) + " in row " + row + " (rows count from 0)",
                    value,
                    "a number that fits " + input.datatype());
        }
        return value;
    }

    private static Problem missing(String column, int row) {
        return Problem.of(
                Problem.Kind.INVALID,
                "input " + column + " is missing in row " + row
                        + " (rows count from 0); the model takes no missing values there",
                Map.of("column", column, "row", row));
    }

    /** The elements as numbers; of words their places among the output's classes. */
    static double[] values(TaskOutputs.Own own, OnnxTensor tensor) throws OrtException {
        int elements = (int) tensor.getInfo().getNumElements();
        double[] values = new double[elements];
        switch (tensor.getInfo().type) {
            case FLOAT, FLOAT16 -> {
                FloatBuffer floats = tensor.getFloatBuffer();
                Arrays.setAll(values, floats::get);
            }
            case DOUBLE -> tensor.getDoubleBuffer().get(values);
            case INT64 -> {
                LongBuffer longs = tensor.getLongBuffer();
                Arrays.setAll(values, longs::get);
            }
            case INT32 -> {
                var ints = tensor.getIntBuffer();
                Arrays.setAll(values, ints::get);
            }
            case INT16 -> {
                var shorts = tensor.getShortBuffer();
                Arrays.setAll(values, shorts::get);
            }
            case INT8, UINT8, BOOL -> {
                ByteBuffer bytes = tensor.getByteBuffer();
                boolean signed = tensor.getInfo().type == OnnxJavaType.INT8;
                Arrays.setAll(values, i -> signed ? bytes.get(i) : bytes.get(i) & 0xff);
            }
            case STRING -> {
                Object[] words = flat(tensor.getValue(), elements);
                for (int i = 0; i < elements; i++) {
                    values[i] = own.classes().indexOf(String.valueOf(words[i]));
                }
            }
            case BFLOAT16, UNKNOWN ->
                throw Problem.of(Problem.Kind.INTERNAL, "output " + own + " came as " + tensor.getInfo());
        }
        return values;
    }

    private static Object[] flat(Object nested, int elements) {
        Object[] words = new Object[elements];
        fill(nested, words, 0);
        return words;
    }

    private static int fill(Object nested, Object[] into, int at) {
        if (nested instanceof Object[] several) {
            int next = at;
            for (Object each : several) {
                next = fill(each, into, next);
            }
            return next;
        }
        into[at] = nested;
        return at + 1;
    }
}
