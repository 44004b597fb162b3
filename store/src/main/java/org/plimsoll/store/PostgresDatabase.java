package org.plimsoll.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Problem;

/**
 * The database of a team: PostgreSQL, shared by several nodes.
 *
 * <pre>
 *   read    REPEATABLE READ, READ ONLY      one snapshot, never refused
 *   write   SERIALIZABLE                    run again, with growing pauses, when the server could not serialise it
 *   events  inserted without a position     {@link PostgresSequencer} gives positions just after the commit
 * </pre>
 */
public final class PostgresDatabase implements Database {

    private static final System.Logger LOG = System.getLogger(PostgresDatabase.class.getName());
    private static final int CONNECTIONS = 16;
    private static final int MOST_ATTEMPTS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Clock clock;
    private final HikariDataSource writing;
    private final HikariDataSource reading;
    private final Jdbi writes;
    private final Jdbi reads;
    private final Commits commits = new Commits();
    private final PostgresSequencer sequencer;
    private final Underway underway = new Underway();

    private PostgresDatabase(String url, Clock clock) {
        this.clock = clock;
        this.writing = pool(url, "writers", "TRANSACTION_SERIALIZABLE", false);
        this.reading = pool(url, "readers", "TRANSACTION_REPEATABLE_READ", true);
        this.writes = Sql.jdbi(writing::getConnection);
        this.reads = Sql.jdbi(reading::getConnection);
        this.sequencer = new PostgresSequencer(writes, commits);
    }

    /**
     * Opens the database at this address and brings its tables up to date.
     *
     * @param url JDBC, with user and password: {@code jdbc:postgresql://host/plimsoll?user=…&password=…}
     * @throws Problem INVALID where the database does not order text by bytes; BUSY where the server does not answer
     */
    public static PostgresDatabase open(String url, Clock clock) {
        try (Connection connection = DriverManager.getConnection(url)) {
            requireByteOrder(connection);
            Migrations migrations = Migrations.onClassPath();
            if (!migrations.areApplied(connection)) {
                migrations.apply(url, connection);
            }
        } catch (SQLException e) {
            throw Scope.thrown(e);
        }
        var database = new PostgresDatabase(url, clock);
        database.sequencer.start();
        return database;
    }

    private static HikariDataSource pool(String url, String name, String isolation, boolean readOnly) {
        var config = new HikariConfig();
        config.setPoolName("postgres-" + name);
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setAutoCommit(false);
        config.setTransactionIsolation(isolation);
        config.setReadOnly(readOnly);
        config.setConnectionTimeout(PATIENCE.toMillis());
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        return new HikariDataSource(config);
    }

    /** Text order must be that of SQLite, else pages and pagination differ between the two. */
    private static void requireByteOrder(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT 'a' < 'B', 'a' < '_', 'é' < 'z', current_database()")) {
            rows.next();
            if (rows.getBoolean(1) || rows.getBoolean(2) || rows.getBoolean(3)) {
                throw Problem.invalid(
                        "database",
                        rows.getString(4),
                        "a PostgreSQL database that orders text by bytes; make it with: CREATE DATABASE plimsoll TEMPLATE"
                                + " template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
            }
        }
    }

    @Override
    public <T> T read(Read<T> work) {
        Scope.refuseNested();
        try (var begun = underway.begin();
                Handle handle = reads.open()) {
            try {
                return Scope.read(new View(handle, clock.millis()), work);
            } finally {
                handle.getConnection().rollback();
            }
        } catch (Exception e) {
            throw Scope.thrown(e);
        }
    }

    /**
     * On a thread of its own: interrupting a thread inside the driver closes its socket, and the caller could not know whether the
     * commit happened.
     */
    @Override
    public <T> Committed<T> write(Actor actor, Write<T> work) {
        Scope.refuseNested();
        try (var begun = underway.begin()) {
            var outcome = new CompletableFuture<Done<T>>();
            Thread.startVirtualThread(() -> {
                try {
                    outcome.complete(attempts(actor, work));
                } catch (Throwable t) {
                    outcome.completeExceptionally(t);
                }
            });
            Done<T> done = Scope.await(outcome);
            commits.wake();
            done.tx().runEffects();
            return done.committed();
        }
    }

    private record Done<T>(Committed<T> committed, OpenTransaction tx) {}

    private <T> Done<T> attempts(Actor actor, Write<T> work) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(actor, work);
            } catch (Exception e) {
                boolean contention = SqlFailure.of(e)
                        .filter(failure -> failure.kind() == SqlFailure.Kind.CONTENTION)
                        .isPresent();
                if (!contention || attempt == MOST_ATTEMPTS) {
                    throw e;
                }
                LOG.log(Level.DEBUG, "attempt {0} could not be serialised", attempt);
                Thread.sleep(ThreadLocalRandom.current().nextLong(1, 2L + (1L << Math.min(attempt, 6))));
            }
        }
    }

    private <T> Done<T> attempt(Actor actor, Write<T> work) throws Exception {
        try (Handle handle = writes.open()) {
            var tx = new OpenTransaction(handle, actor, clock.millis(), 0);
            T value;
            try {
                value = Scope.write(tx, work);
            } catch (Throwable t) {
                rollBack(handle, t);
                throw t;
            }
            commit(handle);
            return new Done<>(new Committed<>(value, tx.events()), tx);
        }
    }

    private static void rollBack(Handle handle, Throwable failed) {
        try {
            handle.getConnection().rollback();
        } catch (SQLException e) {
            failed.addSuppressed(e);
        }
    }

    private static void commit(Handle handle) throws SQLException {
        try {
            handle.getConnection().commit();
        } catch (SQLException e) {
            boolean lost = SqlFailure.of(e)
                    .filter(failure -> failure.kind() == SqlFailure.Kind.CONNECTION)
                    .isPresent();
            if (lost) {
                throw Problem.of(
                        Problem.Kind.BUSY,
                        "the database server went away during the commit, so whether it happened is not known; repeat the"
                                + " request with the same idempotency key");
            }
            rollBack(handle, e);
            throw e;
        }
    }

    @Override
    public Commits commits() {
        return commits;
    }

    /** One round of the sequencer; for tests and for whoever must see positions now. */
    int sequence() {
        return sequencer.round();
    }

    @Override
    public void close() {
        underway.close();
        sequencer.close();
        commits.wake();
        writing.close();
        reading.close();
    }
}
