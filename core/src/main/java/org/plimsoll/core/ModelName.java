package org.plimsoll.core;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The name of a model: a line of versions that answer the same question.
 *
 * @param value lower-case letters, digits, {@code . _ -}; at most 100 characters
 */
public record ModelName(@JsonValue String value) implements Comparable<ModelName> {

    @JsonCreator
    public ModelName {
        Names.check("model", value);
    }

    @Override
    public int compareTo(ModelName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
