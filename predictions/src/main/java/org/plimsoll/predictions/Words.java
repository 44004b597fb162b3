package org.plimsoll.predictions;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A column of texts as a segment has them, read as codes into a dictionary: a word that comes again is found by its bytes, and no
 * string is made of it.
 */
final class Words {

    private final byte[] bytes;
    private final int base;
    private final int[] codes;
    private int[] starts = new int[16];
    private int[] lengths = new int[16];
    private int count;

    /** Open addressing: a word's code plus one, 0 where a slot is free. */
    private int[] slots = new int[32];

    /** Reads a column of so many rows, and leaves the buffer behind it. @param body backed by an array */
    Words(ByteBuffer body, int rows) {
        this.bytes = body.array();
        this.base = body.arrayOffset();
        this.codes = new int[rows];
        for (int row = 0; row < rows; row++) {
            int length = body.getInt();
            if (length > body.remaining()) {
                throw SegmentFormat.damaged("a text longer than its record");
            }
            codes[row] = length < 0 ? -1 : code(base + body.position(), length);
            body.position(body.position() + Math.max(0, length));
        }
    }

    /** Places in the dictionary, −1 for missing. */
    int[] codes() {
        return codes;
    }

    /** The distinct words, in the order of their first row. */
    String[] dictionary() {
        String[] words = new String[count];
        for (int code = 0; code < count; code++) {
            words[code] = new String(bytes, starts[code], lengths[code], StandardCharsets.UTF_8);
        }
        return words;
    }

    private int code(int start, int length) {
        int slot = slot(start, length);
        if (slots[slot] != 0) {
            return slots[slot] - 1;
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
            slots = new int[4 * count];
            for (int code = 0; code < count; code++) {
                slots[slot(starts[code], lengths[code])] = code + 1;
            }
            slot = slot(start, length);
        }
        starts[count] = start;
        lengths[count] = length;
        slots[slot] = ++count;
        return count - 1;
    }

    /** Where this word is, or is to be. */
    private int slot(int start, int length) {
        int hash = length;
        for (int i = start; i < start + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        int slot = (hash ^ hash >>> 15) & slots.length - 1;
        while (slots[slot] != 0 && !isSame(slots[slot] - 1, start, length)) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }

    private boolean isSame(int code, int start, int length) {
        return Arrays.equals(bytes, starts[code], starts[code] + lengths[code], bytes, start, start + length);
    }
}
