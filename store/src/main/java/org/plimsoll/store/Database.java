package org.plimsoll.store;

import java.util.List;
import org.plimsoll.core.Actor;

/**
 * The only door to metadata: reads see one consistent snapshot, writes become true together with their events, or not at all.
 *
 * <pre>
 *   write(actor, tx -> {                                     one transaction
 *       tx.sql().execute("UPDATE endpoint …");                 the state
 *       tx.append("endpoint.published", "endpoint/late", it);  and the event that tells of it
 *       return it;                                           durable when write(…) returns
 *   })
 *
 *   SQLite      waiting writes share one commit, one fsync:    BEGIN [w1+events] [w2+events] [w3+events] COMMIT
 *   PostgreSQL  each write is SERIALIZABLE and run again when the server could not serialise it
 * </pre>
 *
 * A transaction is a parameter, never ambient: a method that only reads takes a {@link Reading} first, one that writes takes a
 * {@link Transaction}. Nesting is refused. A write that has begun is carried out, also when its caller is interrupted.
 */
public interface Database extends AutoCloseable {

    /** Work that only reads. */
    @FunctionalInterface
    interface Read<T> {
        T run(Reading db) throws Exception;
    }

    /** Work that writes. It may run twice, so it touches nothing but the transaction; it is short, and never waits. */
    @FunctionalInterface
    interface Write<T> {
        T run(Transaction tx) throws Exception;
    }

    /**
     * What a committed write gave.
     *
     * @param events the ids of the events it appended, in order
     */
    record Committed<T>(T value, List<String> events) {
        public Committed {
            events = List.copyOf(events);
        }
    }

    /**
     * Runs the work on one snapshot.
     *
     * @throws IllegalStateException inside another read or write: pass its {@link Reading} on
     */
    <T> T read(Read<T> work);

    /**
     * Runs the work in a transaction of its own and returns once it is durable.
     *
     * @throws IllegalStateException inside another read or write: pass the {@link Transaction} on
     * @throws org.plimsoll.core.Problem BUSY when too many writes wait, while closing, and under too much contention;
     *     STORAGE_FULL when there is no room; whatever the work throws, in which case nothing was written
     */
    <T> Committed<T> write(Actor actor, Write<T> work);

    /** Tells followers in this process that something was committed. */
    Commits commits();

    /** Refuses new writes, carries out those that wait, and closes. */
    @Override
    void close();
}
