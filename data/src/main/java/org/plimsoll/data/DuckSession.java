package org.plimsoll.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBPreparedStatement;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;

/** One call's DuckDB: in memory, shut in with the files of the call, its configuration locked. Closed after the call. */
final class DuckSession implements AutoCloseable {

    /** Larger Parquet row groups than these bring nothing at our sizes and cost memory while writing. */
    private static final int ROW_GROUP = 122_880;

    /** Of tables of up to a hundred columns every group has so many rows. */
    private static final long MOST_CELLS = 100L * ROW_GROUP;

    private static final long STAGED_BYTES = 64L << 20;

    /** Columns that are asked about at once. */
    private static final int TOGETHER = 100;

    /** The column in which DuckDB says which row of a Parquet file it is, where asked to; a file may have one of this name. */
    static final String ROW_NUMBER = "file_row_number";

    private static final Pattern INPUT_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    private final DuckDBConnection connection;
    private final Path overflow;
    private volatile Optional<Statement> running = Optional.empty();
    private volatile boolean cancelled;

    private DuckSession(DuckDBConnection connection, Path overflow) {
        this.connection = connection;
        this.overflow = overflow;
    }

    static DuckSession open(Query.Limits limits, List<Path> files) throws SQLException {
        try {
            Files.createDirectories(limits.scratch());
        } catch (IOException e) {
            throw Problem.internal("cannot make the folder " + limits.scratch() + " for large queries", e);
        }
        // a folder of its own: databases that share one overwrite each other's overflow
        Path overflow = limits.scratch().resolve(Ids.next());
        DuckSession session = new DuckSession(
                DriverManager.getConnection("jdbc:duckdb:", atStart(limits, overflow))
                        .unwrap(DuckDBConnection.class),
                overflow);
        try {
            session.lock(files);
            return session;
        } catch (SQLException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** What DuckDB is told as it opens: set afterwards, it would have started a thread for each core by then. */
    private static Properties atStart(Query.Limits limits, Path overflow) {
        var settings = new Properties();
        settings.setProperty("threads", String.valueOf(limits.threads()));
        settings.setProperty("memory_limit", limits.memory());
        settings.setProperty("temp_directory", overflow.toAbsolutePath().toString());
        return settings;
    }

    private void lock(List<Path> files) throws SQLException {
        String allowed = files.stream()
                .map(file -> SelectStatement.quoted(file.toAbsolutePath().toString()))
                .collect(Collectors.joining(", ", "[", "]"));
        execute("SET parquet_metadata_cache = true"); // a profile asks about a thousand columns one by one
        execute("SET disabled_optimizers = 'common_subexpressions'"); // takes seconds to plan a thousand expressions
        execute("SET TimeZone = 'UTC'");
        execute("SET preserve_insertion_order = true");
        execute("SET autoinstall_known_extensions = false");
        execute("SET autoload_known_extensions = false");
        execute("SET allow_community_extensions = false");
        execute("SET allowed_paths = " + allowed);
        execute("SET enable_external_access = false");
        execute("SET lock_configuration = true");
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            start(statement);
            statement.execute(sql);
        } finally {
            running = Optional.empty();
        }
    }

    private void start(Statement statement) throws SQLException {
        running = Optional.of(statement);
        if (cancelled) {
            throw new SQLException("cancelled");
        }
    }

    /** Stops what runs; from another thread. */
    void cancel() {
        cancelled = true;
        running.ifPresent(statement -> {
            try {
                statement.cancel();
            } catch (SQLException _) {
                // it has ended meanwhile
            }
        });
    }

    /** The rows of a query as text, for small answers. */
    List<List<Optional<String>>> rows(String sql) throws SQLException {
        List<List<Optional<String>>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            start(statement);
            try (ResultSet result = statement.executeQuery(sql)) {
                int width = result.getMetaData().getColumnCount();
                while (result.next()) {
                    List<Optional<String>> row = new ArrayList<>();
                    for (int c = 1; c <= width; c++) {
                        row.add(Optional.ofNullable(result.getString(c)));
                    }
                    rows.add(row);
                }
            }
        } finally {
            running = Optional.empty();
        }
        return rows;
    }

    /** These Parquet files as one table expression. @throws Problem where one of them is not there */
    static String parquet(List<Path> files) {
        if (files.isEmpty()) {
            throw Problem.of(Problem.Kind.INVALID, "no Parquet files are named");
        }
        for (Path file : files) {
            if (Files.isDirectory(file)) {
                throw Problem.invalid("file", file, "a Parquet file, not a folder");
            }
            if (!Files.exists(file)) {
                throw Problem.notFound("file", file);
            }
        }
        return files.stream()
                .map(file -> SelectStatement.quoted(file.toAbsolutePath().toString()))
                .collect(Collectors.joining(", ", "read_parquet([", "])"));
    }

