package org.plimsoll.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.plimsoll.core.Problem;

/**
 * Reads on a few platform threads: a call into SQLite pins the thread that carries a virtual thread, and three slow ones were
 * enough to stop every virtual thread of a small machine for two seconds. Each read sees one snapshot.
 */
final class SqliteReaders implements AutoCloseable {

    private static final int THREADS = 4;

    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("database-reader-", 0).factory());
    private final ConcurrentLinkedQueue<Connection> idle = new ConcurrentLinkedQueue<>();
    private final ConnectionFactory connections;
    private final Clock clock;
    private final Jdbi jdbi;

    SqliteReaders(ConnectionFactory connections, Clock clock) {
        this.connections = connections;
        this.clock = clock;
        this.jdbi = Sql.jdbi(new Kept());
    }

    /** Connections outlive the handles that use them. */
    private final class Kept implements ConnectionFactory {
        @Override
        public Connection openConnection() throws SQLException {
            Connection connection = idle.poll();
            if (connection != null) {
                return connection;
            }
            Connection fresh = connections.openConnection();
            execute(fresh, "PRAGMA query_only = 1");
            return fresh;
        }

        @Override
        public void closeConnection(Connection connection) throws SQLException {
            if (!connection.isClosed()) {
                idle.add(connection);
            }
        }
    }

    <T> T read(Database.Read<T> work) {
        Scope.refuseNested();
        var outcome = new CompletableFuture<T>();
        try {
            threads.execute(() -> {
                try {
                    outcome.complete(onSnapshot(work));
                } catch (Throwable t) {
                    outcome.completeExceptionally(t);
                }
            });
        } catch (RejectedExecutionException closed) {
            throw Problem.of(Problem.Kind.BUSY, "the database is closing; try again");
        }
        return Scope.await(outcome);
    }

    private <T> T onSnapshot(Database.Read<T> work) throws Exception {
        try (Handle handle = jdbi.open()) {
            Connection connection = handle.getConnection();
            execute(connection, "BEGIN");
            try {
                return Scope.read(new View(handle, clock.millis()), work);
            } finally {
                endSnapshot(connection);
            }
        }
    }

    private static void endSnapshot(Connection connection) throws SQLException {
        try {
            execute(connection, "COMMIT");
        } catch (SQLException e) {
            connection.close(); // the next read begins on a fresh one
            throw e;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        threads.close(); // waits for reads under way
        try {
            for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
                connection.close();
            }
        } catch (SQLException e) {
            throw Scope.thrown(e);
        }
    }
}
