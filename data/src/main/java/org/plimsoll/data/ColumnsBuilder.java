package org.plimsoll.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.plimsoll.core.Problem;

/**
 * Makes a batch of {@link Columns}: set the values of a row, then {@link #endRow}. A value that is not set is missing.
 *
 * <pre>
 *  Columns rows = Columns.builder(schema, 1).number(0, 718).text(1, "ORD").endRow().build();
 * </pre>
 *
 * Not thread-safe; of no further use after {@link #build}.
 */
public final class ColumnsBuilder {

    private final Schema schema;
    private final Growing[] columns;
    private int rows;

    ColumnsBuilder(Schema schema, int expectedRows) {
        this.schema = schema;
        int capacity = Math.max(1, expectedRows);
        this.columns = new Growing[schema.size()];
        for (int c = 0; c < columns.length; c++) {
            columns[c] = switch (schema.columns().get(c).type()) {
                case NUMBER -> new GrowingNumbers(capacity);
                case BOOLEAN, INTEGER, TIMESTAMP -> new GrowingIntegers(capacity);
                case TEXT, CATEGORY -> new GrowingTexts(capacity);
            };
        }
    }

    /** A NUMBER; NaN is missing. */
    public ColumnsBuilder number(int column, double value) {
        if (columns[column] instanceof GrowingNumbers numbers) {
            numbers.set(rows, value);
            return this;
        }
        throw mismatch(column, "a number");
    }

    /** An INTEGER, a TIMESTAMP in UTC milliseconds, a BOOLEAN as 0 or 1; a NUMBER takes it too. */
    public ColumnsBuilder integer(int column, long value) {
        switch (columns[column]) {
            case GrowingIntegers integers -> integers.set(rows, value);
            case GrowingNumbers numbers -> numbers.set(rows, value);
            case GrowingTexts _ -> throw mismatch(column, "a whole number");
        }
        return this;
    }

    /** A BOOLEAN. */
    public ColumnsBuilder bool(int column, boolean value) {
        return integer(column, value ? 1 : 0);
    }

    /** A TEXT or CATEGORY. */
    public ColumnsBuilder text(int column, String value) {
        if (columns[column] instanceof GrowingTexts texts) {
            texts.set(rows, value);
            return this;
        }
        throw mismatch(column, "text");
    }

    /** This row is complete. */
    public ColumnsBuilder endRow() {
        return endRows(1);
    }

    /** The batch. @throws Problem where a value of a column that is not optional is missing */
    public Columns build() {
        Columns.Values[] values = new Columns.Values[columns.length];
        for (int c = 0; c < columns.length; c++) {
            values[c] = columns[c].finish(rows);
        }
        return Columns.complete(schema, rows, values);
    }

    /** The batch, its columns optional exactly where values are missing, whatever the schema says. */
    Columns buildAsFound() {
        Columns.Values[] values = new Columns.Values[columns.length];
        List<Column> found = new ArrayList<>();
        for (int c = 0; c < columns.length; c++) {
            values[c] = columns[c].finish(rows);
            Column column = schema.columns().get(c);
            found.add(new Column(column.name(), column.type(), values[c].firstMissing(rows) >= 0));
        }
        return new Columns(new Schema(found), rows, values);
    }

    ColumnsBuilder endRows(int count) {
        rows += count;
        for (Growing column : columns) {
            column.reach(rows);
        }
        return this;
    }

    /** How many rows have ended. */
    int rows() {
        return rows;
    }

    /** Sets a NUMBER some rows ahead of those that have ended. */
    void numberAhead(int column, int ahead, double value) {
        ((GrowingNumbers) columns[column]).set(rows + ahead, value);
    }

    /** The array of a NUMBER column, with room for so many rows behind those that have ended, to be filled in from {@link #rows} on. */
    double[] numbersAhead(int column, int ahead) {
        GrowingNumbers numbers = (GrowingNumbers) columns[column];
        numbers.reach(rows + ahead);
        return numbers.values;
    }

    /** Sets a BOOLEAN, INTEGER or TIMESTAMP some rows ahead of those that have ended. */
    void integerAhead(int column, int ahead, long value) {
        ((GrowingIntegers) columns[column]).set(rows + ahead, value);
    }

