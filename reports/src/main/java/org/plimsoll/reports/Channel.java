package org.plimsoll.reports;

import java.io.IOException;

/**
 * One way by which Plimsoll reaches people: a webhook, a mail server. A channel tries once and says how it went; when to try again
 * is decided by {@link Notifications}.
 */
public interface Channel {

    /**
     * Hands the message over. Returns only where the other side said that it has it.
     *
     * <p>The same message may be handed over twice, after a failure that left open whether it arrived; its id is the same then, in
     * a place where the other side looks for it.
     *
     * @throws IOException where it was not taken; the message says what the other side answered
     */
    void send(Message message) throws IOException;
}
