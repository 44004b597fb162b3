package org.plimsoll.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;

class SqliteDatabaseTest {

    private final MovableClock clock = new MovableClock();
    private final Path file = Databases.freshHome().resolve("plimsoll.db");

    private static void write(Database database, String holder) {
        database.write(Actor.SYSTEM, tx -> {
            Pins.keep(tx, Digest.of("x"), holder);
            return tx.append("version.registered", holder, Map.of());
        });
    }

    private static int pins(Database database) {
        return database.read(db -> Pins.of(db, Digest.of("x")).size());
    }

    private void change(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void open_again_keepsEverythingAndCountsOn() {
        try (var database = SqliteDatabase.open(file, clock)) {
            write(database, "version/late@1");
        }
        try (var database = SqliteDatabase.open(file, clock)) {
            write(database, "version/late@2");
            assertThat(pins(database)).isEqualTo(2);
            assertThat((Long) database.read(Events::last)).isEqualTo(2);
        }
    }

    @Test
    void write_fileMovedAwayWhileOpen_refusedUntilItIsBack() throws Exception {
        try (var database = SqliteDatabase.open(file, clock)) {
            write(database, "version/late@1");
            Path away = file.resolveSibling("away.db");
            Files.move(file, away);
            assertThatThrownBy(() -> write(database, "version/late@2"))
                    .isInstanceOfSatisfying(
                            Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.BUSY))
                    .hasMessageContaining("no longer there");
            Files.writeString(file, "another file");
            assertThatThrownBy(() -> write(database, "version/late@2")).hasMessageContaining("another file");
            Files.delete(file);
            Files.move(away, file);
            write(database, "version/late@3");
            assertThat(pins(database)).isEqualTo(2);
        }
    }

    @Test
    void write_lessThan64MebibytesFree_refusedUntilThereIsRoom() {
        var free = new AtomicLong(64L << 20);
        try (var database = SqliteDatabase.open(file, clock, free::get)) {
            write(database, "version/late@1");
            free.decrementAndGet();
            assertThatThrownBy(() -> write(database, "version/late@2"))
                    .isInstanceOfSatisfying(
                            Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.STORAGE_FULL));
            assertThat(pins(database)).isEqualTo(1);
            free.incrementAndGet();
            write(database, "version/late@3");
            assertThat(pins(database)).isEqualTo(2);
        }
    }

    @Test
    void write_anotherProcessHoldsTheFile_isBusyAndWorksLater() throws Exception {
        try (var database = SqliteDatabase.open(file, clock);
                var other = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            assertThatThrownBy(() -> write(database, "version/late@1"))
                    .isInstanceOfSatisfying(
                            Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.BUSY));
            statement.execute("ROLLBACK");
            write(database, "version/late@2");
            assertThat(pins(database)).isEqualTo(1);
        }
    }

    @Test
    void open_migrationsUnchanged_runsNoFlywayAndWithOthersItDoes() throws Exception {
        SqliteDatabase.open(file, clock).close();
        change("ALTER TABLE flyway_schema_history RENAME TO taken_away"); // Flyway would refuse such a database
        try (var database = SqliteDatabase.open(file, clock)) {
            write(database, "version/late@1");
        }
        change("UPDATE schema_applied SET digest = 'another'");
        assertThatThrownBy(() -> SqliteDatabase.open(file, clock)).isInstanceOf(Problem.class);
        change("ALTER TABLE taken_away RENAME TO flyway_schema_history");
        SqliteDatabase.open(file, clock).close();
    }

    @Test
    void open_databaseOfANewerPlimsoll_saysSoAndChangesNothing() throws Exception {
        SqliteDatabase.open(file, clock).close();
        change("UPDATE schema_applied SET digest = 'newer'");
        change("""
                INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by,
                    execution_time, success)
                VALUES (999, '209901010000', 'later', 'SQL', 'V209901010000__later.sql', 1, '', 1, 1)""");
        assertThatThrownBy(() -> SqliteDatabase.open(file, clock))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.CONFLICT))
                .hasMessageContaining("a newer one");
    }

    @Test
    void open_whatIsNoDatabase_isAProblem() throws Exception {
        Files.writeString(file, "not a database at all, but long enough to have a header ".repeat(100));
        assertThatThrownBy(() -> SqliteDatabase.open(file, clock))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("not a database");
    }

    @Test
    void look_whileAServerWrites_seesWhatIsCommitted() {
        try (var database = SqliteDatabase.open(file, clock)) {
            write(database, "version/late@1");
            int seen = SqliteDatabase.look(
                    file, clock, db -> Pins.of(db, Digest.of("x")).size());
            assertThat(seen).isEqualTo(1);
        }
        assertThatThrownBy(() -> SqliteDatabase.look(file.resolveSibling("none.db"), clock, db -> 1))
                .isInstanceOf(Problem.class);
        assertThat(file.resolveSibling("none.db")).doesNotExist();
    }
}
