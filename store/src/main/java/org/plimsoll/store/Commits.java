package org.plimsoll.store;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts the commits of this process, so that whoever follows the database (jobs, routing heads, the log) wakes at once on its own
 * node's commits and polls only for those of other nodes.
 */
public final class Commits {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private long count;

    /** How many commits there were; never goes back. */
    public long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until there was a commit after {@code seen}, or until {@code atMost} has passed.
     *
     * @return the count now; pass it as {@code seen} the next time
     */
    public long await(long seen, Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (count <= seen && nanos > 0) {
                nanos = more.awaitNanos(nanos);
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Also ends the waiting of followers that are told to stop. */
    public void wake() {
        lock.lock();
        try {
            count++;
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
