package org.plimsoll.data;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.plimsoll.core.Problem;

/**
 * Finds the type of every column of a table, and counts it: guessed from rows spread over the file, then held against all rows; a
 * guess that one value does not fit gives way to the next, down to text.
 *
 * <p>Columns are asked about some at a time, so that memory does not grow with their number.
 */
final class TypeInference {

    private static final int SAMPLE_ROWS = 2_000;
    private static final int SAMPLE_CELLS = 300_000;
    private static final int TOGETHER = 40;
    private static final int COUNTED_EXACTLY = 2_000;
    private static final int COUNTED_EXACTLY_NUMBERS = 200; // with decimals: more are hardly classes
    private static final double COUNTED_AGAIN = 0.81; // of estimates that may mean "in nine of ten rows"
    private static final int FEW = 20;
    private static final String PLACE = "place";
    private static final Pattern DIGIT = Pattern.compile(".*[0-9].*", Pattern.DOTALL);

    private final DuckSession session;
    private final RawTable table;
    private final Optional<String> time;
    private final List<RawColumn> columns;
    private final List<String> notes = new ArrayList<>();
    private long rows;

    private TypeInference(DuckSession session, RawTable table, Optional<String> time) {
        this.session = session;
        this.table = table;
        this.time = time;
        this.columns = new ArrayList<>(table.columns());
    }

    /**
     * What was found.
     *
     * @param columns with their types and counts, in the order of the file
     * @param notes on how values are read, one sentence each
     * @param marks how numbers are written, where that is not plain
     */
    record Found(List<RawColumn> columns, long rows, List<String> notes, List<String> marks) {

