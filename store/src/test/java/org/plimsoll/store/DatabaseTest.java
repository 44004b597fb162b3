package org.plimsoll.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jdbi.v3.core.generic.GenericType;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Event;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;

@EachDatabase
class DatabaseTest {

    private static final Digest BLOB = Digest.of("x");

    private final MovableClock clock = new MovableClock();

    @Parameter
    Databases databases;

    @AutoClose
    Database database;

    @BeforeEach
    void open() {
        database = databases.fresh(clock);
    }

    @Test
    void write_committed_rowAndEventAreThere() {
        var committed = database.write(Actor.SYSTEM, tx -> {
            Pins.keep(tx, BLOB, "version/late@1");
            tx.append("version.registered", "version/late@1", Map.of("tier", "T3"));
            return 7;
        });

        assertThat(committed.value()).isEqualTo(7);
        Event event = database.read(
                db -> Events.find(db, committed.events().getFirst()).orElseThrow());
        assertThat(event.type()).isEqualTo("version.registered");
        assertThat(event.subject()).isEqualTo("version/late@1");
        assertThat(event.actor()).isEqualTo("system");
        assertThat(event.detail().get("tier").asString()).isEqualTo("T3");
        assertThat(event.at()).isEqualTo(clock.instant());
        assertThat(pins()).containsExactly(new Pin(BLOB, "version/late@1", clock.instant()));
    }

