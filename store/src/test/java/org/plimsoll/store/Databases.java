package org.plimsoll.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Fresh databases for tests, with every migration on the class path; the migrations run once in a JVM. */
public enum Databases {
    SQLITE {
        @Override
        public Database fresh(Clock clock) {
            return SqliteDatabase.open(freshHome().resolve("plimsoll.db"), clock);
        }
    },
    POSTGRES {
        @Override
        public Database fresh(Clock clock) {
            return PostgresDatabase.open(freshPostgres(), clock);
        }
    };

    private static final AtomicInteger COUNT = new AtomicInteger();

    /** An empty database of its own. Close it; its files go when the JVM ends. */
    public abstract Database fresh(Clock clock);

    /** A folder of its own with a migrated {@code plimsoll.db}. */
    public static Path freshHome() {
        try {
            Path home = Files.createDirectory(Homes.ROOT.resolve("home-" + COUNT.incrementAndGet()));
            Files.copy(Homes.MIGRATED, home.resolve("plimsoll.db"));
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The address of a migrated PostgreSQL database of its own. */
    public static String freshPostgres() {
        String name = "test_" + COUNT.incrementAndGet();
        Postgres.createDatabase(name, Postgres.MIGRATED);
        return Postgres.url(name);
    }

    /** SQLite files under one temporary folder, which goes when the JVM ends. */
    private static final class Homes {
        private static final Path ROOT = temporary();
        private static final Path MIGRATED = migrated();

        private static Path temporary() {
            try {
                Path root = Files.createTempDirectory("plimsoll-tests-");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(root)));
                return root;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Path migrated() {
            Path file = ROOT.resolve("migrated").resolve("plimsoll.db");
            SqliteDatabase.open(file, Clock.systemUTC()).close(); // closing leaves one file, without a WAL beside it
            return file;
        }

        private static void delete(Path root) {
            try (Stream<Path> files = Files.walk(root)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException | UncheckedIOException e) {
                // left for the system to clean
            }
        }
    }

    /** One server in a JVM, without fsync; tests of durability start their own. */
    private static final class Postgres {
        private static final EmbeddedPostgres SERVER = start();
        private static final String MIGRATED = migrated();

        private static EmbeddedPostgres start() {
            Logger.getLogger("").setLevel(Level.WARNING); // the server tells a page while it starts
            try {
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setLocaleConfig("locale", "C")
                        .setLocaleConfig("encoding", "UTF8")
                        .setServerConfig("fsync", "off")
                        .setServerConfig("max_connections", "400")
                        .setServerConfig("shared_buffers", "32MB")
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    try {
                        server.close();
                    } catch (IOException e) {
                        // it goes with the process group
                    }
                }));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String migrated() {
            createDatabase("migrated", "template0");
            PostgresDatabase.open(url("migrated"), Clock.systemUTC()).close();
            return "migrated";
        }

        private static String url(String name) {
            return SERVER.getJdbcUrl("postgres", name);
        }

        private static synchronized void createDatabase(String name, String template) {
            try (var connection = SERVER.getPostgresDatabase().getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + name + " TEMPLATE " + template);
            } catch (SQLException e) {
                throw new IllegalStateException("no database for a test", e);
            }
        }
    }
}
