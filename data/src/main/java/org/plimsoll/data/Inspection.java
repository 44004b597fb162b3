package org.plimsoll.data;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a person's file holds, as far as a model that is to learn one of its columns needs to know: types, what is missing, what each
 * column is good for, and which must not be used. {@link Inspector} finds it out; the rooms above make their drafts from it.
 *
 * @param file its name
 * @param format in words: {@code CSV with semicolons, decimal comma}
 * @param columns in the order of the file
 * @param notes what else people should know, one sentence each
 */
public record Inspection(
        String file,
        long bytes,
        String format,
        long rows,
        Target target,
        Optional<Time> time,
        Optional<String> entity,
        List<String> segments,
        List<InspectedColumn> columns,
        List<String> notes) {

    private static final int LONGEST_SHOWN = 60;

    /** What a column is good for. */
    public enum Use {
        /** Known when the question is asked: the model may look at it. */
        FEATURE,
        TARGET,
        TIME,
        ENTITY,
        /** Not for the model; {@link InspectedColumn#why} says why. */
        LEFT_OUT;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One column.
     *
     * @param missing rows without a value
     * @param distinct different values; exact up to 2,000 (of numbers with decimals 200) and where almost every value differs, else
     *     estimated
     * @param least of numbers, booleans (0 and 1) and instants (epoch milliseconds)
     * @param isKept whether the rows that were written have it
     * @param why it is left out
     */
    public record InspectedColumn(
            String name,
            ColumnType type,
            long missing,
            long distinct,
            Optional<Double> least,
            Optional<Double> greatest,
            boolean isKept,
            Use use,
            Optional<String> why) {}

    /** A value of the target and how many rows have it. */
    public record ClassCount(String value, long rows) {}

    /**
     * The column to be learned.
     *
     * @param missing rows without it
     * @param classes its values, where they are classes: numbers by size, others by name; none where it is a quantity
     * @param wholeNumbers of a quantity: its values, where they are whole and few enough to be meant as classes
     * @param mean of a quantity, or of the classes' numbers
     * @param deviation of a quantity, n in the denominator
     */
    public record Target(
            String column,
            ColumnType type,
            long missing,
            List<ClassCount> classes,
            List<ClassCount> wholeNumbers,
            Optional<Double> mean,
            Optional<Double> deviation) {

        public Target {
            classes = List.copyOf(classes);
            wholeNumbers = List.copyOf(wholeNumbers);
        }

        @JsonIgnore
        public boolean isBinary() {
            return classes.size() == 2;
        }

        /** {@code 26 whole numbers from 0 to 25}, where that could be meant as classes and as a number. */
        public Optional<String> range() {
            List<ClassCount> values = classes.isEmpty() ? wholeNumbers : classes;
            return values.isEmpty() || deviation.isEmpty()
                    ? Optional.empty()
                    : Optional.of(values.size() + " whole numbers from "
                            + values.getFirst().value() + " to "
                            + values.getLast().value());
        }

        /** Whether classes are told apart, rather than a quantity. */
        @JsonIgnore
        public boolean isClass() {
            return !classes.isEmpty();
        }
    }

    /**
     * The column that says when the question was asked.
     *
     * @param missing rows without it
     * @param cut an instant, a day's first where that can be, with about a fifth of the rows at or after it
     * @param after rows at or after the cut
     * @param daysAfter different days among them, in UTC
     */
    public record Time(
            String column, long missing, Instant from, Instant until, Instant cut, long after, long daysAfter) {}

    public Inspection {
        segments = List.copyOf(segments);
        columns = List.copyOf(columns);
        notes = List.copyOf(notes);
    }

    /** The columns of this use. */
    public List<InspectedColumn> of(Use use) {
        return columns.stream().filter(column -> column.use() == use).toList();
    }

    /** The column of this name, which must be there. */
    public InspectedColumn column(String name) {
        return columns.stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A name or value as it can stand in a line: odd characters escaped, long ones cut. */
    public static String shown(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().limit(LONGEST_SHOWN + 1).forEach(c -> {
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> line.appendCodePoint(Character.isISOControl(c) ? '\ufffd' : c);
            }
        });
        return line.codePointCount(0, line.length()) > LONGEST_SHOWN
                ? line.substring(0, line.offsetByCodePoints(0, LONGEST_SHOWN - 3)) + "…"
                : line.toString();
    }
}
