package org.plimsoll.data;

import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBReadableVector;
import org.plimsoll.core.Problem;

/** How DuckDB's types become ours: each column is cast in SQL to one of four shapes, then read vector by vector. */
final class DuckTypes {

    private DuckTypes() {}

    /** Our type for DuckDB's type. @throws Problem where there is none: lists, structs, intervals, bytes */
    static ColumnType ours(String column, String duckType) {
        String base = duckType.indexOf('(') > 0 ? duckType.substring(0, duckType.indexOf('(')) : duckType;
        return switch (base) {
            case "BOOLEAN" -> ColumnType.BOOLEAN;
            case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER" -> ColumnType.INTEGER;
            case "FLOAT", "DOUBLE", "DECIMAL", "HUGEINT", "UHUGEINT", "UBIGINT" -> ColumnType.NUMBER;
            case "VARCHAR", "UUID" -> ColumnType.TEXT;
            case "ENUM" -> ColumnType.CATEGORY;
            case "DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE" ->
                ColumnType.TIMESTAMP;
            default ->
                throw Problem.invalid(
                        "type of column " + column,
                        duckType,
                        "a boolean, number, text or timestamp; turn it into one of these in SQL, or leave it out");
        };
    }

    /** The SQL that gives this column in the shape {@link #append} reads: BOOLEAN, BIGINT, DOUBLE or VARCHAR. */
    static String shaped(Column column) {
        String name = SelectStatement.identifier(column.name());
        return switch (column.type()) {
            case BOOLEAN -> name;
            case INTEGER -> "CAST(" + name + " AS BIGINT)";
            case NUMBER -> "CAST(" + name + " AS DOUBLE)";
            case TEXT, CATEGORY -> "CAST(" + name + " AS VARCHAR)";
            case TIMESTAMP -> "epoch_ms(CAST(" + name + " AS TIMESTAMP))";
        };
    }

    /** The SQL type that a column is written as. */
    static String written(ColumnType type) {
        return switch (type) {
            case BOOLEAN -> "BOOLEAN";
            case INTEGER, TIMESTAMP -> "BIGINT";
            case NUMBER -> "DOUBLE";
            case TEXT, CATEGORY -> "VARCHAR";
        };
    }

    /** All rows of a result whose columns are {@link #shaped}; columns are optional where values are missing. */
    static Columns read(DuckDBChunkedResult result, Schema schema) throws SQLException {
        ColumnsBuilder builder = Columns.builder(schema, 1024);
        List<Column> columns = schema.columns();
        while (result.nextChunk()) {
            DuckDBDataChunkReader chunk = result.chunk();
            int rows = Math.toIntExact(chunk.rowCount());
            for (int c = 0; c < columns.size(); c++) {
                append(builder, c, columns.get(c).type(), chunk.vector(c), rows);
            }
            builder.endRows(rows);
        }
        return builder.buildAsFound();
    }

    /** The values of a result with one DOUBLE column; missing is NaN. @return how many there were */
    static int numbers(DuckDBChunkedResult result, double[] into) throws SQLException {
        int filled = 0;
        while (result.nextChunk()) {
            DuckDBDataChunkReader chunk = result.chunk();
            int rows = Math.toIntExact(chunk.rowCount());
            VectorMemory.copy(chunk.vector(0), rows, into, filled);
            filled += rows;
        }
        return filled;
    }

    private static void append(
            ColumnsBuilder builder, int column, ColumnType type, DuckDBReadableVector from, int rows) {
        if (type == ColumnType.NUMBER) {
            VectorMemory.copy(from, rows, builder.numbersAhead(column, rows), builder.rows());
            return;
        }
        for (int row = 0; row < rows; row++) {
            if (from.isNull(row)) {
                continue;
            }
            switch (type) {
                case BOOLEAN -> builder.integerAhead(column, row, from.getBoolean(row) ? 1 : 0);
                case INTEGER, TIMESTAMP -> builder.integerAhead(column, row, from.getLong(row));
                case NUMBER -> throw new IllegalStateException("numbers are copied");
                case TEXT, CATEGORY -> builder.textAhead(column, row, from.getString(row));
            }
        }
    }

    /** Appends one value of a batch in the shape that {@link #written} declares. */
    static void append(DuckDBAppender appender, Columns rows, int column, ColumnType type, int row)
            throws SQLException {
        if (rows.isMissing(column, row)) {
            appender.appendNull();
            return;
        }
        switch (type) {
            case BOOLEAN -> appender.append(rows.integer(column, row) != 0);
            case INTEGER, TIMESTAMP -> appender.append(rows.integer(column, row));
            case NUMBER -> appender.append(rows.number(column, row));
            case TEXT, CATEGORY -> appender.append(rows.text(column, row).orElseThrow());
        }
    }
}
