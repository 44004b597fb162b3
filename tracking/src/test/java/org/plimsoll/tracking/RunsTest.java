package org.plimsoll.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.plimsoll.access.Bytes;
import org.plimsoll.access.Operations;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Databases;
import org.plimsoll.store.EachDatabase;
import org.plimsoll.store.Events;
import org.plimsoll.tracking.TrackingOperations.CloseRun;
import org.plimsoll.tracking.TrackingOperations.CreateRun;
import org.plimsoll.tracking.TrackingOperations.CreateStep;
import org.plimsoll.tracking.TrackingOperations.FindSteps;
import org.plimsoll.tracking.TrackingOperations.GetArtifact;
import org.plimsoll.tracking.TrackingOperations.GetMetricHistory;
import org.plimsoll.tracking.TrackingOperations.GetRun;
import org.plimsoll.tracking.TrackingOperations.GetSteps;
import org.plimsoll.tracking.TrackingOperations.LogBatch;
import org.plimsoll.tracking.TrackingOperations.PutArtifact;

@EachDatabase
class RunsTest {

    private static final Instant AT = Instant.parse("2026-03-01T12:00:00.123Z");

    @Parameter
    Databases databases;

    @AutoClose
    Tracked home;

    @BeforeEach
    void open() {
        home = new Tracked(databases);
    }

    static Run start(Operations who, Map<String, String> parameters) {
        return who.perform(
                new CreateRun(Tracked.FLIGHTS, Optional.of("first"), Optional.empty(), parameters, Map.of()));
    }

    static void log(Operations who, Run run, MetricPoint... points) {
        who.perform(new LogBatch(run.id(), List.of(points), Map.of(), Map.of()));
    }

    static Run close(Operations who, Run run, Run.Status status) {
        return who.perform(new CloseRun(run.id(), status, Optional.empty(), List.of(), Optional.empty(), List.of()));
    }

    static MetricPoint point(String key, double value, long step) {
        return new MetricPoint(key, value, step, AT.plusMillis(step));
    }

    @Test
    void run_loggedAndClosed_isReadBackAsWritten() {
        Run run = start(home.ana, Map.of("max_depth", "6"));
        log(home.ana, run, point("auc", 0.70, 1), point("auc", 0.71, 2), point("loss", Double.NaN, 1));
        home.ana.perform(new LogBatch(run.id(), List.of(), Map.of("eta", "0.1"), Map.of("note", "ü")));
        Run open = home.ben.perform(new GetRun(run.id()));
        home.clock.advance(Duration.ofSeconds(3));
        Run closed = close(home.ana, run, Run.Status.FINISHED);

        assertThat(closed.parameters()).isEqualTo(Map.of("eta", "0.1", "max_depth", "6"));
        assertThat(closed.tags()).isEqualTo(Map.of("note", "ü"));
        assertThat(closed.metric("auc")).contains(point("auc", 0.71, 2));
        assertThat(closed.metric("loss").orElseThrow().value()).isNaN();
        assertThat(closed.startedBy()).isEqualTo("ana");
        assertThat(closed.endedAt()).contains(home.clock.instant());
        assertThat(open.metrics()).isEqualTo(closed.metrics());
        assertThat(open.seal()).isEmpty();
        assertThat(home.ana.perform(new GetRun(run.id()))).isEqualTo(closed);
        assertThat(home.ana.perform(new GetRun("latest"))).isEqualTo(closed);
        assertThat(home.ana.perform(new GetRun("run:" + run.id().substring(0, 20))))
                .isEqualTo(closed);
    }

