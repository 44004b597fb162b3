package org.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.plimsoll.serving.Served.ANA;
import static org.plimsoll.serving.Served.LATE;
import static org.plimsoll.serving.Served.version;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Verdict;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Query;
import org.plimsoll.gates.RolloutPlan;
import org.plimsoll.gates.Share;
import org.plimsoll.gates.Span;
import org.plimsoll.predictions.Outcome;
import org.plimsoll.predictions.Outcomes;
import org.plimsoll.predictions.PredictionsOperations.AddOutcomes;
import org.plimsoll.serving.ServingOperations.PauseRollout;
import org.plimsoll.serving.ServingOperations.ResumeRollout;
import org.plimsoll.serving.ServingOperations.Rollback;
import org.plimsoll.store.Databases;
import org.plimsoll.store.EachDatabase;
import org.plimsoll.store.Events;
import org.plimsoll.store.MovableClock;
import org.plimsoll.store.Worker;

/** A candidate's way, on an endpoint that plays March 2001 again. */
@EachDatabase
class RolloutTest {

    private static final Instant MARCH = Instant.parse("2001-03-01T00:00:00Z");
    private static final RolloutPlan PLAN = plan("6d");

    @Parameter
    Databases databases;

    @TempDir
    Path home;

    @AutoClose
    Served served;

    private final MovableClock clock = new MovableClock();
    private final SplittableRandom random = new SplittableRandom(42);
    private Worker worker;
    private Digest good;
    private int flight;
    private Instant now = MARCH;

    /** Who is in the canary depends on a salt drawn anew, so the limits are wide and the level strict: chance decides nothing. */
    private static RolloutPlan plan(String deadline) {
        return new RolloutPlan(
                Optional.empty(),
                Optional.of(new RolloutPlan.Shadow(
                        Span.of("1d"), 500, Span.of(deadline), new Share(0.01), new Share(0.03))),
                List.of(new RolloutPlan.Canary(new Share(0.5), Span.of("1d"), Span.of(deadline))),
                Optional.of(new RolloutPlan.Guardrail(
                        RolloutPlan.Harmful.WRONG_DECISION, 1.3, 2.5, Optional.of(new Share(0.001)))),
                Optional.of(Span.of("2d")));
    }

    @BeforeEach
    void serve() {
        served = new Served(home, databases.fresh(clock), clock);
        worker = new Worker(
                served.database,
                "test",
                List.of(new RolloutJob(
                                served.database,
                                served.endpoints,
                                served.permits,
                                served.rollouts,
                                served.live,
                                served.tables,
                                served.log,
                                served.blobs,
                                Query.standard(home.resolve("scratch")))
                        .kind()),
                1);
        served.create(EndpointTime.REPLAY);
        good = served.artifact("good");
        start(1, good, PLAN);
        work();
    }

    private Rollout start(long number, Digest artifact, RolloutPlan plan) {
        Permit permit = served.permit(number, artifact);
        return served.database
                .write(
                        ANA,
                        tx -> served.rollouts.start(
                                tx, new RolloutOrder(permit, plan, Digest.of("policy"), true, Optional.empty())))
                .value();
    }

    /** Everything that is due, then the node follows. */
    private void work() {
        clock.advance(Duration.ofMinutes(1));
        for (int i = 0; i < 10 && worker.runOne(); i++) {
            clock.advance(Duration.ofSeconds(1));
        }
        served.node.round();
    }

    private Rollout rollout() {
        return served.database.read(db -> served.rollouts.of(db, LATE)).getFirst();
    }

    private RoutingTable table() {
        return served.database
                .read(db -> served.endpoints.table(db, LATE))
                .orElseThrow()
                .table();
    }

