package org.plimsoll.access;

import java.time.Duration;
import org.plimsoll.store.Ending;
import org.plimsoll.store.JobKind;
import org.plimsoll.store.Jobs;
import org.plimsoll.store.Transaction;

/**
 * Forgets, once a day, what nobody can ask for any more: idempotency keys of last week, credentials that ended a month ago, and
 * invitations that expired. The events about them stay.
 */
public final class Forgetting {

    private static final String NAME = "access.forget";
    private static final Duration EACH = Duration.ofDays(1);
    private static final Duration KEYS_KEPT = Duration.ofDays(7);
    private static final Duration CREDENTIALS_KEPT = Duration.ofDays(30);

    /** The job's request; there is nothing to say. */
    public record Forget() {}

    private Forgetting() {}

    /** What the worker runs. */
    public static JobKind<Forget> job() {
        return new JobKind<>(NAME, Forget.class, (job, request) -> tx -> {
            forget(tx);
            return Ending.again(tx.instant().plus(EACH));
        });
    }

    /** Begins with a new home. */
    static void begin(Transaction tx) {
        Jobs.queueOnce(
                tx,
                NAME,
                Resource.ORGANISATION.toString(),
                new Forget(),
                tx.instant().plus(EACH));
    }

    private static void forget(Transaction tx) {
        long credentials = tx.now() - CREDENTIALS_KEPT.toMillis();
        tx.sql().execute("DELETE FROM idempotency WHERE at < ?", tx.now() - KEYS_KEPT.toMillis());
        tx.sql().execute("DELETE FROM credential WHERE expires_at < ? OR ended_at < ?", credentials, credentials);
        tx.sql().execute("DELETE FROM invitation WHERE expires_at < ?", tx.now());
    }
}
