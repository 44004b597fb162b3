package org.plimsoll.data;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import tools.jackson.core.JacksonException;

/**
 * What the values of some rows look like, column by column. Exact, not sketched: the same rows give the same bytes.
 *
 * <p>That of a snapshot is taken once, when it is added, and kept beside it. That of training rows has bins too: other rows are
 * counted in the same bins by {@link ProfileTally}, so that hours, nodes and segments add up exactly, and every drift distance follows
 * from the counts alone.
 *
 * @param v the format's version, 2; 1 had neither bins nor {@code other_words}
 */
public record Profile(int v, long rows, List<ColumnProfile> columns) {

    /** The format's version; readers refuse a greater one. */
    public static final int V = 2;

    private static final int MOST_WORDS = 20;
    private static final int TWENTIETHS = 20;

    /** Their values are in memory at once. */
    private static final long MOST_CELLS = 5_000_000;

    /** Of more rows a column is counted in SQL by itself, so that memory does not grow with them. */
    private static final long MOST_READ = 250_000;

    /** Of numbers; DuckDB plans to read them within a moment. */
    private static final int MOST_TOGETHER = 1_000;

    /** Of texts, which are counted in SQL, where what does not fit in memory goes to the disk. */
    private static final int MOST_TEXTS_TOGETHER = 20;

    /**
     * One column.
     *
     * @param distinct how many different values
     * @param infinite values that are not finite; the numbers below leave them out
     * @param numbers of columns that have an order: numbers, booleans as 0 and 1, timestamps as UTC milliseconds
     * @param words the most frequent values of text columns, ties by name: at most 20 of a snapshot, 1,000 of training rows
     * @param otherWords rows with any other value; empty where nobody counted
     */
    public record ColumnProfile(
            String name,
            ColumnType type,
            long missing,
            long distinct,
            long infinite,
            Optional<Numbers> numbers,
            List<Word> words,
            Optional<Long> otherWords) {
        public ColumnProfile {
            words = List.copyOf(words);
        }
    }

    /**
     * @param deviation of all values, n in the denominator
     * @param quantiles the values at 0, 5 %, … 100 % of the sorted values: 21 numbers, each one that occurs
     * @param bins of training rows, and of rows counted in their bins
     */
    public record Numbers(double mean, double deviation, List<Double> quantiles, Optional<Bins> bins) {
        public Numbers {
            quantiles = List.copyOf(quantiles);
        }

        /** Of these values, ascending and finite; empty where there are none. */
        static Optional<Numbers> of(double[] sorted, Optional<Bins> bins) {
            if (sorted.length == 0) {
                return Optional.empty();
            }
            List<Double> quantiles = new ArrayList<>();
            for (int k = 0; k <= TWENTIETHS; k++) {
                quantiles.add(sorted[(int) Math.max(0, Math.ceil((double) k / TWENTIETHS * sorted.length) - 1)]);
            }
            double mean = Arrays.stream(sorted).average().orElseThrow();
            double squares =
                    Arrays.stream(sorted).map(x -> (x - mean) * (x - mean)).sum();
            return Optional.of(new Numbers(mean, Math.sqrt(squares / sorted.length), quantiles, bins));
        }
    }

    /**
     * Counts in bins that quantiles of training rows made. Place 2k holds the values strictly between two edges, place 2k + 1 those
     * equal to edge k, so that values which occur often stay points.
     *
     * @param edges strictly ascending, at most 511
     * @param counts 2·edges + 1 of them
     * @param sums of the values in each bin
     * @param least the least finite value
     * @param greatest the greatest finite value
     * @param outside values below the least or above the greatest of the training rows
     */
    public record Bins(
            List<Double> edges, List<Long> counts, List<Double> sums, double least, double greatest, long outside) {
        public Bins {
            edges = List.copyOf(edges);
            counts = List.copyOf(counts);
            sums = List.copyOf(sums);
        }
    }

    /** A value and how often it occurs. */
    public record Word(String value, long rows) {}

    public Profile {
        if (v < 1 || v > V) {
            throw Problem.invalid("v", v, "a profile of version 1 to " + V);
        }
        columns = List.copyOf(columns);
    }

    /** The column of this name, if there is one. */
    public Optional<ColumnProfile> column(String name) {
        return columns.stream().filter(it -> it.name().equals(name)).findFirst();
    }