    /** The columns of this table expression; whether values are missing is not known yet, so all are optional. */
    Schema schema(String source) throws SQLException {
        List<Column> columns = new ArrayList<>();
        for (List<Optional<String>> row : rows("DESCRIBE SELECT * FROM " + source)) {
            String name = row.get(0).orElseThrow();
            columns.add(Column.optional(name, DuckTypes.ours(name, row.get(1).orElseThrow())));
        }
        return new Schema(columns);
    }

    /**
     * These columns of a table expression, optional where values are missing, and the number of rows. Some columns at a time: DuckDB
     * plans a question about a thousand of them for seconds.
     */
    Query.Table describe(String source, Schema schema) throws SQLException {
        List<Column> found = new ArrayList<>();
        long rows = 0;
        for (int from = 0; from < schema.size() || from == 0; from += TOGETHER) {
            List<Column> some = schema.columns().subList(from, Math.min(schema.size(), from + TOGETHER));
            String counts = some.stream()
                    .map(column -> ", count(*) = count(" + present(column) + ")")
                    .collect(Collectors.joining());
            List<Optional<String>> row =
                    rows("SELECT count(*)" + counts + " FROM " + source).getFirst();
            rows = Long.parseLong(row.getFirst().orElseThrow());
            for (int c = 0; c < some.size(); c++) {
                boolean missing = !row.get(c + 1).orElseThrow().equals("true");
                found.add(new Column(some.get(c).name(), some.get(c).type(), missing));
            }
        }
        return new Query.Table(new Schema(found), rows);
    }

    /** SQL that is NULL where this column's value is missing. */
    private static String present(Column column) {
        String name = SelectStatement.identifier(column.name());
        return column.type() == ColumnType.NUMBER
                ? "CASE WHEN NOT isnan(CAST(" + name + " AS DOUBLE)) THEN 1 END"
                : name;
    }

    Columns read(String source, Schema schema) throws SQLException {
        String columns = schema.columns().stream().map(DuckTypes::shaped).collect(Collectors.joining(", "));
        try (DuckDBPreparedStatement statement = connection.prepare("SELECT " + columns + " FROM " + source)) {
            start(statement);
            try (DuckDBChunkedResult result = statement.query()) {
                return DuckTypes.read(result, schema);
            }
        } finally {
            running = Optional.empty();
        }
    }

    /** Writes a CSV file, its types found out from all of its rows, as Parquet. */
    void convert(Path csv, Path output) throws SQLException {
        execute("COPY (SELECT * FROM read_csv("
                + SelectStatement.quoted(csv.toAbsolutePath().toString()) + ", sample_size = -1)) TO "
                + SelectStatement.quoted(output.toAbsolutePath().toString()) + " (FORMAT parquet)");
    }

    /** Reads one numeric column into an array that has room for all rows; missing is NaN. @return how many rows there were */
    int numbers(String source, Column column, double[] into) throws SQLException {
        String value = column.type() == ColumnType.BOOLEAN || column.type().isText()
                ? SelectStatement.identifier(column.name())
                : DuckTypes.shaped(column);
        try (DuckDBPreparedStatement statement =
                connection.prepare("SELECT CAST(" + value + " AS DOUBLE) FROM " + source)) {
            start(statement);
            try (DuckDBChunkedResult result = statement.query()) {
                return DuckTypes.numbers(result, into);
            }
        } finally {
            running = Optional.empty();
        }
    }

    /** The text of this SELECT with its parameters put in, its inputs made known as views. */
    String prepared(String sql, Map<String, List<Query.Input>> inputs, Map<String, ?> parameters) throws SQLException {
        String text = SelectStatement.parse(connection, sql).with(parameters);
        for (Map.Entry<String, List<Query.Input>> input : new TreeMap<>(inputs).entrySet()) {
            view(input.getKey(), input.getValue());
        }
        return text;
    }

