package org.plimsoll.serving;

/** What "now" means on an endpoint: for windows, maturity, shadow, canary and bake. Fixed when the endpoint is created. */
public enum EndpointTime {
    /** The clock. An event time more than five minutes ahead of it is refused. */
    CLOCK,
    /** The greatest event time accepted so far: history is played again, as fast as it comes. */
    REPLAY
}
