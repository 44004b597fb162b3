package org.plimsoll.predictions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Resources;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.predictions.FilePredictionLog.Limits;
import org.plimsoll.predictions.Outcomes.OutcomesAdded;
import org.plimsoll.predictions.PredictionBatch.Part;
import org.plimsoll.predictions.PredictionLog.Received;
import org.plimsoll.predictions.PredictionsOperations.AddOutcomes;
import org.plimsoll.scoring.Task;
import org.plimsoll.statistics.PairedLosses;
import org.plimsoll.store.Database;
import org.plimsoll.store.Databases;
import org.plimsoll.store.EachDatabase;
import org.plimsoll.store.MovableClock;

@EachDatabase
class OutcomesTest {

    private static final EndpointName LATE = new EndpointName("late");
    private static final Task TASK =
            Json.read("{\"kind\":\"binary\",\"label\":\"late\",\"threshold\":0.5}", Task.class);
    private static final Digest TABLE_1 = Digest.of("table 1");
    private static final Digest TABLE_2 = Digest.of("table 2");
    private static final long HOUR = Duration.ofHours(1).toMillis();

    @Parameter
    Databases databases;

    @TempDir
    Path folder;

    final MovableClock clock = new MovableClock();

    @AutoClose
    Database database;

    private FilePredictionLog log;
    private final Outcomes outcomes = new Outcomes();