    @Test
    void write_faultBetweenStateAndEvent_leavesNeither() {
        assertThatThrownBy(() -> database.write(Actor.SYSTEM, tx -> {
                    Pins.keep(tx, BLOB, "version/late@1");
                    throw new IllegalStateException("a fault");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a fault");
        assertThatThrownBy(() -> database.write(Actor.SYSTEM, tx -> {
                    tx.append("version.registered", "version/late@1", Map.of());
                    Pins.keep(tx, BLOB, "version/late@1");
                    throw Problem.refused("a rule");
                }))
                .isInstanceOf(Problem.class)
                .hasMessage("a rule");

        assertThat(pins()).isEmpty();
        assertThat(positionsOnceAll(0)).isEmpty();
    }

    @Test
    void write_constraintBroken_onlyThatWriteFails() {
        assertThatThrownBy(() -> database.write(
                        Actor.SYSTEM,
                        tx -> tx.sql().execute("INSERT INTO schema_applied (one, digest) VALUES (2, 'x')")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("SQL was refused");
        assertThat(database.write(Actor.SYSTEM, tx -> "next").value()).isEqualTo("next");
    }

    @Test
    void writes_manyAtOnceAndSomeFail_eventsEqualRowsAndPositionsHaveNoGap() throws Exception {
        long seed = 20260301;
        System.out.println("seed " + seed);
        var failing = new Random(seed).ints(400, 0, 5).mapToObj(n -> n == 0).toList();
        List<Callable<Boolean>> writes = new ArrayList<>();
        for (int i = 0; i < failing.size(); i++) {
            int n = i;
            writes.add(() -> {
                try {
                    database.write(Actor.SYSTEM, tx -> {
                        Pins.keep(tx, Digest.of("blob " + n), "run/" + n);
                        tx.append("run.created", "run/" + n, Map.of("n", n));
                        if (failing.get(n)) {
                            throw Problem.refused("planned");
                        }
                        return n;
                    });
                    return database.read(
                            db -> !Pins.of(db, Digest.of("blob " + n)).isEmpty()); // reads its own write
                } catch (Problem planned) {
                    return !failing.get(n) ? false : planned.kind() == Problem.Kind.REFUSED;
                }
            });
        }

        assertThat(atOnce(writes)).containsOnly(true);

        long good = failing.stream().filter(fails -> !fails).count();
        assertThat(positionsOnceAll(good))
                .isEqualTo(LongStream.rangeClosed(1, good).boxed().toList());
        assertThat(count("SELECT count(*) FROM pin")).isEqualTo(good);
    }

    @Test
    void writes_increaseOneNumberAtOnce_noneIsLost() throws Exception {
        database.write(Actor.SYSTEM, tx -> Leases.take(tx, "number", "nobody", Duration.ZERO));
        List<Callable<Integer>> increases = new ArrayList<>();
        for (int i = 0; i < 160; i++) {
            increases.add(() -> database.write(Actor.SYSTEM, tx -> {
                        long fence = tx.sql()
                                .createQuery("SELECT fence FROM lease WHERE name = 'number'")
                                .mapTo(Long.class)
                                .one();
                        return tx.sql()
                                .createUpdate("UPDATE lease SET fence = :fence WHERE name = 'number'")
                                .bind("fence", fence + 1)
                                .execute();
                    })
                    .value());
        }
        assertThat(atOnce(increases)).containsOnly(1);
        assertThat(count("SELECT fence FROM lease WHERE name = 'number'")).isEqualTo(161);
    }

    @Test
    void writes_eachInsertsIfThereIsNone_oneDoes() throws Exception {
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String holder = "version/late@" + (i + 1);
            writers.add(() -> database.write(Actor.SYSTEM, tx -> {
                        boolean none = Pins.of(tx, BLOB).isEmpty();
                        if (none) {
                            Pins.keep(tx, BLOB, holder);
                        }
                        return none;
                    })
                    .value());
        }
        assertThat(atOnce(writers)).containsOnlyOnce(true);
        assertThat(pins()).hasSize(1);
    }

    @Test
    void read_othersCommitMeanwhile_seesOneSnapshot() throws Exception {
        try (var other = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Integer> sizes = database.read(db -> {
                int before = Pins.of(db, BLOB).size();
                other.submit(() -> database.write(Actor.SYSTEM, tx -> {
                            Pins.keep(tx, BLOB, "run/1");
                            return 1;
                        }))
                        .get();
                return List.of(before, Pins.of(db, BLOB).size());
            });
            assertThat(sizes).containsExactly(0, 0);
        }
        assertThat(pins()).hasSize(1);
    }

    @Test
    void read_writes_refused() {
        assertThatThrownBy(() -> database.read(
                        db -> db.sql().execute("INSERT INTO pin (blob, holder, at) VALUES ('b', 'h', 1)")))
                .hasMessageMatching("(?s).*read-?only.*");
        assertThat(count("SELECT count(*) FROM pin")).isZero();
    }

    @Test
    void nesting_ofAnyKind_refused() {
        Database.Write<Object> write = tx -> 1;
        Database.Read<Object> read = db -> 1;
        assertThatThrownBy(() -> database.write(Actor.SYSTEM, tx -> database.write(Actor.SYSTEM, write)))
                .hasMessageContaining("inside another one");
        assertThatThrownBy(() -> database.write(Actor.SYSTEM, tx -> database.read(read)))
                .hasMessageContaining("inside another one");
        assertThatThrownBy(() -> database.read(db -> database.read(read))).hasMessageContaining("inside another one");
        assertThatThrownBy(() -> database.read(db -> database.write(Actor.SYSTEM, write)))
                .hasMessageContaining("inside another one");
    }

    @Test
    void write_callerInterrupted_carriedOutAndFlagKept() throws Exception {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var flag = new AtomicBoolean();
        Thread caller = Thread.ofPlatform().start(() -> {
            database.write(Actor.SYSTEM, tx -> {
                begun.countDown();
                goOn.await();
                Pins.keep(tx, BLOB, "run/1");
                return 1;
            });
            flag.set(Thread.currentThread().isInterrupted());
        });
        begun.await();
        caller.interrupt();
        goOn.countDown();
        caller.join();
        assertThat(flag).isTrue();
        assertThat(pins()).hasSize(1);
    }

    @Test
    void afterCommit_runsOnTheCallersThreadOnceCommitted_neverAfterAFailure() {
        var ran = new ArrayList<Object>();
        database.write(Actor.SYSTEM, tx -> {
            tx.afterCommit(() -> ran.add(Thread.currentThread()));
            Pins.keep(tx, BLOB, "run/1");
            tx.afterCommit(() -> ran.add(pins().size()));
            return 1;
        });
        assertThatThrownBy(() -> database.write(Actor.SYSTEM, tx -> {
            tx.afterCommit(() -> ran.add("failed"));
            throw Problem.refused("a rule");
        }));
        assertThat(ran).containsExactly(Thread.currentThread(), 1);
    }

    @Test
    void append_whatTheLogCouldNotTake_refusedAndNothingWritten() {
        for (Object detail : List.of(
                Map.of("long", "x".repeat(70_000)),
                Map.of("quotes", "\"".repeat(40_000)),
                Map.of("big", BigInteger.TWO.pow(60)),
                Map.of("nan", Double.NaN))) {
            assertThatThrownBy(() -> database.write(Actor.SYSTEM, tx -> {
                        Pins.keep(tx, BLOB, "run/1");
                        return tx.append("run.created", "run/1", detail);
                    }))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(pins()).isEmpty();
    }

    @Test
    void commits_afterAWrite_wakeFollowers() throws Exception {
        long seen = database.commits().count();
        try (var other = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Long> woken = other.submit(() -> database.commits().await(seen, Duration.ofMinutes(5)));
            database.write(Actor.SYSTEM, tx -> 1);
            assertThat(woken.get()).isGreaterThan(seen);
        }
    }

    @Test
    void close_whileWritesWait_refusesNewOnesAndAnswersEveryone() throws Exception {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var done = new AtomicInteger();
        var refused = new AtomicInteger();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            callers.submit(() -> database.write(Actor.SYSTEM, tx -> {
                begun.countDown();
                goOn.await();
                Pins.keep(tx, BLOB, "run/first");
                return 1;
            }));
            begun.await();
            var offered = new CountDownLatch(60);
            for (int i = 0; i < 60; i++) {
                int n = i;
                callers.submit(() -> {
                    offered.countDown();
                    try {
                        database.write(Actor.SYSTEM, tx -> {
                            Pins.keep(tx, BLOB, "run/" + n);
                            return n;
                        });
                        done.incrementAndGet();
                    } catch (Problem closing) {
                        assertThat(closing.kind()).isEqualTo(Problem.Kind.BUSY);
                        refused.incrementAndGet();
                    }
                });
            }
            offered.await();
            Future<?> closing = callers.submit(() -> database.close());
            goOn.countDown();
            closing.get();
        }
        assertThat(done.get() + refused.get()).isEqualTo(60); // nobody waits for ever
        assertThatThrownBy(() -> database.write(Actor.SYSTEM, tx -> 1))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.BUSY));
        assertThatThrownBy(() -> database.read(db -> 1)).isInstanceOf(Problem.class);
    }

    @Test
    void arguments_ofOurTypes_areTextAndMillisecondsAlsoWhenEmpty() {
        record Kept(Optional<Instant> at, Optional<Digest> blob, VersionId version, Job.State state, Instant now) {}
        var kept = new Kept(
                Optional.of(clock.instant()),
                Optional.of(BLOB),
                VersionId.parse("late@3"),
                Job.State.DONE,
                clock.instant());
        var empty = new Kept(Optional.empty(), Optional.empty(), kept.version(), kept.state(), kept.now());
        for (Kept given : List.of(kept, empty)) {
            Kept read = database.read(db -> db.sql()
                    .createQuery("""
                            SELECT CAST(:at AS BIGINT) AS at, CAST(:blob AS TEXT) AS blob, CAST(:version AS TEXT) AS version,
                                   CAST(:state AS TEXT) AS state, CAST(:now AS BIGINT) AS now""")
                    .bindByType("at", given.at(), new GenericType<Optional<Instant>>() {})
                    .bindByType("blob", given.blob(), new GenericType<Optional<Digest>>() {})
                    .bind("version", given.version())
                    .bind("state", given.state())
                    .bind("now", given.now())
                    .map(ConstructorMapper.of(Kept.class))
                    .one());
            assertThat(read).isEqualTo(given);
        }
    }

    @Test
    void rows_ofOurRecords_keepTheirTypes() {
        Job queued = database.write(
                        Actor.SYSTEM,
                        tx -> Jobs.queue(tx, "model.train", "model/late", Map.of("seed", 7), clock.instant()))
                .value();
        Optional<Job> found = database.read(db -> Jobs.find(db, queued.id()));
        assertThat(found).contains(queued);
        assertThat(queued.due()).isEqualTo(clock.instant());
        assertThat(queued.state()).isEqualTo(Job.State.WAITING);
        assertThat(queued.outcome()).isEmpty();
        Optional<Job> none = database.read(db -> Jobs.find(db, "none"));
        assertThat(none).isEmpty();
    }

    private static <T> List<T> atOnce(List<Callable<T>> work) throws Exception {
        try (var threads = Executors.newFixedThreadPool(16, Thread.ofVirtual().factory())) {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(work)) {
                results.add(result.get());
            }
            return results;
        }
    }

    private List<Pin> pins() {
        return database.read(db -> Pins.of(db, BLOB));
    }

    private long count(String sql) {
        return database.read(db -> db.sql().createQuery(sql).mapTo(Long.class).one());
    }

    /** The positions in order, once so many events have theirs. */
    private List<Long> positionsOnceAll(long events) {
        assertThat(count("SELECT count(*) FROM event")).isEqualTo(events);
        if (database instanceof PostgresDatabase postgres) {
            postgres.sequence();
        }
        List<Event> placed = database.read(db -> Events.after(db, 0, 10_000));
        return placed.stream().map(event -> event.position().orElseThrow()).toList();
    }
}
