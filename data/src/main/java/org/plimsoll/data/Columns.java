package org.plimsoll.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.core.Problem;

/**
 * Some rows of a table, column by column: an immutable batch over primitive arrays.
 *
 * <pre>
 *  NUMBER                       double[]   missing is NaN
 *  BOOLEAN, INTEGER, TIMESTAMP  long[]     missing in a bit set; true is 1, an instant is UTC milliseconds
 *  TEXT, CATEGORY               int[]      codes into a dictionary of distinct words; missing is -1
 * </pre>
 *
 * Rows and columns count from 0. Arrays that methods return for speed ({@link #numbers}, {@link #codes}) are the batch's own
 * and must not be written to.
 */
public final class Columns {

    private final Schema schema;
    private final int rows;
    private final Values[] values;

    Columns(Schema schema, int rows, Values[] values) {
        this.schema = schema;
        this.rows = rows;
        this.values = values;
    }

    /** A batch of these values. @throws Problem where a value of a column that is not optional is missing */
    static Columns complete(Schema schema, int rows, Values[] values) {
        for (int c = 0; c < values.length; c++) {
            Column column = schema.columns().get(c);
            int row = column.optional() ? -1 : values[c].firstMissing(rows);
            if (row >= 0) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "column " + column.name() + " is missing in row " + row
                                + " (rows count from 0); it is required",
                        Map.of("column", column.name(), "row", row));
            }
        }
        return new Columns(schema, rows, values);
    }

    /** What is kept for one column. */
    sealed interface Values {
        Values pick(int[] rows);

        boolean isMissing(int row);

        /** The first row before this one that is missing; -1 where none is. */
        default int firstMissing(int rows) {
            for (int row = 0; row < rows; row++) {
                if (isMissing(row)) {
                    return row;
                }
            }
            return -1;
        }
    }

    record Numbers(double[] values) implements Values {
        @Override
        public Numbers pick(int[] rows) {
            double[] picked = new double[rows.length];
            for (int i = 0; i < rows.length; i++) {
                picked[i] = values[rows[i]];
            }
            return new Numbers(picked);
        }

        @Override
        public boolean isMissing(int row) {
            return Double.isNaN(values[row]);
        }
    }

    /** @param missing one bit a row; empty where nothing is missing */
    record Integers(long[] values, long[] missing) implements Values {
        @Override
        public Integers pick(int[] rows) {
            long[] picked = new long[rows.length];
            long[] absent = new long[missing.length == 0 ? 0 : (rows.length + 63) >>> 6];
            for (int i = 0; i < rows.length; i++) {
                picked[i] = values[rows[i]];
                if (isMissing(rows[i])) {
                    absent[i >>> 6] |= 1L << i;
                }
            }
            return new Integers(picked, absent);
        }

        @Override
        public boolean isMissing(int row) {
            return missing.length > 0 && (missing[row >>> 6] >>> row & 1) != 0;
        }

        @Override
        public int firstMissing(int rows) {
            return missing.length == 0 ? -1 : Values.super.firstMissing(rows);
        }
    }

    record Texts(int[] codes, String[] dictionary) implements Values {
        @Override
        public Texts pick(int[] rows) {
            int[] picked = new int[rows.length];
            for (int i = 0; i < rows.length; i++) {
                picked[i] = codes[rows[i]];
            }
            return new Texts(picked, dictionary);
        }

        @Override
        public boolean isMissing(int row) {
            return codes[row] < 0;
        }
    }

    public Schema schema() {
        return schema;
    }

    public int rows() {
        return rows;
    }

    /** The place of this column. @throws Problem where there is none, with the name that was probably meant */
    public int index(String column) {
        return schema.index(column);
    }

    public boolean isMissing(int column, int row) {
        return values[column].isMissing(row);
    }

    /** The value as a number; NaN where missing. @throws Problem for a text column */
    public double number(int column, int row) {
        return switch (values[column]) {
            case Numbers numbers -> numbers.values[row];
            case Integers integers -> integers.isMissing(row) ? Double.NaN : integers.values[row];
            case Texts _ -> throw mismatch(column, "a number");
        };
    }

    /** The value as a whole number; 0 where missing: ask {@link #isMissing} first. @throws Problem for a text or number column */
    public long integer(int column, int row) {
        if (values[column] instanceof Integers integers) {
            return integers.values[row];
        }
        throw mismatch(column, "a whole number");
    }

    /** The text; empty where missing. @throws Problem where the column is not text */
    public Optional<String> text(int column, int row) {
        if (values[column] instanceof Texts texts) {
            int code = texts.codes[row];
            return code < 0 ? Optional.empty() : Optional.of(texts.dictionary[code]);
        }
        throw mismatch(column, "text");
    }

    /** The value as people read it, whatever its type; empty where missing. Whole numbers are written without a point. */
    public Optional<String> written(int column, int row) {
        if (isMissing(column, row)) {
            return Optional.empty();
        }
        return switch (values[column]) {
            case Texts texts -> Optional.of(texts.dictionary[texts.codes[row]]);
            case Numbers numbers -> {
                double value = numbers.values[row];
                boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
                yield Optional.of(whole ? Long.toString((long) value) : Double.toString(value));
            }
            case Integers integers ->
                Optional.of(
                        switch (schema.columns().get(column).type()) {
                            case BOOLEAN -> Boolean.toString(integers.values[row] != 0);
                            case TIMESTAMP ->
                                java.time.Instant.ofEpochMilli(integers.values[row])
                                        .toString();
                            default -> Long.toString(integers.values[row]);
                        });
        };
    }

    /** All values of this column as numbers; NaN where missing; the batch's own array where the column is NUMBER. */
    public double[] numbers(String column) {
        return numbers(index(column));
    }

    /** All values of this column as numbers; NaN where missing; the batch's own array where the column is NUMBER. */
    public double[] numbers(int column) {
        if (values[column] instanceof Numbers numbers) {
            return numbers.values;
        }
        double[] all = new double[rows];
        for (int row = 0; row < rows; row++) {
            all[row] = number(column, row);
        }
        return all;
    }

    /** All values of a BOOLEAN, INTEGER or TIMESTAMP column, the batch's own array; 0 where missing. */
    public long[] integers(int column) {
        if (values[column] instanceof Integers integers) {
            return integers.values;
        }
        throw mismatch(column, "a whole number");
    }

    /** All codes of a text column, the batch's own array; -1 where missing. */
    public int[] codes(int column) {
        return texts(column).codes;
    }

    /** The words that the codes of a text column point to. */
    public List<String> dictionary(int column) {
        return List.of(texts(column).dictionary);
    }

    /** How many words the codes of a text column point to. */
    public int dictionarySize(int column) {
        return texts(column).dictionary.length;
    }

    /** These columns, in this order; shares the arrays. */
    public Columns select(List<String> names) {
        Schema selected = schema.select(names);
        Values[] chosen = names.stream().map(name -> values[schema.index(name)]).toArray(Values[]::new);
        return new Columns(selected, rows, chosen);
    }

    /** The same rows, but for this column, whose values are those of other rows; shares the arrays. */
    public Columns with(String column, Columns others) {
        int place = schema.index(column);
        int from = others.schema.index(column);
        if (others.rows != rows
                || others.schema.columns().get(from).type()
                        != schema.columns().get(place).type()) {
            throw Problem.invalid(column, others.rows + " other values", rows + " of the same type");
        }
        Values[] all = values.clone();
        all[place] = others.values[from];
        return new Columns(schema, rows, all);
    }

    /** These rows, in this order; a row may come more than once. */
    public Columns pick(int... picked) {
        Values[] chosen = Arrays.stream(values).map(each -> each.pick(picked)).toArray(Values[]::new);
        return new Columns(schema, picked.length, chosen);
    }

    /** The rows from {@code from} up to, and without, {@code to}. */
    public Columns slice(int from, int to) {
        int[] picked = new int[to - from];
        Arrays.setAll(picked, i -> from + i);
        return pick(picked);
    }

    /** The rows of all these batches, one after the other. @throws Problem where their schemas differ, but for what may be missing */
    public static Columns concat(List<Columns> batches) {
        if (batches.isEmpty()) {
            throw Problem.of(Problem.Kind.INVALID, "no batches to put together");
        }
        Schema schema = batches.getFirst().schema;
        List<Column> joined = new ArrayList<>(schema.columns());
        int rows = 0;
        for (Columns batch : batches) {
            rows = Math.addExact(rows, batch.rows);
            for (int c = 0; c < Math.max(joined.size(), batch.schema.size()); c++) {
                if (c >= joined.size()
                        || c >= batch.schema.size()
                        || joined.get(c).type() != batch.schema.columns().get(c).type()
                        || !joined.get(c)
                                .name()
                                .equals(batch.schema.columns().get(c).name())) {
                    throw Problem.of(
                            Problem.Kind.INVALID,
                            "columns differ between parts: [" + schema + "] and [" + batch.schema + "]");
                }
                Column column = joined.get(c);
                if (batch.schema.columns().get(c).optional() && !column.optional()) {
                    joined.set(c, Column.optional(column.name(), column.type()));
                }
            }
        }
        ColumnsBuilder builder = new ColumnsBuilder(new Schema(joined), rows);
        for (Columns batch : batches) {
            for (int c = 0; c < joined.size(); c++) {
                builder.append(c, batch.values[c], batch.rows);
            }
            builder.endRows(batch.rows);
        }
        return builder.build();
    }

    /** A builder for rows of this schema. */
    public static ColumnsBuilder builder(Schema schema, int expectedRows) {
        return new ColumnsBuilder(schema, expectedRows);
    }

    private Texts texts(int column) {
        if (values[column] instanceof Texts texts) {
            return texts;
        }
        throw mismatch(column, "text");
    }

    private Problem mismatch(int column, String wanted) {
        Column given = schema.columns().get(column);
        return Problem.invalid("column " + given.name(), given.type().word(), wanted);
    }

    @Override
    public String toString() {
        return rows + " rows of " + schema;
    }
}
