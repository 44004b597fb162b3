package org.plimsoll.reports;

import java.time.Instant;
import java.util.Optional;

/**
 * One message on its way through one channel.
 *
 * @param event the event it tells of, and the message's id
 * @param attempts how often it was handed over
 * @param nextAt when it is tried next, while it waits
 * @param endedAt when it was taken, or given up
 * @param problem what the other side said last, where it did not take it
 */
public record Delivery(
        String channel,
        String event,
        String type,
        String subject,
        State state,
        long attempts,
        Instant queuedAt,
        Instant nextAt,
        Optional<Instant> endedAt,
        Optional<String> problem) {

    /** Where a message stands. */
    public enum State {
        /** To be handed over, perhaps again. */
        WAITING,
        /** The other side said that it has it. */
        DELIVERED,
        /** Nobody took it for too long. */
        GIVEN_UP
    }
}
