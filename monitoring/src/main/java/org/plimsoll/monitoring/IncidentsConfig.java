package org.plimsoll.monitoring;

import java.time.Duration;
import org.plimsoll.core.Problem;

/**
 * How incidents are handled.
 *
 * @param respondWithin how soon whoever is paged must answer before the next one is, where the version's card does not say
 */
public record IncidentsConfig(Duration respondWithin) {

    /** Half an hour. */
    public static final IncidentsConfig DEFAULT = new IncidentsConfig(Duration.ofMinutes(30));

    public IncidentsConfig {
        if (!respondWithin.isPositive()) {
            throw Problem.invalid("respond_within", respondWithin, "longer than nothing");
        }
    }
}
