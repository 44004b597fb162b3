package org.plimsoll.inference;

import java.util.Arrays;
import org.plimsoll.core.Problem;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads the {@code data} of a JSON tensor, nested or flat, into one primitive array, before its datatype need be known: whole
 * numbers as long as there are only such, else floating ones; or booleans; or texts. {@code null} is a missing value.
 */
final class ValueReader {

    private enum Kind {
        NOTHING_YET,
        BOOLEANS,
        WHOLES,
        FLOATS,
        TEXTS
    }

    private static final int MOST_NESTED = 16;

    private Kind kind = Kind.NOTHING_YET;
    private long[] wholes = new long[0];
    private double[] floats = new double[0];
    private String[] texts = new String[0];
    private boolean[] nulls = new boolean[0];
    private int count;

    /** Reads from the array's first bracket, on which the parser stands, to its last. */
    static ValueReader read(JsonParser json) {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw Problem.invalid("data", json.getString(), "an array, nested or flat");
        }
        ValueReader reader = new ValueReader();
        int depth = 1;
        while (depth > 0) {
            switch (json.nextToken()) {
                case START_ARRAY -> depth = deeper(depth);
                case END_ARRAY -> depth--;
                case VALUE_NUMBER_INT -> reader.whole(json);
                case VALUE_NUMBER_FLOAT -> reader.floating(json.getDoubleValue());
                case VALUE_TRUE -> reader.bool(true);
                case VALUE_FALSE -> reader.bool(false);
                case VALUE_STRING -> reader.text(json.getString());
                case VALUE_NULL -> reader.missing();
                default -> throw Problem.invalid("data", json.currentToken(), "numbers, booleans, texts or null");
            }
        }
        return reader;
    }

    private static int deeper(int depth) {
        if (depth == MOST_NESTED) {
            throw Problem.invalid("data", "nested deeper than " + MOST_NESTED, "a tensor");
        }
        return depth + 1;
    }

    private void whole(JsonParser json) {
        if (kind == Kind.FLOATS || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            floating(json.getDoubleValue());
            return;
        }
        become(Kind.WHOLES);
        putWhole(json.getLongValue());
    }

    private void bool(boolean value) {
        become(Kind.BOOLEANS);
        putWhole(value ? 1 : 0);
    }

    private void floating(double value) {
        if (kind == Kind.WHOLES) { // the first fraction after whole numbers
            floats = new double[wholes.length];
            for (int i = 0; i < count; i++) {
                floats[i] = isNull(i) ? Double.NaN : wholes[i];
            }
            kind = Kind.FLOATS;
        }
        become(Kind.FLOATS);
        putFloat(value);
    }

    private void text(String value) {
        become(Kind.TEXTS);
        putText(value);
    }

    private void missing() {
        if (count >= nulls.length) {
            nulls = Arrays.copyOf(nulls, room(count));
        }
        nulls[count] = true;
        switch (kind) {
            case NOTHING_YET -> count++;
            case BOOLEANS, WHOLES -> putWhole(0);
            case FLOATS -> putFloat(Double.NaN);
            case TEXTS -> putText("");
        }
    }

    /** The first value decides the kind; nulls before it are of that kind too. */
    private void become(Kind wanted) {
        if (kind == wanted) {
            return;
        }
        if (kind != Kind.NOTHING_YET) {
            throw Problem.invalid("data", "of several kinds", "all numbers, all booleans or all texts");
        }
        kind = wanted;
        switch (wanted) {
            case WHOLES, BOOLEANS -> wholes = new long[room(count)];
            case FLOATS -> {
                floats = new double[room(count)];
                Arrays.fill(floats, Double.NaN);
            }
            case TEXTS -> {
                texts = new String[room(count)];
                Arrays.fill(texts, "");
            }
            case NOTHING_YET -> throw new IllegalStateException("a value is of some kind");
        }
    }

    private void putWhole(long value) {
        if (count == wholes.length) {
            wholes = Arrays.copyOf(wholes, room(count));
        }
        wholes[count++] = value;
    }

    private void putFloat(double value) {
        if (count == floats.length) {
            floats = Arrays.copyOf(floats, room(count));
        }
        floats[count++] = value;
    }

    private void putText(String value) {
        if (count == texts.length) {
            texts = Arrays.copyOf(texts, room(count));
        }
        texts[count++] = value;
    }

    private boolean isNull(int index) {
        return index < nulls.length && nulls[index];
    }

    /** Room for more than so many. */
    private static int room(int taken) {
        return taken == 0 ? 1 : Math.max(8, taken + (taken >> 1) + 1);
    }

    int count() {
        return count;
    }

    /** The values as this datatype. @throws Problem where they are of another kind or beyond its range */
    Tensor.Values as(Datatype datatype, String input) {
        boolean[] absent = nulls.length == 0 ? nulls : Arrays.copyOf(nulls, count);
        if (kind == Kind.NOTHING_YET) {
            return empty(datatype, absent);
        }
        return switch (datatype) {
            case BOOL -> new Tensor.Wholes(wholes(Kind.BOOLEANS, datatype, input), absent);
            case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 ->
                new Tensor.Wholes(inRange(wholes(Kind.WHOLES, datatype, input), datatype, input), absent);
            case FP64 -> new Tensor.Floats(floats(datatype, input), absent);
            case FP32 -> new Tensor.Floats(rounded(floats(datatype, input)), absent);
            case FP16 ->
                throw Problem.invalid(
                        "datatype of input `" + input + "`", "FP16", "FP32 or FP64; FP16 has no form in JSON");
            case BYTES -> new Tensor.Texts(texts(input), absent);
        };
    }

    private Tensor.Values empty(Datatype datatype, boolean[] absent) {
        if (datatype == Datatype.BYTES) {
            String[] none = new String[count];
            Arrays.fill(none, "");
            return new Tensor.Texts(none, absent);
        }
        return datatype.isFloating()
                ? new Tensor.Floats(filledWithNaN(), absent)
                : new Tensor.Wholes(new long[count], absent);
    }

    private double[] filledWithNaN() {
        double[] none = new double[count];
        Arrays.fill(none, Double.NaN);
        return none;
    }

    private long[] wholes(Kind wanted, Datatype datatype, String input) {
        if (kind != wanted) {
            throw wrong(datatype, input);
        }
        return Arrays.copyOf(wholes, count);
    }

    private double[] floats(Datatype datatype, String input) {
        if (kind == Kind.WHOLES) {
            double[] numbers = new double[count];
            for (int i = 0; i < count; i++) {
                numbers[i] = isNull(i) ? Double.NaN : wholes[i];
            }
            return numbers;
        }
        if (kind != Kind.FLOATS) {
            throw wrong(datatype, input);
        }
        return Arrays.copyOf(floats, count);
    }

    private String[] texts(String input) {
        if (kind != Kind.TEXTS) {
            throw wrong(Datatype.BYTES, input);
        }
        return Arrays.copyOf(texts, count);
    }

    private static double[] rounded(double[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) values[i];
        }
        return values;
    }

    private static long[] inRange(long[] values, Datatype datatype, String input) {
        int bits = datatype.size() * 8;
        boolean signed = datatype.name().startsWith("I");
        long least = signed ? -1L << (bits - 1) : 0;
        long most = bits == 64 ? Long.MAX_VALUE : signed ? (1L << (bits - 1)) - 1 : (1L << bits) - 1;
        for (long value : values) {
            if (value < least || value > most) {
                throw Problem.invalid("input `" + input + "`", value, "a value of " + datatype);
            }
        }
        return values;
    }

    private Problem wrong(Datatype datatype, String input) {
        String sent = switch (kind) {
            case BOOLEANS -> "booleans";
            case WHOLES -> "whole numbers";
            case FLOATS -> "numbers with a fraction";
            case TEXTS -> "texts";
            case NOTHING_YET -> "nothing";
        };
        return Problem.of(
                Problem.Kind.INVALID, "input `" + input + "` says datatype " + datatype + ", but its data are " + sent);
    }
}
