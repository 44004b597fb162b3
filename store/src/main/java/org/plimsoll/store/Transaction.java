package org.plimsoll.store;

import org.plimsoll.core.Actor;

/** One write. Everything done through it becomes true together, or not at all. */
public interface Transaction extends Reading {

    /** Who writes. */
    Actor actor();

    /**
     * Appends an event that commits with this transaction.
     *
     * @param type {@code noun.verb-in-the-past}, such as {@code endpoint.rolled-back}
     * @param subject {@code kind/name}, such as {@code endpoint/late-arrival}
     * @param detail a record or map that tells the rest; kept as canonical JSON. Never a secret, a name or an address of a person
     * @return the event's id
     * @throws IllegalArgumentException where the detail has no canonical JSON (whole numbers beyond 2^53, NaN) or the event is
     *     longer than an entry of the log may be ({@link Events#LONGEST} bytes)
     */
    String append(String type, String subject, Object detail);

    /** How many events this write has appended so far. */
    int appended();

    /**
     * Runs on the caller's thread after the commit, and never when the write failed. A crash may lose it: only for waking
     * somebody who would find the rows anyway.
     */
    void afterCommit(Runnable effect);
}
