package org.plimsoll.scoring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.scoring.Signature.Datatype;
import org.plimsoll.scoring.Signature.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * The elements of the protocol's tensors: from columns to JSON or little-endian bytes, and back to numbers.
 *
 * <pre>
 *  BOOL UINT8 INT8   1 byte      UINT16 INT16 FP16   2      UINT32 INT32 FP32   4      UINT64 INT64 FP64   8
 *  BYTES             u32 length and the bytes, for each element
 * </pre>
 */
final class RemoteTensors {

    private RemoteTensors() {}

    /** Bytes of one element; 0 where they differ. */
    static int size(Datatype type) {
        return switch (type) {
            case BOOL, UINT8, INT8 -> 1;
            case UINT16, INT16, FP16 -> 2;
            case UINT32, INT32, FP32 -> 4;
            case UINT64, INT64, FP64 -> 8;
            case BYTES -> 0;
        };
    }

    /** The tensor's elements of these rows, row-major, as JSON. */
    static ArrayNode json(Tensor tensor, Columns rows, RemoteModel.Missing missing) {
        ArrayNode data = Json.MAPPER.createArrayNode();
        int[] places = places(tensor, rows);
        for (int row = 0; row < rows.rows(); row++) {
            for (int place : places) {
                if (place < 0 || rows.isMissing(place, row)) {
                    switch (missing) {
                        case REFUSE -> throw missing(tensor, rows, place, row);
                        case NULL -> data.addNull();
                        case NAN -> data.add(Double.NaN);
                    }
                } else {
                    add(data, tensor, rows, place, row);
                }
            }
        }
        return data;
    }

    private static void add(ArrayNode data, Tensor tensor, Columns rows, int place, int row) {
        switch (tensor.datatype()) {
            case BYTES -> data.add(rows.written(place, row).orElseThrow());
            case BOOL -> data.add(rows.number(place, row) != 0);
            case FP64 -> data.add(rows.number(place, row));
            case FP32 -> data.add((float) rows.number(place, row));
            case FP16 -> throw Problem.invalid("input " + tensor.name(), "FP16 in JSON", "binary tensors or gRPC");
            default -> data.add(whole(tensor, rows, place, row));
        }
    }

