package org.plimsoll.tracking;

import java.time.Instant;
import org.plimsoll.core.Problem;

/**
 * One value of one metric at one moment of a run.
 *
 * @param key up to 250 characters; {@code /} groups keys, such as {@code train/auc}
 * @param value any double; NaN is kept (as NULL in SQL) and sorts after every number
 * @param step counts what the run counts: rounds, epochs, batches
 * @param at when it was measured, UTC milliseconds
 */
public record MetricPoint(String key, double value, long step, Instant at) {

    public MetricPoint {
        TrackingKeys.check("metric", key);
        if (at.toEpochMilli() < 0) {
            throw Problem.invalid("at", at, "an instant from 1970 on");
        }
    }

    /** Whether this point is the metric's value rather than {@code other}: the greater step, then the later one, then the greater. */
    boolean supersedes(MetricPoint other) {
        int order = Long.compare(step, other.step);
        if (order == 0) {
            order = at.compareTo(other.at);
        }
        if (order == 0) {
            order = Double.compare(orderable(), other.orderable());
        }
        return order > 0;
    }

    private double orderable() {
        return Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value;
    }
}
