package org.plimsoll.access;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/**
 * What was answered under which idempotency key, so that a repeated request takes effect once. The row is written in the
 * transaction it answers for. An operation with a secret leaves only the key: its retry is refused.
 */
final class Replies {

    private static final Pattern KEY = Pattern.compile("[!-~]{1,100}");
    private static final String NOTHING_KEPT = "";

    private record Kept(String operation, String requestDigest, String reply) {}

    private Replies() {}

    static void checkKey(String key) {
        if (!KEY.matcher(key).matches()) {
            throw Problem.invalid("idempotency key", key, "1 to 100 visible ASCII characters");
        }
    }

    /** The reply given under this key before, if any. */
    static <R> Optional<R> earlier(
            Reading db,
            Actor actor,
            Operation<?, ?, R> operation,
            Request<R> request,
            Optional<String> key,
            Optional<Digest> kept) {
        if (key.isEmpty()) {
            return Optional.empty();
        }
        Optional<Kept> found = db.sql()
                .createQuery("""
                        SELECT operation, request_digest, reply FROM idempotency WHERE actor = :actor AND key = :key
                        """)
                .bind("actor", actor.principal())
                .bind("key", key.get())
                .map((row, context) -> new Kept(row.getString(1), row.getString(2), row.getString(3)))
                .findOne();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Kept earlier = found.get();
        if (!earlier.operation().equals(operation.name())) {
            throw usedBefore(key.get(), earlier.operation());
        }
        if (operation.isSecret()) {
            throw Problem.of(
                    Problem.Kind.CONFLICT,
                    operation.name() + " was done under this key; its answer held a secret and was not kept");
        }
        if (!earlier.requestDigest().equals(digest(request, kept).value())) {
            throw usedBefore(key.get(), earlier.operation());
        }
        return Optional.of(Json.MAPPER.readValue(earlier.reply(), Json.MAPPER.constructType(operation.reply())));
    }

    /** Keeps the reply under its key, in the transaction that it tells of. */
    static <R> void remember(
            Transaction tx,
            Operation<?, ?, R> operation,
            Request<R> request,
            Optional<String> key,
            Optional<Digest> kept,
            R reply) {
        if (key.isEmpty()) {
            return;
        }
        boolean secret = operation.isSecret();
        tx.sql()
                .createUpdate("""
                        INSERT INTO idempotency (actor, key, operation, request_digest, reply, at)
                        VALUES (:actor, :key, :operation, :digest, :reply, :now)
                        """)
                .bind("actor", tx.actor().principal())
                .bind("key", key.get())
                .bind("operation", operation.name())
                .bind("digest", secret ? NOTHING_KEPT : digest(request, kept).value())
                .bind("reply", secret ? NOTHING_KEPT : Json.text(reply))
                .bind("now", tx.now())
                .execute();
    }

    private static Digest digest(Request<?> request, Optional<Digest> kept) {
        return Digest.of(Json.text(request) + kept.map(Digest::value).orElse(""));
    }

    static Problem usedBefore(String key, String operation) {
        return Problem.of(
                Problem.Kind.CONFLICT,
                "the idempotency key " + key + " was used for another request (" + operation + "); choose another key",
                Map.of("idempotency_key", key));
    }
}