    /** A day of flights, their shadows, and the outcomes of them all. */
    private void day(int flights) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int from = 0; from < flights; from += 100) {
            now = now.plus(Duration.ofDays(1).dividedBy(flights / 100));
            Columns rows = Models.flights(100, random.nextLong(), "flight " + flight++ + " ", now.toEpochMilli());
            Answer answer = served.ask(rows);
            for (int row = 0; row < 100; row++) {
                boolean isLate = Models.isLate(rows.number(0, row), rows.number(1, row), random);
                outcomes.add(new Outcome(answer.prediction(), row, isLate ? "1" : "0", Map.of(), now));
            }
        }
        served.database.write(ANA, tx -> new Outcomes().add(tx, new AddOutcomes(LATE, outcomes)));
        awaitShadows();
    }

    private void awaitShadows() {
        LiveEndpoint endpoint = served.live.get(LATE.value());
        boolean hasShadow = !table().shadows().isEmpty();
        long wanted = shadowedBefore + (hasShadow ? endpoint.rows.sum() - rowsBefore : 0);
        while (endpoint.shadowed.sum() + endpoint.shadowsDropped.sum() < wanted) {
            Thread.onSpinWait();
        }
        shadowedBefore = wanted;
        rowsBefore = endpoint.rows.sum();
    }

    private long shadowedBefore;
    private long rowsBefore;

    private void until(RolloutState state, int days) {
        for (int day = 0; day < days && rollout().state() != state; day++) {
            day(600);
            work();
        }
        assertThat(rollout().state()).as(() -> rollout().toString()).isEqualTo(state);
    }

    private List<String> events() {
        return served.database.read(db -> Events.about(db, "endpoint/late-arrival", 50)).reversed().stream()
                .map(event -> event.type())
                .toList();
    }

    @Test
    void firstChampion_servesAtOnce_andIsStable() {
        assertThat(rollout().state()).isEqualTo(RolloutState.STABLE);
        PublishedTable published =
                served.database.read(db -> served.endpoints.table(db, LATE)).orElseThrow();
        assertThat(published.stable()).isTrue();
        assertThat(published.why()).isEqualTo(PublishedTable.Reason.FIRST);
        assertThat(served.ask(Models.flights(1, 1, "a", MARCH.toEpochMilli())).version(0))
                .isEqualTo(version(1));
        assertThat(events())
                .containsExactly(
                        "endpoint.created",
                        "permit.issued",
                        "rollout.started",
                        "endpoint.published",
                        "rollout.completed");
    }

    @Test
    void candidateAsGood_goesThroughShadowCanaryAndBake_toStable() {
        start(2, served.artifact("like"), PLAN);
        work();
        assertThat(rollout().state()).isEqualTo(RolloutState.SHADOW);
        assertThat(table().shadows()).containsExactly(version(2));
        until(RolloutState.CANARY, 8);
        assertThat(table().canary()).contains(version(2));
        assertThat(table().canaryShare()).isEqualTo(0.5);
        until(RolloutState.BAKING, 10);
        assertThat(table().champion()).isEqualTo(version(2));
        assertThat(served.live.rollback(ANA, new Rollback(LATE, "only to see")).to())
                .contains(version(1));
        served.node.round();
        assertThat(rollout().state()).isEqualTo(RolloutState.ROLLED_BACK);

        String id = rollout().id();
        List<StepEvidence> evidence = served.database.read(db -> served.rollouts.evidence(db, id));
        assertThat(evidence).extracting(StepEvidence::step).containsExactly(0, 1);
        assertThat(evidence).extracting(StepEvidence::verdict).containsOnly(Verdict.PASS);
        StepEvidence shadow = evidence.getFirst();
        assertThat(StepJudge.shadow(PLAN, shadow.pairs(), shadow.waiting(), shadow.withoutOutcome(), shadow.judgedAt()))
                .as("replayed from its integers")
                .isEqualTo(shadow);
        StepEvidence canary = evidence.get(1);
        assertThat(StepJudge.canary(
                        PLAN, 1, canary.strata(), canary.waiting(), canary.withoutOutcome(), canary.judgedAt()))
                .isEqualTo(canary);
    }

    @Test
    void bakeThatEnds_makesTheChampionStable() {
        RolloutPlan straight = new RolloutPlan(
                Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.of(Span.of("2d")));
        start(2, served.artifact("like"), straight);
        work();
        assertThat(rollout().state()).isEqualTo(RolloutState.BAKING);
        day(100);
        work();
        assertThat(rollout().state()).isEqualTo(RolloutState.BAKING);
        assertThat(served.database
                        .read(db -> served.endpoints.table(db, LATE))
                        .orElseThrow()
                        .stable())
                .isFalse();
        day(100);
        day(100);
        work();
        assertThat(rollout().state()).isEqualTo(RolloutState.STABLE);
        assertThat(served.database
                        .read(db -> served.endpoints.table(db, LATE))
                        .orElseThrow()
                        .stable())
                .isTrue();
        assertThat(events()).contains("endpoint.stable").endsWith("rollout.completed");
        assertThat(served.tables
                        .read(LATE, LocalTables.Slot.STABLE)
                        .orElseThrow()
                        .champion())
                .isEqualTo(version(2));
        assertThat(served.tables
                        .read(LATE, LocalTables.Slot.PREVIOUS)
                        .orElseThrow()
                        .champion())
                .isEqualTo(version(1));
    }

    @Test
    void harmfulCandidate_isStoppedInShadow_andNeverAnswers() {
        start(2, served.artifact("bad"), PLAN);
        work();
        until(RolloutState.ROLLED_BACK, 6);
        assertThat(rollout().reason().orElseThrow()).contains("harm is proved in shadow");
        assertThat(table().shadows()).isEmpty();
        assertThat(table().champion()).isEqualTo(version(1));
        assertThat(events()).doesNotContain("endpoint.rolled-back").contains("rollout.rolled-back");
    }

    @Test
    void harmfulCandidate_isRolledBackFromCanary_withItsEvent() {
        RolloutPlan withoutShadow =
                new RolloutPlan(Optional.empty(), Optional.empty(), PLAN.canary(), PLAN.guardrail(), PLAN.bake());
        start(2, served.artifact("bad"), withoutShadow);
        work();
        assertThat(rollout().state()).isEqualTo(RolloutState.CANARY);
        until(RolloutState.ROLLED_BACK, 6);
        assertThat(rollout().reason().orElseThrow())
                .contains("harm is proved in canary")
                .contains("late-arrival@2");
        assertThat(table().canary()).isEmpty();
        assertThat(events()).contains("endpoint.rolled-back");
        assertThat(served.ask(Models.flights(50, 1, "z", now.toEpochMilli())).byCanary())
                .isEmpty();
    }

    @Test
    void deadlineWithoutOutcomes_pauses_andResumesOnlyByAPerson() {
        start(2, served.artifact("like"), PLAN);
        work();
        for (int day = 0; day < 7; day++) {
            now = now.plus(Duration.ofDays(1));
            served.ask(Models.flights(100, day, "no outcome " + day, now.toEpochMilli()));
            work();
        }
        assertThat(rollout().state()).isEqualTo(RolloutState.PAUSED);
        assertThat(rollout().reason().orElseThrow()).contains("without a proof").contains("ERROR");
        work();
        assertThat(rollout().state()).isEqualTo(RolloutState.PAUSED);
        served.database.write(ANA, tx -> served.rollouts.resume(tx, new ResumeRollout(LATE, "outcomes are back")));
        work();
        assertThat(rollout().state()).isEqualTo(RolloutState.SHADOW);
    }

    @Test
    void heldEndpoint_keepsItsShare_andStartsNothing() {
        start(2, served.artifact("like"), PLAN);
        work();
        Holds.Hold hold = served.database
                .write(ANA, tx -> Holds.place(tx, Optional.of(LATE), "quarter's close"))
                .value();
        for (int day = 0; day < 3; day++) {
            day(600);
            work();
        }
        assertThat(rollout().state()).isEqualTo(RolloutState.SHADOW);
        served.database.write(ANA, tx -> Holds.lift(tx, hold.id()));
        work();
        assertThat(rollout().state()).isEqualTo(RolloutState.CANARY);
    }

    @Test
    void pausedByAPerson_holdsTheCanary_andRollbackStillWorks() {
        start(2, served.artifact("like"), PLAN);
        work();
        until(RolloutState.CANARY, 8);
        served.database.write(ANA, tx -> served.rollouts.pause(tx, new PauseRollout(LATE, "look at it first")));
        work();
        assertThat(table().canary()).contains(version(2));
        served.live.rollback(ANA, new Rollback(LATE, "no"));
        served.node.round();
        assertThat(table().canary()).isEmpty();
        assertThat(rollout().state()).isEqualTo(RolloutState.ROLLED_BACK);
    }

    @Test
    void secondRollout_isRefusedWhileOneIsOpen() {
        start(2, served.artifact("like"), PLAN);
        Permit permit = served.permit(3, good);
        assertThatThrownBy(() -> served.database.write(
                        ANA,
                        tx -> served.rollouts.start(
                                tx, new RolloutOrder(permit, PLAN, Digest.of("policy"), true, Optional.empty()))))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.CONFLICT));
    }

    @Test
    void artifactNeverChampionBelow_isRefused_unlessThePolicySaysFromAny() {
        Permit permit = served.permit(2, served.artifact("like"));
        RolloutOrder order = new RolloutOrder(permit, PLAN, Digest.of("policy"), false, Optional.empty());
        assertThatThrownBy(() -> served.database.write(ANA, tx -> served.rollouts.start(tx, order)))
                .hasMessageContaining("never champion in staging");
    }

    @Test
    void candidateThatCannotBeLoaded_failsItsRollout_andChangesNothing() {
        start(2, Digest.of("bytes that are nowhere"), PLAN);
        work();
        assertThat(rollout().state()).isEqualTo(RolloutState.FAILED);
        assertThat(table().champion()).isEqualTo(version(1));
        assertThat(events().getLast()).isEqualTo("rollout.failed");
    }

    @Test
    void planThatReplays_withoutRows_fails() {
        RolloutPlan replaying =
                new RolloutPlan(Optional.of(100), Optional.empty(), List.of(), Optional.empty(), Optional.empty());
        start(2, served.artifact("like"), replaying);
        work();
        assertThat(rollout().state()).isEqualTo(RolloutState.FAILED);
        assertThat(rollout().reason().orElseThrow()).contains("replays 100 requests");
    }

    @Test
    void planThatReplays_withRows_serves_andKeepsWhatItMeasured() {
        Query query = Query.standard(home.resolve("scratch"));
        Path parquet = home.resolve("rows.parquet");
        query.write(Models.rows(150, 8), parquet);
        Digest rows = served.blobs.add(parquet);
        RolloutPlan replaying =
                new RolloutPlan(Optional.of(100), Optional.empty(), List.of(), Optional.empty(), Optional.empty());
        Permit permit = served.permit(2, served.artifact("like"));
        served.database.write(
                ANA,
                tx -> served.rollouts.start(
                        tx, new RolloutOrder(permit, replaying, Digest.of("policy"), true, Optional.of(rows))));
        work();
        assertThat(rollout().state()).isEqualTo(RolloutState.STABLE);
        var replayed = served.database.read(db -> Events.about(db, "endpoint/late-arrival", 10)).stream()
                .filter(event -> event.type().equals("rollout.replayed"))
                .findFirst()
                .orElseThrow();
        assertThat(replayed.detail().get("rows").asLong()).isEqualTo(100);
        assertThat(replayed.detail().get("differing").asLong()).isZero();
    }
}
