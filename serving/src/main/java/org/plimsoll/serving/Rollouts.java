package org.plimsoll.serving;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.gates.RolloutPlan;
import org.plimsoll.serving.ServingOperations.PauseRollout;
import org.plimsoll.serving.ServingOperations.ResumeRollout;
import org.plimsoll.serving.ServingOperations.RolloutView;
import org.plimsoll.serving.ServingOperations.ShowRollout;
import org.plimsoll.store.Jobs;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** Starts rollouts and moves them from step to step, each step with its table and its event in one transaction. */
public final class Rollouts {

    /** The kind of job that carries a rollout. */
    static final String JOB = "rollout.step";

    /** What that job is asked. */
    record StepRollout(String rollout) {}

    private final Endpoints endpoints;
    private final EndpointClock time;

    public Rollouts(Endpoints endpoints, EndpointClock time) {
        this.endpoints = endpoints;
        this.time = time;
    }

    /**
     * Begins to make a candidate champion.
     *
     * @throws Problem REFUSED where a rule forbids it: quarantine, a hold, an artifact never champion one environment below;
     *     CONFLICT where the endpoint has a rollout that is not over
     */
    public Rollout start(Transaction tx, RolloutOrder order) {
        Permit permit = order.permit();
        Endpoint endpoint = endpoints.get(tx, permit.endpoint());
        Optional<PublishedTable> serving = endpoints.table(tx, endpoint.name());
        Optional<VersionId> champion =
                serving.map(published -> published.table().champion());
        requireAllowed(tx, order, endpoint, champion);
        Instant now = Instant.ofEpochMilli(tx.now());
        Rollout rollout = new Rollout(
                Ids.next(),
                endpoint.name(),
                permit.version(),
                permit.artifact(),
                champion,
                RolloutState.PREPARING,
                Optional.empty(),
                0,
                order.plan(),
                order.policy(),
                order.replayRows(),
                endpoints.newSalt(),
                tx.actor().principal(),
                now,
                endpointNow(endpoint),
                now,
                Optional.empty(),
                1);
        RolloutRows.insert(tx, rollout);
        tx.append("rollout.started", Endpoints.subject(endpoint.name()), rollout);
        Jobs.queue(tx, JOB, Endpoints.subject(endpoint.name()), new StepRollout(rollout.id()), now);
        return rollout;
    }

    private void requireAllowed(Transaction tx, RolloutOrder order, Endpoint endpoint, Optional<VersionId> champion) {
        Permit permit = order.permit();
        if (!permit.version().model().equals(endpoint.model())) {
            throw Problem.invalid(
                    "version",
                    permit.version(),
                    "a version of " + endpoint.model() + ", the model of " + endpoint.name());
        }
        if (permit.expiresAt().toEpochMilli() <= tx.now()) {
            throw Problem.refused("the permit of " + permit.version() + " has expired at " + permit.expiresAt());
        }
        if (champion.equals(Optional.of(permit.version()))) {
            throw Problem.of(
                    Problem.Kind.CONFLICT, permit.version() + " is champion of " + endpoint.name() + " already");
        }
        UrgentActs.reason(tx, permit.artifact()).ifPresent(reason -> {
            throw Problem.refused(permit.version() + " is quarantined: " + reason);
        });
        Holds.on(tx, endpoint.name()).ifPresent(hold -> {
            throw Problem.refused("endpoint " + endpoint.name() + " is frozen: " + hold.reason());
        });
        if (!order.fromAny()) {
            Environments.below(tx, endpoint.environment()).ifPresent(below -> requireWasChampion(tx, permit, below));
        }
    }

    private void requireWasChampion(Reading db, Permit permit, Environment below) {
        if (!endpoints.wasChampion(db, below.name(), permit.artifact())) {
            throw Problem.refused("the artifact of " + permit.version() + " was never champion in " + below.name()
                    + ", one environment below; promote it there first");
        }
    }

    /** The rollout. @throws Problem NOT_FOUND */
    public Rollout get(Reading db, String id) {
        return RolloutRows.find(db, id).orElseThrow(() -> Problem.notFound("rollout", id));
    }

    /** The rollout that holds the endpoint now. */
    public Optional<Rollout> open(Reading db, EndpointName endpoint) {
        return RolloutRows.open(db, endpoint);
    }

    /** All rollouts of an endpoint, newest first. */
    public List<Rollout> of(Reading db, EndpointName endpoint) {
        return RolloutRows.of(db, endpoint);
    }

