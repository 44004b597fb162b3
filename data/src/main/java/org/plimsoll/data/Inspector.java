package org.plimsoll.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Inspection.ClassCount;
import org.plimsoll.data.Inspection.InspectedColumn;
import org.plimsoll.data.Inspection.Target;
import org.plimsoll.data.Inspection.Time;
import org.plimsoll.data.Inspection.Use;

/**
 * Looks through a person's CSV or Parquet file, in memory that does not grow with it, and writes its rows with the types found as a
 * Parquet file that everything after reads.
 *
 * <pre>
 *  CSV ─▶ text in Parquet ─▶ a guess from some rows, held against all ─▶ typed Parquet
 *  Parquet ──────────────────┘      types, missing, distinct               └─▶ target, time, leakage from a sample
 * </pre>
 */
public final class Inspector {

    /**
     * What the person said.
     *
     * @param target the column to be learned
     * @param time says when the question was asked
     * @param entity names what a row is about
     * @param segments are judged one by one
     */
    public record Asked(String target, Optional<String> time, Optional<String> entity, List<String> segments) {
        public Asked {
            segments = List.copyOf(segments);
        }
    }

    /** More classes than these are told apart by nobody's gate. */
    public static final int MOST_CLASSES = 100;

    private static final int MOST_SEGMENT_VALUES = 1_000;
    private static final int SAMPLE_ROWS = 2_000;
    private static final int LEAKAGE_ROWS = 30_000;
    private static final int SAMPLE_CELLS = 5_000_000;
    private static final int TOGETHER = 40;
    private static final int COUNTED_EXACTLY = 2_000;
    private static final double ALMOST_ALL = 0.9;
    private static final int LONGEST_TEXT = 10_000;
    private static final Pattern ID = Pattern.compile(
            "(?i)(.*[_ .-])?(id|ids|uuid|guid|key|index|idx|rownames?|row_?(number|id|index)|serial|account_?no)|.*[a-z](Id|ID|Key|UUID)|unnamed: ?[0-9]+");
    private static final Pattern DIGIT = Pattern.compile(".*[0-9].*", Pattern.DOTALL);

    private final Query query;
    private final Path scratch;

    /** @param scratch a folder for what is only needed meanwhile */
    public Inspector(Query query, Path scratch) {
        this.query = query;
        this.scratch = scratch;
    }

    /**
     * Looks through a file.
     *
     * @param file {@code .csv}, {@code .tsv}, {@code .txt}, each also with {@code .gz}; or {@code .parquet}
     * @param rows where the typed rows are written, a Parquet file that does not exist yet
     * @throws Problem where the file cannot be read, or nothing can be learned from it, with what to do
     */
    public Inspection inspect(Path file, Path rows, Asked asked) {
        if (!Files.isRegularFile(file)) {
            throw Problem.of(
                    Problem.Kind.NOT_FOUND,
                    Files.isDirectory(file) ? file + " is a folder; name a file" : "there is no file " + file);
        }
        Path folder = scratch.resolve("inspection-" + Ids.next());
        try {
            Files.createDirectories(folder);
            return new Underway(file, rows, folder, asked).inspect();
        } catch (IOException e) {
            throw Problem.internal("cannot work in " + folder, e);
        } finally {
            remove(folder);
        }
    }

    private static void remove(Path folder) {
        try (var all = Files.walk(folder)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            System.getLogger(Inspector.class.getName())
                    .log(System.Logger.Level.WARNING, folder + " could not be removed", e);
        }
    }

    /** A column on its way: how its values are read, and what all rows say of it. */
    private static final class Seen {
        private final String name;
        private final String source; // its SQL name
        private final Optional<ColumnType> given; // of Parquet columns that have a type
        private List<TextValues> readings = List.of();
        private final Set<String> alsoMissing = new LinkedHashSet<>();
        private Optional<String> refused = Optional.empty(); // a type that is none of ours
        private long missing;
        private long distinct;
        private Optional<Double> least = Optional.empty();
        private Optional<Double> greatest = Optional.empty();
        private long longest;

        Seen(String name, String source, Optional<ColumnType> given) {
            this.name = name;
            this.source = source;
            this.given = given;
        }

        ColumnType type() {
            return given.orElseGet(() -> readings.getFirst().type());
        }

