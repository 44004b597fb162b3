package org.plimsoll.data;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Spelling;

/**
 * The columns of a table, in order. Names are unique.
 *
 * @param columns in the order of the file
 */
public record Schema(@JsonValue List<Column> columns) {

    /** Which raw file a row comes from: the 64 hex digits of its digest. SQL steps must carry it. */
    public static final String FILE = "_file";

    /** The number of a raw row within its file, from 0. SQL steps must carry it. */
    public static final String ROW = "_row";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Schema {
        columns = List.copyOf(columns);
        Set<String> seen = new HashSet<>();
        for (Column column : columns) {
            if (!seen.add(column.name())) {
                throw Problem.invalid("columns", column.name() + " twice", "names that differ");
            }
        }
    }

    public static Schema of(Column... columns) {
        return new Schema(List.of(columns));
    }

    public int size() {
        return columns.size();
    }

    public List<String> names() {
        return columns.stream().map(Column::name).toList();
    }

    /** The column of this name, where there is one. */
    public Optional<Column> find(String name) {
        for (Column column : columns) {
            if (column.name().equals(name)) {
                return Optional.of(column);
            }
        }
        return Optional.empty();
    }

    public boolean has(String name) {
        return find(name).isPresent();
    }

    /** The column of this name. @throws Problem where there is none, with the name that was probably meant */
    public Column column(String name) {
        return columns.get(index(name));
    }

    /** The place of this column, from 0. @throws Problem where there is none, with the name that was probably meant */
    public int index(String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                return i;
            }
        }
        throw unknown(name);
    }

    /** These columns, in this order. */
    public Schema select(List<String> names) {
        return new Schema(names.stream().map(this::column).toList());
    }

    /** All columns but these. */
    public Schema without(Set<String> names) {
        return new Schema(columns.stream()
                .filter(column -> !names.contains(column.name()))
                .toList());
    }

    /** Whether rows still know the raw file and row they come from. */
    public boolean hasRowIdentity() {
        return has(FILE) && has(ROW);
    }

    private Problem unknown(String name) {
        Map<String, Object> facts = new HashMap<>();
        facts.put("column", name);
        Optional<String> near = Spelling.nearest(name, names());
        near.ifPresent(likely -> facts.put("likely", likely));
        return Problem.of(
                Problem.Kind.INVALID,
                "there is no column " + name
                        + near.map(likely -> "; did you mean " + likely + "?").orElse("") + " (columns: " + brief()
                        + ")",
                facts);
    }

    private String brief() {
        String all = columns.stream()
                .limit(30)
                .map(column -> Inspection.shown(column.name()))
                .collect(Collectors.joining(", "));
        return columns.size() > 30 ? all + ", … " + (columns.size() - 30) + " more" : all;
    }

    @Override
    public String toString() {
        return columns.stream().map(Column::toString).collect(Collectors.joining(", "));
    }
}
