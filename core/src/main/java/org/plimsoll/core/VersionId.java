package org.plimsoll.core;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * One version of a model, written {@code late-arrival@3}.
 *
 * @param number counts up from 1 within the model; never reused
 */
public record VersionId(ModelName model, long number) implements Comparable<VersionId> {

    public VersionId {
        if (number < 1) {
            throw Problem.invalid("version", number, "a whole number from 1");
        }
    }

    /** Reads {@code model@number}. */
    @JsonCreator
    public static VersionId parse(String text) {
        int at = text.lastIndexOf('@');
        String number = at < 0 ? "" : text.substring(at + 1);
        if (at < 1
                || number.isEmpty()
                || number.length() > 18
                || !number.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw Problem.invalid(
                    "version", text, "a model's name, @ and the version's number, such as late-arrival@3");
        }
        return new VersionId(new ModelName(text.substring(0, at)), Long.parseLong(number));
    }

    @Override
    public int compareTo(VersionId other) {
        int byModel = model.compareTo(other.model);
        return byModel != 0 ? byModel : Long.compare(number, other.number);
    }

    @JsonValue
    @Override
    public String toString() {
        return model + "@" + number;
    }
}
