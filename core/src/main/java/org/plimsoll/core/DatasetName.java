package org.plimsoll.core;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The name of a dataset: a line of snapshots.
 *
 * @param value lower-case letters, digits, {@code . _ -}; at most 100 characters
 */
public record DatasetName(@JsonValue String value) implements Comparable<DatasetName> {

    @JsonCreator
    public DatasetName {
        Names.check("dataset", value);
    }

    @Override
    public int compareTo(DatasetName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
