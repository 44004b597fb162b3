package org.plimsoll.store;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.plimsoll.core.Problem;

/** Counts what is under way, so that closing can refuse what is new and wait for the rest. */
final class Underway implements AutoCloseable {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private long count;
    private boolean closing;

    /** What has begun ends when this is closed. */
    @FunctionalInterface
    interface Begun extends AutoCloseable {
        @Override
        void close();
    }

    Begun begin() {
        lock.lock();
        try {
            if (closing) {
                throw Problem.of(Problem.Kind.BUSY, "the database is closing; try again");
            }
            count++;
            return this::end;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            if (--count == 0) {
                none.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Refuses what is new and waits for what has begun. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            while (count > 0) {
                none.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
