package org.plimsoll.core;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The name of a policy: the rules a candidate is judged by.
 *
 * @param value lower-case letters, digits, {@code . _ -}; at most 100 characters
 */
public record PolicyName(@JsonValue String value) implements Comparable<PolicyName> {

    @JsonCreator
    public PolicyName {
        Names.check("policy", value);
    }

    @Override
    public int compareTo(PolicyName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