        /** SQL that is true where there is no value. */
        String absent() {
            if (given.isPresent()) {
                return given.get() == ColumnType.NUMBER
                        ? "(" + source + " IS NULL OR NOT isfinite(CAST(" + source + " AS DOUBLE)))"
                        : "(" + source + " IS NULL)";
            }
            return TextValues.missing("trim(" + source + ", ' \t\r\n\u00a0')", alsoMissing);
        }

        /** SQL of its typed value, NULL where there is none or it does not fit. */
        String typed() {
            if (given.isPresent()) {
                String value = switch (given.get()) {
                    case BOOLEAN -> source;
                    case INTEGER -> "CAST(" + source + " AS BIGINT)";
                    case NUMBER -> "CAST(" + source + " AS DOUBLE)";
                    case TEXT, CATEGORY -> "CAST(" + source + " AS VARCHAR)";
                    case TIMESTAMP -> "CAST(" + source + " AS TIMESTAMP)";
                };
                return "CASE WHEN NOT " + absent() + " THEN " + value + " END";
            }
            String read = readings.getFirst().sql().replaceAll("\\bv\\b", "trim(" + source + ", ' \t\r\n\u00a0')");
            return "CASE WHEN NOT " + absent() + " THEN " + read + " END";
        }

        /** SQL of its value as a number; NULL for words. */
        String number() {
            return switch (type()) {
                case BOOLEAN -> "CAST(" + typed() + " AS BIGINT)";
                case INTEGER, NUMBER -> typed();
                case TIMESTAMP -> "epoch_ms(" + typed() + ")";
                case TEXT, CATEGORY -> "CAST(NULL AS BIGINT)";
            };
        }

        boolean isKept() {
            return refused.isEmpty() && longest <= LONGEST_TEXT;
        }
    }

    private final class Underway {
        private final Path file;
        private final Path output;
        private final Path folder;
        private final Asked asked;
        private final List<String> notes = new ArrayList<>();
        private final List<Seen> columns = new ArrayList<>();
        private String format = "Parquet";
        private boolean decimalComma;
        private Path parquet;
        private long rows;

        Underway(Path file, Path output, Path folder, Asked asked) {
            this.file = file;
            this.output = output;
            this.folder = folder;
            this.asked = asked;
            this.parquet = file;
        }

        Inspection inspect() throws IOException {
            String extension = file.getFileName().toString().toLowerCase(Locale.ROOT);
            if (extension.endsWith(".parquet") || extension.endsWith(".pq")) {
                openParquet();
            } else {
                openText();
            }
            refuseUnknown();
            query.run(List.of(parquet), this::look);
            query.run(List.of(parquet, output), session -> {
                List<String> typed = columns.stream()
                        .filter(Seen::isKept)
                        .map(column -> column.typed() + " AS " + SelectStatement.identifier(column.name))
                        .toList();
                return session.copy("SELECT " + String.join(", ", typed) + " FROM " + source(), output);
            });
            return query.run(List.of(output), this::conclude);
        }

        private String source() {
            return "read_parquet(["
                    + SelectStatement.quoted(parquet.toAbsolutePath().toString()) + "])";
        }

        // ---- opening

        private void openText() throws IOException {
            DelimitedText text = DelimitedText.open(file, folder.resolve("utf8.csv"));
            decimalComma = text.delimiter() == ';';
            format = "CSV with " + (text.names().size() == 1 ? "one column" : text.delimiterName() + "s")
                    + text.encoding().map(encoding -> ", " + encoding).orElse("");
            List<String> names = cleaned(text.names());
            for (int i = 0; i < names.size(); i++) {
                columns.add(new Seen(names.get(i), "c" + i, Optional.empty()));
            }
            refuseUnknown(); // before the whole file is read
            parquet = folder.resolve("text.parquet");
            try {
                query.run(
                        List.of(text.utf8(), parquet),
                        session -> session.stage("SELECT * FROM " + text.sql(), parquet, text.recordBytes()));
            } catch (Problem problem) {
                throw unreadable(problem);
            }
        }

