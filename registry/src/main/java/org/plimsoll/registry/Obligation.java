package org.plimsoll.registry;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Spans;
import org.plimsoll.evaluation.Bound;
import org.plimsoll.evaluation.Claim;
import org.plimsoll.evaluation.Metric;
import org.plimsoll.evaluation.Scope;

/**
 * What the people of a model promise about it while it serves, and who hears when it does not hold: a claim with a window, a
 * cadence and a page. No data in a window is a violation, not success.
 *
 * @param segment a segment column of the task; absent for all rows
 * @param value one value of the segment
 * @param atLeast the least value that keeps the promise, for metrics where more is better
 * @param atMost the greatest value that keeps it, for metrics where less is better
 * @param window over how much of the past it is judged, such as {@code 7d}
 * @param cadence how often, such as {@code 1d}
 */
public record Obligation(
        Metric metric,
        Optional<String> segment,
        Optional<String> value,
        Optional<Double> atLeast,
        Optional<Double> atMost,
        String window,
        String cadence,
        Page page) {

    /** Who hears of it. */
    public enum Page {
        OWNER,
        DEPUTY,
        ON_CALL;

        /** As people write it: {@code on_call}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Obligation {
        if (atLeast.isPresent() == atMost.isPresent()) {
            throw Problem.invalid(
                    "obligation on " + metric, "without one limit", "exactly one of at_least and at_most");
        }
        new Scope(segment, value); // refuses a value without its segment
        if (length(window).compareTo(length(cadence)) < 0) {
            throw Problem.invalid("cadence", cadence, "no longer than the window, " + window);
        }
    }

    /** What is promised, in the words that policies use too. */
    @JsonIgnore
    public Claim claim() {
        Bound bound = atLeast.<Bound>map(Bound.AtLeast::new).orElseGet(() -> new Bound.AtMost(atMost.orElseThrow()));
        return Claim.of(metric, new Scope(segment, value), bound);
    }

    /** Whether a value keeps the promise; a value that is not a number never does. */
    public boolean isKeptBy(double measured) {
        return atLeast.map(least -> measured >= least)
                .orElseGet(() -> atMost.map(most -> measured <= most).orElse(false));
    }

    private static Duration length(String span) {
        Duration length = Spans.parse(span);
        if (!length.isPositive()) {
            throw Problem.invalid("span", span, "longer than nothing");
        }
        return length;
    }
}
