package org.plimsoll.scoring;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;

/**
 * What goes over the socket between the server and a Python process: one frame each way. Little endian; every part begins at a
 * multiple of eight bytes, so that both sides read whole columns without copying value by value.
 *
 * <pre>
 *  frame    u32 size of the body │ u32 kind │ body
 *
 *  kind 1   OPEN      server → Python   JSON: the model, its inputs, the limits ({@link PythonOrder})
 *       2   SCORE     server → Python   rows
 *       3   READY     Python → server   JSON: what was opened ({@link PythonChild.Ready})
 *       4   SCORES    Python → server   answers
 *       5   FAILED    Python → server   UTF-8: why, for people
 *
 *  SCORE    u32 rows │ u32 columns │ column …                        columns in the order of OPEN's inputs
 *  column   u8 type │ u8 has missing │ u16 0 │ u32 size of values │ missing? │ values
 *  missing  one bit a row, least significant first, in words of 64 bits
 *  values   type 1 number                f64 × rows, NaN is missing
 *                2 integer, 3 boolean    i64 × rows, true is 1
 *                4 timestamp             i64 × rows, UTC milliseconds
 *                5 text                  u32 × rows: where each text ends │ 0…  │ UTF-8 │ 0…
 *
 *  SCORES   u32 rows │ u32 outputs │ output …
 *  output   u32 width │ u32 type │ u32 length of name │ u32 0 │ name │ 0… │ f64 × rows × width
 *           type 1 floating, 2 whole numbers, 3 booleans: what they were; they come as f64 all the same
 * </pre>
 *
 * A frame is one buffer that is used again and again, by one thread at a time. A body greater than the limit is neither written
 * nor read.
 */
final class PythonFrame {

    static final int OPEN = 1;
    static final int SCORE = 2;
    static final int READY = 3;
    static final int SCORES = 4;
    static final int FAILED = 5;

    private static final int HEADER = 8;
    private static final int MOST_OUTPUTS = 1024;

    /** One output as the model has it: its values row-major. */
    record Output(String name, Signature.Datatype datatype, int width, double[] values) {}

    private final int limit;
    private ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private byte[][] words = new byte[0][];

    /** @param limit the greatest body, in bytes */
    PythonFrame(int limit) {
        this.limit = limit;
    }

    /** Sends a body of text. */
    void send(WritableByteChannel to, int kind, byte[] body) throws IOException {
        if (!begin(body.length)) {
            throw Problem.of(Problem.Kind.TOO_LARGE, "a frame of " + body.length + " bytes; at most " + limit);
        }
        buffer.put(body);
        end(to, kind);
    }

    /**
     * Sends these rows.
     *
     * @return false, with nothing sent, where they are more than the limit
     * @throws Problem INVALID where a value is missing that is required
     */
    boolean send(WritableByteChannel to, Schema inputs, int[] places, Columns rows, int from, int until)
            throws IOException {
        int count = until - from;
        if (!begin(HEADER + (long) inputs.size() * (HEADER + (count + 63) / 64 * 8L + count * 8L))) {
            return false;
        }
        buffer.putInt(count).putInt(inputs.size());
        for (int c = 0; c < places.length; c++) {
            Column input = inputs.columns().get(c);
            boolean fits = switch (input.type()) {
                case NUMBER -> numbers(input, places[c], rows, from, until);
                case INTEGER -> integers(2, input, places[c], rows, from, until);
                case BOOLEAN -> integers(3, input, places[c], rows, from, until);
                case TIMESTAMP -> integers(4, input, places[c], rows, from, until);
                case TEXT, CATEGORY -> texts(input, places[c], rows, from, until);
            };
            if (!fits) {
                return false;
            }
        }
        end(to, SCORE);
        return true;
    }

    private boolean numbers(Column input, int place, Columns rows, int from, int until) {
        int count = until - from;
        column(1, false, count * 8);
        if (place < 0) {
            for (int row = from; row < until; row++) {
                buffer.putDouble(Double.NaN);
            }
            return true;
        }
        double[] values = rows.numbers(place);
        if (!input.optional()) {
            for (int row = from; row < until; row++) {
                if (Double.isNaN(values[row])) {
                    throw missing(input, row);
                }
            }
        }
        buffer.asDoubleBuffer().put(values, from, count);
        buffer.position(buffer.position() + count * 8);
        return true;
    }

    private boolean integers(int type, Column input, int place, Columns rows, int from, int until) {
        int count = until - from;
        boolean isAnyMissing = isAnyMissing(input, place, rows, from, until);
        column(type, isAnyMissing, count * 8);
        if (isAnyMissing) {
            missingBits(place, rows, from, until);
        }
        if (place < 0) {
            zeros(count * 8);
            return true;
        }
        buffer.asLongBuffer().put(rows.integers(place), from, count);
        buffer.position(buffer.position() + count * 8);
        return true;
    }

