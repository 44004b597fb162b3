package org.plimsoll.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.plimsoll.core.Problem;

/**
 * The binary tensor extension: little-endian values one after the other, behind the JSON, in the order of the inputs.
 *
 * <pre>
 *  JSON, as long as header Inference-Header-Content-Length says │ input 0 │ input 1 │ …
 *  BYTES:  length, 4 bytes │ that many bytes of UTF-8 │ length │ …
 * </pre>
 */
final class RawTensors {

    private RawTensors() {}

    /** Reads one raw tensor of this many bytes. */
    static Tensor.Values read(ByteBuffer from, int bytes, Datatype datatype, String input) {
        if (bytes > from.remaining()) {
            throw Problem.invalid(
                    "binary_data_size of input `" + input + "`",
                    bytes,
                    "at most the " + from.remaining() + " bytes left");
        }
        ByteBuffer raw = from.slice(from.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
        from.position(from.position() + bytes);
        if (datatype == Datatype.BYTES) {
            return new Tensor.Texts(texts(raw, input), new boolean[0]);
        }
        if (bytes % datatype.size() != 0) {
            throw Problem.invalid(
                    "binary_data_size of input `" + input + "`", bytes, "a multiple of " + datatype.size());
        }
        int count = bytes / datatype.size();
        return datatype.isFloating()
                ? new Tensor.Floats(floats(raw, datatype, count), new boolean[0])
                : new Tensor.Wholes(wholes(raw, datatype, count, input), new boolean[0]);
    }

    private static double[] floats(ByteBuffer raw, Datatype datatype, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = switch (datatype) {
                case FP16 -> Float.float16ToFloat(raw.getShort());
                case FP32 -> raw.getFloat();
                default -> raw.getDouble();
            };
        }
        return values;
    }

    private static long[] wholes(ByteBuffer raw, Datatype datatype, int count, String input) {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = switch (datatype) {
                case BOOL -> bool(raw.get(), input);
                case UINT8 -> raw.get() & 0xff;
                case INT8 -> raw.get();
                case UINT16 -> raw.getShort() & 0xffff;
                case INT16 -> raw.getShort();
                case UINT32 -> raw.getInt() & 0xffff_ffffL;
                case INT32 -> raw.getInt();
                default -> raw.getLong();
            };
            if (datatype == Datatype.UINT64 && values[i] < 0) {
                throw Problem.invalid(
                        "input `" + input + "`", Long.toUnsignedString(values[i]), "at most " + Long.MAX_VALUE);
            }
        }
        return values;
    }

    private static long bool(byte value, String input) {
        if (value != 0 && value != 1) {
            throw Problem.invalid("input `" + input + "`", value, "bytes that are 0 or 1");
        }
        return value;
    }

    private static String[] texts(ByteBuffer raw, String input) {
        int count = 0;
        for (ByteBuffer counting = raw.duplicate().order(ByteOrder.LITTLE_ENDIAN); counting.hasRemaining(); count++) {
            int length = length(counting, input); // moves on to the element itself
            counting.position(counting.position() + length);
        }
        String[] texts = new String[count];
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[length(raw, input)];
            raw.get(bytes);
            texts[i] = new String(bytes, StandardCharsets.UTF_8);
        }
        return texts;
    }

    private static int length(ByteBuffer raw, String input) {
        if (raw.remaining() >= 4) {
            int length = raw.getInt();
            if (length >= 0 && length <= raw.remaining()) {
                return length;
            }
        }
        throw Problem.invalid(
                "input `" + input + "`", "cut short", "elements of BYTES, each with four bytes of length before it");
    }
}
