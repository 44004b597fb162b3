package org.plimsoll.core;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The stable name under which versions of one model serve; it stands in the address that applications call.
 *
 * @param value lower-case letters, digits, {@code . _ -}; at most 100 characters
 */
public record EndpointName(@JsonValue String value) implements Comparable<EndpointName> {

    @JsonCreator
    public EndpointName {
        Names.check("endpoint", value);
    }

    @Override
    public int compareTo(EndpointName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