    private void view(String name, List<Query.Input> files) throws SQLException {
        if (!INPUT_NAME.matcher(name).matches()) {
            throw Problem.invalid("input", name, "letters, digits and _, beginning with a letter");
        }
        if (files.isEmpty()) {
            throw Problem.of(Problem.Kind.INVALID, "input " + name + " has no files");
        }
        List<String> parts = new ArrayList<>();
        for (Query.Input input : files) {
            String source = parquet(List.of(input.file()));
            String path = SelectStatement.quoted(input.file().toAbsolutePath().toString());
            String file = SelectStatement.quoted(input.digest().hex()) + " AS " + Schema.FILE;
            Schema schema = schema(source);
            if (schema.hasRowIdentity()) {
                parts.add("SELECT * FROM " + source);
            } else if (schema.has(ROW_NUMBER)) {
                parts.add("SELECT *, " + file + ", row_number() OVER () - 1 AS " + Schema.ROW + " FROM " + source);
            } else {
                parts.add("SELECT * EXCLUDE (" + ROW_NUMBER + "), " + file + ", " + ROW_NUMBER + " AS " + Schema.ROW
                        + " FROM read_parquet(" + path + ", " + ROW_NUMBER + " = true)");
            }
        }
        execute("CREATE VIEW " + SelectStatement.identifier(name) + " AS " + String.join(" UNION ALL BY NAME ", parts));
    }

    /** Fills a table with these rows; gives the SELECT that reads it as it should be written. */
    String load(Columns rows) throws SQLException {
        Schema schema = rows.schema();
        List<String> declared = new ArrayList<>();
        List<String> written = new ArrayList<>();
        for (Column column : schema.columns()) {
            String name = SelectStatement.identifier(column.name());
            declared.add(name + " " + DuckTypes.written(column.type()));
            written.add(
                    column.type() == ColumnType.TIMESTAMP ? "make_timestamp(" + name + " * 1000) AS " + name : name);
        }
        execute("CREATE TABLE written (" + String.join(", ", declared) + ")");
        ColumnType[] types = schema.columns().stream().map(Column::type).toArray(ColumnType[]::new);
        try (DuckDBAppender appender = connection.createAppender("written")) {
            for (int row = 0; row < rows.rows(); row++) {
                appender.beginRow();
                for (int c = 0; c < types.length; c++) {
                    DuckTypes.append(appender, rows, c, types[c], row);
                }
                appender.endRow();
            }
        }
        return "SELECT " + String.join(", ", written) + " FROM written";
    }

    /** Writes the result of this SELECT as Parquet; says what was written. */
    Query.Table copy(String select, Path output) throws SQLException {
        write(select, output);
        String source = parquet(List.of(output));
        return describe(source, schema(source));
    }

    /** Writes the result of this SELECT as Parquet. @return where */
    Path write(String select, Path output) throws SQLException {
        if (Files.exists(output)) {
            throw Problem.of(Problem.Kind.CONFLICT, output + " exists already");
        }
        Schema schema = schema(
                "(" + select + "\n)"); // refuses types that are not ours, and wrong SQL, before anything is written
        String path = SelectStatement.quoted(output.toAbsolutePath().toString());
        execute("COPY (" + select + "\n) TO " + path + " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE "
                + rowGroup(schema.size()) + ")");
        return output;
    }

    /** A group is held in memory while it is written: of wide tables it has fewer rows. */
    private static long rowGroup(int columns) {
        return Math.clamp(MOST_CELLS / Math.max(1, columns), 2_048, ROW_GROUP);
    }

    /**
     * Writes the result of a SELECT over a foreign file as Parquet for a while, as it is.
     *
     * @param rowBytes how long a row is on average
     */
    Path stage(String select, Path output, int rowBytes) throws SQLException {
        long group = Math.clamp(STAGED_BYTES / rowBytes, 2_048 / Math.max(1, rowBytes >> 14), ROW_GROUP);
        execute("COPY (" + select + ") TO "
                + SelectStatement.quoted(output.toAbsolutePath().toString())
                + " (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE " + Math.max(1, group) + ")");
        return output;
    }

    /** What DuckDB says, as a Problem: wrong SQL and wrong files are the caller's, memory is ours to explain. */
    static Problem problem(SQLException e) {
        String said =
                Optional.ofNullable(e.getMessage()).orElse("no reason given").strip();
        String kind = said.toLowerCase(Locale.ROOT);
        if (kind.startsWith("out of memory")) {
            return Problem.of(
                    Problem.Kind.TOO_LARGE,
                    "the query needs more memory than it may use: "
                            + said.lines().findFirst().orElse(""));
        }
        if (kind.startsWith("internal error") || kind.startsWith("fatal error")) {
            return Problem.internal("DuckDB failed", e);
        }
        if (kind.startsWith("permission error")) {
            return Problem.of(
                    Problem.Kind.INVALID,
                    "SQL may read its declared inputs only: "
                            + said.lines().findFirst().orElse(""));
        }
        return Problem.of(Problem.Kind.INVALID, said);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw Problem.internal("DuckDB did not close", e);
        }
        if (Files.exists(overflow)) {
            try (Stream<Path> left = Files.walk(overflow)) {
                for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            } catch (IOException e) {
                throw Problem.internal("cannot clear " + overflow, e);
            }
        }
    }
}
