package org.plimsoll.predictions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.access.Content;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Resources;
import org.plimsoll.core.Actor;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Json;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Query;
import org.plimsoll.predictions.FilePredictionLog.Limits;
import org.plimsoll.predictions.Performance.DayPerformance;
import org.plimsoll.predictions.Performance.VersionPerformance;
import org.plimsoll.predictions.PredictionBatch.Part;
import org.plimsoll.predictions.PredictionsOperations.AddOutcomes;
import org.plimsoll.predictions.PredictionsOperations.ExportPredictions;
import org.plimsoll.predictions.PredictionsOperations.GetPerformance;
import org.plimsoll.predictions.SealedSegments.SealedSegment;
import org.plimsoll.scoring.Task;
import org.plimsoll.statistics.Auc;
import org.plimsoll.store.Database;
import org.plimsoll.store.Databases;
import org.plimsoll.store.Events;
import org.plimsoll.store.MovableClock;

class ExportedPredictionsTest {

    private static final EndpointName LATE = new EndpointName("late");
    private static final Task TASK = Json.read("{\"kind\":\"binary\",\"label\":\"late\"}", Task.class);
    private static final long START = 981_000_000_000L; // 2001-02-01T04:00Z

    @TempDir
    Path folder;

    private final MovableClock clock = new MovableClock();
    private Database database;
    private FilePredictionLog log;
    private Query query;

    @BeforeEach
    void open() {
        database = Databases.SQLITE.fresh(clock);
        database.write(Actor.SYSTEM, tx -> {
            Resources.add(tx, Resource.endpoint(LATE), Resource.ORGANISATION);
            return tx.append("test.began", "endpoint/late", Map.of());
        });
        log = new FilePredictionLog(folder.resolve("predictions"), Limits.USUAL, clock);
        log.open(LATE, false);
        query = Query.standard(folder.resolve("query"));
    }

    @AfterEach
    void close() {
        log.close();
        database.close();
    }

    private void add(List<Outcome> outcomes) {
        database.write(Actor.SYSTEM, tx -> new Outcomes().add(tx, new AddOutcomes(LATE, outcomes)));
    }

    private Columns exported(Optional<Instant> from) throws IOException {
        ExportedPredictions exports = new ExportedPredictions(log, query, folder.resolve("scratch"));
        Content content = database.read(db -> exports.export(db, new ExportPredictions(LATE, from, Optional.empty())));
        Path file = folder.resolve("export-" + System.nanoTime() + ".parquet");
        try (OutputStream out = Files.newOutputStream(file)) {
            content.writer().to(out);
        }
        try (var left = Files.list(folder.resolve("scratch"))) {
            assertThat(left).as("a download leaves nothing behind").isEmpty();
        }
        return query.read(List.of(file));
    }

    @Test
    void export_holdsEveryAnswerWithItsInputsAndItsTruth() throws IOException {
        SplittableRandom random = new SplittableRandom(21);
        List<PredictionBatch> given = new ArrayList<>();
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            PredictionBatch batch = Batches.random(random, 1 + random.nextInt(5), START + i * 1_000L);
            given.add(batch);
            log.append(LATE, batch);
            if (i % 2 == 0) {
                outcomes.add(new Outcome(
                        batch.id(), 0, "true", Map.of("refund_eur", i * 1.5), Instant.ofEpochMilli(START + 5_000_000)));
            }
        }
        PredictionBatch shadow =
                given.getFirst().shadow(Batches.part(random, Batches.SECOND, Arm.SHADOW, new int[] {0}));
        log.append(LATE, shadow);
        add(outcomes);

        Columns rows = exported(Optional.empty());

