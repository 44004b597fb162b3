package org.plimsoll.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;

/**
 * Work to be done later, as rows. Rooms queue and find jobs; a {@link Worker} claims and closes them.
 *
 * <pre>
 *   queue ──> WAITING ── claim: holder, until, fence + 1 ──> the work runs ── close, fence must still match ──> DONE
 *                │                                              │ silent beyond its lease                        FAILED
 *                └────────────── claimed by another <───────────┘ (what the silent one brings later is dropped)
 * </pre>
 */
public final class Jobs {

    private final Database database;
    private final String node;

    /** @param node names this process among those that claim jobs */
    Jobs(Database database, String node) {
        this.database = database;
        this.node = node;
    }

    /** Queues work in the transaction of the change that wants it. */
    public static Job queue(Transaction tx, String kind, String subject, Object request, Instant due) {
        return tx.sql()
                .createQuery("""
                        INSERT INTO job (id, kind, subject, request, due, state, attempts, until, fence)
                        VALUES (:id, :kind, :subject, :request, :due, 'WAITING', 0, 0, 0)
                        RETURNING id, kind, subject, request, due, state, attempts, fence, outcome""")
                .bind("id", Ids.next())
                .bind("kind", kind)
                .bind("subject", subject)
                .bind("request", Json.text(request))
                .bind("due", due)
                .mapTo(Job.class)
                .one();
    }

    /**
     * Queues work unless the same kind of work waits for the same subject already; that one is brought forward where it would be
     * due later, and keeps its request.
     */
    public static Job queueOnce(Transaction tx, String kind, String subject, Object request, Instant due) {
        return tx.sql()
                .createQuery("""
                        UPDATE job SET due = CASE WHEN due > :due THEN :due ELSE due END
                        WHERE id = (SELECT id FROM job
                                    WHERE subject = :subject AND kind = :kind AND state = 'WAITING' ORDER BY id LIMIT 1)
                        RETURNING id, kind, subject, request, due, state, attempts, fence, outcome""")
                .bind("due", due)
                .bind("subject", subject)
                .bind("kind", kind)
                .mapTo(Job.class)
                .findOne()
                .orElseGet(() -> queue(tx, kind, subject, request, due));
    }

    /** The job with this id. */
    public static Optional<Job> find(Reading db, String id) {
        return db.sql().createQuery("""
                        SELECT id, kind, subject, request, due, state, attempts, fence, outcome FROM job WHERE id = :id""").bind("id", id).mapTo(Job.class).findOne();
    }

    /** The jobs about this subject, newest first, at most {@code most}. */
    public static List<Job> about(Reading db, String subject, int most) {
        return db.sql()
                .createQuery("""
                        SELECT id, kind, subject, request, due, state, attempts, fence, outcome FROM job
                        WHERE subject = :subject ORDER BY id DESC LIMIT :most""")
                .bind("subject", subject)
                .bind("most", most)
                .mapTo(Job.class)
                .list();
    }

    /** The newest jobs, at most {@code most}. */
    public static List<Job> newest(Reading db, int most) {
        return db.sql().createQuery("""
                        SELECT id, kind, subject, request, due, state, attempts, fence, outcome FROM job
                        ORDER BY id DESC LIMIT :most""").bind("most", most).mapTo(Job.class).list();
    }

    /** When the next job of these kinds is due or its lease ends, whichever is later. */
    static Optional<Instant> nextDue(Reading db, Collection<String> kinds) {
        return db.sql()
                .createQuery("""
                        SELECT min(CASE WHEN due > until THEN due ELSE until END) FROM job
                        WHERE state = 'WAITING' AND kind IN (<kinds>)""")
                .bindList("kinds", List.copyOf(kinds))
                .mapTo(Instant.class)
                .findOne();
    }

    /**
     * Frees every claim and lease at once. Only where this process alone uses the database, as in a home: whoever held them is dead, and
     * nobody need wait until they run out. Their fences still keep out what the dead may have left behind.
     */
    public static void freeAll(Database database) {
        database.write(Actor.SYSTEM, tx -> {
            tx.sql().execute("UPDATE job SET until = 0 WHERE state = 'WAITING' AND until > 0");
            return tx.sql().execute("UPDATE lease SET until = 0 WHERE until > 0");
        });
    }

