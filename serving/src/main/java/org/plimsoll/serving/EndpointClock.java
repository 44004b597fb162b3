package org.plimsoll.serving;

/** What time it is on an endpoint, as {@link EndpointTime} has it. */
public interface EndpointClock {

    /** Its now, in epoch milliseconds. */
    long now(Endpoint endpoint);
}