        private Problem unreadable(Problem problem) {
            var line = Pattern.compile("CSV Error on Line: ([0-9]+)").matcher(problem.detail());
            var counts = Pattern.compile("Expected Number of Columns: ([0-9]+) Found: ([0-9]+)")
                    .matcher(problem.detail());
            String where = line.find() ? file + ", line " + line.group(1) + ": " : file + ": ";
            if (counts.find()) {
                return Problem.of(
                        Problem.Kind.INVALID,
                        where + "it has " + counts.group(2) + " values, and the first line names " + counts.group(1)
                                + " columns; quote values that hold the delimiter, or mend the line");
            }
            if (problem.detail().toLowerCase(Locale.ROOT).contains("quote")) {
                return Problem.of(
                        Problem.Kind.INVALID,
                        where + "a quote is opened and not closed as it should be; write a quote inside a value twice");
            }
            if (problem.detail().toLowerCase(Locale.ROOT).contains("maximum line size")) {
                return Problem.of(
                        Problem.Kind.TOO_LARGE,
                        where + "a record is longer than " + (DelimitedText.LONGEST_RECORD >> 20)
                                + " MiB; is a quote opened and never closed?");
            }
            return problem.kind() == Problem.Kind.INVALID
                    ? Problem.of(
                            Problem.Kind.INVALID,
                            where + problem.detail().lines().findFirst().orElse(""))
                    : problem;
        }

        private void openParquet() {
            try {
                query.run(List.of(file), session -> {
                    List<String> found = new ArrayList<>();
                    List<List<Optional<String>>> described = session.rows("DESCRIBE SELECT * FROM " + source());
                    described.forEach(row -> found.add(row.getFirst().orElseThrow()));
                    List<String> names = cleaned(found);
                    for (int i = 0; i < names.size(); i++) {
                        String type = described.get(i).get(1).orElseThrow();
                        columns.add(parquetColumn(names.get(i), found.get(i), type));
                    }
                    return columns;
                });
            } catch (Problem problem) {
                throw problem.kind() == Problem.Kind.INVALID
                        ? Problem.of(
                                Problem.Kind.INVALID,
                                file + " cannot be read as Parquet ("
                                        + problem.detail().lines().findFirst().orElse("")
                                        + "); is it whole?")
                        : problem;
            }
        }

        private static Seen parquetColumn(String name, String original, String duckType) {
            String source = SelectStatement.identifier(original);
            try {
                ColumnType type = DuckTypes.ours(name, duckType);
                boolean isText = duckType.equals("VARCHAR") || type == ColumnType.CATEGORY;
                return isText
                        ? new Seen(name, "CAST(" + source + " AS VARCHAR)", Optional.empty())
                        : new Seen(name, source, Optional.of(type));
            } catch (Problem notOurs) {
                Seen refused = new Seen(name, "CAST(NULL AS VARCHAR)", Optional.empty());
                refused.refused =
                        Optional.of("its type, " + duckType.toLowerCase(Locale.ROOT) + ", is none a model takes");
                return refused;
            }
        }

        /** Names without spaces around them, none empty, none twice (upper and lower case are one to SQL), none of ours. */
        private List<String> cleaned(List<String> given) {
            List<String> names = new ArrayList<>();
            Set<String> taken = new HashSet<>(Set.of(Schema.FILE, Schema.ROW));
            for (int i = 0; i < given.size(); i++) {
                String base = given.get(i).replace("\0", "").strip();
                String name = base.isEmpty() ? "column_" + (i + 1) : base;
                for (int n = 2; !taken.add(name.toLowerCase(Locale.ROOT)); n++) {
                    name = (base.isEmpty() ? "column_" + (i + 1) : base) + "_" + n;
                }
                if (!name.equals(base)) {
                    notes.add("Column " + (i + 1)
                            + (base.isEmpty() ? " has no name" : ", " + shown(base) + ", has a name that is taken")
                            + ": it is called " + shown(name) + ".");
                }
                names.add(name);
            }
            return names;
        }

        private void refuseUnknown() {
            Schema schema = new Schema(columns.stream()
                    .map(column -> Column.optional(column.name, ColumnType.TEXT))
                    .toList());
            schema.column(asked.target());
            asked.time().ifPresent(schema::column);
            asked.entity().ifPresent(schema::column);
            asked.segments().forEach(schema::column);
            List<String> roles = new ArrayList<>(List.of(asked.target()));
            asked.time().ifPresent(roles::add);
            asked.entity().ifPresent(roles::add);
            if (new HashSet<>(roles).size() < roles.size() || asked.segments().contains(asked.target())) {
                throw Problem.invalid(
                        "target, time, entity and segments", roles, "the target to be a column of its own");
            }
        }

