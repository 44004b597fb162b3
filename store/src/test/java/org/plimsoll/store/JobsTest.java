package org.plimsoll.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Event;
import org.plimsoll.core.Problem;

@EachDatabase
class JobsTest {

    private record Count(int n) {}

    private static final JobKind<Count> COUNTING = counting();

    private final MovableClock clock = new MovableClock();

    @Parameter
    Databases databases;

    @AutoClose
    Database database;

    @BeforeEach
    void open() {
        database = databases.fresh(clock);
    }

    private static JobKind<Count> counting() {
        return new JobKind<>("thing.count", Count.class, (job, request) -> tx -> {
            tx.append("thing.counted", job.subject(), request);
            return Ending.done(new Count(request.n() + 1));
        });
    }

    private Jobs node(String name) {
        return new Jobs(database, name);
    }

    private Job queue(String subject, Instant due) {
        return database.write(Actor.SYSTEM, tx -> Jobs.queue(tx, "thing.count", subject, new Count(1), due))
                .value();
    }

    private Job find(Job job) {
        return database.read(db -> Jobs.find(db, job.id()).orElseThrow());
    }

    private List<Event> about(String subject) {
        return database.read(db -> Events.about(db, subject, 1000));
    }

    private static final Map<String, JobKind<?>> KINDS = Map.of("thing.count", COUNTING);

    @Test
    void claim_notDueOrHeldByAnother_givesNothing() {
        queue("thing/1", clock.instant().plusSeconds(10));
        assertThat(node("a").claim(KINDS)).isEmpty();
        clock.advance(Duration.ofSeconds(10));
        assertThat(node("a").claim(KINDS))
                .hasValueSatisfying(job -> assertThat(job.attempts()).isEqualTo(1));
        assertThat(node("b").claim(KINDS)).isEmpty();
        assertThat(node("b").claim(Map.of("other.kind", COUNTING))).isEmpty();
    }

