package org.plimsoll.scoring;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.plimsoll.core.Problem;
import tools.jackson.core.io.NumberInput;

/**
 * The text of a {@link LightgbmFile}, block by block. Numbers are read from the file's bytes where they stand: a hundred megabytes
 * of them would take half a minute and gigabytes as strings.
 */
final class LightgbmText {

    /** A line of a block: where its value begins and ends. */
    private record Place(int from, int to) {}

    private static final int LONGEST_NUMBER = 64;

    private final String file;
    private final byte[] bytes;
    private final char[] number = new char[LONGEST_NUMBER];
    private int at;
    private Map<String, Place> block = Map.of();

    LightgbmText(String file, byte[] bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /** Goes to the next line that is not empty; false at the end. */
    boolean skipEmpty() {
        while (at < bytes.length && isSpace(bytes[at])) {
            at++;
        }
        return at < bytes.length;
    }

    /** Whether the line where it stands begins so. */
    boolean startsWith(String beginning) {
        for (int i = 0; i < beginning.length(); i++) {
            if (at + i >= bytes.length || bytes[at + i] != beginning.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the line where it stands is this one. */
    boolean is(String line) {
        return startsWith(line) && end(at) - at == line.length();
    }

    /** The line where it stands, without its beginning; then it stands at the next one. */
    String rest(String beginning) {
        int end = end(at);
        String rest = text(at + beginning.length(), end);
        at = Math.min(end + 1, bytes.length);
        return rest;
    }

    /** Reads the lines up to the next empty one; what they hold is asked for by their names. */
    void readBlock() {
        block = new HashMap<>();
        while (at < bytes.length) {
            int end = end(at);
            int mark = at;
            boolean isBlank = true;
            for (int i = at; i < end && bytes[i] != '='; i++) {
                isBlank &= isSpace(bytes[i]);
                mark = i + 1;
            }
            if (isBlank && mark == end) {
                return;
            }
            block.put(text(at, mark), new Place(Math.min(mark + 1, end), end));
            at = next(end);
        }
    }

    /** Where the line ends, before its line feed or carriage return and line feed. */
    private int end(int from) {
        int end = from;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return end > from && bytes[end - 1] == '\r' ? end - 1 : end;
    }

    private int next(int end) {
        int next = end;
        while (next < bytes.length && bytes[next] != '\n') {
            next++;
        }
        return Math.min(next + 1, bytes.length);
    }

    private static boolean isSpace(byte letter) {
        return letter == ' ' || letter == '\n' || letter == '\r' || letter == '\t';
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    boolean has(String key) {
        return block.containsKey(key);
    }

    /** The value of this key. @throws Problem where the block has none */
    String text(String key) {
        Place place = place(key);
        return text(place.from, place.to).strip();
    }

    String text(String key, String otherwise) {
        return has(key) ? text(key) : otherwise;
    }

    private Place place(String key) {
        Place place = block.get(key);
        if (place == null) {
            throw problem("there is no " + key);
        }
        return place;
    }

    int whole(String key) {
        Place place = place(key);
        String text = text(place.from, place.to).strip();
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException _) {
            throw problem(text + " is no whole number");
        }
    }

    /** What reads a value between two places. */
    private interface Element {
        void read(int index, int from, int to);
    }

    /** Goes through the values of this key, which spaces part. */
    private void elements(String key, Element element) {
        Place place = place(key);
        int from = place.from;
        int index = 0;
        while (true) {
            while (from < place.to && bytes[from] == ' ') {
                from++;
            }
            if (from == place.to) {
                return;
            }
            int to = from;
            while (to < place.to && bytes[to] != ' ') {
                to++;
            }
            element.read(index++, from, to);
            from = to;
        }
    }

    private int count(String key) {
        int[] count = {0};
        elements(key, (index, _, _) -> count[0] = index + 1);
        return count[0];
    }

    private int counted(String key, int expected) {
        int count = count(key);
        if (count != expected) {
            throw problem(key + " has " + count + " values, and the tree " + expected);
        }
        return count;
    }

    /** As many whole numbers as are expected. */
    int[] wholes(String key, int expected) {
        int[] values = new int[counted(key, expected)];
        elements(key, (index, from, to) -> values[index] = Math.toIntExact(whole(from, to, Integer.MAX_VALUE)));
        return values;
    }

    /** As many whole numbers as there are. */
    int[] wholes(String key) {
        return wholes(key, count(key));
    }

    /** As many whole numbers as there are. */
    long[] longs(String key) {
        long[] values = new long[count(key)];
        elements(key, (index, from, to) -> values[index] = whole(from, to, Long.MAX_VALUE));
        return values;
    }

    private long whole(int from, int to, long most) {
        boolean negative = bytes[from] == '-';
        long value = 0;
        int first = negative ? from + 1 : from;
        boolean fits = first < to && to - first <= 18;
        for (int i = first; i < to && fits; i++) {
            int digit = bytes[i] - '0';
            fits = digit >= 0 && digit <= 9;
            value = value * 10 + digit;
        }
        if (!fits || value > most) {
            throw problem(shown(from, to) + " is no whole number" + (fits ? " of its size" : ""));
        }
        return negative ? -value : value;
    }

    /** As many numbers as are expected. */
    double[] numbers(String key, int expected) {
        double[] values = new double[counted(key, expected)];
        elements(key, (index, from, to) -> values[index] = number(from, to));
        return values;
    }

    /** This text as a number. */
    double number(String text) {
        try {
            return switch (text) {
                case "inf" -> Double.POSITIVE_INFINITY;
                case "-inf" -> Double.NEGATIVE_INFINITY;
                default -> Double.parseDouble(text);
            };
        } catch (NumberFormatException _) {
            throw problem(text + " is no number");
        }
    }

    private double number(int from, int to) {
        int length = to - from;
        int last = bytes[to - 1];
        if (length > LONGEST_NUMBER || last < '0' || last > '9') {
            return number(shown(from, to));
        }
        for (int i = 0; i < length; i++) {
            number[i] = (char) bytes[from + i];
        }
        try {
            return NumberInput.parseDouble(number, 0, length, true);
        } catch (NumberFormatException _) {
            throw problem(shown(from, to) + " is no number");
        }
    }

    private String shown(int from, int to) {
        return text(from, Math.min(to, from + LONGEST_NUMBER));
    }

    /** A problem where it stands. */
    Problem problem(String what) {
        int line = 1;
        for (int i = 0; i < Math.min(at, bytes.length - 1); i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return Problem.of(Problem.Kind.INVALID, file + ", line " + line + ": " + what);
    }
}
