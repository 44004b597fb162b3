package org.plimsoll.core;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The name of an experiment: what a set of runs tries to find out.
 *
 * @param value lower-case letters, digits, {@code . _ -}; at most 100 characters
 */
public record ExperimentName(@JsonValue String value) implements Comparable<ExperimentName> {

    @JsonCreator
    public ExperimentName {
        Names.check("experiment", value);
    }

    @Override
    public int compareTo(ExperimentName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
