package org.plimsoll.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.plimsoll.core.Json;

/**
 * What a command prints: for people, or one JSON document with {@code --json}. The first line says what happened, the last what to
 * do next; what is not part of the answer (progress, warnings) goes to standard error.
 */
final class Output {

    private static final Pattern NUMBER = Pattern.compile("[-+−]?[\\d.,]+( ?(%|s|ms|kB|MB|GB|d|h))?|–");

    private final PrintStream out;
    private final PrintStream err;
    private final boolean isJson;

    Output(PrintStream out, PrintStream err, boolean isJson) {
        this.out = out;
        this.err = err;
        this.isJson = isJson;
    }

    boolean isJson() {
        return isJson;
    }

    /** A line for people. */
    void say(String line) {
        if (!isJson) {
            out.println(line);
        }
    }

    /** The answer for programs. */
    void json(Object answer) {
        if (isJson) {
            out.println(Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(answer));
        }
    }

    /** What to do next, as a command. */
    void next(String command) {
        say("Next: " + command);
    }

    /** Something people should know that is not the answer. */
    void warn(String line) {
        err.println(line);
    }

    /** A table for people; print it when it has its rows. */
    Table table(String... headers) {
        return new Table(List.of(headers));
    }

    /** Shows how long work goes on, when somebody watches; close it when done. */
    Progress progress(String what, long total) {
        return new Progress(err, what, total, !isJson && Terminal.isWatched());
    }

    /** Columns as wide as what stands in them, numbers to the right, two spaces between. */
    final class Table {

        private final List<List<String>> rows = new ArrayList<>();
        private final int columns;

        private Table(List<String> headers) {
            columns = headers.size();
            rows.add(headers);
        }

        Table row(Object... cells) {
            List<String> row = new ArrayList<>();
            for (Object cell : cells) {
                String text = String.valueOf(cell);
                row.add(text.isEmpty() ? "–" : text);
            }
            if (row.size() != columns) {
                throw new IllegalArgumentException(row.size() + " cells for " + columns + " columns");
            }
            rows.add(row);
            return this;
        }

        void print() {
            if (rows.size() == 1) {
                say("(none)");
                return;
            }
            for (List<String> row : rows) {
                var line = new StringBuilder();
                for (int column = 0; column < columns; column++) {
                    String cell = row.get(column);
                    String space = " ".repeat(width(column) - cell.codePointCount(0, cell.length()));
                    line.append(isNumeric(column) ? space + cell : cell + space);
                    line.append(column < columns - 1 ? "  " : "");
                }
                say(line.toString().stripTrailing());
            }
        }

        private int width(int column) {
            return rows.stream()
                    .map(row -> row.get(column))
                    .mapToInt(cell -> cell.codePointCount(0, cell.length()))
                    .max()
                    .orElse(0);
        }

        private boolean isNumeric(int column) {
            return rows.stream()
                    .skip(1)
                    .allMatch(row -> NUMBER.matcher(row.get(column)).matches());
        }
    }
}
