package org.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.plimsoll.serving.Served.ANA;
import static org.plimsoll.serving.Served.LATE;
import static org.plimsoll.serving.Served.version;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.data.Columns;
import org.plimsoll.serving.ServingOperations.DrainEndpoint;
import org.plimsoll.serving.ServingOperations.QuarantineVersion;
import org.plimsoll.serving.ServingOperations.ReopenEndpoint;
import org.plimsoll.serving.ServingOperations.Rollback;
import org.plimsoll.store.Events;
import org.plimsoll.store.SqliteDatabase;

class RollbackTest {

    private static final Actor MIRA = new Actor("mira", Actor.Proof.SESSION, java.util.Set.of());

    @TempDir
    Path home;

    @AutoClose
    Served served;

    private Digest good;
    private Digest like;

    @BeforeEach
    void serve() {
        served = open();
        served.create(EndpointTime.CLOCK);
        good = served.artifact("good");
        like = served.artifact("like");
        served.permit(1, good);
        served.permit(2, like);
        served.publish(served.table(1, 1), good, true);
    }

    private Served open() {
        return new Served(home, SqliteDatabase.open(home.resolve("plimsoll.db"), Clock.systemUTC()), Clock.systemUTC());
    }

    private static Columns flights(String prefix) {
        return Models.flights(1, 1, prefix, System.currentTimeMillis());
    }

    private List<String> eventTypes() {
        return served.database.read(db -> Events.about(db, "endpoint/late-arrival", 20)).stream()
                .map(event -> event.type())
                .toList();
    }

    /** The bar: no failed request, and the version rolled back from answers nobody after the answer says so. */
    @Test
    void rollbackUnderSixteenCallers_failsNoRequest_andEndsTheBadVersion() throws InterruptedException {
        served.publish(served.table(2, 2), like, false);
        record Given(long begunNanos, VersionId version) {}
        var answers = new ConcurrentLinkedQueue<Given>();
        var failures = new ConcurrentLinkedQueue<Throwable>();
        var stop = new AtomicBoolean();
        var running = new CountDownLatch(16);
        List<Thread> callers = new ArrayList<>();
        for (int c = 0; c < 16; c++) {
            String prefix = "caller " + c + " ";
            callers.add(Thread.startVirtualThread(() -> {
                boolean counted = false;
                while (!stop.get()) {
                    try {
                        long begun = System.nanoTime();
                        answers.add(new Given(begun, served.ask(flights(prefix)).version(0)));
                    } catch (RuntimeException failure) {
                        failures.add(failure);
                    }
                    if (!counted) {
                        running.countDown();
                        counted = true;
                    }
                }
            }));
        }
        running.await();
        RolledBack rolledBack = served.live.rollback(MIRA, new Rollback(LATE, "page 17"));
        long after = System.nanoTime();
        Instant afterwards = Instant.now();
        while (answers.stream().noneMatch(given -> given.version().equals(version(1)))) {
            Thread.onSpinWait();
        }
        stop.set(true);
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(failures).isEmpty();
        assertThat(rolledBack.from()).isEqualTo(version(2));
        assertThat(rolledBack.to()).contains(version(1));
        assertThat(rolledBack.revision()).isEqualTo(3);
        assertThat(rolledBack.failed()).isZero();
        assertThat(rolledBack.lastAnswerAt()) // the route itself saw its last request leave: a caller's clock may
                // come late
                .hasValueSatisfying(last -> assertThat(last).isBeforeOrEqualTo(afterwards));
        assertThat(answers)
                .filteredOn(given -> given.version().equals(version(2)))
                .isNotEmpty()
                .allSatisfy(given -> assertThat(given.begunNanos()).isLessThan(after));
    }

