package org.plimsoll.evaluation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.plimsoll.core.Problem;

/** What a candidate is compared with. */
public enum Reference {
    /** What serves now; at a first release the constant model of the training rows. */
    CHAMPION,
    /** The last version that was independently validated: many small steps down stay visible against it. */
    ANCHOR;

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static Reference of(String word) {
        for (Reference reference : values()) {
            if (reference.word().equals(word)) {
                return reference;
            }
        }
        throw Problem.invalid("reference", word, "champion or anchor");
    }
}
