package org.plimsoll.registry;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Spans;

/**
 * What the people of a model promise about it while it serves, and who hears when it does not hold: a claim with a window, a
 * cadence and a page. No data in a window is a violation, not success.
 *
 * @param metric as policies write it: {@code auc}, {@code recall@10%}
 * @param segment {@code origin = ORD}; absent for all rows
 * @param atLeast the least value that keeps the promise, for metrics where more is better
 * @param atMost the greatest value that keeps it, for metrics where less is better
 * @param window over how much of the past it is judged, such as {@code 7d}
 * @param cadence how often, such as {@code 1d}
 */
public record Obligation(
        String metric,
        Optional<String> segment,
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
        if (length(window).compareTo(length(cadence)) < 0) {
            throw Problem.invalid("cadence", cadence, "no longer than the window, " + window);
        }
    }

    /** Whether a value keeps the promise; a value that is not a number never does. */
    public boolean isKeptBy(double value) {
        return atLeast.map(least -> value >= least)
                .orElseGet(() -> atMost.map(most -> value <= most).orElse(false));
    }

    private static Duration length(String span) {
        Duration length = Spans.parse(span);
        if (!length.isPositive()) {
            throw Problem.invalid("span", span, "longer than nothing");
        }
        return length;
    }
}
