package org.plimsoll.scoring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A model file in Universal Binary JSON (draft 12), as XGBoost writes {@code .ubj}.
 *
 * <pre>
 *  {  name value …  }                  objects; a name is a length (any integer) and UTF-8 bytes
 *  [  value …  ]                       arrays
 *  [$d#l  count  values                arrays of one type: no markers, no end; also with #count alone
 *  i U I l L  d D                      whole numbers of 1 1 2 4 8 bytes (U unsigned), floats of 4 and 8, all big-endian
 *  S length bytes    T F Z N           text, true, false, null, nothing
 * </pre>
 */
final class UbjTokens extends ModelTokens {

    /** In place of how many values are left, where an object or array ends with a bracket. */
    private static final int UNCOUNTED = -1;

    private final ByteBuffer bytes;
    private final boolean[] isArray = new boolean[DEEPEST + 1];
    private final long[] left = new long[DEEPEST + 1];
    private final byte[] type = new byte[DEEPEST + 1];
    private int depth;
    private boolean nameIsNext;
    private Kind current = Kind.NULL;
    private String text = "";
    private long whole;
    private double real;
    private boolean isReal;
    private boolean isFloat;

    UbjTokens(String file, ByteBuffer bytes) {
        super(file);
        this.bytes = bytes.order(ByteOrder.BIG_ENDIAN);
    }

    @Override
    Kind next() {
        current = advance();
        return current;
    }

    private Kind advance() {
        if (depth > 0) {
            if (left[depth] == 0) {
                return close();
            }
            if (left[depth] == UNCOUNTED) {
                byte peeked = peek();
                if (peeked == (isArray[depth] ? ']' : '}') && (isArray[depth] || nameIsNext)) {
                    bytes.get();
                    return close();
                }
            }
            if (!isArray[depth] && nameIsNext) {
                nameIsNext = false;
                text = string(length(take()));
                return Kind.NAME;
            }
            if (left[depth] > 0) {
                left[depth]--;
            }
        } else if (!bytes.hasRemaining()) {
            return Kind.END;
        }
        byte marker = depth > 0 && type[depth] != 0 ? type[depth] : take();
        while (marker == 'N') {
            marker = take();
        }
        Kind kind = value(marker);
        if (kind != Kind.OBJECT && kind != Kind.ARRAY) {
            nameIsNext = depth > 0 && !isArray[depth];
        }
        return kind;
    }

    private Kind close() {
        boolean array = isArray[depth];
        depth--;
        nameIsNext = depth > 0 && !isArray[depth];
        return array ? Kind.END_ARRAY : Kind.END_OBJECT;
    }

    private Kind value(byte marker) {
        switch (marker) {
            case '{' -> {
                open(false);
                return Kind.OBJECT;
            }
            case '[' -> {
                open(true);
                return Kind.ARRAY;
            }
            case 'S' -> {
                text = string(length(take()));
                return Kind.TEXT;
            }
            case 'C' -> {
                text = string(1);
                return Kind.TEXT;
            }
            case 'H' -> {
                text = string(length(take()));
                throw problem("numbers of any length are not used in model files");
            }
            case 'T', 'F' -> {
                whole = marker == 'T' ? 1 : 0;
                return Kind.BOOL;
            }
            case 'Z' -> {
                return Kind.NULL;
            }
            case 'd' -> {
                need(4);
                real = bytes.getFloat();
                isReal = true;
                isFloat = true;
                return Kind.NUMBER;
            }
            case 'D' -> {
                need(8);
                real = bytes.getDouble();
                isReal = true;
                isFloat = false;
                return Kind.NUMBER;
            }
            default -> {
                whole = integer(marker);
                isReal = false;
                return Kind.NUMBER;
            }
        }
    }

    private void open(boolean array) {
        if (depth == DEEPEST) {
            throw problem("nested more than " + DEEPEST + " levels deep");
        }
        depth++;
        isArray[depth] = array;
        left[depth] = UNCOUNTED;
        type[depth] = 0;
        nameIsNext = !array;
        if (peek() == '$') {
            bytes.get();
            type[depth] = take();
            if (peek() != '#') {
                throw problem("values of one type without a count");
            }
        }
        if (peek() == '#') {
            bytes.get();
            left[depth] = length(take());
            int size = width(type[depth]);
            if (left[depth] > bytes.remaining() / Math.max(1, size)) {
                throw problem("it claims " + left[depth] + " values, more than the file can hold");
            }
        }
    }

    /** Bytes of a value of this type at least. */
    private static int width(byte type) {
        return switch (type) {
            case 'I' -> 2;
            case 'l', 'd' -> 4;
            case 'L', 'D' -> 8;
            default -> 1;
        };
    }

    private byte peek() {
        need(1);
        return bytes.get(bytes.position());
    }

    private byte take() {
        need(1);
        return bytes.get();
    }

    private void need(int count) {
        if (bytes.remaining() < count) {
            throw problem("the file ends too early");
        }
    }

    private long integer(byte marker) {
        need(width(marker));
        return switch (marker) {
            case 'i' -> bytes.get();
            case 'U' -> bytes.get() & 0xff;
            case 'I' -> bytes.getShort();
            case 'l' -> bytes.getInt();
            case 'L' -> bytes.getLong();
            default -> throw problem("no value begins with byte " + (marker & 0xff));
        };
    }

    private int length(byte marker) {
        long length = integer(marker);
        if (length < 0 || length > bytes.remaining()) {
            throw problem("it claims " + length + " bytes or values, more than the file holds");
        }
        return (int) length;
    }

    private String string(int length) {
        need(length);
        byte[] utf8 = new byte[length];
        bytes.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** Arrays of one type are most of a file, and are read as a whole. */
    @Override
    float[] floats() {
        if (type[depth] != 'd' || left[depth] < 0) {
            return super.floats();
        }
        float[] values = new float[(int) left[depth]];
        bytes.asFloatBuffer().get(values);
        passed(4);
        return values;
    }

    @Override
    int[] ints() {
        if (type[depth] != 'l' || left[depth] < 0) {
            return super.ints();
        }
        int[] values = new int[(int) left[depth]];
        bytes.asIntBuffer().get(values);
        passed(4);
        return values;
    }

    @Override
    void skipCurrent() {
        boolean isOfOneType = current == Kind.ARRAY && left[depth] >= 0 && (type[depth] == 'd' || type[depth] == 'l');
        if (isOfOneType) {
            passed(4);
        } else {
            super.skipCurrent();
        }
    }

    /** Goes behind the values of this array, of so many bytes each, and over its end. */
    private void passed(int width) {
        bytes.position(bytes.position() + (int) left[depth] * width);
        left[depth] = 0;
        next();
    }

    @Override
    Kind current() {
        return current;
    }

    @Override
    String text() {
        if (current != Kind.NUMBER) {
            return text;
        }
        return !isReal ? Long.toString(whole) : isFloat ? Float.toString((float) real) : Double.toString(real);
    }

    @Override
    float floatValue() {
        return isReal ? (float) real : whole;
    }

    @Override
    long longValue() {
        if (current != Kind.BOOL && (current != Kind.NUMBER || isReal)) {
            throw problem("expected a whole number");
        }
        return whole;
    }

    @Override
    String place() {
        return "byte " + bytes.position();
    }
}
