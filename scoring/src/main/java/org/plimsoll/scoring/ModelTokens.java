package org.plimsoll.scoring;

import java.util.Arrays;
import org.plimsoll.core.Problem;

/**
 * A model file as a stream of names and values, whichever way it is written: {@link JsonTokens} or {@link UbjTokens}. Files come
 * from anywhere, so depth and lengths are bounded by what the file really holds, and every error says where it stands.
 */
abstract sealed class ModelTokens permits JsonTokens, UbjTokens {

    /** Model files nest about ten levels deep. */
    static final int DEEPEST = 64;

    /** What comes next. */
    enum Kind {
        OBJECT,
        END_OBJECT,
        ARRAY,
        END_ARRAY,
        NAME,
        NUMBER,
        TEXT,
        BOOL,
        NULL,
        END
    }

    private final String file;

    ModelTokens(String file) {
        this.file = file;
    }

    /** Goes on to the next token. */
    abstract Kind next();

    /** The token that {@link #next} gave last. */
    abstract Kind current();

    /** The name, text or number. */
    abstract String text();

    /** The number as a float, rounded once. */
    abstract float floatValue();

    /** The number as a whole one; true is 1. @throws Problem where it is none */
    abstract long longValue();

    /** Where in the file, for people. */
    abstract String place();

    Problem problem(String what) {
        return Problem.of(Problem.Kind.INVALID, file + ", " + place() + ": " + what);
    }

    /** That this is the next token. */
    void expect(Kind kind, String what) {
        if (next() != kind) {
            throw problem("expected " + what + ", found " + current().name().toLowerCase(java.util.Locale.ROOT));
        }
    }

    /** Whether an object has a further name; the token is then NAME. */
    boolean hasName() {
        Kind kind = next();
        if (kind != Kind.NAME && kind != Kind.END_OBJECT) {
            throw problem("expected a name or the end of an object");
        }
        return kind == Kind.NAME;
    }

    /** Whether an array has a further element; the token is then its first. */
    boolean hasElement() {
        return next() != Kind.END_ARRAY;
    }

    /** Passes over the value that comes next. */
    void skip() {
        next();
        skipCurrent();
    }

    /** Passes over the value whose first token was just given. */
    void skipCurrent() {
        int depth = 0;
        while (true) {
            switch (current()) {
                case OBJECT, ARRAY -> depth++;
                case END_OBJECT, END_ARRAY -> depth--;
                case END -> throw problem("the file ends too early");
                case NAME, NUMBER, TEXT, BOOL, NULL -> {}
            }
            if (depth == 0) {
                return;
            }
            next();
        }
    }

    /** The text that comes next, be it written as text or number. */
    String readText() {
        Kind kind = next();
        if (kind != Kind.TEXT && kind != Kind.NUMBER) {
            throw problem("expected text");
        }
        return text();
    }

    /** The array of floats that comes next. */
    final float[] readFloats() {
        expect(Kind.ARRAY, "an array of numbers");
        return floats();
    }

    /** The numbers of the array that was just opened, to its end. */
    float[] floats() {
        float[] values = new float[16];
        int count = 0;
        while (hasElement()) {
            if (current() != Kind.NUMBER) {
                throw problem("expected a number");
            }
            if (count == values.length) {
                values = Arrays.copyOf(values, grown(count));
            }
            values[count++] = floatValue();
        }
        return Arrays.copyOf(values, count);
    }

    /** The array of 32-bit whole numbers that comes next; true is 1. */
    final int[] readInts() {
        expect(Kind.ARRAY, "an array of whole numbers");
        return ints();
    }

    /** The whole numbers of the array that was just opened, to its end. */
    int[] ints() {
        int[] values = new int[16];
        int count = 0;
        while (hasElement()) {
            if (count == values.length) {
                values = Arrays.copyOf(values, grown(count));
            }
            long value = longValue();
            if (value != (int) value) {
                throw problem(value + " does not fit 32 bits");
            }
            values[count++] = (int) value;
        }
        return Arrays.copyOf(values, count);
    }

    private static int grown(int count) {
        return count + (count >> 1);
    }
}
