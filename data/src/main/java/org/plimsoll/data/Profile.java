package org.plimsoll.data;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
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

    /** Their values are in memory at once, for the quantiles. */
    private static final long MOST_CELLS = 5_000_000;

    private static final int MOST_TOGETHER = 20;

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
            int together = (int) Math.clamp(MOST_CELLS / Math.max(1, rows), 1, MOST_TOGETHER);
            List<ColumnProfile> columns = new ArrayList<>();
            for (int from = 0; from < schema.size(); from += together) {
                columns.addAll(of(
                        session, source, schema.columns().subList(from, Math.min(schema.size(), from + together))));
            }
            return new Profile(V, rows, columns);
        });
    }

    /** Some columns at a time: a question about one of a thousand takes longer to plan than to answer. */
    private static List<ColumnProfile> of(DuckSession session, String source, List<Column> some) throws SQLException {
        String shares = IntStream.rangeClosed(0, TWENTIETHS)
                .mapToObj(i -> Double.toString((double) i / TWENTIETHS))
                .collect(Collectors.joining(", ", "[", "]"));
        List<String> values = new ArrayList<>();
        List<String> distinct = new ArrayList<>();
        List<String> asked = new ArrayList<>();
        for (int i = 0; i < some.size(); i++) {
            Column column = some.get(i);
            boolean isNumber = column.type() == ColumnType.NUMBER;
            String name = SelectStatement.identifier(column.name());
            String value =
                    column.type() == ColumnType.BOOLEAN ? "CAST(" + name + " AS BIGINT)" : DuckTypes.shaped(column);
            String absent = DuckSession.absent(column);
            values.add("%s AS a%d, CASE WHEN NOT %s THEN %s END AS v%d".formatted(absent, i, absent, value, i));
            distinct.add("count(DISTINCT v%d)".formatted(i));
            asked.add("count(*) FILTER (WHERE a%d), %s"
                    .formatted(i, isNumber ? "count(*) FILTER (WHERE isinf(v%d))".formatted(i) : "0"));
            if (!column.type().isText()) {
                values.add(
                        isNumber
                                ? "CASE WHEN isfinite(%s) THEN %s END AS f%d".formatted(value, value, i)
                                : value + " AS f" + i);
                asked.add("avg(f%d), stddev_pop(f%d), array_to_string(quantile_disc(CAST(f%d AS DOUBLE), %s), ' ')"
                        .formatted(i, i, i, shares));
            }
        }
        String rows = " FROM (SELECT " + String.join(", ", values) + " FROM " + source + ")";
        List<Optional<String>> different =
                session.rows("SELECT " + String.join(", ", distinct) + rows).getFirst();
        Iterator<Optional<String>> answers = session.rows("SELECT " + String.join(", ", asked) + rows)
                .getFirst()
                .iterator();
        List<ColumnProfile> profiles = new ArrayList<>();
        for (int i = 0; i < some.size(); i++) {
            Column column = some.get(i);
            boolean isText = column.type().isText();
            profiles.add(new ColumnProfile(
                    column.name(),
                    column.type(),
                    Long.parseLong(answers.next().orElseThrow()),
                    Long.parseLong(different.get(i).orElseThrow()),
                    Long.parseLong(answers.next().orElseThrow()),
                    isText ? Optional.empty() : numbers(answers.next(), answers.next(), answers.next()),
                    isText ? words(session, source, SelectStatement.identifier(column.name())) : List.of(),
                    Optional.empty()));
        }
        return profiles;
    }

    private static Optional<Numbers> numbers(
            Optional<String> mean, Optional<String> deviation, Optional<String> quantiles) {
        return quantiles.map(all -> new Numbers(
                Double.parseDouble(mean.orElseThrow()),
                Double.parseDouble(deviation.orElseThrow()),
                Arrays.stream(all.split(" ")).map(Double::valueOf).toList(),
                Optional.empty()));
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
