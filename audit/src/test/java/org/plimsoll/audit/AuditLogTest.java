package org.plimsoll.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Database;
import org.plimsoll.store.Databases;
import org.plimsoll.store.EachDatabase;
import org.plimsoll.store.MovableClock;

@EachDatabase
class AuditLogTest {

    private final MovableClock clock = new MovableClock();

    @Parameter
    Databases databases;

    @AutoClose
    Database database;

    @TempDir
    Path home;

    private AuditKey key;
    private AuditLog log;

    @BeforeEach
    void open() {
        database = databases.fresh(clock);
        key = AuditKey.loadOrCreate(home.resolve("keys"));
        log = new AuditLog(database, home.resolve("audit"), key);
    }

    private List<String> happen(int events) throws InterruptedException {
        return Happenings.happen(database, events);
    }

    private AuditVerification.Report verify(Optional<String> earlier) {
        return database.read(
                db -> AuditVerification.verify(home.resolve("audit"), key.verifier(), earlier, Optional.of(db)));
    }

    @Test
    void integrate_nothingHappened_writesNothing() {
        assertThat(log.integrate()).isZero();
        assertThat(log.checkpoint()).isEmpty();
        assertThat(home.resolve("audit")).doesNotExist();
        assertThatThrownBy(() -> verify(Optional.empty())).isInstanceOf(Problem.class);
    }

    @Test
    void integrate_growingInManySteps_rootIsThatOfAllEntriesAndEveryProofHolds() throws Exception {
        long seed = 99;
        System.out.println("seed " + seed);
        var random = new Random(seed);
        List<Checkpoint> kept = new ArrayList<>();
        int size = 0;
        for (int step : new int[] {1, 1, 253, 1, 1, 40, 300, 171, 1}) { // 255, 256 and 257 among the sizes
            happen(step);
            size += step;
            assertThat(log.integrate()).isEqualTo(step);
            Checkpoint now = log.checkpoint().orElseThrow();
            assertThat(now.size()).isEqualTo(size);
            kept.add(now);
            if (random.nextBoolean()) {
                log = new AuditLog(database, home.resolve("audit"), key); // as after a restart
            }
        }
        AuditVerification.Report report = verify(Optional.of(kept.get(3).note()));
        assertThat(report.findings()).isEmpty();
        assertThat(report.size()).isEqualTo(769);
        assertThat(report.compared()).contains(769L);
        assertThat(report.earlier()).contains(256L);
        assertThat(home.resolve("audit/tile/entries/003.p/1")).exists();
        assertThat(home.resolve("audit/tile/1/000.p/3")).exists().hasSize(96);

        for (long position : new long[] {1, 255, 256, 257, 700, 769}) {
            Receipt receipt = log.receipt(position);
            assertThat(receipt.verify(key.verifier()).size()).isEqualTo(769);
            assertThat(receipt.entry()).contains("\"position\":" + position + ",");
        }
        Checkpoint last = kept.getLast();
        for (Checkpoint before : kept) {
            List<byte[]> proof = log.consistency(before.size()).stream()
                    .map(Base64.getDecoder()::decode)
                    .toList();
            assertThat(Merkle.proves(proof, before.size(), before.rootHash(), last.size(), last.rootHash()))
                    .isTrue();
        }
    }

    @Test
    void verify_eventRowsChangedOrRemoved_areFound() throws Exception {
        happen(12);
        log.integrate();
        change("UPDATE event SET detail = '{}' WHERE position = 5");
        assertThat(verify(Optional.empty()).findings())
                .singleElement()
                .asString()
                .contains("position 5");
        change("DELETE FROM event WHERE position = 7");
        assertThat(verify(Optional.empty()).findings()).hasSize(2);
        change("DELETE FROM event WHERE position > 10");
        assertThat(verify(Optional.empty()).findings().getLast()).contains("11 to 12");
        assertThat(AuditVerification.verify(home.resolve("audit"), key.verifier(), Optional.empty())
                        .holds())
                .isTrue();
    }

    private void change(String sql) {
        database.write(Actor.SYSTEM, tx -> tx.sql().execute(sql));
    }

    @Test
    void integrate_databaseOlderThanTheLog_signsNothing() throws Exception {
        happen(12);
        log.integrate();
        String signed = log.checkpoint().orElseThrow().note();
        change("DELETE FROM event WHERE position > 8"); // as after restoring an older backup
        var restarted = new AuditLog(database, home.resolve("audit"), key);
        assertThatThrownBy(restarted::integrate).hasMessageContaining("older backup");
        assertThat(restarted.checkpoint().orElseThrow().note()).isEqualTo(signed);
    }

    @Test
    void awaitReceipt_integratorRuns_provesTheEvent() throws Exception {
        log.start();
        String id = happen(3).getLast();
        Receipt receipt = log.awaitReceipt(id, Duration.ofMinutes(5));
        assertThat(receipt.entry()).contains(id);
        receipt.verify(key.verifier());
        log.close();
        assertThat(verify(Optional.empty()).waiting()).contains(0L);
    }

    @Test
    void followers_failAndRestart_areToldEverythingInOrderAtLeastOnce() throws Exception {
        happen(150);
        List<Long> told = new ArrayList<>();
        var failsOnce = new boolean[] {true};
        Followers.Follower follower = event -> {
            long position = event.position().orElseThrow();
            if (position == 42 && failsOnce[0]) {
                failsOnce[0] = false;
                throw new IllegalStateException("the receiver is down");
            }
            told.add(position);
        };
        var followers = new Followers(database, "a");
        followers.follow("webhook", Followers.Beginning.FIRST_EVENT, follower);
        assertThatThrownBy(() -> followers.round("webhook")).hasMessage("the receiver is down");
        clock.advance(Duration.ofMinutes(1)); // node a died: its lease ends
        var restarted = new Followers(database, "b");
        restarted.follow("webhook", Followers.Beginning.FIRST_EVENT, follower);
        restarted.follow(
                "page",
                Followers.Beginning.NOW,
                event -> told.add(-event.position().orElseThrow()));
        while (restarted.round("webhook") > 0) {
            // until all is told
        }
        assertThat(told).isEqualTo(LongStream.rangeClosed(1, 150).boxed().toList());
        assertThat(followers.round("webhook")).isZero();

        told.clear();
        assertThat(restarted.round("page")).isZero();
        happen(2);
        restarted.round("page");
        assertThat(told).containsExactly(-151L, -152L);
    }
}
