package org.plimsoll.core;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The name of an environment, such as development, staging or production.
 *
 * @param value lower-case letters, digits, {@code . _ -}; at most 100 characters
 */
public record EnvironmentName(@JsonValue String value) implements Comparable<EnvironmentName> {

    @JsonCreator
    public EnvironmentName {
        Names.check("environment", value);
    }

    @Override
    public int compareTo(EnvironmentName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
