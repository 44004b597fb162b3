package org.plimsoll.store;

import java.time.Duration;

/**
 * A kind of work that a room does later. The server hands all kinds to a {@link Worker}.
 *
 * <pre>
 *   new JobKind&lt;&gt;("version.evaluate", EvaluateVersion.class, (job, request) -> {
 *       Found found = evaluate(request);                      // long: no transaction is open, nothing is changed
 *       return tx -> {                                        // short: with the fence, in one transaction
 *           reports.keep(tx, found);
 *           return Ending.done(found.summary());
 *       };
 *   })
 * </pre>
 *
 * @param name {@code noun.verb}
 * @param request the record that is kept as the job's request
 * @param lease how long a node may be silent before another one takes the job over; extended while the work runs
 */
public record JobKind<Q>(String name, Class<Q> request, Duration lease, Work<Q> work) {

    private static final Duration USUAL_LEASE = Duration.ofSeconds(30);

    /** A kind with the usual lease of 30 seconds. */
    public JobKind(String name, Class<Q> request, Work<Q> work) {
        this(name, request, USUAL_LEASE, work);
    }

    /**
     * The long part, outside any transaction. It may run twice, also at the same time, so it changes nothing that matters.
     *
     * <p>A {@link org.plimsoll.core.Problem} of kind INVALID, NOT_FOUND, CONFLICT, REFUSED, DENIED or TOO_LARGE fails the job at
     * once; every other exception lets it be tried again later, {@link Worker#MOST_ATTEMPTS} times in all.
     */
    @FunctionalInterface
    public interface Work<Q> {
        Closing run(Job job, Q request) throws Exception;
    }

    /** The short part: the effect and the end of the job, in one transaction; its exceptions count like those of the work. */
    @FunctionalInterface
    public interface Closing {
        Ending close(Transaction tx) throws Exception;
    }
}
