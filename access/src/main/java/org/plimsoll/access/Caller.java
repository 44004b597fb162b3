package org.plimsoll.access;

import org.plimsoll.core.Actor;
import org.plimsoll.core.Ids;

/**
 * Who asks, from where, in which request: what an edge knows before it knows what is asked.
 *
 * @param actor as the credential proved it
 * @param address the network address, for counting refusals; never written to an event
 * @param requestId the request's id, in answers and in the log
 */
public record Caller(Actor actor, String address, String requestId) {

    /** Asked from inside this process. */
    public static Caller here(Actor actor) {
        return new Caller(actor, "here", Ids.next());
    }
}
