package org.plimsoll.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Query;
import org.plimsoll.scoring.Task;

/**
 * Rows that a model was judged on, written for people and other programs: which row, what was true, what was answered, its segments.
 * The metrics follow from them.
 */
final class JudgedRows {

    private static final String LABEL = "label";

    private JudgedRows() {}

    /**
     * Writes them.
     *
     * @param table a paired table
     * @param file {@code .parquet}: the table as it is; {@code .csv}: classes by their names
     * @return how many
     */
    static long write(Path table, Task task, Query query, Path file) throws IOException {
        String name = file.getFileName().toString();
        if (name.endsWith(".parquet")) {
            Files.copy(table, file);
            return query.outline(file).rows();
        }
        if (!name.endsWith(".csv")) {
            throw Problem.invalid("file", name, "a name that ends with .csv or .parquet");
        }
        Columns rows = query.read(List.of(table));
        try (Writer writer = Files.newBufferedWriter(file)) {
            writer.write(String.join(",", header(rows, task)) + "\n");
            for (int row = 0; row < rows.rows(); row++) {
                writer.write(String.join(",", values(rows, task, row)) + "\n");
            }
        }
        return rows.rows();
    }

    /** {@code candidate.0} is the probability of the first class. */
    private static List<String> header(Columns rows, Task task) {
        List<String> header = new ArrayList<>();
        for (String name : rows.schema().names()) {
            int dot = name.lastIndexOf('.');
            Optional<Integer> place =
                    dot > 0 && name.substring(dot + 1).matches("[0-9]{1,4}") && !name.startsWith("segment.")
                            ? Optional.of(Integer.parseInt(name.substring(dot + 1)))
                            : Optional.empty();
            header.add(quoted(place.filter(it -> it < task.classes().size())
                    .map(it -> name.substring(0, dot + 1) + task.classes().get(it))
                    .orElse(name)));
        }
        return header;
    }

    private static List<String> values(Columns rows, Task task, int row) {
        List<String> values = new ArrayList<>();
        for (int column = 0; column < rows.schema().size(); column++) {
            String written = rows.written(column, row).orElse("");
            boolean isClass = rows.schema().columns().get(column).name().equals(LABEL)
                    && !task.classes().isEmpty();
            values.add(quoted(isClass ? task.classes().get(Integer.parseInt(written)) : written));
        }
        return values;
    }

    private static String quoted(String value) {
        return value.matches("(?s).*[\",\n\r].*") ? '"' + value.replace("\"", "\"\"") + '"' : value;
    }
}
