package org.plimsoll.data;

/**
 * Makes a batch of {@link Columns} of columns that are there as a whole, as a decoder has them. The arrays become the batch's own.
 *
 * <p>Every column must be set, with as many values as there are rows. Not thread-safe; of no further use after {@link #build}.
 */
public final class WholeColumns {

    private static final long[] NONE = {};

    private final Schema schema;
    private final int rows;
    private final Columns.Values[] values;

    public WholeColumns(Schema schema, int rows) {
        this.schema = schema;
        this.rows = rows;
        this.values = new Columns.Values[schema.size()];
    }

    /** A NUMBER column; NaN is missing. */
    public WholeColumns numbers(int column, double[] all) {
        values[column] = new Columns.Numbers(all);
        return this;
    }

    /** A BOOLEAN, INTEGER or TIMESTAMP column. @param missing whether a row's value is missing, in the order of rows */
    public WholeColumns integers(int column, long[] all, boolean[] missing) {
        long[] bits = NONE;
        for (int row = 0; row < rows; row++) {
            if (missing[row]) {
                bits = bits.length == 0 ? new long[(rows + 63) >>> 6] : bits;
                bits[row >>> 6] |= 1L << row;
                all[row] = 0;
            }
        }
        values[column] = new Columns.Integers(all, bits);
        return this;
    }

    /** A TEXT or CATEGORY column. @param codes places in the dictionary, −1 for missing @param dictionary distinct words */
    public WholeColumns texts(int column, int[] codes, String[] dictionary) {
        values[column] = new Columns.Texts(codes, dictionary);
        return this;
    }

    /** The batch. @throws org.plimsoll.core.Problem where a value of a column that is not optional is missing */
    public Columns build() {
        return Columns.complete(schema, rows, values);
    }
}
