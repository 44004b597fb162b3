package org.plimsoll.evaluation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Optional;
import org.plimsoll.core.Problem;

/**
 * Whose rows a number is about: everybody's, those of each value of a segment column, or those of one value.
 *
 * @param column a segment column of the task; empty for all rows
 * @param value one value of that column, as people read it; empty for each of them
 */
public record Scope(Optional<String> column, Optional<String> value) {

    /** All rows. */
    public static final Scope ALL = new Scope(Optional.empty(), Optional.empty());

    public Scope {
        if (value.isPresent() && column.isEmpty()) {
            throw Problem.invalid("segment value", value.get(), "a value of a segment; name the segment too");
        }
    }

    /** Each value of the column by itself. */
    public static Scope each(String column) {
        return new Scope(Optional.of(column), Optional.empty());
    }

    /** The rows of one value. */
    public static Scope of(String column, String value) {
        return new Scope(Optional.of(column), Optional.of(value));
    }

    /** Whether it stands for one scope a value. */
    @JsonIgnore
    public boolean isEach() {
        return column.isPresent() && value.isEmpty();
    }

    @Override
    public String toString() {
        return column.map(name -> value.map(one -> name + " = " + one).orElse("each " + name))
                .orElse("all");
    }
}