        // ---- types and counts

        private List<Seen> look(DuckSession session) throws SQLException {
            rows = Long.parseLong(session.rows("SELECT count(*) FROM " + source())
                    .getFirst()
                    .getFirst()
                    .orElseThrow());
            if (rows == 0) {
                throw Problem.of(Problem.Kind.INVALID, file + " names columns and has no rows");
            }
            guess(session);
            List<Seen> open = new ArrayList<>(columns);
            while (!open.isEmpty()) {
                List<Seen> again = new ArrayList<>();
                for (int from = 0; from < open.size(); from += TOGETHER) {
                    again.addAll(count(session, open.subList(from, Math.min(open.size(), from + TOGETHER))));
                }
                open = again;
            }
            timeOfNumbers(session);
            countExactly(session);
            columns.forEach(column -> column.readings.stream()
                    .findFirst()
                    .flatMap(TextValues::note)
                    .ifPresent(note -> {
                        if (column.type() == ColumnType.TIMESTAMP) {
                            notes.add("Dates of " + shown(column.name) + " are read " + note + ".");
                        }
                    }));
            List<String> commas = columns.stream()
                    .filter(column -> column.type() == ColumnType.NUMBER)
                    .flatMap(column -> column.readings.stream().findFirst().flatMap(TextValues::note).stream())
                    .distinct()
                    .toList();
            format += commas.isEmpty() ? "" : ", " + String.join(", ", commas);
            return columns;
        }

