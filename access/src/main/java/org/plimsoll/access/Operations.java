package org.plimsoll.access;

import org.plimsoll.core.Ids;

/**
 * The one way in, for one person. Here ({@link Entrance#as}) or over HTTP, with the same answers and the same
 * {@link org.plimsoll.core.Problem}s: a caller cannot tell which.
 *
 * <pre>
 *   Run run = operations.perform(new CreateRun(experiment, Optional.empty()));
 * </pre>
 *
 * Who acts is fixed by the credential this object was made with; no request can name another actor.
 */
public interface Operations {

    /**
     * Does what is asked, once: the same key with the same request gives the first answer again, with another request it is
     * refused ({@code CONFLICT}).
     *
     * @param idempotencyKey 1 to 100 visible characters, chosen by the caller
     */
    <R> R perform(Request<R> request, String idempotencyKey);

    /** Keeps the bytes, then does what is asked with them, once for each key. */
    <R> R upload(Request.Upload<R> request, Bytes body, String idempotencyKey);

    /** Does what is asked, under a key of its own. */
    default <R> R perform(Request<R> request) {
        return perform(request, Ids.next());
    }

    /** Keeps the bytes, then does what is asked with them, under a key of its own. */
    default <R> R upload(Request.Upload<R> request, Bytes body) {
        return upload(request, body, Ids.next());
    }
}
