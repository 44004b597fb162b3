package org.plimsoll.predictions;

import java.time.Duration;
import java.time.Instant;
import org.plimsoll.core.Problem;

/**
 * When a row's truth counts as known: not when an outcome happens to be there, but when every row of its age would have one.
 * Bad outcomes are often known at once and good ones only by waiting; counted as they come, a book that defaults at 5 % seems to
 * default at 100 % on the day before the first good ones are known.
 *
 * @param now in the endpoint's time
 * @param after how long after the event its truth is known for good
 */
public record Maturity(Instant now, Duration after) {

    public Maturity {
        if (after.isNegative()) {
            throw Problem.invalid("maturity", after, "zero or more");
        }
    }

    /** Whether the truth of a row with this event time is known for good. */
    public boolean has(long eventTime) {
        return eventTime <= now.minus(after).toEpochMilli();
    }
}
