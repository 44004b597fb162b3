package org.plimsoll.cli;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.plimsoll.access.Bytes;
import org.plimsoll.access.Operations;
import org.plimsoll.access.Request;
import org.plimsoll.core.Problem;

/**
 * Asks again, of whoever serves next, when the server it talked to drains or dies. The same key goes with each try, so nothing is
 * done twice.
 */
final class PersistentOperations implements Operations {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long PAUSE_MILLIS = 50;

    private final Supplier<Operations> find;
    private @Nullable Operations current; // guarded by this

    PersistentOperations(Supplier<Operations> find) {
        this.find = find;
    }

    @Override
    public <R> R perform(Request<R> request, String key) {
        return again(server -> server.perform(request, key));
    }

    @Override
    public <R> R upload(Request.Upload<R> request, Bytes body, String key) {
        return again(server -> server.upload(request, body, key));
    }

    private <R> R again(Function<Operations, R> ask) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Operations server = current();
            try {
                return ask.apply(server);
            } catch (Problem problem) {
                boolean isPassing = problem.kind() == Problem.Kind.UNREACHABLE || problem.kind() == Problem.Kind.BUSY;
                if (!isPassing || System.nanoTime() > deadline) {
                    throw problem;
                }
                forget(server);
                pause();
            }
        }
    }

    private synchronized Operations current() {
        if (current == null) {
            current = find.get();
        }
        return current;
    }

    private synchronized void forget(Operations gone) {
        if (current == gone) {
            current = null;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
