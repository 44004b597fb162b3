package org.plimsoll.store;

import java.time.Instant;
import java.util.Optional;

/**
 * Work to be done later, once. It may be started twice (its node died, or was slow beyond its lease); it takes effect once.
 *
 * @param kind which {@link JobKind} does it, such as {@code rollout.step}
 * @param subject what it is about, {@code kind/name}
 * @param request the kind's request as JSON
 * @param due not before this instant
 * @param attempts how often it was started
 * @param fence counts up with every claim; only the latest claim may close the job
 * @param outcome what it gave, as JSON; or why it failed, as problem JSON
 */
public record Job(
        String id,
        String kind,
        String subject,
        String request,
        Instant due,
        State state,
        long attempts,
        long fence,
        Optional<String> outcome) {

    /** Where a job stands. */
    public enum State {
        /** To be done, or being done. */
        WAITING,
        /** Done, with its effect. */
        DONE,
        /** Given up, without any effect. */
        FAILED
    }
}