    /** Sets a TEXT or CATEGORY some rows ahead of those that have ended. */
    void textAhead(int column, int ahead, String value) {
        ((GrowingTexts) columns[column]).set(rows + ahead, value);
    }

    /** Appends a whole column's values behind the rows that have ended. */
    void append(int column, Columns.Values values, int count) {
        for (int i = 0; i < count; i++) {
            if (values.isMissing(i)) {
                continue;
            }
            switch (values) {
                case Columns.Numbers numbers -> ((GrowingNumbers) columns[column]).set(rows + i, numbers.values()[i]);
                case Columns.Integers integers ->
                    ((GrowingIntegers) columns[column]).set(rows + i, integers.values()[i]);
                case Columns.Texts texts ->
                    ((GrowingTexts) columns[column]).set(rows + i, texts.dictionary()[texts.codes()[i]]);
            }
        }
    }

    private Problem mismatch(int column, String given) {
        Column wanted = schema.columns().get(column);
        return Problem.invalid(
                "column " + wanted.name(),
                given,
                "a value of type " + wanted.type().word());
    }

    /** Values of one column while they come; those never set stay missing. */
    private sealed interface Growing {
        /** Makes room for so many rows, missing until set. */
        void reach(int rows);

        Columns.Values finish(int rows);
    }

    private static int grown(int length, int row) {
        return Math.max(row + 1, length + (length >> 1));
    }

    private static final class GrowingNumbers implements Growing {
        private double[] values;

        GrowingNumbers(int capacity) {
            values = new double[capacity];
            Arrays.fill(values, Double.NaN);
        }

        void set(int row, double value) {
            reach(row + 1);
            values[row] = value;
        }

        @Override
        public void reach(int rows) {
            int length = values.length;
            if (rows > length) {
                values = Arrays.copyOf(values, grown(length, rows - 1));
                Arrays.fill(values, length, values.length, Double.NaN);
            }
        }

        @Override
        public Columns.Values finish(int rows) {
            return new Columns.Numbers(rows == values.length ? values : Arrays.copyOf(values, rows));
        }
    }

    private static final class GrowingIntegers implements Growing {
        private long[] values;
        private long[] present;

        GrowingIntegers(int capacity) {
            values = new long[capacity];
            present = new long[(capacity + 63) >>> 6];
        }

        void set(int row, long value) {
            reach(row + 1);
            values[row] = value;
            present[row >>> 6] |= 1L << row;
        }

        @Override
        public void reach(int rows) {
            if (rows > values.length) {
                values = Arrays.copyOf(values, grown(values.length, rows - 1));
                present = Arrays.copyOf(present, (values.length + 63) >>> 6);
            }
        }

        @Override
        public Columns.Values finish(int rows) {
            long[] missing = new long[(rows + 63) >>> 6];
            long any = 0;
            for (int word = 0; word < missing.length; word++) {
                long used = word < rows >>> 6 ? -1L : (1L << rows) - 1;
                missing[word] = ~present[word] & used;
                any |= missing[word];
            }
            long[] kept = rows == values.length ? values : Arrays.copyOf(values, rows);
            return new Columns.Integers(kept, any == 0 ? new long[0] : missing);
        }
    }

    private static final class GrowingTexts implements Growing {
        private final Map<String, Integer> known = new HashMap<>();
        private int[] codes;

        GrowingTexts(int capacity) {
            codes = new int[capacity];
            Arrays.fill(codes, -1);
        }

        void set(int row, String value) {
            reach(row + 1);
            Integer code = known.putIfAbsent(value, known.size());
            codes[row] = code == null ? known.size() - 1 : code;
        }

        @Override
        public void reach(int rows) {
            int length = codes.length;
            if (rows > length) {
                codes = Arrays.copyOf(codes, grown(length, rows - 1));
                Arrays.fill(codes, length, codes.length, -1);
            }
        }

        @Override
        public Columns.Values finish(int rows) {
            String[] dictionary = new String[known.size()];
            known.forEach((word, code) -> dictionary[code] = word);
            return new Columns.Texts(rows == codes.length ? codes : Arrays.copyOf(codes, rows), dictionary);
        }
    }
}