    @Test
    void rollback_isRecordedOnce_withWhoAndWhy() {
        served.publish(served.table(2, 2), like, false);
        served.live.rollback(MIRA, new Rollback(LATE, "page 17"));
        assertThat(served.tables.unrecorded()).hasSize(1);
        served.node.round();
        served.node.round();
        assertThat(served.tables.unrecorded()).isEmpty();
        assertThat(eventTypes().stream().filter("endpoint.rolled-back"::equals)).hasSize(1);
        var event = served.database
                .read(db -> Events.about(db, "endpoint/late-arrival", 1))
                .getFirst();
        assertThat(event.actor()).isEqualTo("mira");
        assertThat(event.detail().get("reason").asString()).isEqualTo("page 17");
        PublishedTable now =
                served.database.read(db -> served.endpoints.table(db, LATE)).orElseThrow();
        assertThat(now.table().revision()).isEqualTo(3);
        assertThat(now.table().champion()).isEqualTo(version(1));
        assertThat(now.digest())
                .isEqualTo(served.tables
                        .read(LATE, LocalTables.Slot.CURRENT)
                        .orElseThrow()
                        .published()
                        .digest());
    }

    /** The same act, as after a kill between its transaction and the removal of its file. */
    @Test
    void actThatIsRecordedAlready_isNotRecordedAgain() {
        served.publish(served.table(2, 2), like, false);
        served.live.rollback(MIRA, new Rollback(LATE, "page 17"));
        UrgentAct act = served.tables.unrecorded().getFirst();
        served.node.round();
        served.tables.remember(act);
        served.node.round();
        assertThat(served.tables.unrecorded()).isEmpty();
        assertThat(eventTypes().stream().filter("endpoint.rolled-back"::equals)).hasSize(1);
    }

    @Test
    void databaseMovedAway_rollbackWorks_andIsRecordedOnceItIsBack() throws IOException {
        served.publish(served.table(2, 2), like, false);
        Path away = Files.createDirectory(home.resolve("away"));
        moveDatabase(home, away);

        RolledBack rolledBack = served.live.rollback(MIRA, new Rollback(LATE, "the database burns"));
        assertThat(rolledBack.to()).contains(version(1));
        assertThat(served.ask(flights("x")).version(0)).isEqualTo(version(1));
        assertThatThrownBy(() -> served.node.round()).isInstanceOf(RuntimeException.class);
        assertThat(served.tables.unrecorded()).hasSize(1);

        served.close();
        moveDatabase(away, home);
        served = open();
        assertThat(served.ask(flights("x")).version(0))
                .isEqualTo(version(1)); // from its file, before the database knows
        served.node.round();
        assertThat(eventTypes().getFirst()).isEqualTo("endpoint.rolled-back");
        assertThat(served.ask(flights("x")).version(0)).isEqualTo(version(1));
    }