    /** The tensor's elements of these rows, row-major, as bytes. A missing number is NaN; another missing value is refused. */
    static byte[] bytes(Tensor tensor, Columns rows) {
        int[] places = places(tensor, rows);
        if (tensor.datatype() == Datatype.BYTES) {
            return words(tensor, rows, places);
        }
        int size = size(tensor.datatype());
        ByteBuffer data = ByteBuffer.allocate(Math.multiplyExact(rows.rows() * places.length, size))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < rows.rows(); row++) {
            for (int place : places) {
                if (place < 0 || rows.isMissing(place, row)) {
                    missing(data, tensor, rows, place, row);
                    continue;
                }
                switch (tensor.datatype()) {
                    case FP64 -> data.putDouble(rows.number(place, row));
                    case FP32 -> data.putFloat((float) rows.number(place, row));
                    case FP16 -> data.putShort(Float.floatToFloat16((float) rows.number(place, row)));
                    case BOOL -> data.put((byte) (rows.number(place, row) != 0 ? 1 : 0));
                    case UINT8, INT8 -> data.put((byte) whole(tensor, rows, place, row));
                    case UINT16, INT16 -> data.putShort((short) whole(tensor, rows, place, row));
                    case UINT32, INT32 -> data.putInt((int) whole(tensor, rows, place, row));
                    case UINT64, INT64 -> data.putLong(whole(tensor, rows, place, row));
                    case BYTES -> throw new IllegalStateException("written above");
                }
            }
        }
        return data.array();
    }

    private static void missing(ByteBuffer data, Tensor tensor, Columns rows, int place, int row) {
        switch (tensor.datatype()) {
            case FP64 -> data.putDouble(Double.NaN);
            case FP32 -> data.putFloat(Float.NaN);
            case FP16 -> data.putShort(Float.floatToFloat16(Float.NaN));
            default -> throw missing(tensor, rows, place, row);
        }
    }

    private static byte[] words(Tensor tensor, Columns rows, int[] places) {
        java.io.ByteArrayOutputStream data = new java.io.ByteArrayOutputStream();
        ByteBuffer length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < rows.rows(); row++) {
            for (int place : places) {
                if (place < 0 || rows.isMissing(place, row)) {
                    throw missing(tensor, rows, place, row);
                }
                byte[] word = rows.written(place, row).orElseThrow().getBytes(StandardCharsets.UTF_8);
                data.writeBytes(length.clear().putInt(word.length).array());
                data.writeBytes(word);
            }
        }
        return data.toByteArray();
    }

    /** A whole number that the datatype holds; a number with a fraction, or one too great, is refused, never cut. */
    private static long whole(Tensor tensor, Columns rows, int place, int row) {
        boolean isNumber = rows.schema().columns().get(place).type() == org.plimsoll.data.ColumnType.NUMBER;
        double number = rows.number(place, row);
        long value = isNumber ? (long) number : rows.integer(place, row);
        int bits = 8 * size(tensor.datatype());
        boolean isUnsigned = tensor.datatype().name().startsWith("U");
        long least = isUnsigned ? 0 : Long.MIN_VALUE >> 64 - bits;
        long most = bits == 64 ? Long.MAX_VALUE : isUnsigned ? (1L << bits) - 1 : (1L << bits - 1) - 1;
        if (isNumber && value != number || value < least || value > most) {
            throw Problem.invalid(
                    "input " + rows.schema().columns().get(place).name() + " in row " + row,
                    isNumber ? number : value,
                    "a whole number that is " + tensor.datatype());
        }
        return value;
    }

    private static Problem missing(Tensor tensor, Columns rows, int place, int row) {
        String column = place < 0 ? "one" : rows.schema().columns().get(place).name();
        return Problem.of(
                Problem.Kind.INVALID,
                "input " + column + " of tensor " + tensor.name() + " is missing in row " + row
                        + " (rows count from 0), and " + tensor.datatype() + " has nothing that says so; "
                        + RemoteModel.FILE + " may say \"missing\":\"null\"",
                Map.of("column", column, "row", row));
    }

    /** Where the tensor's columns stand in the rows; -1 where one that may be missing does not. */
    private static int[] places(Tensor tensor, Columns rows) {
        return tensor.columns().stream()
                .mapToInt(name -> rows.schema().find(name).isPresent() ? rows.index(name) : -1)
                .toArray();
    }

    /** An output as it was answered. @param values row-major; words of BYTES as their place among the classes */
    record Answer(String name, Datatype datatype, double[] values) {}

    /** Elements as numbers, from JSON, flat or nested; those of FP32 are the floats that were written. @return empty where there are not so many, or one is no number */
    static Optional<double[]> numbers(Datatype type, JsonNode data, int count) {
        double[] values = new double[count];
        int read = read(data, values, 0);
        for (int i = 0; type == Datatype.FP32 && i < count; i++) {
            values[i] = (float) values[i];
        }
        return read == count ? Optional.of(values) : Optional.empty();
    }

    private static int read(JsonNode node, double[] into, int at) {
        if (node.isArray()) {
            int next = at;
            for (JsonNode each : node) {
                next = next < 0 ? next : read(each, into, next);
            }
            return next;
        }
        OptionalDouble value = node.isNull()
                ? OptionalDouble.of(Double.NaN)
                : node.isBoolean() ? OptionalDouble.of(node.booleanValue() ? 1 : 0) : node.doubleValueOpt();
        if (at >= into.length || value.isEmpty()) {
            return -1;
        }
        into[at] = value.getAsDouble();
        return at + 1;
    }

    /** Elements as numbers, from little-endian bytes. @return empty where there are not so many */
    static Optional<double[]> numbers(Datatype type, ByteBuffer bytes, int count) {
        int size = size(type);
        if (size == 0 || bytes.remaining() != (long) size * count) {
            return Optional.empty();
        }
        ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = switch (type) {
                case BOOL -> data.get() != 0 ? 1 : 0;
                case INT8 -> data.get();
                case UINT8 -> data.get() & 0xFF;
                case INT16 -> data.getShort();
                case UINT16 -> data.getShort() & 0xFFFF;
                case FP16 -> Float.float16ToFloat(data.getShort());
                case INT32 -> data.getInt();
                case UINT32 -> data.getInt() & 0xFFFFFFFFL;
                case FP32 -> data.getFloat();
                case INT64 -> data.getLong();
                case UINT64 -> {
                    long value = data.getLong();
                    yield value >= 0 ? value : value * 1.0 + 0x1p64;
                }
                case FP64 -> data.getDouble();
                case BYTES -> throw new IllegalStateException("no numbers");
            };
        }
        return Optional.of(values);
    }
}