    @BeforeEach
    void open() {
        database = databases.fresh(clock);
        database.write(Actor.SYSTEM, tx -> {
            Resources.add(tx, Resource.endpoint(LATE), Resource.ORGANISATION);
            return tx.append("test.began", "endpoint/late", Map.of());
        });
        log = new FilePredictionLog(folder, Limits.USUAL, clock);
        log.open(LATE, false);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private OutcomesAdded add(Outcome... given) {
        return database.write(Actor.SYSTEM, tx -> outcomes.add(tx, new AddOutcomes(LATE, List.of(given))))
                .value();
    }

    private static Outcome outcome(String prediction, int row, String label) {
        return new Outcome(prediction, row, label, Map.of(), Instant.EPOCH);
    }

    @Test
    void firstTruth_stands_andRepetitionsAreToldApart() {
        String id = Ids.next();
        Outcome first = new Outcome(id, 0, "true", Map.of("refund_eur", 12.5), Instant.ofEpochMilli(5));

        assertThat(add(first, outcome(id, 1, "false"))).isEqualTo(new OutcomesAdded(2, 0, 0, List.of()));
        assertThat(add(first)).isEqualTo(new OutcomesAdded(0, 1, 0, List.of()));
        assertThat(add(outcome(id, 0, "true"), outcome(id, 1, "true"), outcome(id, 2, "true")))
                .isEqualTo(new OutcomesAdded(1, 0, 2, List.of(id + "[0]", id + "[1]")));

        assertThat(database.<Outcome>read(db -> Outcomes.find(db, LATE, id, 0).orElseThrow()))
                .isEqualTo(first);
        assertThat(database.<Outcome>read(db -> Outcomes.find(db, LATE, id, 1).orElseThrow())
                        .label())
                .isEqualTo("false");
    }

    @Test
    void unknownEndpoint_isRefused_andNothingIsKept() {
        AddOutcomes request = new AddOutcomes(new EndpointName("nowhere"), List.of(outcome(Ids.next(), 0, "true")));

        assertThatThrownBy(() -> database.write(Actor.SYSTEM, tx -> outcomes.add(tx, request)))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.NOT_FOUND));
    }

    @Test
    void nonsense_isRefused() {
        assertThatThrownBy(() -> outcome("x", 0, "true")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> outcome(Ids.next(), -1, "true")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> outcome(Ids.next(), 0, " ")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> new Outcome(Ids.next(), 0, "1", Map.of("cost", Double.NaN), Instant.EPOCH))
                .isInstanceOf(Problem.class);
    }

    private String predict(String entity, long at, Digest table, Arm arm, double score) {
        Layout layout = arm == Arm.CANARY ? Batches.SECOND : Batches.FIRST;
        PredictionBatch batch = Batches.one(entity, at, table, layout, arm, score);
        log.append(LATE, batch);
        return batch.id();
    }

    private List<ArmCounts> counts(long now, Duration after, Loss loss) {
        Maturity maturity = new Maturity(Instant.ofEpochMilli(now), after);
        return database.read(db -> new JoinedLog(log).counts(db, LATE, Received.ALWAYS, maturity, loss));
    }

    /** A row ripens in the very millisecond; decisions at exactly the threshold are positive. */
    @Test
    void counts_atTheEdges_areExact() {
        String ripe = predict("a", 0, TABLE_1, Arm.CHAMPION, 0.5);
        String unripe = predict("b", 1, TABLE_1, Arm.CHAMPION, 0.5);
        add(outcome(ripe, 0, "true"), outcome(unripe, 0, "false"));

        assertThat(counts(HOUR, Duration.ofHours(1), Loss.wrongDecision(TASK)))
                .containsExactly(new ArmCounts(TABLE_1, 1, 0, 0, 0, 0, 0, 1, 0, 0));
        assertThat(counts(HOUR + 1, Duration.ofHours(1), Loss.wrongDecision(TASK)))
                .containsExactly(new ArmCounts(TABLE_1, 2, 1, 1, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void counts_byTableAndArm_tellWaitingMissingAndUnreadableApart() {
        String right = predict("a", 0, TABLE_1, Arm.CHAMPION, 0.9);
        String wrong = predict("b", 0, TABLE_1, Arm.CHAMPION, 0.1);
        String canaryWrong = predict("c", 0, TABLE_2, Arm.CANARY, 0.9);
        predict("d", 0, TABLE_2, Arm.CANARY, 0.9);
        String unreadable = predict("e", 0, TABLE_2, Arm.CHAMPION, 0.9);
        predict("f", 10 * HOUR, TABLE_2, Arm.CANARY, 0.9);
        add(
                outcome(right, 0, "true"),
                outcome(wrong, 0, "1"),
                outcome(canaryWrong, 0, "false"),
                outcome(unreadable, 0, "perhaps"));

        assertThat(counts(2 * HOUR, Duration.ofHours(1), Loss.wrongDecision(TASK)))
                .containsExactly(
                        new ArmCounts(TABLE_1, 2, 1, 1, 0, 0, 0, 0, 0, 0),
                        new ArmCounts(TABLE_2, 0, 0, 0, 1, 1, 1, 1, 1, 1));
    }

    @Test
    void adverseEvents_ofOneEntity_countOnce() {
        List<Outcome> truths = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            truths.add(outcome(predict("same", i, TABLE_1, Arm.CANARY, 0.9), 0, "false"));
            truths.add(outcome(predict("", i, TABLE_1, Arm.CHAMPION, 0.9), 0, "false"));
        }
        add(truths.toArray(Outcome[]::new));

        assertThat(counts(2 * HOUR, Duration.ofHours(1), Loss.wrongDecision(TASK)))
                .containsExactly(new ArmCounts(TABLE_1, 5, 5, 5, 5, 1, 5, 0, 0, 0));
    }

    /** Outcomes come in any order and any grouping; the counts only depend on what has come. */
    @Test
    void counts_ofOutcomesInAnyOrder_areTheSame() {
        SplittableRandom random = new SplittableRandom(99);
        List<Outcome> truths = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Arm arm = random.nextInt(10) == 0 ? Arm.CANARY : Arm.CHAMPION;
            truths.add(outcome(
                    predict("e" + random.nextInt(150), i, TABLE_1, arm, random.nextDouble()),
                    0,
                    random.nextInt(5) == 0 ? "true" : "false"));
        }
        Collections.shuffle(truths, new Random(99));
        add(truths.subList(0, 77).toArray(Outcome[]::new));
        add(truths.subList(77, 200).toArray(Outcome[]::new));
        List<ArmCounts> once = counts(2 * HOUR, Duration.ZERO, Loss.wrongDecision(TASK));
        add(truths.toArray(Outcome[]::new));

        assertThat(counts(2 * HOUR, Duration.ZERO, Loss.wrongDecision(TASK))).isEqualTo(once);
        assertThat(once.getFirst().championRows() + once.getFirst().canaryRows())
                .isEqualTo(200);
    }

    @Test
    void cost_ofAWrongDecision_isItsShareOfTheGreatest() {
        Task costly = Json.read(
                "{\"kind\":\"binary\",\"label\":\"late\",\"costs\":{\"false_positive\":1,\"false_negative\":4}}",
                Task.class);
        Loss loss = Loss.cost(costly);

        assertThat(loss.of(0.2, "false")).hasValue(0.25); // the threshold is 1/(1+4)
        assertThat(loss.of(0.1999, "true")).hasValue(1);
        assertThat(loss.of(0.2, "true")).hasValue(0);
        assertThat(loss.of(0.1999, "false")).hasValue(0);
        assertThat(loss.of(0.1, "?")).isEmpty();
        assertThatThrownBy(() -> Loss.cost(TASK)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> Loss.wrongDecision(Task.of(Task.Kind.REGRESSION, "y")))
                .isInstanceOf(Problem.class);
    }

    @Test
    void shadow_besideChampion_isPairedRowByRow_whicheverComesFirst() {
        VersionId first = Batches.FIRST.version();
        VersionId second = Batches.SECOND.version();
        double[][] scores = {{0.9, 0.1}, {0.1, 0.9}, {0.9, 0.9}, {0.1, 0.1}, {0.1, 0.1}, {0.1, 0.1}};
        String[] labels = {"true", "true", "true", "true", "", "true"};
        List<Outcome> truths = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            long at = i == 5 ? 10 * HOUR : 0;
            PredictionBatch batch = Batches.one("e" + i, at, TABLE_1, Batches.FIRST, Arm.CHAMPION, scores[i][0]);
            PredictionBatch shadow = batch.shadow(
                    new Part(Batches.SECOND, Arm.SHADOW, new int[] {0}, new double[0], new double[] {scores[i][1]}));
            log.append(LATE, i % 2 == 0 ? batch : shadow);
            log.append(LATE, i % 2 == 0 ? shadow : batch);
            if (!labels[i].isEmpty()) {
                truths.add(outcome(batch.id(), 0, labels[i]));
            }
        }
        predict("alone", 0, TABLE_1, Arm.CHAMPION, 0.1);
        add(truths.toArray(Outcome[]::new));
        Maturity maturity = new Maturity(Instant.ofEpochMilli(2 * HOUR), Duration.ofHours(1));

        ShadowCounts found = database.read(db ->
                new JoinedLog(log).pairs(db, LATE, first, second, Received.ALWAYS, maturity, Loss.wrongDecision(TASK)));

        assertThat(found).isEqualTo(new ShadowCounts(new PairedLosses(1, 2, 1), 1, 1, 0));
        Set<String> ids = new HashSet<>();
        log.scan(LATE, Received.ALWAYS, PredictionLog.Detail.SCORES, batch -> ids.add(batch.id()));
        assertThat(ids).hasSize(7);
    }
}
