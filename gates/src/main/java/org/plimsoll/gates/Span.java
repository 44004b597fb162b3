package org.plimsoll.gates;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Spans;

/**
 * A length of time as people write it: {@code 14d}, {@code 12h}.
 *
 * @param length zero or more
 */
public record Span(Duration length) implements Comparable<Span> {

    public Span {
        if (length.isNegative()) {
            throw Problem.invalid("span", length, "zero or more, such as 12h");
        }
    }

    @JsonCreator
    public static Span of(String written) {
        return new Span(Spans.parse(written));
    }

    @Override
    public int compareTo(Span other) {
        return length.compareTo(other.length);
    }

    @JsonValue
    @Override
    public String toString() {
        return Spans.text(length);
    }
}
