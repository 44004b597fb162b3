package org.plimsoll.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.plimsoll.core.Problem;

/**
 * A person's file as Parquet that can be looked at: its own where it is Parquet, else one of the texts that stand in it.
 *
 * @param file as the person named it
 * @param parts Parquet files with some of the columns each, all rows in the same order; what is read from here on
 * @param format in words: {@code CSV with semicolons}
 * @param decimalComma whether the marks between values suggest one inside numbers
 * @param columns in the order of the file
 * @param notes about names that were changed
 */
record RawTable(
        Path file, List<Path> parts, String format, boolean decimalComma, List<RawColumn> columns, List<String> notes) {

    private static final Pattern LINE = Pattern.compile("CSV Error on Line: ([0-9]+)");
    private static final Pattern COUNTS = Pattern.compile("Expected Number of Columns: ([0-9]+) Found: ([0-9]+)");

    private static final int LONGEST_NAME = 200;

    /** A vector of each is in memory at once while they are written, so of many columns only some are at a time. */
    static final int WRITTEN_TOGETHER = 500;

    /** What is asked of the names of the columns, before the whole file is read. */
    interface NameCheck {
        /**
         * @param given as they stand in the file
         * @param names what the columns are called here
         * @throws Problem where a column that is needed is not among them, or more than once
         */
        void of(List<String> given, List<String> names);
    }

    /**
     * Opens a file.
     *
     * @param folder for what is only needed meanwhile
     * @throws Problem where it cannot be read as the table its name says, with the line where that is known
     */
    static RawTable open(Query query, Path file, Path folder, NameCheck check) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw Problem.of(
                    Problem.Kind.NOT_FOUND,
                    Files.isDirectory(file)
                            ? file + " is a folder; name a file"
                            : Files.exists(file)
                                    ? file + " is no regular file; save its content to one"
                                    : "there is no file " + file);
        }
        if (!Files.isReadable(file)) {
            throw Problem.of(
                    Problem.Kind.INVALID, file + " may not be read by this user; change its permissions (chmod u+r)");
        }
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".parquet") || name.endsWith(".pq")
                ? openParquet(query, file, check)
                : openText(query, file, folder, check);
    }

    /** A table expression that has all its rows. */
    String rows() {
        return DuckSession.parquet(List.of(parts.getFirst()));
    }

    /** The column of this name, which must be there. */
    RawColumn column(String name) {
        return columns.stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    // ---- text

    private static RawTable openText(Query query, Path file, Path folder, NameCheck check) throws IOException {
        DelimitedText text = DelimitedText.open(file, folder.resolve("utf8.csv"));
        List<String> notes = new ArrayList<>();
        List<String> names = cleaned(text.names(), notes);
        check.of(text.names(), names);
        List<RawColumn> columns = new ArrayList<>();
        List<Path> parts = new ArrayList<>();
        for (int from = 0; from < names.size(); from += WRITTEN_TOGETHER) {
            int to = Math.min(names.size(), from + WRITTEN_TOGETHER);
            Path part = staged(query, file, text, folder.resolve("text-" + from + ".parquet"), from, to);
            parts.add(part);
            String table = DuckSession.parquet(List.of(part));
            for (int i = from; i < to; i++) {
                columns.add(RawColumn.text(names.get(i), table, "c" + i));
            }
        }
        String format = "CSV with " + (text.names().size() == 1 ? "one column" : text.delimiterName() + "s")
                + text.encoding().map(encoding -> ", " + encoding).orElse("");
        return new RawTable(file, parts, format, text.delimiter() == ';', columns, notes);
    }

    /** Writes some columns as texts, trimmed and NULL where there is no value. */
    private static Path staged(Query query, Path file, DelimitedText text, Path part, int from, int to) {
        String trimmed = IntStream.range(from, to)
                .mapToObj(i -> TextValues.trimmed("c" + i) + " AS c" + i)
                .collect(Collectors.joining(", "));
        String present = IntStream.range(from, to)
                .mapToObj(i -> TextValues.presentOfTrimmed("c" + i) + " AS c" + i)
                .collect(Collectors.joining(", "));
        int bytes = (int) Math.max(
                1, (long) text.recordBytes() * (to - from) / text.names().size());
        try {
            return query.run(
                    List.of(text.utf8(), part),
                    session -> session.stage(
                            "SELECT " + present + " FROM (SELECT " + trimmed + " FROM " + text.sql() + ")",
                            part,
                            bytes));
        } catch (Problem problem) {
            throw unreadable(file, problem);
        }
    }

    private static Problem unreadable(Path file, Problem problem) {
        String said = problem.detail();
        String lower = said.toLowerCase(Locale.ROOT);
        Matcher line = LINE.matcher(said);
        Matcher counts = COUNTS.matcher(said);
        String where = line.find() ? file + ", line " + line.group(1) + ": " : file + ": ";
        if (counts.find()) {
            return Problem.of(
                    Problem.Kind.INVALID,
                    where + "it has " + counts.group(2) + (counts.group(2).equals("1") ? " value" : " values")
                            + ", and the first line names " + counts.group(1)
                            + " columns; quote values that hold the delimiter, or mend the line");
        }
        if (lower.contains("maximum line size")) {
            return Problem.of(
                    Problem.Kind.TOO_LARGE,
                    where + "a record is longer than " + (DelimitedText.LONGEST_RECORD >> 20)
                            + " MiB; is a quote opened and never closed?");
        }
        if (lower.contains("quote")) {
            return Problem.of(
                    Problem.Kind.INVALID,
                    where + "a quote is opened and not closed as it should be; write a quote inside a value twice");
        }
        return problem.kind() == Problem.Kind.INVALID
                ? Problem.of(Problem.Kind.INVALID, where + firstLine(said))
                : problem;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    // ---- Parquet

    private static RawTable openParquet(Query query, Path file, NameCheck check) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            if (!new String(in.readNBytes(4), StandardCharsets.ISO_8859_1).equals("PAR1")) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        file
                                + " cannot be read as Parquet (it does not begin as one does); is it whole? CSV is named .csv");
            }
        }
        List<String> notes = new ArrayList<>();
        List<RawColumn> columns = new ArrayList<>();
        List<String> given = new ArrayList<>();
        String source = DuckSession.parquet(List.of(file));
        try {
            query.run(List.of(file), session -> {
                var described = session.rows("DESCRIBE SELECT * FROM " + source);
                List<String> found = described.stream()
                        .map(row -> row.getFirst().orElseThrow())
                        .toList();
                List<String> names = cleaned(found, notes);
                for (int i = 0; i < names.size(); i++) {
                    columns.add(parquetColumn(
                            names.get(i),
                            source,
                            found.get(i),
                            described.get(i).get(1).orElseThrow()));
                }
                return given.addAll(found);
            });
        } catch (Problem problem) {
            throw problem.kind() == Problem.Kind.INVALID ? damaged(file, problem.detail()) : problem;
        }
        check.of(given, columns.stream().map(RawColumn::name).toList());
        return new RawTable(file, List.of(file), "Parquet", false, columns, notes);
    }

    /** What is done with its rows; a file that turns out to be damaged on the way is named. */
    <T> T read(Query query, List<Path> also, Query.Work<T> work) {
        List<Path> files = new ArrayList<>(also);
        files.addAll(parts);
        return query.run(files, session -> {
            try {
                return work.run(session);
            } catch (SQLException e) {
                Problem problem = DuckSession.problem(e);
                throw problem.kind() == Problem.Kind.INVALID && parts.contains(file)
                        ? damaged(file, problem.detail())
                        : problem;
            }
        });
    }

    /** What the reader says stands in brackets, without the words that its programmers use. */
    private static Problem damaged(Path file, String said) {
        String reason = firstLine(said)
                .replaceFirst("^([A-Z][A-Za-z]* )*Error: ", "")
                .replace("TProtocolException: ", "")
                .replace(" '" + file.toAbsolutePath() + "'", "");
        return Problem.of(Problem.Kind.INVALID, file + " cannot be read as Parquet (" + reason + "); is it whole?");
    }

    private static RawColumn parquetColumn(String name, String table, String original, String duckType) {
        String source = SelectStatement.identifier(original);
        try {
            ColumnType type = DuckTypes.ours(name, duckType);
            return duckType.equals("VARCHAR") || type == ColumnType.CATEGORY
                    ? RawColumn.text(name, table, TextValues.present("CAST(" + source + " AS VARCHAR)"))
                    : RawColumn.typed(name, table, source, type);
        } catch (Problem notOurs) {
            return RawColumn.refused(
                    name,
                    table,
                    duckType.replace("\"", "").equals("NULL")
                            ? "it has no value in any row"
                            : "it holds " + words(duckType) + " (" + Inspection.shown(duckType.toLowerCase(Locale.ROOT))
                                    + "), which no model takes as a column");
        }
    }

    /** What such values are. */
    private static String words(String duckType) {
        return duckType.endsWith("]")
                ? "lists"
                : duckType.startsWith("STRUCT")
                        ? "records of several values"
                        : duckType.startsWith("MAP") ? "maps" : duckType.startsWith("BLOB") ? "bytes" : "another type";
    }

    // ---- names

    /** Names without spaces around them, none empty, none twice (upper and lower case are one to SQL), none of ours. */
    static List<String> cleaned(List<String> given, List<String> notes) {
        List<String> names = new ArrayList<>();
        Set<String> taken = new HashSet<>(Set.of(Schema.FILE, Schema.ROW, DuckSession.ROW_NUMBER));
        for (int i = 0; i < given.size(); i++) {
            String base = given.get(i).replace("\0", "").strip();
            boolean isLong = base.codePointCount(0, base.length()) > LONGEST_NAME;
            String whole = isLong ? base.substring(0, base.offsetByCodePoints(0, LONGEST_NAME)) : base;
            String own = whole.isEmpty() ? "column_" + (i + 1) : whole;
            String name = own;
            for (int n = 2; !taken.add(name.toLowerCase(Locale.ROOT)); n++) {
                name = own + "_" + n;
            }
            if (!name.equals(base)) {
                notes.add("Column " + (i + 1)
                        + (base.isEmpty()
                                ? " has no name"
                                : ", " + Inspection.shown(base)
                                        + (isLong
                                                ? ", has a name of more than " + LONGEST_NAME + " letters"
                                                : ", has a name that is taken"))
                        + ": it is called " + Inspection.shown(name) + ".");
            }
            names.add(name);
        }
        return names;
    }
}