        private void guess(DuckSession session) throws SQLException {
            List<Seen> texts =
                    columns.stream().filter(column -> column.given.isEmpty()).toList();
            int wanted = Math.max(100, Math.min(SAMPLE_ROWS, SAMPLE_CELLS / 5 / Math.max(1, texts.size())));
            long every = Math.max(1, rows / wanted);
            for (int from = 0; from < texts.size(); from += TOGETHER) {
                List<Seen> some = texts.subList(from, Math.min(texts.size(), from + TOGETHER));
                String values = some.stream()
                        .map(column -> "left(trim(" + column.source + ", ' \t\r\n\u00a0'), 100)")
                        .collect(Collectors.joining(", "));
                List<List<Optional<String>>> sample = session.rows("SELECT " + values + " FROM read_parquet("
                        + SelectStatement.quoted(parquet.toAbsolutePath().toString())
                        + ", file_row_number = true) WHERE file_row_number % " + every + " = 0 LIMIT " + 2 * wanted);
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
        private void guess(Seen column, List<String> some) {
            column.readings = TextValues.guess(some, decimalComma);
            if (column.type() != ColumnType.TEXT || some.size() < 20) {
                return;
            }
            Set<String> words = some.stream()
                    .filter(value -> !DIGIT.matcher(value).matches())
                    .collect(Collectors.toSet());
            List<String> rest =
                    some.stream().filter(value -> !words.contains(value)).toList();
            if (words.isEmpty() || words.size() > 2 || 2 * rest.size() < some.size()) {
                return;
            }
            List<TextValues> readings = TextValues.guess(rest, decimalComma);
            if (readings.getFirst().type() != ColumnType.TEXT) {
                column.readings = readings;
                column.alsoMissing.addAll(words);
                notes.add(words.stream().sorted().map(Inspector::shown).collect(Collectors.joining(" and ")) + " in "
                        + shown(column.name) + " is read as missing.");
            }
        }

        /** Counts these columns; those whose values do not all fit come back, with the next reading. */
        private List<Seen> count(DuckSession session, List<Seen> some) throws SQLException {
            String asks = some.stream()
                    .map(column -> "count(*) FILTER (WHERE " + column.absent() + "), count(*) FILTER (WHERE NOT "
                            + column.absent() + " AND " + column.typed() + " IS NULL), approx_count_distinct("
                            + column.typed() + "), min(" + column.number() + "), max(" + column.number() + "), "
                            + (column.type().isText() ? "max(strlen(" + column.source + "))" : "0"))
                    .collect(Collectors.joining(", "));
            List<Optional<String>> row =
                    session.rows("SELECT " + asks + " FROM " + source()).getFirst();
            List<Seen> again = new ArrayList<>();
            for (int i = 0; i < some.size(); i++) {
                Seen column = some.get(i);
                long misfits = number(row.get(6 * i + 1));
                if (misfits > 0 && column.readings.size() > 1) {
                    if (misfits < rows / 100 + 10 && column.type() != ColumnType.INTEGER) {
                        notes.add("%,d values of %s are no %s: it is read as text."
                                .formatted(
                                        misfits,
                                        shown(column.name),
                                        column.type() == ColumnType.TIMESTAMP ? "dates" : "numbers"));
                    }
                    column.readings = column.readings.subList(1, column.readings.size());
                    again.add(column);
                    continue;
                }
                column.missing = number(row.get(6 * i));
                column.distinct = Math.min(rows - column.missing, number(row.get(6 * i + 2)));
                column.least = row.get(6 * i + 3).map(Double::valueOf);
                column.greatest = row.get(6 * i + 4).map(Double::valueOf);
                column.longest = number(row.get(6 * i + 5));
            }
            return again;
        }

        private static long number(Optional<String> value) {
            return value.map(Long::parseLong).orElse(0L);
        }

        /** Years, and seconds or milliseconds since 1970, where the person says that a column of numbers is the time. */
        private void timeOfNumbers(DuckSession session) throws SQLException {
            if (asked.time().isEmpty()) {
                return;
            }
            Seen time = column(asked.time().get());
            if (time.type() == ColumnType.TIMESTAMP) {
                return;
            }
            double least = time.least.orElse(0.0);
            double greatest = time.greatest.orElse(0.0);
            Optional<String> sql = time.type() != ColumnType.INTEGER
                    ? Optional.empty()
                    : least >= 1000 && greatest <= 3000
                            ? Optional.of("make_timestamp(N, 1, 1, 0, 0, 0)")
                            : least >= 1e8 && greatest <= 1e10
                                    ? Optional.of("make_timestamp(N * 1000000)")
                                    : least >= 1e11 && greatest <= 1e13
                                            ? Optional.of("make_timestamp(N * 1000)")
                                            : least >= 19_000_101 && greatest <= 21_001_231
                                                    ? Optional.of("try_strptime(CAST(N AS VARCHAR), '%Y%m%d')")
                                                    : Optional.empty();
            if (sql.isEmpty()) {
                throw Problem.invalid(
                        "--time " + time.name,
                        "a column of " + words(time.type()) + examples(session, time),
                        "dates such as 2024-05-31 or 31.05.2024, instants such as 2024-05-31T12:00:00Z, years, or seconds"
                                + " since 1970");
            }
            String text = time.given.isPresent() ? "CAST(" + time.source + " AS VARCHAR)" : time.source;
            Seen typed = new Seen(time.name, text, Optional.empty());
            typed.alsoMissing.addAll(time.alsoMissing);
            typed.readings = List.of(new TextValues(
                    ColumnType.TIMESTAMP, sql.get().replace("N", "TRY_CAST(v AS BIGINT)"), Optional.empty()));
            columns.set(columns.indexOf(time), typed);
            count(session, List.of(typed));
        }

        private String examples(DuckSession session, Seen column) throws SQLException {
            String some = session
                    .rows("SELECT DISTINCT CAST(" + column.typed() + " AS VARCHAR) AS x FROM (SELECT * FROM " + source()
                            + " LIMIT 1000) WHERE x IS NOT NULL ORDER BY x LIMIT 3")
                    .stream()
                    .map(row -> shown(row.getFirst().orElse("")))
                    .collect(Collectors.joining(", "));
            return some.isEmpty() ? "" : ", such as " + some;
        }

        private void countExactly(DuckSession session) throws SQLException {
            for (Seen column : columns) {
                long there = rows - column.missing;
                boolean few = column.distinct <= COUNTED_EXACTLY;
                boolean almostAll = column.distinct >= ALMOST_ALL * 0.9 * there && column.type() != ColumnType.NUMBER;
                if (column.isKept() && there > 0 && (few || almostAll)) {
                    column.distinct = number(session.rows("SELECT count(DISTINCT " + (few ? "" : "hash(")
                                    + column.typed() + (few ? "" : ")")
                                    + ") FILTER (WHERE NOT " + column.absent() + ") FROM " + source())
                            .getFirst()
                            .getFirst());
                }
            }
        }

        private Seen column(String name) {
            return columns.stream()
                    .filter(column -> column.name.equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        // ---- what follows

        private Inspection conclude(DuckSession session) throws SQLException {
            Target target = target(session);
            Optional<Time> time = asked.time().isPresent() ? Optional.of(time(session)) : Optional.empty();
            for (String segment : asked.segments()) {
                Seen column = column(segment);
                if (column.distinct > MOST_SEGMENT_VALUES || !column.isKept()) {
                    throw Problem.invalid(
                            "--segments " + segment,
                            "%,d different values".formatted(column.distinct),
                            "a column of at most %,d".formatted(MOST_SEGMENT_VALUES));
                }
            }
            Map<String, String> suspects = suspects(session, target);
            List<InspectedColumn> inspected = new ArrayList<>();
            for (Seen column : columns) {
                Use use = use(column.name);
                Optional<String> why = use == Use.FEATURE ? reason(column, suspects) : Optional.empty();
                inspected.add(new InspectedColumn(
                        column.name,
                        column.type(),
                        column.missing,
                        column.distinct,
                        column.least,
                        column.greatest,
                        column.isKept(),
                        why.isPresent() ? Use.LEFT_OUT : use,
                        why));
            }
            if (inspected.stream().noneMatch(column -> column.use() == Use.FEATURE)) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "no column is left that a model could learn " + shown(asked.target()) + " from: "
                                + inspected.stream()
                                        .flatMap(column ->
                                                column.why().stream().map(why -> shown(column.name()) + " " + why))
                                        .limit(10)
                                        .collect(Collectors.joining("; ")));
            }
            return new Inspection(
                    file.getFileName().toString(),
                    size(),
                    format,
                    rows,
                    target,
                    time,
                    asked.entity(),
                    asked.segments(),
                    inspected,
                    notes);
        }

        private long size() {
            try {
                return Files.size(file);
            } catch (IOException e) {
                throw Problem.internal("cannot look at " + file, e);
            }
        }

        private Use use(String name) {
            return name.equals(asked.target())
                    ? Use.TARGET
                    : asked.time().filter(name::equals).isPresent()
                            ? Use.TIME
                            : asked.entity().filter(name::equals).isPresent() ? Use.ENTITY : Use.FEATURE;
        }

        private Optional<String> reason(Seen column, Map<String, String> suspects) {
            if (column.refused.isPresent()) {
                return column.refused;
            }
            long there = rows - column.missing;
            if (there == 0) {
                return Optional.of("missing in every row");
            }
            if (!column.isKept()) {
                return Optional.of("texts of up to %,d bytes".formatted(column.longest));
            }
            if (column.distinct == 1 && column.missing == 0) {
                return Optional.of("the same in every row");
            }
            Optional<String> suspicion = Optional.ofNullable(suspects.get(column.name));
            if (suspicion.isPresent()) {
                return suspicion;
            }
            if (column.type() == ColumnType.NUMBER
                    && column.greatest
                            .filter(it -> Math.abs(it) > Float.MAX_VALUE)
                            .isPresent()) {
                return Optional.of("numbers beyond what a 32-bit float holds");
            }
            return identifier(column, there);
        }

        private Optional<String> identifier(Seen column, long there) {
            boolean named = ID.matcher(column.name).matches();
            boolean unique = column.distinct == there && there >= 20;
            if (column.type().isText()) {
                return unique
                        ? Optional.of("an identifier or free text: unique in every row")
                        : there >= 20 && column.distinct >= ALMOST_ALL * there
                                ? Optional.of("an identifier or free text: %,d different values in %,d rows"
                                        .formatted(column.distinct, there))
                                : named && column.distinct > 50
                                        ? Optional.of("an identifier by its name; if rows share it, say --entity "
                                                + column.name)
                                        : Optional.empty();
            }
            if (column.type() == ColumnType.INTEGER) {
                double span = column.greatest.orElse(0.0) - column.least.orElse(0.0) + 1;
                if (unique && span == there) {
                    return Optional.of("an identifier: it numbers the rows");
                }
                if (named && unique) {
                    return Optional.of("an identifier: unique in every row");
                }
                if (named && column.distinct > 50) {
                    return Optional.of("an identifier by its name; if rows share it, say --entity " + column.name);
                }
            }
            return Optional.empty();
        }

        // ---- the target

        private String rowsFile() {
            return DuckSession.parquet(List.of(output));
        }

        private Target target(DuckSession session) throws SQLException {
            Seen column = column(asked.target());
            String name = SelectStatement.identifier(column.name);
            String shown = shown(column.name);
            long there = rows - column.missing;
            if (there == 0) {
                throw Problem.of(
                        Problem.Kind.INVALID, "the target " + shown + " is missing in every row; name another column");
            }
            if (!column.isKept()) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "the target " + shown + " cannot be learned: "
                                + column.refused.orElse("its texts are too long"));
            }
            if (column.type() == ColumnType.TIMESTAMP) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "the target " + shown
                                + " is a date; a model learns classes or a number: add a column such as the"
                                + " days until then");
            }
            if (column.distinct == 1) {
                String value = session.rows("SELECT CAST(any_value(" + name + ") AS VARCHAR) FROM " + rowsFile())
                        .getFirst()
                        .getFirst()
                        .orElse("");
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "the target " + shown + " is " + shown(value) + " in every row"
                                + (column.missing > 0 ? " that has it" : "") + ", so there is nothing to learn; "
                                + "name another column, or add rows of the other outcome");
            }
            boolean isClass = isClass(session, column, there);
            List<ClassCount> classes = isClass ? classes(session, column) : List.of();
            Optional<Double> mean = Optional.empty();
            Optional<Double> deviation = Optional.empty();
            if (!column.type().isText()) {
                String value = column.type() == ColumnType.BOOLEAN ? "CAST(" + name + " AS BIGINT)" : name;
                List<Optional<String>> row = session.rows(
                                "SELECT avg(" + value + "), stddev_pop(" + value + ") FROM " + rowsFile())
                        .getFirst();
                mean = row.get(0).map(Double::valueOf);
                deviation = row.get(1).map(Double::valueOf);
            }
            return new Target(column.name, column.type(), column.missing, classes, mean, deviation);
        }

        private boolean isClass(DuckSession session, Seen column, long there) throws SQLException {
            String shown = shown(column.name);
            if (column.type() == ColumnType.BOOLEAN || column.distinct == 2) {
                return true;
            }
            if (column.type().isText()) {
                if (column.distinct > MOST_CLASSES || 2 * column.distinct > there) {
                    throw Problem.of(
                            Problem.Kind.INVALID,
                            "the target %s has %,d different texts in %,d rows%s; a model learns up to %d classes that repeat, or a number: name another column, or group its values"
                                    .formatted(
                                            shown,
                                            column.distinct,
                                            there,
                                            column.distinct > 0.9 * there ? ", almost one a row" : "",
                                            MOST_CLASSES));
                }
                return true;
            }
            double least = column.least.orElse(0.0);
            double greatest = column.greatest.orElse(0.0);
            if (column.type() == ColumnType.INTEGER
                    && column.distinct == there
                    && there >= 20
                    && greatest - least + 1 == there) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "the target " + shown + " numbers the rows from " + (long) least + " to " + (long) greatest
                                + ", so there is nothing to learn; name another column");
            }
            boolean whole = column.type() == ColumnType.INTEGER
                    || session.rows("SELECT count(*) FROM " + rowsFile() + " WHERE "
                                    + SelectStatement.identifier(column.name) + " <> round("
                                    + SelectStatement.identifier(column.name) + ")")
                            .getFirst()
                            .getFirst()
                            .equals(Optional.of("0"));
            boolean counted = (least == 0 || least == 1) && greatest - least + 1 == column.distinct;
            return whole && there >= 5 * column.distinct && (column.distinct <= 10 || counted && column.distinct <= 50);
        }

        private List<ClassCount> classes(DuckSession session, Seen column) throws SQLException {
            String name = SelectStatement.identifier(column.name);
            String written = column.type() == ColumnType.NUMBER
                    ? "CASE WHEN " + name + " = round(" + name + ") THEN CAST(CAST(" + name
                            + " AS BIGINT) AS VARCHAR) ELSE CAST(" + name + " AS VARCHAR) END"
                    : "CAST(" + name + " AS VARCHAR)";
            return session
                    .rows("SELECT " + written + ", count(*) FROM " + rowsFile() + " WHERE " + name
                            + " IS NOT NULL GROUP BY " + name + " ORDER BY " + name)
                    .stream()
                    .map(row -> new ClassCount(row.get(0).orElseThrow(), number(row.get(1))))
                    .toList();
        }

        // ---- time

        private Time time(DuckSession session) throws SQLException {
            Seen column = column(asked.time().orElseThrow());
            String name = SelectStatement.identifier(column.name);
            String quantile = "(SELECT quantile_disc(" + name + ", 0.8) FROM " + rowsFile() + ")";
            List<Optional<String>> bounds = session.rows("SELECT epoch_ms(min(" + name + ")), epoch_ms(max(" + name
                            + ")), epoch_ms(date_trunc('day', " + quantile + ")), epoch_ms(" + quantile + ") FROM "
                            + rowsFile())
                    .getFirst();
            long from = number(bounds.get(0));
            long until = number(bounds.get(1));
            if (from == until) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "--time " + shown(column.name) + " is " + Instant.ofEpochMilli(from)
                                + " in every row, so nothing can be split by it; leave --time out");
            }
            long day = 86_400_000;
            long cut = number(bounds.get(2));
            if (cut <= from) {
                cut = cut + day <= until ? cut + day : Math.max(number(bounds.get(3)), from + 1);
            }
            List<Optional<String>> after = session.rows("SELECT count(*), count(DISTINCT date_trunc('day', " + name
                            + ")) FROM " + rowsFile() + " WHERE epoch_ms(" + name + ") >= " + cut)
                    .getFirst();
            return new Time(
                    column.name,
                    column.missing,
                    Instant.ofEpochMilli(from),
                    Instant.ofEpochMilli(until),
                    Instant.ofEpochMilli(cut),
                    number(after.get(0)),
                    number(after.get(1)));
        }

        // ---- leakage

        private Map<String, String> suspects(DuckSession session, Target target) throws SQLException {
            List<String> names = columns.stream()
                    .filter(Seen::isKept)
                    .map(column -> column.name)
                    .filter(name -> use(name) != Use.ENTITY)
                    .toList();
            String name = SelectStatement.identifier(target.column());
            int wanted = Math.min(LEAKAGE_ROWS, SAMPLE_CELLS / names.size());
            long every = Math.max(1, (rows - target.missing()) / wanted);
            Schema schema = new Schema(names.stream()
                    .map(each -> Column.optional(each, column(each).type()))
                    .toList());
            Columns sample = session.read(
                    "(SELECT * FROM (SELECT *, row_number() OVER () AS \"_place\" FROM " + rowsFile() + " WHERE " + name
                            + " IS NOT NULL) WHERE \"_place\" % " + every + " = 0 LIMIT " + 2 * wanted + ")",
                    schema);
            Map<String, String> suspects =
                    new LinkedHashMap<>(new Leakage(sample, target.column(), target.isClass()).suspects());
            asked.time().ifPresent(time -> later(sample, time).forEach(suspects::putIfAbsent));
            return suspects;
        }

        /** Dates that lie after the time of asking are not known then. */
        private static Map<String, String> later(Columns sample, String time) {
            Map<String, String> later = new HashMap<>();
            int asked = sample.index(time);
            for (int column = 0; column < sample.schema().size(); column++) {
                if (column == asked || sample.schema().columns().get(column).type() != ColumnType.TIMESTAMP) {
                    continue;
                }
                int place = column;
                long both = IntStream.range(0, sample.rows())
                        .filter(row -> !sample.isMissing(asked, row) && !sample.isMissing(place, row))
                        .count();
                long after = IntStream.range(0, sample.rows())
                        .filter(row -> !sample.isMissing(asked, row)
                                && !sample.isMissing(place, row)
                                && sample.integer(place, row) > sample.integer(asked, row))
                        .count();
                if (both > 0 && after >= 0.5 * both) {
                    later.put(
                            sample.schema().columns().get(column).name(),
                            String.format(
                                    Locale.ROOT,
                                    "known only afterwards: later than %s in %.0f %% of rows",
                                    time,
                                    100.0 * after / both));
                }
            }
            return later;
        }
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

    /** A name or value as it can stand in a line: odd characters escaped, long ones cut. */
    public static String shown(String text) {
        String line = text.codePoints()
                .mapToObj(c -> c == '\n' ? "\\n" : c == '\r' ? "\\r" : c == '\t' ? "\\t" : Character.toString(c))
                .collect(Collectors.joining());
        return line.codePointCount(0, line.length()) > 60
                ? line.substring(0, line.offsetByCodePoints(0, 57)) + "…"
                : line;
    }
}