    private boolean texts(Column input, int place, Columns rows, int from, int until) {
        int count = until - from;
        boolean isAnyMissing = isAnyMissing(input, place, rows, from, until);
        if (words.length < count) {
            words = new byte[Math.max(count, 2 * words.length)][];
        }
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            words[i] = place < 0
                    ? new byte[0]
                    : rows.text(place, from + i)
                            .map(word -> word.getBytes(StandardCharsets.UTF_8))
                            .orElseGet(() -> new byte[0]);
            bytes += words[i].length;
        }
        long size = padded(count * 4L) + padded(bytes);
        if (size > limit || !reserve(size + HEADER + (count + 63) / 64 * 8L)) {
            return false;
        }
        column(5, isAnyMissing, (int) size);
        if (isAnyMissing) {
            missingBits(place, rows, from, until);
        }
        int end = 0;
        for (int i = 0; i < count; i++) {
            end += words[i].length;
            buffer.putInt(end);
        }
        pad();
        for (int i = 0; i < count; i++) {
            buffer.put(words[i]);
            words[i] = new byte[0];
        }
        pad();
        return true;
    }

    private static boolean isAnyMissing(Column input, int place, Columns rows, int from, int until) {
        if (place < 0) {
            return true;
        }
        for (int row = from; row < until; row++) {
            if (rows.isMissing(place, row)) {
                if (!input.optional()) {
                    throw missing(input, row);
                }
                return true;
            }
        }
        return false;
    }

    private static Problem missing(Column input, int row) {
        return Problem.of(
                Problem.Kind.INVALID,
                "input " + input.name() + " is missing in row " + row + " (rows count from 0); it is required",
                Map.of("column", input.name(), "row", row));
    }

    private void column(int type, boolean isAnyMissing, int size) {
        buffer.put((byte) type)
                .put((byte) (isAnyMissing ? 1 : 0))
                .putShort((short) 0)
                .putInt(size);
    }

    private void missingBits(int place, Columns rows, int from, int until) {
        long word = 0;
        for (int row = from; row < until; row++) {
            if (place < 0 || rows.isMissing(place, row)) {
                word |= 1L << (row - from);
            }
            if ((row - from & 63) == 63 || row == until - 1) {
                buffer.putLong(word);
                word = 0;
            }
        }
    }

    private static long padded(long bytes) {
        return (bytes + 7) & ~7L;
    }

    private void pad() {
        zeros((int) (padded(buffer.position()) - buffer.position()));
    }

    private void zeros(int bytes) {
        for (int i = 0; i < bytes; i++) {
            buffer.put((byte) 0);
        }
    }

    /** Begins a frame whose body has about so many bytes; false where that is more than the limit. */
    private boolean begin(long bytes) {
        buffer.clear();
        if (!reserve(bytes + HEADER)) {
            return false;
        }
        buffer.position(HEADER);
        return true;
    }

    /** Makes room for so many bytes more; what is written stays. */
    private boolean reserve(long bytes) {
        long needed = buffer.position() + bytes;
        if (needed > limit + (long) HEADER) {
            return false;
        }
        if (needed > buffer.capacity()) {
            long capacity = Math.min(limit + (long) HEADER, Math.max(needed, 2L * buffer.capacity()));
            ByteBuffer greater = ByteBuffer.allocateDirect((int) capacity).order(ByteOrder.LITTLE_ENDIAN);
            greater.put(buffer.flip());
            buffer = greater;
        }
        return true;
    }

    private void end(WritableByteChannel to, int kind) throws IOException {
        buffer.putInt(0, buffer.position() - HEADER).putInt(4, kind);
        buffer.flip();
        while (buffer.hasRemaining()) {
            to.write(buffer);
        }
    }

    /** Waits for a frame and gives its kind; the body is read by the methods below. @throws EOFException at the end */
    int receive(ReadableByteChannel from) throws IOException {
        buffer.clear();
        fill(from, HEADER);
        int size = buffer.getInt(0);
        int kind = buffer.getInt(4);
        int end = HEADER + size;
        if (size < 0 || size > limit || !reserve(end - buffer.position())) {
            throw new IOException("a frame of " + Integer.toUnsignedString(size) + " bytes; at most " + limit);
        }
        fill(from, end);
        if (buffer.position() != end) {
            throw new IOException("more than one frame for one question");
        }
        buffer.flip().position(HEADER);
        return kind;
    }

    /** Reads whatever is there, at least up to this place. */
    private void fill(ReadableByteChannel from, int until) throws IOException {
        while (buffer.position() < until) {
            if (from.read(buffer) < 0) {
                throw new EOFException("the process has hung up");
            }
        }
    }

    /** The body as text. */
    byte[] body() {
        byte[] body = new byte[buffer.remaining()];
        buffer.get(body);
        return body;
    }

    /** The answers of a SCORES frame. @throws IOException where it does not hold what it says */
    List<Output> outputs(int rows) throws IOException {
        need(8);
        int given = buffer.getInt();
        int count = buffer.getInt();
        if (given != rows || count < 1 || count > MOST_OUTPUTS) {
            throw new IOException("an answer of " + count + " outputs for " + given + " rows; asked were " + rows);
        }
        List<Output> outputs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            need(16);
            int width = buffer.getInt();
            Signature.Datatype datatype = switch (buffer.getInt()) {
                case 1 -> Signature.Datatype.FP64;
                case 2 -> Signature.Datatype.INT64;
                case 3 -> Signature.Datatype.BOOL;
                default -> throw new IOException("an output of no known type");
            };
            long length = buffer.getLong();
            if (width < 1 || length < 1 || length > buffer.remaining()) {
                throw new IOException("an output of width " + width);
            }
            need(padded(length));
            byte[] name = new byte[(int) length];
            buffer.get(name);
            buffer.position(buffer.position() + (int) (padded(length) - length));
            long bytes = 8L * rows * width;
            need(bytes);
            double[] values = new double[rows * width];
            buffer.asDoubleBuffer().get(values);
            buffer.position(buffer.position() + (int) bytes);
            outputs.add(new Output(new String(name, StandardCharsets.UTF_8), datatype, width, values));
        }
        if (buffer.hasRemaining()) {
            throw new IOException(buffer.remaining() + " bytes more than the answer says");
        }
        return outputs;
    }

    private void need(long bytes) throws IOException {
        if (bytes > buffer.remaining()) {
            throw new IOException("an answer that ends early");
        }
    }
}
