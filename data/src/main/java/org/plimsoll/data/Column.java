package org.plimsoll.data;

import org.plimsoll.core.Problem;

/**
 * One column of a table: its name, what its values are, and whether some may be missing.
 *
 * @param name as in the file; never empty
 * @param optional whether values may be missing
 */
public record Column(String name, ColumnType type, boolean optional) {

    public Column {
        if (name.isBlank()) {
            throw Problem.invalid("column", "'" + name + "'", "a name");
        }
    }

    /** A column without missing values. */
    public static Column required(String name, ColumnType type) {
        return new Column(name, type, false);
    }

    /** A column some of whose values may be missing. */
    public static Column optional(String name, ColumnType type) {
        return new Column(name, type, true);
    }

    @Override
    public String toString() {
        return name + " " + type.word() + (optional ? "?" : "");
    }
}
