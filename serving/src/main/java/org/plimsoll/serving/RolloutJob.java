package org.plimsoll.serving;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Query;
import org.plimsoll.gates.RolloutPlan;
import org.plimsoll.predictions.ArmCounts;
import org.plimsoll.predictions.JoinedLog;
import org.plimsoll.predictions.Loss;
import org.plimsoll.predictions.Maturity;
import org.plimsoll.predictions.PredictionLog;
import org.plimsoll.predictions.ShadowCounts;
import org.plimsoll.scoring.Task;
import org.plimsoll.serving.Rollouts.StepRollout;
import org.plimsoll.statistics.PairedLosses;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Database;
import org.plimsoll.store.Ending;
import org.plimsoll.store.Job;
import org.plimsoll.store.JobKind;
import org.plimsoll.store.Reading;

/**
 * Carries rollouts: one job for each, due again and again until the rollout is over or waits for a person.
 *
 * <pre>
 *  PREPARING        load the candidate on this node, replay requests            ─▶ first step
 *  SHADOW, CANARY   join log and outcomes, judge the counts, keep the evidence  ─▶ stay, next step, roll back, pause
 *  BAKING           wait until its time has passed                              ─▶ STABLE
 * </pre>
 *
 * The evidence is counted anew each time from the log and the outcomes, so a kill loses none of it, and nobody but the closing
 * transaction changes the rollout.
 */
public final class RolloutJob {

    /** Shortest time between two looks: history played again passes days in seconds. */
    private static final Duration REPLAY_LOOK = Duration.ofMillis(200);

    private static final Duration CLOCK_LOOK = Duration.ofSeconds(5);

    /** A look costs at most a tenth of the time between two; where history is played again, and somebody waits for it, half. */
    private static final int LOOKS_SHARE = 10;

    private static final int REPLAY_LOOKS_SHARE = 1;

    private final Database database;
    private final Endpoints endpoints;
    private final Permits permits;
    private final Rollouts rollouts;
    private final LiveEndpoints live;
    private final LocalTables tables;
    private final JoinedLog joined;
    private final BlobStore blobs;
    private final Query query;

    public RolloutJob(
            Database database,
            Endpoints endpoints,
            Permits permits,
            Rollouts rollouts,
            LiveEndpoints live,
            LocalTables tables,
            PredictionLog log,
            BlobStore blobs,
            Query query) {
        this.database = database;
        this.endpoints = endpoints;
        this.permits = permits;
        this.rollouts = rollouts;
        this.live = live;
        this.tables = tables;
        this.joined = new JoinedLog(log);
        this.blobs = blobs;
        this.query = query;
    }

    /** The kind of job, for the worker. */
    public JobKind<?> kind() {
        return new JobKind<>(Rollouts.JOB, StepRollout.class, this::work);
    }

    /** Gives every rollout under way its job again, where a failure took it. Called once, when the node starts. */
    public void carryOn() {
        if (database.read(rollouts::anyOpen)) {
            database.write(Actor.SYSTEM, tx -> {
                rollouts.carryOn(tx);
                return rollouts;
            });
        }
    }

    private JobKind.Closing work(Job job, StepRollout request) {
        long began = System.nanoTime();
        Seen seen = database.read(db -> see(db, request.rollout()));
        Rollout rollout = seen.rollout();
        boolean mustWait = seen.isHeld() || isActedUrgently(rollout);
        if (hasJustBegun(seen)) {
            return ifUnchanged(seen, tx -> {
                RolloutRows.update(
                        tx,
                        rollout.to(rollout.state(), rollout.step(), Instant.ofEpochMilli(live.now(seen.endpoint()))));
                return Ending.again(tx.instant());
            });
        }
        return switch (rollout.state()) {
            case PREPARING -> prepare(seen);
            case SHADOW, CANARY -> mustWait ? lookAgain(seen, began) : judge(seen, began);
            case BAKING -> mustWait ? lookAgain(seen, began) : bake(seen, began);
            case STABLE, PAUSED, ROLLED_BACK, FAILED -> _ -> Ending.done(rollout.state());
        };
    }

