package org.plimsoll.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;

/**
 * A table in one file, Parquet or CSV, read one column at a time. A CSV file is turned into Parquet once, in the scratch folder, so
 * that it too is parsed only once. It keeps one database open; close it to give that up and to remove the copy.
 */
public final class TableFile implements AutoCloseable {

    /** More distinct words than these are names of things, not categories. */
    public static final int MOST_CATEGORIES = 100_000;

    private final Query query;
    private final Path parquet;
    private final Optional<Path> copy;
    private final DuckSession session;
    private final Schema schema;
    private final long rows;
    private final List<String> unreadable;

    private TableFile(Query query, Path parquet, Optional<Path> copy) {
        this.query = query;
        this.parquet = parquet;
        this.copy = copy;
        this.unreadable = new ArrayList<>();
        this.session = query.session(List.of(parquet));
        List<Column> columns = new ArrayList<>();
        try {
            this.rows = describe(columns);
        } catch (Problem notATable) {
            session.close();
            throw notATable;
        }
        this.schema = new Schema(columns);
    }

    /** Fills in the columns and counts the rows. */
    private long describe(List<Column> columns) {
        return query.run(session, open -> {
            String source = DuckSession.parquet(List.of(parquet));
            for (List<Optional<String>> row : open.rows("DESCRIBE SELECT * FROM " + source)) {
                String name = row.get(0).orElseThrow();
                try {
                    columns.add(Column.optional(
                            name, DuckTypes.ours(name, row.get(1).orElseThrow())));
                } catch (Problem noTypeOfOurs) {
                    unreadable.add(name);
                }
            }
            return Long.parseLong(open.rows("SELECT count(*) FROM " + source)
                    .getFirst()
                    .getFirst()
                    .orElseThrow());
        });
    }

    static TableFile open(Query query, Path file, Path scratch) {
        if (!Files.exists(file)) {
            throw Problem.notFound("file", file);
        }
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        if (name.endsWith(".parquet") || name.endsWith(".pq")) {
            return new TableFile(query, file, Optional.empty());
        }
        if (!plain.endsWith(".csv") && !plain.endsWith(".tsv")) {
            throw Problem.invalid("file", file, "a file whose name ends with .parquet, .csv or .tsv");
        }
        Path copy = scratch.resolve(Ids.next() + ".parquet");
        try {
            Files.createDirectories(scratch);
            query.run(List.of(file, copy), session -> {
                session.convert(file, copy);
                return copy;
            });
            return new TableFile(query, copy, Optional.of(copy));
        } catch (IOException e) {
            throw Problem.internal("cannot make the folder " + scratch, e);
        } catch (Problem notATable) {
            delete(copy);
            throw Problem.of(notATable.kind(), file + ": " + notATable.detail());
        }
    }

    /** Its columns, all optional. */
    public Schema schema() {
        return schema;
    }

    /** Columns of types that have no place in a table of ours: lists, structs, bytes. */
    public List<String> unreadable() {
        return List.copyOf(unreadable);
    }

    public long rows() {
        return rows;
    }

    /**
     * All values of a numeric column, booleans as 0 and 1, instants in UTC milliseconds; NaN where missing.
     *
     * @param into an array of exactly as many places as there are rows
     */
    public void numbers(String column, double[] into) {
        if (into.length != rows) {
            throw Problem.invalid("array", into.length + " places", rows + ", one for each row");
        }
        query.run(session, open -> open.numbers(DuckSession.parquet(List.of(parquet)), schema.column(column), into));
    }

    /** All values of one column, in the order of the rows. */
    public Columns read(String column) {
        Schema one = schema.select(List.of(schema.column(column).name()));
        return query.run(session, open -> open.read(DuckSession.parquet(List.of(parquet)), one));
    }

    /**
     * How many rows hold each value, as people read it; missing values are left out.
     *
     * @return empty where there are more than {@link #MOST_CATEGORIES} values
     */
    public Optional<TreeMap<String, Long>> counts(String column) {
        String name = SelectStatement.identifier(schema.column(column).name());
        return query.run(session, open -> {
            TreeMap<String, Long> counts = new TreeMap<>();
            for (List<Optional<String>> row : open.rows("SELECT CAST(" + name
                    + " AS VARCHAR) AS word, count(*) FROM "
                    + DuckSession.parquet(List.of(parquet)) + " WHERE " + name + " IS NOT NULL GROUP BY 1 LIMIT "
                    + (MOST_CATEGORIES + 1))) {
                counts.put(row.get(0).orElseThrow(), Long.parseLong(row.get(1).orElseThrow()));
            }
            return counts.size() > MOST_CATEGORIES ? Optional.empty() : Optional.of(counts);
        });
    }

    @Override
    public void close() {
        session.close();
        copy.ifPresent(TableFile::delete);
    }

    private static void delete(Path copy) {
        try {
            Files.deleteIfExists(copy);
        } catch (IOException e) {
            throw Problem.internal("cannot remove " + copy, e);
        }
    }
}