    /** Reads a profile's JSON. */
    static Profile read(byte[] json) {
        try {
            return Json.read(json, Profile.class);
        } catch (JacksonException e) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "not a profile: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    /** Looks at all rows of these files. */
    static Profile of(Query query, List<Path> parquet, Schema schema) {
        return query.run(parquet, session -> {
            String source = DuckSession.parquet(parquet);
            long rows = Long.parseLong(session.rows("SELECT count(*) FROM " + source)
                    .getFirst()
                    .getFirst()
                    .orElseThrow());
            Map<String, ColumnProfile> profiles = new HashMap<>();
            List<Column> texts = schema.columns().stream()
                    .filter(column -> column.type().isText())
                    .toList();
            List<Column> others = schema.columns().stream()
                    .filter(column -> !column.type().isText())
                    .toList();
            int together = (int) Math.clamp(MOST_CELLS / Math.max(1, rows), 1, MOST_TOGETHER);
            for (List<Column> some : parts(others, together)) {
                if (rows > MOST_READ) {
                    for (Column column : some) {
                        profiles.put(column.name(), counted(session, source, column));
                    }
                    continue;
                }
                Columns read = session.read(source, new Schema(some));
                for (int c = 0; c < some.size(); c++) {
                    profiles.put(some.get(c).name(), numeric(read, c, some.get(c)));
                }
            }
            for (List<Column> some : parts(texts, MOST_TEXTS_TOGETHER)) {
                texts(session, source, rows, some).forEach(profile -> profiles.put(profile.name(), profile));
            }
            return new Profile(
                    V,
                    rows,
                    schema.names().stream()
                            .flatMap(name -> Optional.ofNullable(profiles.get(name)).stream())
                            .toList());
        });
    }

    private static List<List<Column>> parts(List<Column> columns, int most) {
        List<List<Column>> parts = new ArrayList<>();
        for (int from = 0; from < columns.size(); from += most) {
            parts.add(columns.subList(from, Math.min(columns.size(), from + most)));
        }
        return parts;
    }

    private static ColumnProfile numeric(Columns rows, int c, Column column) {
        double[] finite = new double[rows.rows()];
        int known = 0;
        long infinite = 0;
        long missing = 0;
        Set<Double> infinities = new HashSet<>();
        for (int row = 0; row < finite.length; row++) {
            double value = rows.number(c, row);
            if (rows.isMissing(c, row)) {
                missing++;
            } else if (Double.isInfinite(value)) {
                infinite++;
                infinities.add(value);
            } else {
                finite[known++] = value;
            }
        }
        double[] sorted = Arrays.copyOf(finite, known);
        Arrays.sort(sorted);
        long distinct = column.type() == ColumnType.NUMBER ? different(sorted) : differentWhole(rows, c);
        return new ColumnProfile(
                column.name(),
                column.type(),
                missing,
                distinct + infinities.size(),
                infinite,
                Numbers.of(sorted, Optional.empty()),
                List.of(),
                Optional.empty());
    }

    /** The same of more rows than are read into memory: what does not fit goes to the disk. */
    private static ColumnProfile counted(DuckSession session, String source, Column column) throws SQLException {
        String shares = IntStream.rangeClosed(0, TWENTIETHS)
                .mapToObj(i -> Double.toString((double) i / TWENTIETHS))
                .collect(Collectors.joining(", ", "[", "]"));
        boolean isNumber = column.type() == ColumnType.NUMBER;
        String value = column.type() == ColumnType.BOOLEAN
                ? "CAST(" + SelectStatement.identifier(column.name()) + " AS BIGINT)"
                : DuckTypes.shaped(column);
        String present = isNumber ? "CASE WHEN NOT isnan(" + value + ") THEN " + value + " END" : value;
        String finite = isNumber ? "CASE WHEN isfinite(" + value + ") THEN " + value + " END" : value;
        String distinct = session.rows("SELECT count(DISTINCT " + present + ") FROM " + source)
                .getFirst()
                .getFirst()
                .orElseThrow();
        String asked = "count(*) - count(v), count(v) - count(f), avg(f), stddev_pop(f), array_to_string(quantile_disc("
                + "CAST(f AS DOUBLE), " + shares + "), ' ')";
        String values = "(SELECT " + present + " AS v, " + finite + " AS f FROM " + source + ")";
        List<Optional<String>> row =
                session.rows("SELECT " + asked + " FROM " + values).getFirst();
        Optional<Numbers> numbers = row.get(4)
                .map(all -> new Numbers(
                        Double.parseDouble(row.get(2).orElseThrow()),
                        Double.parseDouble(row.get(3).orElseThrow()),
                        Arrays.stream(all.split(" ")).map(Double::valueOf).toList(),
                        Optional.empty()));
        return new ColumnProfile(
                column.name(),
                column.type(),
                Long.parseLong(row.get(0).orElseThrow()),
                Long.parseLong(distinct),
                Long.parseLong(row.get(1).orElseThrow()),
                numbers,
                List.of(),
                Optional.empty());
    }

    /** How many of these are different. */
    static long different(double[] sorted) {
        long different = 0;
        for (int i = 0; i < sorted.length; i++) {
            different += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
        }
        return different;
    }

    /** Of whole numbers, which doubles do not tell apart beyond 2^53. */
    private static long differentWhole(Columns rows, int c) {
        long[] values = IntStream.range(0, rows.rows())
                .filter(row -> !rows.isMissing(c, row))
                .mapToLong(row -> rows.integer(c, row))
                .sorted()
                .toArray();
        long different = 0;
        for (int i = 0; i < values.length; i++) {
            different += i == 0 || values[i] != values[i - 1] ? 1 : 0;
        }
        return different;
    }

    private static List<ColumnProfile> texts(DuckSession session, String source, long rows, List<Column> some)
            throws SQLException {
        String asked = some.stream()
                .map(column -> SelectStatement.identifier(column.name()))
                .map(name -> "count(%s), count(DISTINCT %s)".formatted(name, name))
                .collect(Collectors.joining(", "));
        Iterator<Optional<String>> answers =
                session.rows("SELECT " + asked + " FROM " + source).getFirst().iterator();
        List<ColumnProfile> profiles = new ArrayList<>();
        for (Column column : some) {
            profiles.add(new ColumnProfile(
                    column.name(),
                    column.type(),
                    rows - Long.parseLong(answers.next().orElseThrow()),
                    Long.parseLong(answers.next().orElseThrow()),
                    0,
                    Optional.empty(),
                    words(session, source, SelectStatement.identifier(column.name())),
                    Optional.empty()));
        }
        return profiles;
    }

    private static List<Word> words(DuckSession session, String source, String name) throws SQLException {
        return session
                .rows("SELECT CAST(" + name + " AS VARCHAR) AS word, count(*) AS n FROM " + source + " WHERE " + name
                        + " IS NOT NULL GROUP BY word ORDER BY n DESC, word LIMIT " + MOST_WORDS)
                .stream()
                .map(row -> new Word(
                        row.get(0).orElseThrow(), Long.parseLong(row.get(1).orElseThrow())))
                .toList();
    }
}