    /** A step that began before history did counts its time from the first event played. */
    private boolean hasJustBegun(Seen seen) {
        RolloutState state = seen.rollout().state();
        return (state == RolloutState.SHADOW || state == RolloutState.CANARY || state == RolloutState.BAKING)
                && seen.rollout().stepStartedAt().equals(Instant.EPOCH)
                && live.now(seen.endpoint()) > 0;
    }

    /** What the database says before the work begins. */
    private record Seen(Rollout rollout, Endpoint endpoint, Head head, List<PublishedTable> history, boolean isHeld) {}

    private Seen see(Reading db, String id) {
        Rollout rollout = rollouts.get(db, id);
        Endpoint endpoint = endpoints.get(db, rollout.endpoint());
        return new Seen(
                rollout,
                endpoint,
                Head.read(db, endpoints, permits, endpoint),
                endpoints.history(db, endpoint.name()),
                Holds.on(db, endpoint.name()).isPresent());
    }

    /** Something urgent lies in a file and is not recorded: what the database says of this endpoint is out of date. */
    private boolean isActedUrgently(Rollout rollout) {
        return tables.unrecorded().stream().anyMatch(act -> act.endpoint().equals(Optional.of(rollout.endpoint())));
    }

    // ---- preparing ----

    private JobKind.Closing prepare(Seen seen) {
        Rollout rollout = seen.rollout();
        Optional<Replay> replay;
        try {
            replay = ready(seen);
        } catch (Problem problem) {
            return ifUnchanged(
                    seen,
                    tx -> Ending.done(
                            rollouts.fail(tx, rollout, problem.detail()).state()));
        }
        Optional<String> refusal =
                replay.flatMap(done -> done.refusal(rollout.plan().replayedRequests()));
        return ifUnchanged(seen, tx -> {
            replay.ifPresent(done -> tx.append("rollout.replayed", Endpoints.subject(rollout.endpoint()), done));
            if (refusal.isPresent()) {
                return Ending.done(rollouts.fail(tx, rollout, refusal.get()).state());
            }
            Rollout next = rollouts.advance(tx, rollout);
            return next.state() == RolloutState.STABLE ? Ending.done(next.state()) : Ending.again(tx.instant());
        });
    }

    /** Loads the candidate beside what serves, so that no table points at a version that is not ready. */
    private Optional<Replay> ready(Seen seen) {
        Rollout rollout = seen.rollout();
        List<LoadedVersion> held = live.ready(posting(seen));
        try {
            LoadedVersion candidate = held.stream()
                    .filter(version -> version.version().equals(rollout.candidate()))
                    .findFirst()
                    .orElseThrow();
            if (!candidate.artifact().equals(rollout.artifact())) {
                throw Problem.refused(
                        "the permit of " + rollout.candidate() + " is for other bytes than the rollout's");
            }
            requireJudgeable(rollout, candidate.model().task());
            int wanted = rollout.plan().replayedRequests();
            return wanted == 0 ? Optional.empty() : Optional.of(Replay.of(candidate, replayRows(rollout, wanted)));
        } finally {
            held.forEach(LoadedVersion::letGo);
        }
    }

    private Posting posting(Seen seen) {
        Rollout rollout = seen.rollout();
        Optional<PublishedTable> now = seen.history().stream().findFirst().filter(table -> !table.drained());
        RoutingTable table = now.map(published -> new RoutingTable(
                        rollout.endpoint(),
                        published.table().revision(),
                        published.table().champion(),
                        Optional.empty(),
                        0,
                        List.of(rollout.candidate()),
                        rollout.salt()))
                .orElseGet(() -> RoutingTable.of(rollout.endpoint(), 1, rollout.candidate(), rollout.salt()));
        PublishedTable published = PublishedTable.of(
                table,
                PublishedTable.Reason.SHADOW,
                false,
                false,
                rollout.startedBy(),
                rollout.startedAt(),
                "to be made ready");
        List<Signed> signed = new ArrayList<>();
        database.read(db -> {
            permits.signed(db, rollout.endpoint(), table.champion()).ifPresent(signed::add);
            return permits.signed(db, rollout.endpoint(), rollout.candidate()).map(signed::add);
        });
        return new Posting(1, seen.endpoint(), published, signed);
    }

