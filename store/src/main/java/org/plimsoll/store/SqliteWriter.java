package org.plimsoll.store;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Problem;

/**
 * The one thread that writes a SQLite database. Waiting writes share a commit, so that many of them pay for one fsync:
 *
 * <pre>
 *   the file is still the one that was opened, and 64 MiB are free
 *   BEGIN IMMEDIATE
 *     SAVEPOINT w   first write and its events    RELEASE w
 *     SAVEPOINT w   second write throws           ROLLBACK TO w; RELEASE w    its caller alone hears of it
 *     SAVEPOINT w   third write and its events    RELEASE w
 *   COMMIT          one fsync                                                 the callers are answered now
 * </pre>
 *
 * Positions of events are counted here, and the counter goes back with the savepoint: they are gap-free.
 *
 * <p>When SQLite drops the whole transaction (the disk is full), every write of the batch runs again by itself, and each caller
 * learns its own fate. When the device fails, nothing more is written until the product is started again: what such a disk says
 * about a second attempt cannot be trusted.
 */
final class SqliteWriter implements AutoCloseable {

    /** Bytes free where the database lies. */
    @FunctionalInterface
    interface FreeSpace {
        long bytes();
    }

    /** A commit's checkpoint needs room too: writes are refused before the disk is full to the last byte. */
    static final long SPARE = 64L << 20;

    private static final System.Logger LOG = System.getLogger(SqliteWriter.class.getName());
    private static final int LARGEST_BATCH = 256;
    private static final int MOST_WAITING = 4096;
    private static final long PATIENCE_MILLIS = 100;

    private final Connection connection;
    private final Jdbi jdbi;
    private final Path file;
    private final @Nullable Object identity;
    private final Clock clock;
    private final FreeSpace free;
    private final Thread thread;
    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final PreparedStatement rollback;
    private final PreparedStatement savepoint;
    private final PreparedStatement release;
    private final PreparedStatement rollbackToSavepoint;

    private final BlockingQueue<Waiting<?>> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private final ReentrantLock gate = new ReentrantLock();
    private boolean closing; // guarded by gate: once true, nothing more enters the queue

    private long nextPosition; // of the next event; only the writing thread touches it
    private volatile @Nullable Problem broken;

    SqliteWriter(Connection connection, Path file, Clock clock, FreeSpace free) throws SQLException {
        this.connection = connection;
        this.file = file;
        this.clock = clock;
        this.free = free;
        this.identity = identityOf(file);
        this.jdbi = Sql.jdbi(new Shared());
        this.begin = connection.prepareStatement("BEGIN IMMEDIATE");
        this.commit = connection.prepareStatement("COMMIT");
        this.rollback = connection.prepareStatement("ROLLBACK");
        this.savepoint = connection.prepareStatement("SAVEPOINT w");
        this.release = connection.prepareStatement("RELEASE w");
        this.rollbackToSavepoint = connection.prepareStatement("ROLLBACK TO w");
        try (Handle handle = jdbi.open()) {
            this.nextPosition = 1 + Events.last(new View(handle, clock.millis()));
        }
        this.thread = Thread.ofPlatform().daemon().name("database-writer").unstarted(this::run);
    }

    /** One connection for every handle. */
    private final class Shared implements ConnectionFactory {
        @Override
        public Connection openConnection() {
            return connection;
        }

        @Override
        public void closeConnection(Connection shared) {
            // stays open for the next write
        }
    }

    /** A write in the queue. */
    private record Waiting<T>(Actor actor, Database.Write<T> work, CompletableFuture<Done<T>> outcome) {

        void fail(Throwable why) {
            outcome.completeExceptionally(why);
        }
    }

    /** Enters the queue after the last write. */
    private static final Waiting<Boolean> END = new Waiting<>(Actor.SYSTEM, tx -> true, new CompletableFuture<>());

    private record Done<T>(Database.Committed<T> committed, OpenTransaction tx) {}

    /** The transaction that all writes of the batch shared is gone. */
    private static final class BatchLost extends Exception {
        private final Throwable why;

        BatchLost(Throwable why) {
            super(null, why, false, false);
            this.why = why;
        }
    }

    void start() {
        thread.start();
    }

    <T> Database.Committed<T> write(Actor actor, Database.Write<T> work) {
        Scope.refuseNested();
        var waiting = new Waiting<>(actor, work, new CompletableFuture<Done<T>>());
        gate.lock();
        try {
            if (closing) {
                throw Problem.of(Problem.Kind.BUSY, "the database is closing; try again");
            }
            if (!queue.offer(waiting)) {
                throw Problem.of(Problem.Kind.BUSY, MOST_WAITING + " writes are waiting already; try again");
            }
        } finally {
            gate.unlock();
        }
        Done<T> done = Scope.await(waiting.outcome());
        done.tx().runEffects();
        return done.committed();
    }

    /** Until the last write before closing is carried out. */
    private void run() {
        var batch = new ArrayList<Waiting<?>>(LARGEST_BATCH);
        try {
            boolean last = false;
            while (!last) {
                batch.clear();
                batch.add(take());
                queue.drainTo(batch, LARGEST_BATCH - 1);
                last = batch.remove(END);
                if (!batch.isEmpty()) {
                    carryOut(batch);
                }
            }
        } catch (Throwable defect) {
            LOG.log(Level.ERROR, "the database's writer died", defect);
            broken = Problem.internal("the database's writer died; start the product again", defect);
            batch.forEach(waiting -> waiting.fail(refusal()));
        } finally {
            refuseAll();
        }
    }

