package org.plimsoll.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Database;
import org.plimsoll.store.Databases;
import org.plimsoll.store.Events;
import org.plimsoll.store.MovableClock;

/** What the log's files prove, and every way in which they may be wrong. */
class AuditFilesTest {

    private final MovableClock clock = new MovableClock();

    @AutoClose
    private final Database database = Databases.SQLITE.fresh(clock);

    @TempDir
    Path home;

    private AuditKey key;
    private AuditLog log;

    @BeforeEach
    void open() {
        key = AuditKey.loadOrCreate(home.resolve("keys"));
        log = new AuditLog(database, home.resolve("audit"), key);
    }

    private void happen(int events) throws InterruptedException {
        Happenings.happen(database, events);
    }

    private AuditVerification.Report verify(Optional<String> earlier) {
        return AuditVerification.verify(home.resolve("audit"), key.verifier(), earlier);
    }

    @Test
    void receipt_anyPartChanged_isRefused() throws Exception {
        happen(20);
        log.integrate();
        Receipt receipt = log.receipt(7);
        assertThat(receipt.proof()).startsWith("c2sp.org/tlog-proof@v1\nindex 6\n");
        for (Receipt changed : List.of(
                new Receipt(8, receipt.entry(), receipt.proof()),
                new Receipt(7, receipt.entry().replace("happened", "hidden"), receipt.proof()),
                new Receipt(7, receipt.entry(), receipt.proof().replace("index 6", "index 7")),
                new Receipt(7, receipt.entry(), receipt.proof().replace("\n20\n", "\n21\n")),
                new Receipt(7, receipt.entry(), log.receipt(8).proof()),
                new Receipt(7, receipt.entry(), "c2sp.org/tlog-proof@v1"))) {
            assertThatThrownBy(() -> changed.verify(key.verifier())).isInstanceOf(Problem.class);
        }
        AuditKey other = AuditKey.loadOrCreate(home.resolve("other-keys"));
        assertThatThrownBy(() -> receipt.verify(other.verifier())).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> log.receipt(21)).isInstanceOf(Problem.class);
    }

    @Test
    void verify_oneByteFlippedInAnyFile_isFound() throws Exception {
        long seed = 31;
        System.out.println("seed " + seed);
        var random = new Random(seed);
        happen(255);
        log.integrate();
        happen(10);
        log.integrate();
        assertThat(verify(Optional.empty()).holds()).isTrue();
        List<Path> files;
        try (Stream<Path> all = Files.walk(home.resolve("audit"))) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith(".lock"))
                    .toList();
        }
        assertThat(files).hasSizeGreaterThan(7);
        for (Path file : files) {
            byte[] right = Files.readAllBytes(file);
            for (int time = 0; time < 5; time++) {
                byte[] wrong = right.clone();
                wrong[random.nextInt(wrong.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, wrong);
                AuditVerification.Report report = verify(Optional.empty());
                assertThat(report.findings()).as(file.toString()).isNotEmpty();
            }
            Files.write(file, Arrays.copyOf(right, right.length - 1));
            assertThat(AuditVerification.verify(home.resolve("audit"), key.verifier(), Optional.empty())
                            .holds())
                    .as("cut: " + file)
                    .isFalse();
            Files.write(file, right);
        }
        Files.writeString(home.resolve("audit/tile/0/note.txt"), "x");
        assertThat(verify(Optional.empty()).findings())
                .singleElement()
                .asString()
                .contains("note.txt");
    }

    @Test
    void verify_logCutOrRewrittenWithTheRightKey_earlierCheckpointTells() throws Exception {
        happen(30);
        log.integrate();
        String kept = log.checkpoint().orElseThrow().note();

        try (Database other = Databases.SQLITE.fresh(clock)) {
            Path forged = home.resolve("forged");
            Happenings.happen(other, 1);
            new AuditLog(other, forged, key).integrate();
            assertThat(AuditVerification.verify(forged, key.verifier(), Optional.empty())
                            .holds())
                    .isTrue(); // by itself it looks right
            assertThat(AuditVerification.verify(forged, key.verifier(), Optional.of(kept))
                            .findings())
                    .singleElement()
                    .asString()
                    .contains("cut");
            Happenings.happen(other, 40);
            new AuditLog(other, forged, key).integrate();
            assertThat(AuditVerification.verify(forged, key.verifier(), Optional.of(kept))
                            .findings())
                    .singleElement()
                    .asString()
                    .contains("rewritten");
        }
    }

    @Test
    void integrate_tilesDoNotGiveTheCheckpoint_signsNothing() throws Exception {
        happen(12);
        log.integrate();
        Path tile = home.resolve("audit/tile/0/000.p/12");
        byte[] hashes = Files.readAllBytes(tile);
        hashes[40] ^= 1;
        Files.write(tile, hashes);
        happen(1);
        assertThatThrownBy(() -> new AuditLog(database, home.resolve("audit"), key).integrate())
                .hasMessageContaining("do not give the root");
    }

    @Test
    void integrate_crashBetweenTilesAndCheckpoint_nextRoundGivesTheSameLog() throws Exception {
        happen(100);
        log.integrate();
        byte[] before = Files.readAllBytes(home.resolve("audit/checkpoint"));
        happen(200);
        log.integrate();
        String after = log.checkpoint().orElseThrow().note();
        Files.write(
                home.resolve("audit/checkpoint"), before); // tiles of 300 entries lie there, none of them signed for
        assertThat(verify(Optional.empty()).findings()).isEmpty();
        var restarted = new AuditLog(database, home.resolve("audit"), key);
        assertThat(restarted.integrate()).isEqualTo(200);
        assertThat(restarted.checkpoint().orElseThrow().note()).isEqualTo(after);
    }

    @Test
    void entry_ofAnEvent_isCanonicalAndWritesMilliseconds() throws Exception {
        happen(1);
        log.integrate();
        String entry = log.receipt(1).entry();
        assertThat(entry)
                .startsWith("{\"actor\":\"system\",\"at\":\"2026-03-01T12:00:00.000Z\",\"detail\":{\"n\":0,")
                .endsWith(",\"position\":1,\"subject\":\"thing/0\",\"type\":\"thing.happened\",\"v\":1}");
        assertThat(entry.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(Events.LONGEST);
    }
}