    private static void requireJudgeable(Rollout rollout, Task task) {
        if (rollout.champion().isPresent()
                && (rollout.plan().shadow().isPresent()
                        || !rollout.plan().canary().isEmpty())) {
            loss(rollout.plan(), task); // throws where the task has no decision to be wrong about
        }
    }

    private Columns replayRows(Rollout rollout, int wanted) {
        var rows = rollout.replayRows()
                .orElseThrow(() -> Problem.refused(
                        "the plan replays " + wanted + " requests, and none were given with the promotion"));
        Columns all = query.read(List.of(blobs.fetch(rows)));
        return all.slice(0, Math.min(wanted, all.rows()));
    }

    // ---- judging ----

    private JobKind.Closing judge(Seen seen, long began) {
        Rollout rollout = seen.rollout();
        Instant now = Instant.ofEpochMilli(live.now(seen.endpoint()));
        StepEvidence evidence = database.read(db -> evidence(db, seen, now));
        StepJudge.Decision decision = StepJudge.decide(rollout, evidence);
        return ifUnchanged(seen, tx -> {
            RolloutRows.keep(tx, rollout, evidence);
            return switch (decision) {
                case STAY -> again(tx.instant(), seen, began);
                case ADVANCE -> {
                    rollouts.advance(tx, rollout);
                    yield Ending.again(tx.instant());
                }
                case ROLL_BACK ->
                    Ending.done(rollouts.withdraw(tx, rollout, harm(rollout, evidence))
                            .state());
                case PAUSE ->
                    Ending.done(rollouts.pause(tx, rollout, undecided(evidence)).state());
            };
        });
    }

    private StepEvidence evidence(Reading db, Seen seen, Instant now) {
        Rollout rollout = seen.rollout();
        Task task = taskOf(seen);
        Maturity maturity = new Maturity(now, task.maturityOrZero());
        Loss loss = loss(rollout.plan(), task);
        PredictionLog.Received received =
                new PredictionLog.Received(rollout.receivedFrom().toEpochMilli(), Long.MAX_VALUE);
        if (rollout.state() == RolloutState.SHADOW) {
            VersionId champion = rollout.champion().orElseThrow();
            ShadowCounts counts =
                    joined.pairs(db, rollout.endpoint(), champion, rollout.candidate(), received, maturity, loss);
            PairedLosses losses = counts.losses();
            return StepJudge.shadow(
                    rollout.plan(),
                    new StepEvidence.Pairs(losses.rows(), losses.worse(), losses.better()),
                    counts.waiting(),
                    counts.withoutOutcome() + counts.unreadable(),
                    now);
        }
        List<ArmCounts> counts = joined.counts(db, rollout.endpoint(), received, maturity, loss);
        return strata(rollout, seen.history(), counts, now);
    }

    /** The counts of the tables that had this candidate as canary, by share. */
    static StepEvidence strata(Rollout rollout, List<PublishedTable> history, List<ArmCounts> counts, Instant now) {
        TreeMap<Double, StepEvidence.Stratum> byShare = new TreeMap<>();
        long waiting = 0;
        long withoutOutcome = 0;
        for (ArmCounts of : counts) {
            Optional<RoutingTable> table = history.stream()
                    .filter(published -> published.digest().equals(of.table()))
                    .map(PublishedTable::table)
                    .filter(routing -> routing.canary().equals(Optional.of(rollout.candidate())))
                    .findFirst();
            if (table.isPresent()) {
                byShare.merge(table.get().canaryShare(), stratum(table.get(), of), RolloutJob::sum);
                waiting += of.waiting();
                withoutOutcome += of.withoutOutcome() + of.unreadable();
            }
        }
        return StepJudge.canary(
                rollout.plan(), rollout.step() + 1, List.copyOf(byShare.values()), waiting, withoutOutcome, now);
    }

