package org.plimsoll.store;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Gives committed events their gap-free positions on PostgreSQL, where writers commit in no order that anyone could count in.
 *
 * <p>Every node has one; the row {@code sequencer} of {@code lease}, locked for the length of a round, lets one at a time work, and
 * a node that dies frees it. It reads at READ COMMITTED and touches only rows that no writer touches, so it never makes a writer
 * run again.
 */
final class PostgresSequencer implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(PostgresSequencer.class.getName());
    private static final int ROUND = 1000;
    private static final Duration OTHER_NODES = Duration.ofMillis(200);

    /** Between rounds: commits in quick succession share one. */
    private static final Duration BREATH = Duration.ofMillis(5);

    private final Jdbi jdbi;
    private final Commits commits;
    private final Thread thread = Thread.ofVirtual().name("sequencer").unstarted(this::run);
    private volatile boolean closing;

    PostgresSequencer(Jdbi jdbi, Commits commits) {
        this.jdbi = jdbi;
        this.commits = commits;
    }

    void start() {
        thread.start();
    }

    /** Wakes at once after this node's commits, and every 200 ms for those of others. */
    private void run() {
        long seen = -1;
        while (!closing) {
            try {
                Thread.sleep(BREATH);
                seen = commits.await(seen, OTHER_NODES);
                int placed;
                do {
                    placed = round();
                    if (placed > 0) {
                        commits.wake(); // followers read by position
                    }
                } while (placed == ROUND && !closing);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "events got no positions in this round; the next one tries again", e);
            }
        }
    }

    /** @return how many events got their position */
    int round() {
        try (Handle handle = jdbi.open()) {
            Connection connection = handle.getConnection();
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            try {
                handle.execute("SELECT name FROM lease WHERE name = 'sequencer' FOR UPDATE");
                int placed = place(handle);
                connection.commit();
                return placed;
            } catch (RuntimeException | SQLException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw Scope.thrown(e);
        }
    }

    private static int place(Handle handle) {
        List<String> fresh = handle.createQuery("SELECT id FROM event WHERE position IS NULL ORDER BY id LIMIT :most")
                .bind("most", ROUND)
                .mapTo(String.class)
                .list();
        if (fresh.isEmpty()) {
            return 0;
        }
        long position = handle.createQuery("SELECT coalesce(max(position), 0) FROM event")
                .mapTo(Long.class)
                .one();
        var batch = handle.prepareBatch("UPDATE event SET position = :position WHERE id = :id");
        for (String id : fresh) {
            position++;
            batch.bind("position", position).bind("id", id).add();
        }
        batch.execute();
        return fresh.size();
    }

    @Override
    public void close() {
        closing = true;
        commits.wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
