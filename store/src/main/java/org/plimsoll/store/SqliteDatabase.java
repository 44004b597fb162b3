package org.plimsoll.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Objects;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Problem;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * The database of one home: a SQLite file in WAL mode with {@code synchronous=FULL}, one thread that writes
 * ({@link SqliteWriter}) and a few that read ({@link SqliteReaders}).
 */
public final class SqliteDatabase implements Database {

    private static final int BUSY_MILLIS = 5_000;
    private static final int LARGEST_WAL = 64 << 20;

    private final Commits commits = new Commits();
    private final SqliteWriter writer;
    private final SqliteReaders readers;

    private SqliteDatabase(SqliteWriter writer, SqliteReaders readers) {
        this.writer = writer;
        this.readers = readers;
    }

    /**
     * Opens the database in this file, makes it where there is none, and brings its tables up to date.
     *
     * @param file {@code plimsoll.db} of a home, on a local disk
     * @throws Problem where the file cannot be used
     */
    public static SqliteDatabase open(Path file, Clock clock) {
        return open(file, clock, () -> file.toFile().getUsableSpace());
    }

    static SqliteDatabase open(Path file, Clock clock, SqliteWriter.FreeSpace free) {
        Path absolute = file.toAbsolutePath();
        Path home = Objects.requireNonNull(absolute.getParent());
        try {
            Files.createDirectories(home);
        } catch (IOException e) {
            throw Storage.problem("make a home at " + home, e);
        }
        SqliteLibrary.prepare(home);
        String url = "jdbc:sqlite:" + absolute;
        try {
            boolean exists = Files.exists(absolute);
            Connection connection = connect(url, !exists);
            Migrations migrations = Migrations.onClassPath();
            if (!migrations.areApplied(connection)) {
                migrations.apply(url, connection);
            }
            SqliteReaders readers = new SqliteReaders(() -> connect(url, false), clock);
            SqliteWriter writer = new SqliteWriter(connection, absolute, clock, free);
            writer.start();
            return new SqliteDatabase(writer, readers);
        } catch (SQLException e) {
            throw Scope.thrown(e);
        }
    }

    /**
     * Reads a home's file without opening the home: nothing is migrated, no row is written, and a server may be using it. For
     * commands that work offline.
     *
     * @throws Problem NOT_FOUND where there is no such file
     */
    public static <T> T look(Path file, Clock clock, Read<T> work) {
        Path absolute = file.toAbsolutePath();
        if (!Files.isRegularFile(absolute)) {
            throw Problem.notFound("database", absolute);
        }
        SqliteLibrary.find(Objects.requireNonNull(absolute.getParent()));
        try (var readers = new SqliteReaders(() -> connect("jdbc:sqlite:" + absolute, false), clock)) {
            return readers.read(work);
        }
    }

    private static Connection connect(String url, boolean create) throws SQLException {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setJournalSizeLimit(LARGEST_WAL);
        if (!create) {
            config.resetOpenMode(SQLiteOpenMode.CREATE); // a home that lost its file must not get an empty one
        }
        return config.createConnection(url);
    }

    @Override
    public <T> T read(Read<T> work) {
        return readers.read(work);
    }

    @Override
    public <T> Committed<T> write(Actor actor, Write<T> work) {
        Committed<T> committed = writer.write(actor, work);
        commits.wake();
        return committed;
    }

    @Override
    public Commits commits() {
        return commits;
    }

    @Override
    public void close() {
        writer.close();
        readers.close();
        commits.wake();
    }
}