    private static void moveDatabase(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("plimsoll.db"))
                    .toList()) {
                Files.move(file, to.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void firstChampion_cannotBeRolledBack_andDrainIsOffered() {
        assertThatThrownBy(() -> served.live.rollback(MIRA, new Rollback(LATE, "bad")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("no earlier stable champion")
                .hasMessageContaining("drain late-arrival");
        assertThat(served.tables.unrecorded()).isEmpty();
        assertThat(served.ask(flights("x")).version(0)).isEqualTo(version(1));
    }

    /** A version rolled back from is no target of the next rollback: ordering twice does not bring the bad one back. */
    @Test
    void secondRollback_doesNotReturnToTheVersionRolledBackFrom() {
        served.publish(served.table(2, 2), like, true);
        served.live.rollback(MIRA, new Rollback(LATE, "bad"));
        assertThatThrownBy(() -> served.live.rollback(MIRA, new Rollback(LATE, "still bad")))
                .hasMessageContaining("no earlier stable champion");
        served.node.round();
        assertThatThrownBy(() -> served.live.rollback(MIRA, new Rollback(LATE, "still bad")))
                .hasMessageContaining("no earlier stable champion");
        assertThat(served.ask(flights("x")).version(0)).isEqualTo(version(1));
    }

    /** Published by somebody else while the rollback was not recorded yet: the rollback still comes last. */
    @Test
    void tablePublishedMeanwhile_doesNotUndoTheRollback() {
        served.publish(served.table(2, 2), like, false);
        served.live.rollback(MIRA, new Rollback(LATE, "bad"));
        served.database.write(
                ANA,
                tx -> served.endpoints.publish(
                        tx,
                        new RoutingTable(LATE, 3, version(2), Optional.empty(), 0, List.of(), 9),
                        like,
                        PublishedTable.Reason.FULL,
                        false,
                        "raced"));
        served.node.round();
        PublishedTable now =
                served.database.read(db -> served.endpoints.table(db, LATE)).orElseThrow();
        assertThat(now.table().champion()).isEqualTo(version(1));
        assertThat(now.table().revision()).isEqualTo(4);
        served.node.round();
        assertThat(served.ask(flights("x")).version(0)).isEqualTo(version(1));
    }

    @Test
    void drainedEndpoint_refusesUntilReopened_alsoAfterARestart() {
        served.live.drain(MIRA, new DrainEndpoint(LATE, "no version can be trusted"));
        assertThatThrownBy(() -> served.ask(flights("x")))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.BUSY));
        served.close();
        served = open();
        assertThatThrownBy(() -> served.ask(flights("x"))).hasMessageContaining("drained");
        served.node.round();
        served.database.write(ANA, tx -> served.endpoints.reopen(tx, new ReopenEndpoint(LATE, "fixed upstream")));
        served.node.round();
        assertThat(served.ask(flights("x")).version(0)).isEqualTo(version(1));
    }

    @Test
    void quarantine_takesTheVersionAway_andForbidsItsReturn() {
        served.publish(served.table(2, 2), like, true);
        var effects = served.live.quarantine(MIRA, new QuarantineVersion(version(2), "poisoned"));
        assertThat(effects.artifact()).isEqualTo(like);
        assertThat(effects.effects()).hasSize(1);
        assertThat(served.ask(flights("x")).version(0)).isEqualTo(version(1));
        served.node.round();
        served.database.write(
                ANA,
                tx -> served.endpoints.publish(
                        tx, served.table(4, 2), like, PublishedTable.Reason.FULL, false, "against the quarantine"));
        served.node.round();
        assertThat(served.ask(flights("x")).version(0))
                .as("the node refuses it")
                .isEqualTo(version(1));
    }

    @Test
    void quarantinedOnlyVersion_drainsItsEndpoint() {
        served.live.quarantine(MIRA, new QuarantineVersion(version(1), "poisoned"));
        assertThatThrownBy(() -> served.ask(flights("x"))).hasMessageContaining("drained");
    }

    @Test
    void editedArtifactOnTheNode_isRestoredFromItsBlobs_notServed() throws IOException {
        Path unpacked = home.resolve("serving/artifacts").resolve(good.hex()).resolve("features.json");
        String sound = Files.readString(unpacked);
        Files.writeString(unpacked, sound.replace("distance", "d1stance"));
        served.close();
        served = open();
        assertThat(served.ask(flights("x")).version(0)).isEqualTo(version(1));
        assertThat(Files.readString(unpacked)).isEqualTo(sound);
    }

    @Test
    void versionWithoutPermit_isNotLoaded() {
        Digest bad = served.artifact("bad");
        served.publish(served.table(2, 3), bad, false);
        assertThat(served.ask(flights("x")).version(0))
                .as("the table before stays")
                .isEqualTo(version(1));
    }

    /** What the permit says of the bytes holds, not what the table's writer wishes. */
    @Test
    void permitOfOtherBytes_isWhatIsLoaded() {
        served.permit(5, good);
        served.publish(served.table(2, 5), like, false);
        Answer answer = served.ask(Models.flights(50, 9, "x", Instant.now().toEpochMilli()));
        assertThat(answer.version(0)).isEqualTo(version(5));
        served.publish(served.table(3, 1), good, false);
        Answer same = served.ask(Models.flights(50, 9, "x", Instant.now().toEpochMilli()));
        assertThat(answer.values()[0]).isEqualTo(same.values()[0]);
    }
}