    @Test
    void close_afterTheLeaseEndedAndAnotherTookOver_isFencedAndWithoutEffect() {
        queue("thing/1", clock.instant());
        Job slow = node("a").claim(KINDS).orElseThrow();
        clock.advance(Duration.ofSeconds(31));
        Job second = node("b").claim(KINDS).orElseThrow();
        assertThat(second.fence()).isGreaterThan(slow.fence());

        assertThatThrownBy(() -> node("a").close(slow, tx -> {
                    tx.append("thing.counted", "thing/1", Map.of());
                    return Ending.done("late");
                }))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.FENCED));
        assertThat(node("a").extend(slow, Duration.ofSeconds(30))).isFalse();
        assertThat(about("thing/1")).isEmpty();

        node("b").close(second, tx -> Ending.done("in time"));
        assertThat(find(second).outcome()).contains("\"in time\"");
        assertThatThrownBy(() -> node("b").close(second, tx -> Ending.done("twice")))
                .isInstanceOf(Problem.class);
    }

    @Test
    void freeAll_letsTheNextNodeClaimAtOnce_andFencesOffTheDead() {
        queue("thing/1", clock.instant());
        Job dead = node("a").claim(KINDS).orElseThrow();
        database.write(Actor.SYSTEM, tx -> Leases.take(tx, "sequencer", "a", Duration.ofSeconds(30)));

        Jobs.freeAll(database);
        Job next = node("b").claim(KINDS).orElseThrow();
        assertThat(next.fence()).isGreaterThan(dead.fence());
        assertThat(node("a").extend(dead, Duration.ofSeconds(30))).isFalse();
        assertThat(database.write(Actor.SYSTEM, tx -> Leases.take(tx, "sequencer", "b", Duration.ofSeconds(30)))
                        .value())
                .hasValueSatisfying(lease -> assertThat(lease.fence()).isEqualTo(2));
    }

    @Test
    void extend_beforeTheLeaseEnds_keepsOthersAway() {
        queue("thing/1", clock.instant());
        Job mine = node("a").claim(KINDS).orElseThrow();
        clock.advance(Duration.ofSeconds(20));
        assertThat(node("a").extend(mine, Duration.ofSeconds(30))).isTrue();
        clock.advance(Duration.ofSeconds(20));
        assertThat(node("b").claim(KINDS)).isEmpty();
    }

    /** What extends leases looks at intervals, and may come just after the end: the job's next time would wait for a lease that nobody has. */
    @Test
    void extend_afterTheJobWasClosedToComeAgain_holdsNobodyUp() {
        queue("thing/1", clock.instant());
        Job mine = node("a").claim(KINDS).orElseThrow();
        node("a").close(mine, tx -> Ending.again(tx.instant()));
        assertThat(node("a").extend(mine, Duration.ofSeconds(30))).isFalse();
        assertThat(node("a").claim(KINDS)).isPresent();
    }

    @Test
    void workers_eightAtOnce_eachJobTakesEffectOnce() throws Exception {
        List<Job> jobs = database.write(Actor.SYSTEM, tx -> {
                    List<Job> queued = new ArrayList<>();
                    for (int i = 0; i < 60; i++) {
                        queued.add(Jobs.queue(tx, "thing.count", "thing/" + i, new Count(i), clock.instant()));
                    }
                    return queued;
                })
                .value();
        var left = new CountDownLatch(jobs.size());
        var seen = ConcurrentHashMap.<String>newKeySet();
        var kind = new JobKind<>("thing.count", Count.class, (job, request) -> tx -> {
            tx.append("thing.counted", job.subject(), request);
            tx.afterCommit(() -> {
                if (seen.add(job.id())) {
                    left.countDown();
                }
            });
            return Ending.done(request);
        });
        var workers = new ArrayList<Worker>();
        for (int node = 0; node < 2; node++) {
            var worker = new Worker(database, "node-" + node, List.of(kind), 4);
            worker.start();
            workers.add(worker);
        }
        left.await();
        workers.forEach(Worker::close);

        for (Job job : jobs) {
            assertThat(find(job).state()).isEqualTo(Job.State.DONE);
            assertThat(about(job.subject())).hasSize(1);
        }
    }

    @Test
    void runOne_workSucceeds_outcomeIsKept() {
        Job job = queue("thing/1", clock.instant());
        var worker = new Worker(database, "a", List.of(COUNTING), 1);
        assertThat(worker.runOne()).isTrue();
        assertThat(worker.runOne()).isFalse();
        assertThat(find(job).state()).isEqualTo(Job.State.DONE);
        assertThat(find(job).outcome()).contains("{\"n\":2}");
    }

    @Test
    void runOne_workFailsAgainAndAgain_pausesGrowThenItIsGivenUpWithAnEvent() {
        Job job = queue("thing/1", clock.instant());
        var failing = new JobKind<>("thing.count", Count.class, (held, request) -> {
            throw new IllegalStateException("the disk is on fire");
        });
        var worker = new Worker(database, "a", List.of(failing), 1);
        for (int attempt = 1; attempt <= Worker.MOST_ATTEMPTS; attempt++) {
            assertThat(worker.runOne()).isTrue();
            assertThat(worker.runOne()).as("a pause after attempt " + attempt).isFalse();
            clock.advance(Worker.pauseAfter(attempt));
        }
        assertThat(worker.runOne()).isFalse();
        assertThat(find(job).state()).isEqualTo(Job.State.FAILED);
        assertThat(find(job).outcome().orElseThrow()).contains("the disk is on fire");
        assertThat(about("thing/1")).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo("job.failed");
            assertThat(event.detail().get("job").asString()).isEqualTo(job.id());
        });
    }

    @Test
    void runOne_aRuleRefuses_failsAtOnceWithoutEffect() {
        Job job = queue("thing/1", clock.instant());
        var refused = new JobKind<>("thing.count", Count.class, (held, request) -> tx -> {
            tx.append("thing.counted", "thing/1", request);
            throw Problem.refused("the endpoint is frozen");
        });
        new Worker(database, "a", List.of(refused), 1).runOne();
        assertThat(find(job).state()).isEqualTo(Job.State.FAILED);
        assertThat(about("thing/1")).extracting(Event::type).containsExactly("job.failed");
    }

    @Test
    void runOne_again_sameJobIsDueLater() {
        Job job = queue("thing/1", clock.instant());
        Instant later = clock.instant().plusSeconds(60);
        var again = new JobKind<>("thing.count", Count.class, (held, request) -> tx -> Ending.again(later));
        var worker = new Worker(database, "a", List.of(again), 1);
        assertThat(worker.runOne()).isTrue();
        assertThat(worker.runOne()).isFalse();
        assertThat(find(job).due()).isEqualTo(later);
        assertThat(find(job).attempts()).isZero();
        clock.set(later);
        assertThat(worker.runOne()).isTrue();
    }

    @Test
    void queueOnce_oneWaitsAlready_bringsItForwardOnly() {
        Instant now = clock.instant();
        Job first = once(now.plusSeconds(60));
        assertThat(once(now.plusSeconds(90)).due()).isEqualTo(now.plusSeconds(60));
        Job forward = once(now.plusSeconds(30));
        assertThat(forward.id()).isEqualTo(first.id());
        assertThat(forward.due()).isEqualTo(now.plusSeconds(30));
        clock.advance(Duration.ofSeconds(30));
        assertThat(new Worker(database, "a", List.of(COUNTING), 1).runOne()).isTrue();
        assertThat(once(now).id()).isNotEqualTo(first.id());
    }

    private Job once(Instant due) {
        return database.write(Actor.SYSTEM, tx -> Jobs.queueOnce(tx, "thing.count", "thing/1", new Count(1), due))
                .value();
    }

    @Test
    void lease_heldByAnother_isNotGivenAndAnOlderHolderIsFenced() {
        Lease first = take("a").orElseThrow();
        assertThat(take("b")).isEmpty();
        assertThat(take("a"))
                .hasValueSatisfying(same -> assertThat(same.fence()).isEqualTo(first.fence()));
        clock.advance(Duration.ofSeconds(10));
        Lease second = take("b").orElseThrow();
        assertThat(second.fence()).isGreaterThan(first.fence());
        assertThatThrownBy(() -> database.write(Actor.SYSTEM, tx -> {
                    Leases.require(tx, first);
                    return 1;
                }))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.FENCED));
        database.write(Actor.SYSTEM, tx -> {
            Leases.require(tx, second);
            Leases.release(tx, second);
            return 1;
        });
        assertThat(take("c")).isPresent();
    }

    private Optional<Lease> take(String holder) {
        return database.write(Actor.SYSTEM, tx -> Leases.take(tx, "compaction", holder, Duration.ofSeconds(10)))
                .value();
    }
}
