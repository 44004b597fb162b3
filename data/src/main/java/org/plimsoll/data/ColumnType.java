package org.plimsoll.data;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.plimsoll.core.Problem;

/** What the values of a column are. Six kinds are enough for tabular models; finer widths are a matter of the file. */
public enum ColumnType {
    /** True or false. */
    BOOLEAN,
    /** A whole number of 64 bits. */
    INTEGER,
    /** A number of 64 bits, IEEE 754; NaN is the same as missing. */
    NUMBER,
    /** Free text. */
    TEXT,
    /** Text out of few values, such as an airport's code. */
    CATEGORY,
    /** An instant: UTC, milliseconds since 1970. */
    TIMESTAMP;

    /** Whether values are kept as text. */
    public boolean isText() {
        return this == TEXT || this == CATEGORY;
    }

    /** Whether a column of this type takes values of the other without loss of meaning. */
    public boolean takes(ColumnType other) {
        return switch (this) {
            case NUMBER -> other == NUMBER || other == INTEGER || other == BOOLEAN;
            case INTEGER -> other == INTEGER || other == BOOLEAN;
            case TEXT, CATEGORY -> other.isText();
            case BOOLEAN, TIMESTAMP -> other == this;
        };
    }

    /** The word in JSON and YAML: {@code number}. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of this word. */
    @JsonCreator
    public static ColumnType of(String word) {
        for (ColumnType type : values()) {
            if (type.word().equals(word)) {
                return type;
            }
        }
        throw Problem.invalid(
                "type", word, Arrays.stream(values()).map(ColumnType::word).collect(Collectors.joining(", ")));
    }
}