    /** Whether any rollout is not over. */
    boolean anyOpen(Reading db) {
        return endpoints.all(db).stream()
                .anyMatch(endpoint -> RolloutRows.open(db, endpoint.name()).isPresent());
    }

    /** Gives every rollout that is under way its job again, where it has none. */
    void carryOn(Transaction tx) {
        for (Endpoint endpoint : endpoints.all(tx)) {
            RolloutRows.open(tx, endpoint.name())
                    .filter(rollout -> rollout.state() != RolloutState.PAUSED)
                    .ifPresent(rollout -> queue(tx, rollout));
        }
    }

    /** What each step was judged by, in the order of the steps. */
    public List<StepEvidence> evidence(Reading db, String rollout) {
        return RolloutRows.evidence(db, rollout);
    }

    RolloutView show(Reading db, ShowRollout request) {
        endpoints.get(db, request.endpoint());
        Rollout rollout = RolloutRows.of(db, request.endpoint()).stream()
                .findFirst()
                .orElseThrow(() -> Problem.notFound("rollout on endpoint", request.endpoint()));
        return new RolloutView(rollout, evidence(db, rollout.id()));
    }

    Rollout pause(Transaction tx, PauseRollout request) {
        Rollout rollout = requireOpen(tx, request.endpoint());
        if (rollout.state() != RolloutState.SHADOW && rollout.state() != RolloutState.CANARY) {
            throw Problem.of(
                    Problem.Kind.CONFLICT,
                    "the rollout of " + rollout.candidate() + " is " + rollout.state()
                            + "; only a shadow or a canary can be paused");
        }
        return pause(tx, rollout, request.reason());
    }

    /** A person lets it go on: it has its whole time again to bring a proof. */
    Rollout resume(Transaction tx, ResumeRollout request) {
        Rollout rollout = requireOpen(tx, request.endpoint());
        RolloutState resumed = rollout.resumes()
                .orElseThrow(() ->
                        Problem.of(Problem.Kind.CONFLICT, "the rollout of " + rollout.candidate() + " is not paused"));
        Rollout next = rollout.to(resumed, rollout.step(), endpointNow(endpoints.get(tx, rollout.endpoint())));
        RolloutRows.update(tx, next);
        tx.append("rollout.resumed", Endpoints.subject(next.endpoint()), next);
        queue(tx, next);
        return next;
    }

    private static Rollout requireOpen(Reading db, EndpointName endpoint) {
        return RolloutRows.open(db, endpoint).orElseThrow(() -> Problem.notFound("open rollout on endpoint", endpoint));
    }

    /** It waits for a person. */
    Rollout pause(Transaction tx, Rollout rollout, String why) {
        Rollout paused = rollout.paused(why);
        RolloutRows.update(tx, paused);
        tx.append("rollout.paused", Endpoints.subject(paused.endpoint()), paused);
        return paused;
    }

    /** It is over, because it cannot go on. */
    Rollout fail(Transaction tx, Rollout rollout, String why) {
        return RolloutRows.end(tx, rollout, RolloutState.FAILED, why, "rollout.failed");
    }

    /** Harm was proved: the champion answers alone again. */
    Rollout withdraw(Transaction tx, Rollout rollout, String why) {
        PublishedTable now = endpoints.table(tx, rollout.endpoint()).orElseThrow();
        PublishedTable back = endpoints.publish(
                tx,
                now.table().championOnly(now.table().revision() + 1),
                endpoints.championArtifact(tx, rollout.endpoint(), now.table().revision()),
                rollout.state() == RolloutState.CANARY
                        ? PublishedTable.Reason.ROLLBACK
                        : PublishedTable.Reason.WITHDRAWN,
                false,
                why);
        Rollout ended = RolloutRows.end(tx, rollout, RolloutState.ROLLED_BACK, why, "rollout.rolled-back");
        if (rollout.state() == RolloutState.CANARY) {
            tx.append("endpoint.rolled-back", Endpoints.subject(rollout.endpoint()), back);
        }
        return ended;
    }

    /** Takes the next step: its table, its state, its event. */
    Rollout advance(Transaction tx, Rollout rollout) {
        Endpoint endpoint = endpoints.get(tx, rollout.endpoint());
        Optional<PublishedTable> now = endpoints.table(tx, endpoint.name());
        Rollout next = nextOf(rollout, now, endpointNow(endpoint));
        publish(tx, next, now);
        if (rollout.state() == RolloutState.PREPARING) {
            next = next.receivingFrom(Instant.ofEpochMilli(tx.now()));
        }
        RolloutRows.update(tx, next);
        tx.append(
                next.state() == RolloutState.STABLE ? "rollout.completed" : "rollout.advanced",
                Endpoints.subject(endpoint.name()),
                next);
        return next;
    }