    private Waiting<?> take() {
        while (true) {
            try {
                return queue.take();
            } catch (InterruptedException ofSomeWork) {
                // nobody interrupts this thread to stop it
            }
        }
    }

    /** Nobody waits for ever, whatever ended the thread. */
    private void refuseAll() {
        gate.lock();
        try {
            closing = true;
        } finally {
            gate.unlock();
        }
        for (Waiting<?> waiting = queue.poll(); waiting != null; waiting = queue.poll()) {
            waiting.fail(refusal());
        }
    }

    private Problem refusal() {
        Problem why = broken;
        return why != null ? why : Problem.of(Problem.Kind.BUSY, "the database is closed");
    }

    private void carryOut(List<Waiting<?>> batch) {
        Optional<Problem> refused = reasonToRefuse();
        if (refused.isPresent()) {
            batch.forEach(waiting -> waiting.fail(refused.get()));
            return;
        }
        try {
            begin.execute();
        } catch (SQLException e) {
            noteDevice(e);
            batch.forEach(waiting -> waiting.fail(e));
            return;
        }
        long before = nextPosition;
        List<Runnable> answers = new ArrayList<>(batch.size());
        try {
            for (Waiting<?> waiting : batch) {
                answers.add(inSavepoint(waiting));
            }
            commit();
        } catch (BatchLost lost) {
            nextPosition = before;
            rollBack();
            if (batch.size() == 1 || broken != null) {
                batch.forEach(waiting -> waiting.fail(broken == null ? lost.why : refusal()));
            } else {
                batch.forEach(waiting -> carryOut(List.of(waiting)));
            }
            return;
        }
        answers.forEach(Runnable::run);
    }

    private <T> Runnable inSavepoint(Waiting<T> waiting) throws BatchLost {
        try (Handle handle = jdbi.open()) {
            savepoint.execute();
            var tx = new OpenTransaction(handle, waiting.actor(), clock.millis(), nextPosition);
            try {
                T value = Scope.write(tx, waiting.work());
                release.execute();
                nextPosition = tx.nextPosition();
                var done = new Done<>(new Database.Committed<>(value, tx.events()), tx);
                return () -> waiting.outcome().complete(done);
            } catch (Throwable failed) {
                undo(failed);
                return () -> waiting.fail(failed);
            }
        } catch (SQLException e) {
            noteDevice(e);
            throw new BatchLost(e);
        }
    }

    private void undo(Throwable failed) throws BatchLost {
        noteDevice(failed);
        if (broken != null) {
            throw new BatchLost(failed);
        }
        try {
            rollbackToSavepoint.execute();
            release.execute();
        } catch (SQLException transactionIsGone) {
            throw new BatchLost(failed);
        }
    }

    private void commit() throws BatchLost {
        try {
            commit.execute();
        } catch (SQLException e) {
            noteDevice(e);
            throw new BatchLost(e);
        }
    }

    private void rollBack() {
        try {
            rollback.execute();
        } catch (SQLException alreadyRolledBack) {
            LOG.log(Level.DEBUG, "SQLite had rolled back by itself", alreadyRolledBack);
        }
    }

    private void noteDevice(Throwable failed) {
        SqlFailure.of(failed)
                .filter(failure -> failure.kind() == SqlFailure.Kind.DEVICE)
                .ifPresent(failure -> {
                    LOG.log(
                            Level.ERROR,
                            "the database's disk failed; nothing more is written to " + file,
                            failure.cause());
                    broken = Problem.internal(
                            "the disk of " + file + " failed ("
                                    + failure.cause().getMessage()
                                    + "); nothing more is written until the product is started again, and whether the last writes"
                                    + " were kept is only known then",
                            failure.cause());
                });
    }

    /** SQLite goes on acknowledging into a file that was moved away, and needs room for its checkpoint. */
    private Optional<Problem> reasonToRefuse() {
        if (broken != null) {
            return Optional.of(refusal());
        }
        try {
            Object now = identityOf(file);
            if (!Objects.equals(identity, now)) {
                return Optional.of(
                        Problem.of(
                                Problem.Kind.BUSY,
                                file
                                        + " is another file than the one that was opened; put it back or start the product again"));
            }
        } catch (Problem gone) {
            return Optional.of(gone);
        }
        if (free.bytes() < SPARE) {
            return Optional.of(Problem.of(
                    Problem.Kind.STORAGE_FULL,
                    "less than 64 MiB are free where " + file + " lies; nothing was written"));
        }
        return Optional.empty();
    }

    /** Null on systems whose files have no key. */
    private static @Nullable Object identityOf(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            throw Problem.of(Problem.Kind.BUSY, file + " is no longer there; put it back or start the product again");
        } catch (IOException e) {
            throw Storage.problem("look at " + file, e);
        }
    }

    /** Refuses first, then carries out what waits, then closes. Closing twice is fine. */
    @Override
    public void close() {
        gate.lock();
        try {
            closing = true;
        } finally {
            gate.unlock();
        }
        boolean interrupted = false;
        boolean told = false;
        while (thread.isAlive()) {
            try {
                told = told || queue.offer(END, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
                thread.join(PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        try {
            connection.close();
        } catch (SQLException e) {
            throw Scope.thrown(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