    /** One record is what SQL gives and what JSON shows; NaN and infinity survive both. */
    @Test
    void run_writtenAsJson_isReadBack() {
        Run run = start(home.ana, Map.of());
        log(home.ana, run, point("a", Double.NaN, 1), point("b", Double.NEGATIVE_INFINITY, 1), point("c", -0.0, 1));
        Run closed = close(home.ana, run, Run.Status.FINISHED);
        assertThat(Json.read(Json.text(closed), Run.class)).isEqualTo(closed);
        assertThat(closed.metric("b").orElseThrow().value()).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void latestValue_followsStepThenTimeThenValue_whateverTheOrderOfArrival() {
        Run run = start(home.ana, Map.of());
        log(home.ana, run, point("m", 5, 9), point("m", 7, 3));
        log(home.ana, run, new MetricPoint("m", 1, 9, AT.plusSeconds(5)), new MetricPoint("n", 1, 0, AT));
        log(home.ana, run, new MetricPoint("n", 2, 0, AT), new MetricPoint("n", Double.NaN, 0, AT));
        Run open = home.ana.perform(new GetRun(run.id()));
        assertThat(open.metric("m").orElseThrow().value()).isEqualTo(1);
        assertThat(open.metric("n").orElseThrow().value()).isEqualTo(2);
        assertThat(close(home.ana, run, Run.Status.FINISHED).metrics()).isEqualTo(open.metrics());
        assertThat(home.ana
                        .perform(new GetMetricHistory(run.id(), "m", Optional.empty(), Optional.empty()))
                        .points())
                .extracting(MetricPoint::value)
                .containsExactly(7.0, 5.0, 1.0);
    }

    /** The seal is in the closing event; a point changed later is found by computing it again. */
    @Test
    void seal_pointChangedLater_isAnother() {
        Run run = start(home.ana, Map.of("p", "1"));
        log(home.ana, run, point("auc", 0.7, 1), point("auc", Double.NaN, 2));
        Run closed = close(home.ana, run, Run.Status.FINISHED);
        assertThat(sealNow(closed)).isEqualTo(closed.seal().orElseThrow());
        var event = home.database
                .read(db -> Events.about(db, "run/" + run.id(), 10))
                .getFirst();
        assertThat(event.type()).isEqualTo("run.closed");
        assertThat(event.detail().path("seal").stringValue())
                .isEqualTo(closed.seal().orElseThrow().value());

        home.database.write(
                org.plimsoll.core.Actor.SYSTEM,
                tx -> tx.sql().execute("UPDATE metric SET value = 0.70000000001 WHERE value = 0.7"));
        assertThat(sealNow(closed)).isNotEqualTo(closed.seal().orElseThrow());
    }

    private Digest sealNow(Run run) {
        return home.database.read(db -> RunSeal.measure(db, run.id()).over(db, run, run.status(), run.outputs()));
    }

    @Test
    void run_closed_takesNothingMoreButTags() {
        Run run = start(home.ana, Map.of());
        close(home.ana, run, Run.Status.FAILED);
        assertThatThrownBy(() -> log(home.ana, run, point("auc", 1, 1)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("is FAILED; nothing more is written to it");
        assertThatThrownBy(() -> close(home.ana, run, Run.Status.FINISHED)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> home.ana.upload(new PutArtifact(run.id(), "a.txt"), Bytes.of(new byte[] {1})))
                .isInstanceOf(Problem.class);
        home.ana.perform(new LogBatch(run.id(), List.of(), Map.of(), Map.of("note", "looked at")));
        assertThat(home.ana.perform(new GetRun(run.id())).tags()).containsEntry("note", "looked at");
    }

    /** Edges of lineage name who did the work, so nobody writes to another's run; but what is left behind can be ended. */
    @Test
    void run_ofAnother_isNotWrittenButCanBeKilled() {
        Run run = start(home.ana, Map.of());
        assertThatThrownBy(() -> log(home.ben, run, point("auc", 1, 1)))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.DENIED));
        assertThatThrownBy(() -> close(home.ben, run, Run.Status.FINISHED)).isInstanceOf(Problem.class);
        assertThat(close(home.ben, run, Run.Status.KILLED).status()).isEqualTo(Run.Status.KILLED);
    }

    @Test
    void parameter_writtenTwice_mustBeTheSame() {
        Run run = start(home.ana, Map.of("eta", "0.1"));
        home.ana.perform(new LogBatch(run.id(), List.of(), Map.of("eta", "0.1"), Map.of()));
        assertThatThrownBy(() -> home.ana.perform(
                        new LogBatch(run.id(), List.of(point("x", 1, 1)), Map.of("eta", "0.2"), Map.of())))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("parameter eta of run");
        assertThat(home.ana.perform(new GetRun(run.id())).metrics()).isEmpty(); // all of the batch or nothing
    }

    @Test
    void batch_beyondTheLimits_isRefused() {
        List<MetricPoint> many = new ArrayList<>();
        for (int i = 0; i <= TrackingOperations.MOST_POINTS; i++) {
            many.add(point("m", i, i));
        }
        assertThatThrownBy(() -> new LogBatch("r", many, Map.of(), Map.of())).hasMessageContaining("at most 1000");
        for (String key : List.of("", "/a", "a//b", "../x", "a/./b", "a\n", "x".repeat(251))) {
            assertThatThrownBy(() -> point(key, 1, 1)).as(key).isInstanceOf(Problem.class);
        }
        assertThatThrownBy(() -> new LogBatch("r", List.of(), Map.of("p", "x".repeat(6_001)), Map.of()))
                .hasMessageContaining("at most 6000");
        for (String path : List.of("../a", "/a", "a/../../b", "a\\b", "", "a\u0000")) {
            assertThatThrownBy(() -> new PutArtifact("r", path)).as(path).isInstanceOf(Problem.class);
        }
    }

    @Test
    void steps_ofARun_areFoundByKeyAndRestored() {
        Digest key = Digest.of("key");
        Port rows = new Port("rows", Digest.of("rows"), Port.Form.FILE);
        Run run = start(home.ana, Map.of());
        Run step = step(home.ana, run, "features", key, new Port("raw", Digest.of("raw"), Port.Form.SNAPSHOT));
        assertThatThrownBy(() -> close(home.ana, run, Run.Status.FINISHED))
                .hasMessageContaining("1 steps that still run");
        assertThat(home.ana.perform(new FindSteps(key)).runs()).isEmpty();
        Run made = finish(home.ana, step, Optional.empty(), rows);
        assertThat(made.outputs()).containsExactly(rows);
        assertThat(home.ben.perform(new FindSteps(key)).runs()).containsExactly(made);

        Run again = start(home.ben, Map.of());
        Run taken = step(home.ben, again, "features", key, new Port("raw", Digest.of("raw"), Port.Form.SNAPSHOT));
        Port other = new Port("rows", Digest.of("other"), Port.Form.FILE);
        assertThatThrownBy(() -> finish(home.ben, taken, Optional.of(made.id()), other))
                .hasMessageContaining("an executed and finished step with the same key and the same outputs");
        Run restored = finish(home.ben, taken, Optional.of(made.id()), rows);
        assertThat(restored.step().orElseThrow().restoredFrom()).contains(made.id());
        assertThat(home.ben.perform(new FindSteps(key)).runs()).containsExactly(made);
        assertThat(home.ben.perform(new GetSteps(again.id())).runs()).containsExactly(restored);
    }

    static Run step(Operations who, Run run, String name, Digest key, Port... inputs) {
        return who.perform(new CreateStep(run.id(), name, key, List.of(inputs)));
    }

    static Run finish(Operations who, Run step, Optional<String> from, Port... outputs) {
        return who.perform(
                new CloseRun(step.id(), Run.Status.FINISHED, Optional.empty(), List.of(outputs), from, List.of()));
    }

    @Test
    void run_killedWithItsSteps_leavesNoneRunning() {
        Run run = start(home.ana, Map.of());
        Run step = step(home.ana, run, "train", Digest.of("key"));
        log(home.ana, step, point("loss", 0.5, 1));
        home.ana.perform(new CloseRun(
                run.id(), Run.Status.KILLED, Optional.of("Ctrl-C"), List.of(), Optional.empty(), List.of()));
        Run ended = home.ana.perform(new GetRun(step.id()));
        assertThat(ended.status()).isEqualTo(Run.Status.KILLED);
        assertThat(ended.reason()).contains("its run ended");
        assertThat(ended.seal()).isPresent();
        assertThat(ended.metric("loss")).contains(point("loss", 0.5, 1));
    }

    /** A level is a claim of whoever reran; what can be seen from the digests is checked. */
    @Test
    void verification_thatContradictsTheDigests_isRefused() {
        Digest key = Digest.of("key");
        Port model = new Port("model", Digest.of("model"), Port.Form.FOLDER);
        Run first = start(home.ana, Map.of());
        finish(home.ana, step(home.ana, first, "train", key), Optional.empty(), model);
        close(home.ana, first, Run.Status.FINISHED);

        Run rerun = home.ben.perform(
                new CreateRun(Tracked.FLIGHTS, Optional.empty(), Optional.of(first.id()), Map.of(), Map.of()));
        finish(home.ben, step(home.ben, rerun, "train", key), Optional.empty(), model);
        assertThat(rerun.purpose()).isEqualTo(Run.Purpose.RERUN);
        for (Verification wrong : List.of(
                new Verification("train", "model", Verification.Level.DIFFERENT, model.digest(), model.digest()),
                new Verification("train", "model", Verification.Level.BYTES, model.digest(), Digest.of("x")),
                new Verification("train", "other", Verification.Level.BYTES, model.digest(), model.digest()))) {
            assertThatThrownBy(() -> verify(rerun, wrong)).as("%s", wrong).isInstanceOf(Problem.class);
        }
        Verification right =
                new Verification("train", "model", Verification.Level.BYTES, model.digest(), model.digest());
        assertThat(verify(rerun, right).verifications()).containsExactly(right);
        assertThat(home.database.<List<Verification>>read(db -> Runs.verifications(db, model.digest())))
                .containsExactly(right);
    }

    private Run verify(Run rerun, Verification verification) {
        return home.ben.perform(new CloseRun(
                rerun.id(), Run.Status.FINISHED, Optional.empty(), List.of(), Optional.empty(), List.of(verification)));
    }

    @Test
    void artifact_kept_isReadBack() throws IOException {
        Run run = start(home.ana, Map.of());
        byte[] bytes = "curve".getBytes(StandardCharsets.UTF_8);
        RunArtifact kept = home.ana.upload(new PutArtifact(run.id(), "plots/roc.txt"), Bytes.of(bytes));
        assertThat(kept.digest()).isEqualTo(Digest.of(bytes));
        var out = new ByteArrayOutputStream();
        home.ben.perform(new GetArtifact(run.id(), "plots/roc.txt")).writer().to(out);
        assertThat(out.toByteArray()).isEqualTo(bytes);
        assertThatThrownBy(() -> home.ben.perform(new GetArtifact(run.id(), "plots")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("there is no artifact of run");
    }

    /** Logging adds rows only, so sixteen writers of one run lose nothing and need not wait for each other. */
    @Test
    void run_loggedBySixteenAtOnce_hasEveryPoint() throws Exception {
        Run run = start(home.ana, Map.of());
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> writers = new ArrayList<>();
            for (int w = 0; w < 16; w++) {
                int writer = w;
                writers.add(() -> {
                    for (int i = 0; i < 10; i++) {
                        log(home.ana, run, point("m", writer, writer * 10L + i));
                    }
                    return null;
                });
            }
            for (Future<Void> done : pool.invokeAll(writers)) {
                done.get();
            }
        }
        Run closed = close(home.ana, run, Run.Status.FINISHED);
        assertThat(closed.metric("m")).contains(point("m", 15, 159));
        assertThat(home.ana
                        .perform(new GetMetricHistory(run.id(), "m", Optional.empty(), Optional.empty()))
                        .points())
                .hasSize(160);
    }
}