        assertThat(rows.rows())
                .isEqualTo(given.stream().mapToInt(PredictionBatch::rows).sum() + 1);
        assertThat(rows.schema().names())
                .containsExactly(
                        "prediction",
                        "row",
                        "received_at",
                        "event_time",
                        "entity",
                        "table",
                        "version",
                        "arm",
                        "in.hour",
                        "in.distance",
                        "in.origin",
                        "in.departed_at",
                        "in.holiday",
                        "x.hour",
                        "x.distance",
                        "x.origin=ORD",
                        "out.probability",
                        "outcome",
                        "outcome_at",
                        "outcome.refund_eur");
        int at = 0;
        for (PredictionBatch batch : given) {
            for (Part part : batch.parts()) {
                for (int i = 0; i < part.rows().length; i++, at++) {
                    int row = part.rows()[i];
                    assertThat(rows.text(0, at)).contains(batch.id());
                    assertThat(rows.integer(1, at)).isEqualTo(row);
                    assertThat(rows.integer(3, at)).isEqualTo(batch.eventTimes()[row]);
                    assertThat(rows.text(4, at)).contains(batch.entities()[row]);
                    assertThat(rows.text(5, at)).contains(Batches.TABLE.toString());
                    assertThat(rows.text(6, at))
                            .contains(part.layout().version().toString());
                    assertThat(rows.written(8, at)).isEqualTo(batch.raw().written(0, row));
                    assertThat(rows.written(10, at)).isEqualTo(batch.raw().written(2, row));
                    assertThat(rows.number(13, at))
                            .isEqualTo(Double.valueOf(
                                    part.x()[i * part.layout().features().size()]));
                    assertThat(rows.number(16, at)).isEqualTo(part.score(i, 0));
                    assertThat(rows.text(17, at).isPresent()).isEqualTo(row == 0 && given.indexOf(batch) % 2 == 0);
                }
            }
        }
        assertThat(rows.text(7, at)).contains("shadow");
        assertThat(rows.written(8, at)).isEmpty();
        assertThat(rows.text(17, at))
                .as("a shadow's truth is that of the answer")
                .contains("true");
        assertThat(exported(Optional.of(Instant.ofEpochMilli(START + 39_000))).rows())
                .isEqualTo(given.getLast().rows());
    }

    @Test
    void export_ofMoreRowsThanAreHeldAtOnce_keepsTheOrderOfWriting() throws IOException {
        SplittableRandom random = new SplittableRandom(22);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 26; i++) {
            PredictionBatch batch = Batches.random(random, 4_000, START + i * 1_000L);
            log.append(LATE, batch);
            ids.addAll(Collections.nCopies(
                    batch.parts().stream().mapToInt(part -> part.rows().length).sum(), batch.id()));
        }

        Columns rows = exported(Optional.empty());

        assertThat(rows.schema().names()).endsWith("outcome", "outcome_at");
        List<String> written = IntStream.range(0, rows.rows())
                .mapToObj(row -> rows.text(0, row).orElseThrow())
                .toList();
        assertThat(written.equals(ids)).as("the order of writing").isTrue();
        assertThat(written).hasSizeGreaterThan(100_000);
    }

    @Test
    void known_areTheAnswersSomebodyGot_askedInTheTime_whoseTruthIsThere() throws IOException {
        SplittableRandom random = new SplittableRandom(23);
        List<PredictionBatch> given = new ArrayList<>();
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            PredictionBatch batch = Batches.one(
                    "e" + i, START + i * 1_000L, Batches.TABLE, Batches.FIRST, Arm.CHAMPION, random.nextDouble());
            given.add(batch);
            log.append(LATE, batch);
            if (i != 2) {
                outcomes.add(new Outcome(batch.id(), 0, "true", Map.of(), Instant.ofEpochMilli(START)));
            }
        }
        log.append(LATE, given.get(1).shadow(Batches.part(random, Batches.SECOND, Arm.SHADOW, new int[] {0})));
        add(outcomes);
        ExportedPredictions exports = new ExportedPredictions(log, query, folder.resolve("scratch"));
        Path into = Files.createDirectories(folder.resolve("known"));

        Optional<Path> file = database.read(db -> exports.writeKnown(
                db, LATE, Instant.ofEpochMilli(START + 1_000), Instant.ofEpochMilli(START + 3_000), into));
        Optional<Path> none = database.read(db -> exports.writeKnown(
                db,
                LATE,
                Instant.ofEpochMilli(START + 2_000),
                Instant.ofEpochMilli(START + 3_000),
                Files.createDirectories(folder.resolve("none"))));

        Columns rows = query.read(List.of(file.orElseThrow()));
        assertThat(rows.rows()).isEqualTo(1);
        assertThat(rows.text(0, 0)).contains(given.get(1).id());
        assertThat(rows.text(7, 0)).contains("champion");
        assertThat(none).isEmpty();
    }

    @Test
    void export_ofAnEmptyLog_isATableWithoutRows() throws IOException {
        Columns rows = exported(Optional.empty());

        assertThat(rows.rows()).isZero();
        assertThat(rows.schema().names()).contains("prediction", "outcome");
    }

    @Test
    void performance_byDay_isTheAucOfThatDaysLabelledRows() {
        SplittableRandom random = new SplittableRandom(31);
        List<Outcome> outcomes = new ArrayList<>();
        double[] scores = new double[50];
        boolean[] late = new boolean[50];
        for (int day = 0; day < 3; day++) {
            for (int i = 0; i < 60; i++) {
                double score = random.nextDouble();
                boolean isLate = random.nextDouble() < score;
                PredictionBatch batch = Batches.one(
                        "e" + i,
                        START + Duration.ofDays(day).toMillis() + i,
                        Batches.TABLE,
                        Batches.FIRST,
                        Arm.CHAMPION,
                        score);
                log.append(LATE, batch);
                if (i < 50) {
                    outcomes.add(new Outcome(batch.id(), 0, String.valueOf(isLate), Map.of(), Instant.EPOCH));
                    if (day == 0) {
                        scores[i] = score;
                        late[i] = isLate;
                    }
                }
            }
        }
        log.append(LATE, Batches.one("x", START, Batches.TABLE, Batches.SECOND, Arm.CANARY, 0.5));
        add(outcomes);

        Performance found = database.read(db -> new Performances(log, (_, _) -> Optional.of(TASK))
                .get(db, new GetPerformance(LATE, Optional.empty(), Optional.empty())));

        assertThat(found.days()).hasSize(4);
        DayPerformance first = found.days().getFirst();
        assertThat(first.day()).isEqualTo(LocalDate.of(2001, 2, 1));
        assertThat(first.rows()).isEqualTo(60);
        assertThat(first.labelled()).isEqualTo(50);
        assertThat(first.value().orElseThrow()).isCloseTo(Auc.of(scores, late), within(1e-15));
        VersionPerformance champion = found.versions().getFirst();
        assertThat(champion.labelled()).isEqualTo(150);
        assertThat(champion.rows()).isEqualTo(180);
        assertThat(champion.days()).isEqualTo(3);
        assertThat(champion.lower().orElseThrow()).isLessThan(champion.value().orElseThrow());
        assertThat(champion.upper().orElseThrow())
                .isGreaterThan(champion.value().orElseThrow());
        VersionPerformance canary = found.versions().getLast();
        assertThat(canary.value()).isEmpty();
        assertThat(canary.missing()).isPresent();
        assertThat(canary.labelled()).isZero();
    }

    @Test
    void endedSegments_areSealedOnce_byTheDigestOfTheirBytes() throws IOException {
        log.append(LATE, Batches.one("a", START, Batches.TABLE, Batches.FIRST, Arm.CHAMPION, 0.5));
        SealedSegments seals = new SealedSegments(log, database);
        assertThat(seals.unsealed()).as("what is being written is not sealed").isEmpty();
        log.roll();

        List<SealedSegment> found = seals.unsealed();
        database.write(Actor.SYSTEM, tx -> {
            found.forEach(segment -> SealedSegments.seal(tx, segment));
            found.forEach(segment -> SealedSegments.seal(tx, segment));
            return found.size();
        });

        assertThat(found).singleElement().satisfies(segment -> {
            assertThat(segment.batches()).isEqualTo(1);
            assertThat(segment.digest())
                    .isEqualTo(org.plimsoll.core.Digest.of(
                            Files.readAllBytes(folder.resolve("predictions/late/0000000000000000.segment"))));
        });
        assertThat(seals.unsealed()).isEmpty();
        List<String> events = database.read(db -> Events.about(db, "endpoint/late", 10).stream()
                .map(event -> event.type())
                .toList());
        assertThat(events).containsOnlyOnce("predictions.sealed");
    }
}
