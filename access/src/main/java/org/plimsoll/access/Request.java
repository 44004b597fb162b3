package org.plimsoll.access;

/**
 * A question somebody may ask. The request record <em>is</em> the operation: it knows what it touches and the type of its
 * answer; its room's list says where it is asked, who may, and which method answers.
 *
 * @param <R> what it is answered with: a record, {@link Content} for bytes, or a job for what takes long
 */
public interface Request<R> {

    /** What it touches. Whether the caller may is decided on this resource and on those above it. */
    Resource on();

    /** A request that carries bytes; they are kept as a blob before the transaction begins. */
    interface Upload<R> extends Request<R> {}
}