    private static StepEvidence.Stratum stratum(RoutingTable table, ArmCounts of) {
        return new StepEvidence.Stratum(
                table.canaryShare(), of.canaryRows(), of.canaryEvents(), of.championRows(), of.championEvents());
    }

    private static StepEvidence.Stratum sum(StepEvidence.Stratum one, StepEvidence.Stratum other) {
        return new StepEvidence.Stratum(
                one.share(),
                one.candidateRows() + other.candidateRows(),
                one.candidateEvents() + other.candidateEvents(),
                one.championRows() + other.championRows(),
                one.championEvents() + other.championEvents());
    }

    private static Loss loss(RolloutPlan plan, Task task) {
        return plan.guardrail()
                .map(guardrail -> switch (guardrail.event()) {
                    case WRONG_DECISION -> Loss.wrongDecision(task);
                    case COST -> Loss.cost(task);
                })
                .orElseGet(() -> Loss.wrongDecision(task));
    }

    private Task taskOf(Seen seen) {
        try (Route route = live.get(seen.endpoint().name().value()).enter()) {
            return route.task();
        }
    }

    private static String harm(Rollout rollout, StepEvidence evidence) {
        if (rollout.state() == RolloutState.SHADOW) {
            StepEvidence.Pairs pairs = evidence.pairs();
            return "harm is proved in shadow: on " + pairs.rows() + " rows " + rollout.candidate() + " alone was wrong "
                    + pairs.candidateOnly() + " times, " + rollout.champion().orElseThrow() + " alone "
                    + pairs.championOnly() + " times";
        }
        StepEvidence.Stratum total =
                evidence.strata().stream().reduce(RolloutJob::sum).orElseThrow();
        return "harm is proved in canary: " + total.candidateEvents() + " adverse events on " + total.candidateRows()
                + " rows of " + rollout.candidate() + ", " + total.championEvents() + " on " + total.championRows()
                + " rows of " + rollout.champion().orElseThrow();
    }

    private static String undecided(StepEvidence evidence) {
        return "the deadline has come without a proof (" + evidence.verdict() + ", " + evidence.waiting()
                + " rows wait for their truth, " + evidence.withoutOutcome()
                + " never got one); resume it, or roll back";
    }

    // ---- baking ----

    private JobKind.Closing bake(Seen seen, long began) {
        Rollout rollout = seen.rollout();
        Instant end = rollout.stepStartedAt().plus(rollout.plan().bakeOrNone().length());
        if (live.now(seen.endpoint()) < end.toEpochMilli()) {
            return lookAgain(seen, began);
        }
        return ifUnchanged(seen, tx -> Ending.done(rollouts.advance(tx, rollout).state()));
    }

    /** Somebody may have paused it, rolled back or drained while the work ran: then look again, and change nothing. */
    private JobKind.Closing ifUnchanged(Seen seen, JobKind.Closing closing) {
        return tx -> {
            boolean same = rollouts.get(tx, seen.rollout().id()).revision()
                            == seen.rollout().revision()
                    && endpoints
                            .table(tx, seen.endpoint().name())
                            .equals(seen.history().stream().findFirst());
            return same ? closing.close(tx) : Ending.again(tx.instant());
        };
    }

    private JobKind.Closing lookAgain(Seen seen, long began) {
        return tx -> again(tx.instant(), seen, began);
    }

    private static Ending again(Instant now, Seen seen, long began) {
        boolean isReplay = seen.endpoint().time() == EndpointTime.REPLAY;
        Duration shortest = isReplay ? REPLAY_LOOK : CLOCK_LOOK;
        Duration fair = Duration.ofNanos((System.nanoTime() - began) * (isReplay ? REPLAY_LOOKS_SHARE : LOOKS_SHARE));
        return Ending.again(now.plus(fair.compareTo(shortest) > 0 ? fair : shortest));
    }
}