    /** Takes the job that has been due for longest, for this long. */
    Optional<Job> claim(Map<String, JobKind<?>> kinds) {
        return database.write(Actor.SYSTEM, tx -> {
                    Optional<Job> claimed = tx.sql()
                            .createQuery("""
                                    UPDATE job SET holder = :node, until = :now, fence = fence + 1, attempts = attempts + 1
                                    WHERE id = (SELECT id FROM job
                                                WHERE state = 'WAITING' AND due <= :now AND until <= :now
                                                  AND kind IN (<kinds>)
                                                ORDER BY due, id LIMIT 1)
                                    RETURNING id, kind, subject, request, due, state, attempts, fence, outcome""")
                            .bind("node", node)
                            .bind("now", tx.now())
                            .bindList("kinds", List.copyOf(kinds.keySet()))
                            .mapTo(Job.class)
                            .findOne();
                    claimed.ifPresent(job -> extend(
                            tx,
                            job,
                            Objects.requireNonNull(kinds.get(job.kind())).lease()));
                    return claimed;
                })
                .value();
    }

    /** @return false when another holder has taken the job over, or it was closed meanwhile and waits for its next time */
    boolean extend(Job job, Duration lease) {
        return database.write(Actor.SYSTEM, tx -> extend(tx, job, lease)).value();
    }

    private static boolean extend(Transaction tx, Job job, Duration lease) {
        return tx.sql()
                        .createUpdate("""
                                UPDATE job SET until = :until
                                WHERE id = :id AND fence = :fence AND state = 'WAITING' AND until > 0""")
                        .bind("until", tx.now() + lease.toMillis())
                        .bind("id", job.id())
                        .bind("fence", job.fence())
                        .execute()
                == 1;
    }

    /** The effect and the end of the job in one transaction; an older holder changes nothing. */
    Ending close(Job job, JobKind.Closing closing) {
        return database.write(Actor.SYSTEM, tx -> {
                    requireFence(tx, job);
                    Ending ending = closing.close(tx);
                    switch (ending) {
                        case Ending.Done done -> end(tx, job, Job.State.DONE, Json.text(done.outcome()));
                        case Ending.Again again -> later(tx, job, again.due(), 0);
                        case Ending.Failed failed -> fail(tx, job, Problem.refused(failed.why()));
                    }
                    return ending;
                })
                .value();
    }

    /** Tries the job again later, without effect now. */
    void retry(Job job, Duration pause) {
        database.write(Actor.SYSTEM, tx -> {
            requireFence(tx, job);
            later(tx, job, tx.instant().plus(pause), job.attempts());
            return job;
        });
    }

    /** Gives the job up, without effect. */
    void giveUp(Job job, Problem why) {
        database.write(Actor.SYSTEM, tx -> {
            requireFence(tx, job);
            fail(tx, job, why);
            return job;
        });
    }

    /** First in the transaction: also on PostgreSQL, where it makes two closings of one job conflict. */
    private static void requireFence(Transaction tx, Job job) {
        int held = tx.sql()
                .createUpdate("UPDATE job SET until = until WHERE id = :id AND fence = :fence AND state = 'WAITING'")
                .bind("id", job.id())
                .bind("fence", job.fence())
                .execute();
        if (held == 0) {
            throw Problem.of(
                    Problem.Kind.FENCED, "job " + job.id() + " was taken over by another node; this result is dropped");
        }
    }

    private static void end(Transaction tx, Job job, Job.State state, String outcome) {
        tx.sql()
                .createUpdate("UPDATE job SET state = :state, outcome = :outcome WHERE id = :id")
                .bind("state", state)
                .bind("outcome", outcome)
                .bind("id", job.id())
                .execute();
    }

    private static void later(Transaction tx, Job job, Instant due, long attempts) {
        tx.sql()
                .createUpdate("UPDATE job SET due = :due, until = 0, attempts = :attempts WHERE id = :id")
                .bind("due", due)
                .bind("attempts", attempts)
                .bind("id", job.id())
                .execute();
    }

    /** What became of a job that failed. */
    private record Failure(String problem, String detail) {}

    private record JobFailed(String job, String kind, String problem, String detail) {}

    private static void fail(Transaction tx, Job job, Problem why) {
        end(tx, job, Job.State.FAILED, Json.text(new Failure(why.kind().slug(), why.detail())));
        tx.append(
                "job.failed",
                job.subject(),
                new JobFailed(job.id(), job.kind(), why.kind().slug(), why.detail()));
    }
}