    private static Rollout nextOf(Rollout rollout, Optional<PublishedTable> now, Instant time) {
        RolloutPlan plan = rollout.plan();
        boolean nobodyAnswers = now.isEmpty() || now.get().drained();
        return switch (rollout.state()) {
            case PREPARING -> {
                if (nobodyAnswers) {
                    yield rollout.to(now.isEmpty() ? RolloutState.STABLE : afterFull(plan), 0, time);
                }
                if (plan.shadow().isPresent()) {
                    yield rollout.to(RolloutState.SHADOW, 0, time);
                }
                yield rollout.to(plan.canary().isEmpty() ? afterFull(plan) : RolloutState.CANARY, 0, time);
            }
            case SHADOW -> rollout.to(plan.canary().isEmpty() ? afterFull(plan) : RolloutState.CANARY, 0, time);
            case CANARY ->
                rollout.step() + 1 < plan.canary().size()
                        ? rollout.to(RolloutState.CANARY, rollout.step() + 1, time)
                        : rollout.to(afterFull(plan), rollout.step(), time);
            case BAKING -> rollout.to(RolloutState.STABLE, rollout.step(), time);
            case STABLE, PAUSED, ROLLED_BACK, FAILED ->
                throw new IllegalStateException("a rollout that is " + rollout.state() + " has no next step");
        };
    }

    private static RolloutState afterFull(RolloutPlan plan) {
        return plan.bakeOrNone().length().isZero() ? RolloutState.STABLE : RolloutState.BAKING;
    }

    private void publish(Transaction tx, Rollout next, Optional<PublishedTable> now) {
        VersionId candidate = next.candidate();
        boolean alreadyChampion = now.filter(
                        published -> published.table().champion().equals(candidate))
                .isPresent();
        if (alreadyChampion) { // its bake has ended
            endpoints.markStable(tx, next.endpoint(), now.orElseThrow().table().revision());
            tx.append(
                    "endpoint.stable",
                    Endpoints.subject(next.endpoint()),
                    now.orElseThrow().stable(true));
            return;
        }
        endpoints.publish(
                tx,
                tableOf(next, now),
                artifactAfter(tx, next, now),
                reasonOf(next, now),
                next.state() == RolloutState.STABLE,
                "rollout of " + candidate);
    }

    /** The table of a rollout's step. */
    static RoutingTable tableOf(Rollout rollout, Optional<PublishedTable> now) {
        long revision = now.map(published -> published.table().revision()).orElse(0L) + 1;
        Optional<VersionId> champion = now.map(published -> published.table().champion());
        return switch (rollout.state()) {
            case SHADOW ->
                new RoutingTable(
                        rollout.endpoint(),
                        revision,
                        champion.orElseThrow(),
                        Optional.empty(),
                        0,
                        List.of(rollout.candidate()),
                        rollout.salt());
            case CANARY ->
                new RoutingTable(
                        rollout.endpoint(),
                        revision,
                        champion.orElseThrow(),
                        Optional.of(rollout.candidate()),
                        rollout.share(),
                        List.of(),
                        rollout.salt());
            case BAKING, STABLE -> RoutingTable.of(rollout.endpoint(), revision, rollout.candidate(), rollout.salt());
            case PREPARING, PAUSED, ROLLED_BACK, FAILED ->
                throw new IllegalStateException("a rollout that is " + rollout.state() + " has no table of its own");
        };
    }

    private static PublishedTable.Reason reasonOf(Rollout rollout, Optional<PublishedTable> now) {
        return switch (rollout.state()) {
            case SHADOW -> PublishedTable.Reason.SHADOW;
            case CANARY -> PublishedTable.Reason.CANARY;
            default -> now.isEmpty() ? PublishedTable.Reason.FIRST : PublishedTable.Reason.FULL;
        };
    }

    private Digest artifactAfter(Reading db, Rollout next, Optional<PublishedTable> now) {
        return switch (next.state()) {
            case SHADOW, CANARY ->
                endpoints.championArtifact(
                        db, next.endpoint(), now.orElseThrow().table().revision());
            default -> next.artifact();
        };
    }

    private static void queue(Transaction tx, Rollout rollout) {
        Jobs.queueOnce(tx, JOB, Endpoints.subject(rollout.endpoint()), new StepRollout(rollout.id()), tx.instant());
    }

    private Instant endpointNow(Endpoint endpoint) {
        return Instant.ofEpochMilli(time.now(endpoint));
    }
}
