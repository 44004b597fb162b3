package org.plimsoll.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Event;
import org.plimsoll.core.Problem;

class PostgresDatabaseTest {

    private final MovableClock clock = new MovableClock();

    @Test
    void events_ofTwoNodesWithEightWritersEach_getPositionsWithoutAGap() throws Exception {
        String url = Databases.freshPostgres();
        try (var first = PostgresDatabase.open(url, clock);
                var second = PostgresDatabase.open(url, clock);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> writers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                Database node = i % 2 == 0 ? first : second;
                String subject = "thing/" + i;
                writers.add(() -> {
                    for (int n = 0; n < 15; n++) {
                        node.write(Actor.SYSTEM, tx -> tx.append("thing.happened", subject, Map.of()));
                    }
                    return 15;
                });
            }
            for (var writer : threads.invokeAll(writers)) {
                assertThat(writer.get()).isEqualTo(15);
            }
            second.sequence();
            List<Event> events = first.read(db -> Events.after(db, 0, 1000));
            assertThat(events.stream().map(event -> event.position().orElseThrow()))
                    .isEqualTo(LongStream.rangeClosed(1, 240).boxed().toList());
        }
    }

    @Test
    void write_serverEndsConnections_eachWriteHappensOnceOrIsAProblemAndLaterOnesWork() throws Exception {
        String url = Databases.freshPostgres();
        try (var database = PostgresDatabase.open(url, clock);
                var admin = DriverManager.getConnection(url);
                var statement = admin.createStatement();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var acknowledged = new AtomicInteger();
            var unknown = new AtomicInteger();
            List<Callable<Integer>> writers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                writers.add(() -> {
                    for (int n = 0; n < 40; n++) {
                        try {
                            database.write(Actor.SYSTEM, tx -> tx.append("thing.happened", "thing/1", Map.of()));
                            acknowledged.incrementAndGet();
                        } catch (Problem gone) {
                            assertThat(gone.kind()).isEqualTo(Problem.Kind.BUSY);
                            unknown.incrementAndGet();
                        }
                    }
                    return 1;
                });
            }
            var ending = threads.submit(() -> {
                for (int n = 0; n < 5; n++) {
                    statement.execute("""
                            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                            WHERE datname = current_database() AND pid <> pg_backend_pid()""");
                }
                return 1;
            });
            for (var writer : threads.invokeAll(writers)) {
                writer.get();
            }
            ending.get();
            long rows = onceConnected(() -> database.read(db -> db.sql()
                    .createQuery("SELECT count(*) FROM event")
                    .mapTo(Long.class)
                    .one()));
            assertThat(rows).isBetween((long) acknowledged.get(), (long) acknowledged.get() + unknown.get());
            onceConnected(() -> database.write(Actor.SYSTEM, tx -> tx.append("thing.happened", "thing/1", Map.of())));
        }
    }

    /** What this answers once each connection that the server ended has been met, and has said that one may try again. */
    private static <T> T onceConnected(Supplier<T> work) {
        for (int met = 0; ; met++) {
            try {
                return work.get();
            } catch (Problem gone) {
                assertThat(gone.kind()).isEqualTo(Problem.Kind.BUSY);
                assertThat(met).as("connections met that were ended").isLessThan(32);
            }
        }
    }

    @Test
    void open_textInAnotherOrder_isRefused() throws Exception {
        String url = Databases.freshPostgres();
        try (var admin = DriverManager.getConnection(url);
                var statement = admin.createStatement()) {
            statement.execute("CREATE DATABASE icu_order TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'");
        }
        String icu = url.replaceFirst("/test_[0-9]+", "/icu_order");
        assertThatThrownBy(() -> PostgresDatabase.open(icu, clock))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID))
                .hasMessageContaining("orders text by bytes");
    }

    @Test
    void open_noServerThere_isBusy() {
        assertThatThrownBy(() -> PostgresDatabase.open("jdbc:postgresql://127.0.0.1:1/none?user=x", clock))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.BUSY));
    }
}
