package org.plimsoll.store;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;

/**
 * Does the jobs that are due, a few at once, each on a virtual thread. Every node with the role {@code work} has one.
 *
 * <p>It wakes on commits of its own process and looks every 200 ms for jobs that others queued or that became due. While a job's
 * work runs, its lease is extended; on a node that stops, jobs under way are finished first.
 */
public final class Worker implements AutoCloseable {

    /** How often a job is started before it is given up. */
    public static final int MOST_ATTEMPTS = 8;

    private static final System.Logger LOG = System.getLogger(Worker.class.getName());
    private static final Duration LOOK = Duration.ofMillis(200);

    /** Between looks, so that thousands of commits a second are not answered by thousands of looks. */
    private static final Duration BREATH = Duration.ofMillis(10);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
    private static final Set<Problem.Kind> FINAL = Set.of(
            Problem.Kind.INVALID,
            Problem.Kind.NOT_FOUND,
            Problem.Kind.CONFLICT,
            Problem.Kind.REFUSED,
            Problem.Kind.DENIED,
            Problem.Kind.TOO_LARGE);

    private final Database database;
    private final Jobs jobs;
    private final Map<String, JobKind<?>> kinds;
    private final int atOnce;
    private final Semaphore free;
    private final Set<Held> held = ConcurrentHashMap.newKeySet();
    private final Thread claiming = Thread.ofVirtual().name("jobs").unstarted(this::claimAll);
    private final Thread extending = Thread.ofVirtual().name("job-leases").unstarted(this::extendAll);
    private volatile boolean closing;

    private record Held(Job job, Duration lease) {}

    /**
     * @param node names this process among those that share the database
     * @param atOnce how many jobs run at the same time
     */
    public Worker(Database database, String node, List<JobKind<?>> kinds, int atOnce) {
        this.database = database;
        this.jobs = new Jobs(database, node);
        this.kinds = kinds.stream().collect(Collectors.toUnmodifiableMap(JobKind::name, Function.identity()));
        this.atOnce = atOnce;
        this.free = new Semaphore(atOnce);
    }

    /** Begins to work. */
    public void start() {
        if (!kinds.isEmpty()) {
            claiming.start();
            extending.start();
        }
    }

    private void claimAll() {
        long seen = -1;
        while (!closing) {
            try {
                free.acquire();
                Optional<Job> due = anyDue() ? jobs.claim(kinds) : Optional.empty();
                if (due.isPresent()) {
                    Thread.ofVirtual().name("job-" + due.get().kind()).start(() -> doAndFree(due.get()));
                } else {
                    free.release();
                    Thread.sleep(BREATH);
                    seen = database.commits().await(seen, LOOK);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                free.release();
                LOG.log(Level.WARNING, "no job could be claimed; trying again", e);
                pause();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A look costs a read; a claim would cost a write. */
    private boolean anyDue() {
        return database.read(db -> Jobs.nextDue(db, kinds.keySet()).filter(due -> due.toEpochMilli() <= db.now()))
                .isPresent();
    }

    private void doAndFree(Job job) {
        try {
            carryOut(job);
        } finally {
            free.release();
        }
    }

    /**
     * Does one job that is due, on this thread; for tests and tools that step through time.
     *
     * @return whether there was one
     */
    public boolean runOne() {
        Optional<Job> due = jobs.claim(kinds);
        due.ifPresent(this::carryOut);
        return due.isPresent();
    }

    private void carryOut(Job job) {
        JobKind<?> kind = kinds.get(job.kind());
        if (kind == null) {
            throw new IllegalStateException("claimed " + job.kind() + ", which nobody here does");
        }
        var mine = new Held(job, kind.lease());
        held.add(mine);
        try {
            jobs.close(job, work(kind, job));
        } catch (Exception e) {
            afterFailure(job, e);
        } finally {
            held.remove(mine);
        }
    }

    private static <Q> JobKind.Closing work(JobKind<Q> kind, Job job) throws Exception {
        return kind.work().run(job, Json.read(job.request(), kind.request()));
    }

    private void afterFailure(Job job, Exception failure) {
        Problem problem = failure instanceof Problem known
                ? known
                : Problem.internal(failure.getClass().getSimpleName() + ": " + failure.getMessage(), failure);
        if (problem.kind() == Problem.Kind.FENCED) {
            LOG.log(Level.INFO, problem.detail());
            return;
        }
        try {
            if (FINAL.contains(problem.kind()) || job.attempts() >= MOST_ATTEMPTS) {
                LOG.log(Level.WARNING, "job " + job.kind() + " of " + job.subject() + " failed", failure);
                jobs.giveUp(job, problem);
            } else {
                LOG.log(Level.DEBUG, "job " + job.kind() + " of " + job.subject() + " is tried again", failure);
                jobs.retry(job, pauseAfter(job.attempts()));
            }
        } catch (RuntimeException e) {
            e.addSuppressed(failure);
            LOG.log(Level.WARNING, "job " + job.id() + " stays as it is until its lease ends", e);
        }
    }

    /** 1 s, 4 s, 16 s, … at most 10 minutes. */
    static Duration pauseAfter(long attempts) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(2 * (attempts - 1), 20));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /** Extends each lease when a third of the shortest has passed. */
    private void extendAll() {
        Duration shortest = kinds.values().stream()
                .map(JobKind::lease)
                .min(Duration::compareTo)
                .orElse(LOOK);
        try {
            while (!closing || !held.isEmpty()) {
                Thread.sleep(shortest.dividedBy(3));
                held.forEach(mine -> extend(mine));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void extend(Held mine) {
        try {
            jobs.extend(mine.job(), mine.lease());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the lease of job " + mine.job().id() + " was not extended", e);
        }
    }

    /** Claims nothing more and waits for the jobs under way. */
    @Override
    public void close() {
        closing = true;
        database.commits().wake();
        free.acquireUninterruptibly(atOnce);
        claiming.interrupt();
        extending.interrupt();
    }
}