        RawColumn column(String name) {
            return columns.stream()
                    .filter(column -> column.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /**
     * Looks at all rows.
     *
     * @param time a column that is to be instants, also where it holds years or seconds
     * @throws Problem where there are no rows, or the time cannot be read as such
     */
    static Found of(DuckSession session, RawTable table, Optional<String> time) throws SQLException {
        return new TypeInference(session, table, time).find();
    }

    private Found find() throws SQLException {
        rows = number(
                session.rows("SELECT count(*) FROM " + table.rows()).getFirst().getFirst());
        if (rows == 0) {
            throw Problem.of(
                    Problem.Kind.INVALID, table.file() + " names columns and has no rows; a model learns from rows");
        }
        guess();
        List<RawColumn> open = new ArrayList<>(columns);
        while (!open.isEmpty()) {
            List<RawColumn> again = new ArrayList<>();
            for (List<RawColumn> some : RawColumn.together(open, TOGETHER)) {
                again.addAll(count(some));
            }
            open = again;
        }
        if (time.isPresent()) {
            readTime(time.get());
        }
        countExactly();
        for (RawColumn column : columns) {
            if (column.isText() && column.type() == ColumnType.TIMESTAMP) {
                column.note().ifPresent(note -> notes.add("Dates of " + column.shown() + " are read " + note + "."));
            }
        }
        List<String> marks = columns.stream()
                .filter(column -> column.type() == ColumnType.NUMBER || column.type() == ColumnType.INTEGER)
                .flatMap(column -> column.note().stream())
                .distinct()
                .toList();
        return new Found(List.copyOf(columns), rows, List.copyOf(notes), marks);
    }

    // ---- guesses from some rows

    private void guess() throws SQLException {
        List<RawColumn> texts = columns.stream().filter(RawColumn::isText).toList();
        int wanted = Math.max(100, Math.min(SAMPLE_ROWS, SAMPLE_CELLS / Math.max(1, texts.size())));
        long every = Math.max(1, rows / wanted);
        for (List<RawColumn> some : RawColumn.together(texts, TOGETHER)) {
            List<List<Optional<String>>> sample = session.rows("SELECT * EXCLUDE (" + PLACE + ") FROM (SELECT "
                    + each(some, (column, i) -> "left(" + column.value() + ", 100) AS p" + i)
                    + ", row_number() OVER () AS " + PLACE + " FROM "
                    + some.getFirst().table() + ") WHERE " + PLACE
                    + " % " + every + " = 0 LIMIT " + 2 * wanted);
            for (int i = 0; i < some.size(); i++) {
                int place = i;
                guess(
                        some.get(i),
                        sample.stream()
                                .flatMap(row -> row.get(place).stream())
                                .filter(value -> !TextValues.isMissing(value))
                                .toList());
            }
        }
    }

    /** One or two words among numbers or dates are another way to say that there is none. */
    private void guess(RawColumn column, List<String> some) {
        List<TextValues> fitting = TextValues.guess(some, table.decimalComma());
        column.readBy(fitting);
        if (fitting.getFirst().type() != ColumnType.TEXT || some.size() < FEW) {
            return;
        }
        Set<String> words =
                some.stream().filter(value -> !DIGIT.matcher(value).matches()).collect(Collectors.toSet());
        List<String> rest =
                some.stream().filter(value -> !words.contains(value)).toList();
        if (words.isEmpty() || words.size() > 2 || 2 * rest.size() < some.size()) {
            return;
        }
        List<TextValues> readings = TextValues.guess(rest, table.decimalComma());
        if (readings.getFirst().type() != ColumnType.TEXT) {
            column.readBy(readings);
            column.readAsMissing(words);
            notes.add(words.stream().sorted().map(Inspection::shown).collect(Collectors.joining(" and ")) + " in "
                    + column.shown() + " is read as missing.");
        }
    }

    // ---- held against all rows

    /** Counts these columns; those whose values do not all fit come back, with the next reading. */
    private List<RawColumn> count(List<RawColumn> some) throws SQLException {
        List<Optional<String>> row = session.rows("SELECT " + each(some, TypeInference::asks) + " FROM (SELECT "
                        + each(some, (column, i) -> "p" + i + ", " + column.read("p" + i) + " AS v" + i)
                        + " FROM (SELECT " + each(some, (column, i) -> column.value() + " AS p" + i) + " FROM "
                        + some.getFirst().table() + "))")
                .getFirst();
        List<RawColumn> again = new ArrayList<>();
        for (int i = 0; i < some.size(); i++) {
            RawColumn column = some.get(i);
            List<Optional<String>> answers = row.subList(6 * i, 6 * i + 6);
            ColumnType tried = column.type();
            long misfits = number(answers.get(1));
            if (misfits > 0 && column.isText() && column.readOtherwise()) {
                sayMisfits(column, tried, misfits);
                again.add(column);
                continue;
            }
            long missing = number(answers.get(0));
            column.counted(
                    missing,
                    Math.min(rows - missing, number(answers.get(2))),
                    answers.get(3).map(Double::valueOf),
                    answers.get(4).map(Double::valueOf),
                    number(answers.get(5)));
        }
        return again;
    }

    /** Missing, not fitting, different, least, greatest, longest. */
    private static String asks(RawColumn column, int i) {
        return "count(*) - count(p" + i + "), count(p" + i + ") - count(v" + i + "), approx_count_distinct(v" + i
                + "), min(" + column.number("v" + i) + "), max(" + column.number("v" + i) + "), "
                + (column.type().isText() ? "max(strlen(p" + i + "))" : "0");
    }

    /** What is said of a column in SQL. */
    private interface Clause {
        String of(RawColumn column, int place);
    }

    private static String each(List<RawColumn> some, Clause clause) {
        return IntStream.range(0, some.size())
                .mapToObj(i -> clause.of(some.get(i), i))
                .collect(Collectors.joining(", "));
    }

    private void sayMisfits(RawColumn column, ColumnType tried, long misfits) {
        if (misfits < rows / 100 + 10 && column.type() == ColumnType.TEXT) {
            notes.add("%,d %s of %s %s no %s: it is read as text."
                    .formatted(
                            misfits,
                            misfits == 1 ? "value" : "values",
                            column.shown(),
                            misfits == 1 ? "is" : "are",
                            tried == ColumnType.TIMESTAMP ? "dates" : "numbers"));
        }
    }

    private static long number(Optional<String> value) {
        return value.map(Long::parseLong).orElse(0L);
    }

    /** Counts again where an estimate is not enough: few values, or almost as many as rows. */
    private void countExactly() throws SQLException {
        List<RawColumn> few = new ArrayList<>();
        for (RawColumn column : columns) {
            long there = rows - column.missing();
            if (!column.isKept() || there == 0) {
                continue;
            }
            if (column.distinct() <= (column.type() == ColumnType.NUMBER ? COUNTED_EXACTLY_NUMBERS : COUNTED_EXACTLY)) {
                few.add(column);
            } else if (column.distinct() >= COUNTED_AGAIN * there && column.type() != ColumnType.NUMBER) {
                countExactly(
                        List.of(column),
                        typed -> "count(DISTINCT hash(" + typed + ")) FILTER (WHERE " + typed + " IS NOT NULL)");
            }
        }
        for (List<RawColumn> some : RawColumn.together(few, TOGETHER)) {
            countExactly(some, typed -> "count(DISTINCT " + typed + ")");
        }
    }

    private void countExactly(List<RawColumn> some, UnaryOperator<String> count) throws SQLException {
        List<Optional<String>> row = session.rows("SELECT " + each(some, (_, i) -> count.apply("v" + i))
                        + " FROM (SELECT " + each(some, (column, i) -> column.typed() + " AS v" + i) + " FROM "
                        + some.getFirst().table() + ")")
                .getFirst();
        for (int i = 0; i < some.size(); i++) {
            some.get(i).countedExactly(number(row.get(i)));
        }
    }

    // ---- time

    /** Years, and seconds or milliseconds since 1970, where the person says that a column of numbers is the time. */
    private void readTime(String name) throws SQLException {
        RawColumn given = table.column(name);
        if (given.type() == ColumnType.TIMESTAMP) {
            return;
        }
        Optional<String> sql = given.type() == ColumnType.INTEGER
                ? instantOf(given.least().orElse(0.0), given.greatest().orElse(0.0))
                : Optional.empty();
        if (sql.isEmpty()) {
            throw Problem.invalid(
                    "--time " + given.shown(),
                    "a column of " + words(given.type()) + examples(given),
                    "dates such as 2024-05-31 or 31.05.2024, instants such as 2024-05-31T12:00:00Z, years, or seconds"
                            + " since 1970");
        }
        RawColumn read = given.rereadAs(new TextValues(
                ColumnType.TIMESTAMP, sql.get().replace("N", "TRY_CAST(v AS BIGINT)"), Optional.empty()));
        columns.set(columns.indexOf(given), read);
        count(List.of(read));
    }

    /** SQL that makes an instant of the whole number N, by how great these numbers are. */
    private static Optional<String> instantOf(double least, double greatest) {
        if (least >= 1_000 && greatest <= 3_000) {
            return Optional.of("make_timestamp(N, 1, 1, 0, 0, 0)");
        }
        if (least >= 19_000_101 && greatest <= 21_001_231) {
            return Optional.of("try_strptime(CAST(N AS VARCHAR), '%Y%m%d')");
        }
        if (least >= 1e8 && greatest <= 1e10) {
            return Optional.of("make_timestamp(N * 1000000)");
        }
        return least >= 1e11 && greatest <= 1e13 ? Optional.of("make_timestamp(N * 1000)") : Optional.empty();
    }

    private String examples(RawColumn column) throws SQLException {
        String some = session
                .rows("SELECT DISTINCT CAST(" + column.typed() + " AS VARCHAR) AS x FROM (SELECT * FROM "
                        + column.table() + " LIMIT 1000) WHERE x IS NOT NULL ORDER BY x LIMIT 3")
                .stream()
                .map(row -> Inspection.shown(row.getFirst().orElse("")))
                .collect(Collectors.joining(", "));
        return some.isEmpty() ? "" : ", such as " + some;
    }

    private static String words(ColumnType type) {
        return switch (type) {
            case BOOLEAN -> "true and false";
            case INTEGER -> "whole numbers";
            case NUMBER -> "numbers";
            case TEXT, CATEGORY -> "texts";
            case TIMESTAMP -> "dates";
        };
    }
}
