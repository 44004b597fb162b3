package org.plimsoll.store;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.plimsoll.core.Problem;

/** Where work on a database runs: never nested, always to its end, its outcome told to the caller's thread. */
final class Scope {

    private static final ScopedValue<Reading> HERE = ScopedValue.newInstance();

    private Scope() {}

    static void refuseNested() {
        if (HERE.isBound()) {
            throw new IllegalStateException(
                    "a read or write inside another one: pass its Reading or Transaction on as a parameter");
        }
    }

    static <T> T read(Reading view, Database.Read<T> work) throws Exception {
        return ScopedValue.where(HERE, view).call(() -> work.run(view));
    }

    static <T> T write(Transaction tx, Database.Write<T> work) throws Exception {
        return ScopedValue.where(HERE, tx).call(() -> work.run(tx));
    }

    /** Waits for an outcome that will come; an interrupt is kept for later, since the work is carried out anyway. */
    static <T> T await(CompletableFuture<T> outcome) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return outcome.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw thrown(Objects.requireNonNull(e.getCause()));
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What the caller gets to see of a failure: problems, defects and errors as they are. */
    static RuntimeException thrown(Throwable failure) {
        return switch (failure) {
            case Problem problem -> problem;
            case RuntimeException defect ->
                SqlFailure.of(defect).map(SqlFailure::problem).orElse(defect);
            case Error error -> throw error;
            default ->
                SqlFailure.of(failure)
                        .map(SqlFailure::problem)
                        .orElseGet(() -> new IllegalStateException(String.valueOf(failure.getMessage()), failure));
        };
    }
}
