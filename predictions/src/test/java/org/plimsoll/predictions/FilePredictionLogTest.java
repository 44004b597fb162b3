package org.plimsoll.predictions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.predictions.FilePredictionLog.Limits;
import org.plimsoll.predictions.PredictionBatch.Part;
import org.plimsoll.predictions.PredictionLog.Detail;
import org.plimsoll.predictions.PredictionLog.Received;

class FilePredictionLogTest {

    private static final EndpointName LATE = new EndpointName("late");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2001-02-01T00:00:00Z"), ZoneOffset.UTC);
    private static final long NOW = CLOCK.millis();

    @TempDir
    Path folder;

    private FilePredictionLog opened(Limits limits) {
        FilePredictionLog log = new FilePredictionLog(folder, limits, CLOCK);
        log.open(LATE, false);
        return log;
    }

    private static List<PredictionBatch> all(PredictionLog log, Detail detail) {
        List<PredictionBatch> found = new ArrayList<>();
        log.scan(LATE, Received.ALWAYS, detail, found::add);
        return found;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("late"))) {
            return files.sorted().toList();
        }
    }

    static void assertSame(PredictionBatch found, PredictionBatch given, Detail detail) {
        assertThat(found.id()).isEqualTo(given.id());
        assertThat(found.receivedAt()).isEqualTo(given.receivedAt());
        assertThat(found.table()).isEqualTo(given.table());
        assertThat(found.entities()).isEqualTo(given.entities());
        assertThat(found.eventTimes()).isEqualTo(given.eventTimes());
        assertThat(found.parts()).hasSameSizeAs(given.parts());
        for (int p = 0; p < given.parts().size(); p++) {
            Part wanted = given.parts().get(p);
            Part part = found.parts().get(p);
            assertThat(part.layout()).isEqualTo(wanted.layout());
            assertThat(part.arm()).isEqualTo(wanted.arm());
            assertThat(part.rows()).isEqualTo(wanted.rows());
            assertThat(part.scores()).isEqualTo(wanted.scores());
            assertThat(part.x()).isEqualTo(detail == Detail.ALL ? wanted.x() : new double[0]);
        }
        if (detail == Detail.ALL) {
            assertThat(written(found.raw())).isEqualTo(written(given.raw()));
            assertThat(found.raw().schema()).isEqualTo(given.raw().schema());
        }
    }

    private static List<String> written(Columns rows) {
        List<String> values = new ArrayList<>();
        for (int row = 0; row < rows.rows(); row++) {
            for (int c = 0; c < rows.schema().size(); c++) {
                values.add(rows.written(c, row).orElse("–"));
            }
        }
        return values;
    }

    @Test
    void batches_readBack_areWhatWasHandedIn() {
        long seed = 20_010_201;
        SplittableRandom random = new SplittableRandom(seed);
        List<PredictionBatch> given = new ArrayList<>();
        try (FilePredictionLog log = opened(new Limits(20_000, Duration.ofHours(1)))) {
            for (int i = 0; i < 200; i++) {
                given.add(Batches.random(random, 1 + random.nextInt(20), NOW + i));
                log.append(LATE, given.getLast());
            }
            for (Detail detail : Detail.values()) {
                List<PredictionBatch> found = all(log, detail);
                assertThat(found).as("seed %d", seed).hasSameSizeAs(given);
                for (int i = 0; i < given.size(); i++) {
                    assertSame(found.get(i), given.get(i), detail);
                }
            }
            assertThat(log.ended(LATE)).hasSizeGreaterThan(5);
        }
    }

    @Test
    void layout_ofASecondVersion_isKnownInEverySegment() throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        try (FilePredictionLog log = opened(new Limits(1, Duration.ofHours(1)))) {
            for (int i = 0; i < 5; i++) {
                log.append(LATE, Batches.random(random, 3, NOW + i));
            }
            assertThat(files()).hasSize(5);
            assertThat(all(log, Detail.ALL))
                    .allSatisfy(batch -> assertThat(batch.parts())
                            .extracting(Part::layout)
                            .containsExactly(Batches.FIRST, Batches.SECOND));
        }
    }

    @Test
    void segment_endsAtItsSizeAndAge() throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        try (FilePredictionLog log = opened(new Limits(Long.MAX_VALUE, Duration.ofHours(1)))) {
            log.append(LATE, Batches.random(random, 3, NOW));
            log.append(LATE, Batches.random(random, 3, NOW));
            assertThat(files()).hasSize(1);
            log.roll();
            assertThat(log.ended(LATE)).hasSize(1);
            log.append(LATE, Batches.random(random, 3, NOW));
            assertThat(files()).hasSize(2);
            assertThat(log.ended(LATE)).hasSize(1);
            assertThat(all(log, Detail.ALL)).hasSize(3);
        }
    }

    @Test
    void received_fromAndUntil_chooseTheBatches() {
        try (FilePredictionLog log = opened(Limits.USUAL)) {
            for (int i = 0; i < 10; i++) {
                log.append(LATE, Batches.one("a", NOW + i, Batches.TABLE, Batches.FIRST, Arm.CHAMPION, 0.5));
            }
            List<Long> found = new ArrayList<>();
            log.scan(LATE, new Received(NOW + 3, NOW + 7), Detail.SCORES, batch -> found.add(batch.receivedAt()));
            assertThat(found).containsExactly(NOW + 3, NOW + 4, NOW + 5, NOW + 6);
        }
    }

    @Test
    void manyAtOnce_areAllKeptOnceAndInOrderOfTheirThread() throws Exception {
        int threads = 16;
        int each = 200;
        ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
        try (FilePredictionLog log = opened(new Limits(50_000, Duration.ofHours(1)))) {
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int t = 0; t < threads; t++) {
                    SplittableRandom random = new SplittableRandom(t);
                    clients.submit(() -> {
                        for (int i = 0; i < each; i++) {
                            PredictionBatch batch = Batches.random(random, 1 + i % 3, NOW);
                            log.append(LATE, batch);
                            acknowledged.add(batch.id());
                        }
                        return null;
                    });
                }
            }
            assertThat(acknowledged).hasSize(threads * each);
            assertThat(all(log, Detail.ALL).stream().map(PredictionBatch::id))
                    .containsExactlyInAnyOrderElementsOf(acknowledged);
            assertThat(log.ended(LATE)).as("segments end under load too").hasSizeGreaterThan(2);
        }
    }

    @Test
    void interruptedThread_keepsTheLogUsable() {
        SplittableRandom random = new SplittableRandom(3);
        try (FilePredictionLog log = opened(Limits.USUAL)) {
            Thread.currentThread().interrupt();
            log.append(LATE, Batches.random(random, 1, NOW));
            assertThat(Thread.interrupted()).isTrue();
            log.append(LATE, Batches.random(random, 1, NOW));
            assertThat(all(log, Detail.ALL)).hasSize(2);
        }
    }

    /** Whatever the last write was cut down to, everything before it is there, and the log goes on. */
    @Test
    void tornTail_ofAnyLength_isCutAndSetAside() throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        List<PredictionBatch> given = new ArrayList<>();
        long before;
        try (FilePredictionLog log = opened(Limits.USUAL)) {
            for (int i = 0; i < 3; i++) {
                given.add(Batches.random(random, 2, NOW + i));
                log.append(LATE, given.getLast());
            }
            before = Files.size(files().getFirst());
            log.append(LATE, Batches.random(random, 2, NOW + 3));
        }
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        for (int length = (int) before + 1; length < whole.length; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length));
            try (FilePredictionLog log = opened(Limits.USUAL)) {
                assertThat(all(log, Detail.ALL)).hasSameSizeAs(given);
                assertThat(Files.size(file)).isEqualTo(before);
                assertThat(Files.size(file.resolveSibling(file.getFileName() + ".torn")))
                        .isEqualTo(length - before);
                log.append(LATE, Batches.random(random, 1, NOW));
                assertThat(all(log, Detail.ALL)).hasSize(given.size() + 1);
            }
            Files.delete(files().getLast());
        }
    }

    @Test
    void tornHeader_isSetAside() throws IOException {
        try (FilePredictionLog log = opened(Limits.USUAL)) {
            log.append(LATE, Batches.random(new SplittableRandom(1), 1, NOW));
        }
        Files.write(folder.resolve("late").resolve("0000000000000001.segment"), new byte[] {'P', 'L'});

        try (FilePredictionLog log = opened(Limits.USUAL)) {
            log.append(LATE, Batches.random(new SplittableRandom(1), 1, NOW));
            assertThat(all(log, Detail.ALL)).hasSize(2);
        }
    }

    @Test
    void damageInTheMiddle_isRefused_andNothingIsCut() throws IOException {
        SplittableRandom random = new SplittableRandom(13);
        try (FilePredictionLog log = opened(Limits.USUAL)) {
            for (int i = 0; i < 5; i++) {
                log.append(LATE, Batches.random(random, 2, NOW + i));
            }
        }
        Path file = files().getFirst();
        long size = Files.size(file);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(size / 2);
            int flipped = bytes.read() ^ 1;
            bytes.seek(size / 2);
            bytes.write(flipped);
        }

        assertThatThrownBy(() -> opened(Limits.USUAL))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("damaged");
        assertThat(Files.size(file)).isEqualTo(size);
    }

    @Test
    void failedWrite_isNotAcknowledged_andTheNextGoesOn() throws IOException {
        SplittableRandom random = new SplittableRandom(17);
        try (FilePredictionLog log = opened(new Limits(1, Duration.ofHours(1)))) {
            log.append(LATE, Batches.random(random, 1, NOW));
            Path late = folder.resolve("late");
            Path away = folder.resolve("away");
            Files.move(late, away);
            assertThatThrownBy(() -> log.append(LATE, Batches.random(random, 1, NOW)))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("cannot be written");
            Files.move(away, late);
            log.append(LATE, Batches.random(random, 1, NOW));
            assertThat(all(log, Detail.ALL)).hasSize(2);
        }
    }

    @Test
    void latestEventTime_survivesRestart_andNeverGoesBack() {
        try (FilePredictionLog log = opened(Limits.USUAL)) {
            assertThat(log.latestEventTime(LATE)).isEmpty();
            log.append(LATE, Batches.one("a", NOW + 50, Batches.TABLE, Batches.FIRST, Arm.CHAMPION, 0.5));
            log.roll();
            log.append(LATE, Batches.one("a", NOW + 20, Batches.TABLE, Batches.FIRST, Arm.CHAMPION, 0.5));
            assertThat(log.latestEventTime(LATE)).hasValue(NOW + 50);
        }
        try (FilePredictionLog log = opened(Limits.USUAL)) {
            assertThat(log.latestEventTime(LATE)).hasValue(NOW + 50);
        }
    }

    @Test
    void prediction_foundById_isTheAnswerNotTheShadows() {
        try (FilePredictionLog log = opened(Limits.USUAL)) {
            PredictionBatch batch = Batches.random(new SplittableRandom(5), 2, System.currentTimeMillis());
            log.append(LATE, batch);
            log.append(
                    LATE,
                    batch.shadow(Batches.part(new SplittableRandom(6), Batches.SECOND, Arm.SHADOW, new int[] {0, 1})));

            assertSame(log.find(LATE, batch.id()).orElseThrow(), batch, Detail.ALL);
            assertThat(log.find(LATE, org.plimsoll.core.Ids.next())).isEmpty();
            assertThatThrownBy(() -> log.find(LATE, "../x")).isInstanceOf(Problem.class);
        }
    }

    @Test
    void closedOrUnknownLog_takesNothing() {
        FilePredictionLog log = opened(Limits.USUAL);
        log.close();
        assertThatThrownBy(() -> log.append(LATE, Batches.random(new SplittableRandom(1), 1, NOW)))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> log.append(new EndpointName("other"), Batches.random(new SplittableRandom(1), 1, NOW)))
                .isInstanceOf(Problem.class);
    }

    @Test
    void part_withTooFewScores_isRefused() {
        assertThatThrownBy(() -> new Part(Batches.FIRST, Arm.CHAMPION, new int[] {0, 1}, new double[0], new double[1]))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> new Part(Batches.FIRST, Arm.CHAMPION, new int[] {0}, new double[1], new double[1]))
                .isInstanceOf(Problem.class);
    }
}
