package org.plimsoll.access;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.access.Operation.Handler;
import org.plimsoll.access.Operation.Kind;
import org.plimsoll.access.Operation.Prepared;
import org.plimsoll.access.Operation.ReadsAs;
import org.plimsoll.access.Operation.Uploads;
import org.plimsoll.access.Operation.Urges;
import org.plimsoll.access.Operation.Writes;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Database;
import org.plimsoll.store.Transaction;

/**
 * Where every request goes through:
 *
 * <pre>
 *   READ            one view:        authorize, answer
 *   CHANGE, MEASURE                  authorize, keep bytes or prepare
 *                   one transaction: authorize, key seen before?, the room's method, at least one event (CHANGE),
 *                                    remember the reply under its key; commit; receipt
 *   URGENT          no database:     authorize from memory, the room's method
 *   refused         a transaction of its own appends `denied`
 * </pre>
 *
 * Apart from the closing of jobs and the sequencer nothing else opens a transaction. Safe for use by many threads.
 */
public final class Entrance {

    /**
     * What was answered, and the ids of the events it left.
     */
    public record Receipt<R>(R reply, List<String> events) {}

    private final Database database;
    private final Catalogue catalogue;
    private final Standing standing;
    private final Denials denials;
    private final UrgentReplies urgent;
    private final Map<Class<?>, Object> keepers = new HashMap<>();

    /**
     * The entrance to these keepers; what urgent operations answered is known for as long as this process lives.
     *
     * @throws IllegalStateException when an operation of the catalogue has no keeper
     */
    public Entrance(Database database, Catalogue catalogue, Standing standing, Clock clock, Collection<?> keepers) {
        this(database, catalogue, standing, clock, keepers, UrgentReplies.inMemory());
    }

    /**
     * The entrance to these keepers.
     *
     * @throws IllegalStateException when an operation of the catalogue has no keeper
     */
    public Entrance(
            Database database,
            Catalogue catalogue,
            Standing standing,
            Clock clock,
            Collection<?> keepers,
            UrgentReplies urgent) {
        this.urgent = urgent;
        this.database = database;
        this.catalogue = catalogue;
        this.standing = standing;
        this.denials = new Denials(database, clock);
        for (Object keeper : keepers) {
            this.keepers.put(keeper.getClass(), keeper);
        }
        for (Operation<?, ?, ?> operation : catalogue.all()) {
            if (!this.keepers.containsKey(operation.keeper())) {
                throw new IllegalStateException(operation.name() + " needs a "
                        + operation.keeper().getSimpleName() + ", and none was handed in");
            }
        }
    }

    public Catalogue catalogue() {
        return catalogue;
    }

    /** The one way in for this actor, inside this process. */
    public Operations as(Actor actor) {
        return as(Caller.here(actor));
    }

    /** The one way in for this caller. */
    public Operations as(Caller caller) {
        return new Operations() {
            @Override
            public <R> R perform(Request<R> request) {
                return Entrance.this.perform(caller, request, Optional.empty()).reply();
            }

            @Override
            public <R> R perform(Request<R> request, String key) {
                return Entrance.this.perform(caller, request, Optional.of(key)).reply();
            }

            @Override
            public <R> R upload(Request.Upload<R> request, Bytes body, String key) {
                try (InputStream in = body.open()) {
                    return Entrance.this
                            .upload(caller, request, in, Optional.of(key))
                            .reply();
                } catch (IOException e) {
                    throw Problem.of(Problem.Kind.INVALID, "the bytes to send cannot be read: " + e.getMessage());
                }
            }
        };
    }

    /** Does what this caller asks, once for each key. */
    public <R> Receipt<R> perform(Caller caller, Request<R> request, Optional<String> key) {
        Operation<Object, Request<R>, R> operation = catalogue.of(request);
        key.ifPresent(Replies::checkKey);
        try {
            return answer(caller, operation, request, key);
        } catch (Problem problem) {
            if (Denials.isRefusal(problem)) {
                denials.tell(caller, operation.name(), request.on(), problem);
            }
            throw problem;
        }
    }

    /** Keeps the bytes and does what this caller asks with them, once for each key. The caller closes the stream. */
    public <R> Receipt<R> upload(Caller caller, Request.Upload<R> request, InputStream body, Optional<String> key) {
        Operation<Object, Request<R>, R> operation = catalogue.of(request);
        key.ifPresent(Replies::checkKey);
        if (!(operation.handler() instanceof Uploads<Object, Request<R>, R> uploads)) {
            throw new IllegalStateException(operation.name() + " takes no bytes");
        }
        try {
            database.read(db -> {
                Authorizer.require(db, caller.actor(), operation, request.on());
                return true;
            });
            Digest kept = keep(uploads, operation, request, body);
            return write(
                    caller,
                    operation,
                    request,
                    key,
                    Optional.of(kept),
                    tx -> uploads.then().does(keeper(operation), tx, request, kept));
        } catch (Problem problem) {
            if (Denials.isRefusal(problem)) {
                denials.tell(caller, operation.name(), request.on(), problem);
            }
            throw problem;
        }
    }

    private <R> Receipt<R> answer(
            Caller caller, Operation<Object, Request<R>, R> operation, Request<R> request, Optional<String> key) {
        Object keeper = keeper(operation);
        Handler<Object, Request<R>, R> handler = operation.handler();
        return switch (handler) {
            case ReadsAs<Object, Request<R>, R> reads ->
                new Receipt<>(
                        database.read(db -> {
                            Authorizer.require(db, caller.actor(), operation, request.on());
                            return reads.does(keeper, db, caller.actor(), request);
                        }),
                        List.of());
            case Writes<Object, Request<R>, R> writes ->
                write(caller, operation, request, key, Optional.empty(), tx -> writes.does(keeper, tx, request));
            case Prepared<Object, Request<R>, ?, R> prepared -> prepare(caller, operation, request, key, prepared);
            case Urges<Object, Request<R>, R> urges -> urge(caller, operation, request, key, urges);
            case Uploads<Object, Request<R>, R> uploads ->
                throw Problem.of(Problem.Kind.INVALID, operation.name() + " needs bytes; upload them");
        };
    }

    private <R, P> Receipt<R> prepare(
            Caller caller,
            Operation<Object, Request<R>, R> operation,
            Request<R> request,
            Optional<String> key,
            Prepared<Object, Request<R>, P, R> handler) {
        Optional<R> earlier = database.read(db -> {
            Authorizer.require(db, caller.actor(), operation, request.on());
            return Replies.earlier(db, caller.actor(), operation, request, key, Optional.empty());
        });
        if (earlier.isPresent()) {
            return new Receipt<>(earlier.get(), List.of());
        }
        Object keeper = keeper(operation);
        P prepared;
        try {
            prepared = handler.first().does(keeper, look(caller.actor()), request);
        } catch (Exception e) {
            throw sneak(e);
        }
        return write(
                caller,
                operation,
                request,
                key,
                Optional.empty(),
                tx -> handler.then().does(keeper, tx, request, prepared));
    }

    private Operation.Look look(Actor actor) {
        return new Operation.Look() {
            @Override
            public Actor actor() {
                return actor;
            }

            @Override
            public <T> T up(Database.Read<T> work) {
                return database.read(work);
            }
        };
    }

    private <R> Receipt<R> urge(
            Caller caller,
            Operation<Object, Request<R>, R> operation,
            Request<R> request,
            Optional<String> key,
            Urges<Object, Request<R>, R> handler) {
        standing.require(caller.actor(), operation, request.on());
        R reply = urgent.once(caller.actor(), operation, request, key, () -> {
            try {
                return handler.does(keeper(operation), caller.actor(), request);
            } catch (Exception e) {
                throw sneak(e);
            }
        });
        return new Receipt<>(reply, List.of());
    }

    private <R> Receipt<R> write(
            Caller caller,
            Operation<Object, Request<R>, R> operation,
            Request<R> request,
            Optional<String> key,
            Optional<Digest> kept,
            Database.Write<R> work) {
        Actor actor = caller.actor();
        var done = database.write(actor, tx -> {
            Authorizer.require(tx, actor, operation, request.on());
            Optional<R> earlier = Replies.earlier(tx, actor, operation, request, key, kept);
            if (earlier.isPresent()) {
                return earlier.get();
            }
            R reply = work.run(tx);
            mustHaveToldOf(operation, tx);
            Replies.remember(tx, operation, request, key, kept, reply);
            return reply;
        });
        if (operation.kind() == Kind.CHANGE) {
            standing.renew();
        }
        return new Receipt<>(done.value(), done.events());
    }

    private static void mustHaveToldOf(Operation<?, ?, ?> operation, Transaction tx) {
        if (operation.kind() == Kind.CHANGE && tx.appended() == 0) {
            throw new IllegalStateException(operation.name() + " changed something without an event");
        }
    }

    private <R> Digest keep(
            Uploads<Object, Request<R>, R> uploads,
            Operation<Object, Request<R>, R> operation,
            Request<R> request,
            InputStream body) {
        try {
            return uploads.first().does(keeper(operation), request, body);
        } catch (IOException e) {
            throw Problem.of(Problem.Kind.INVALID, "the upload broke off: " + e.getMessage());
        }
    }

    private Object keeper(Operation<?, ?, ?> operation) {
        Object keeper = keepers.get(operation.keeper());
        if (keeper == null) {
            throw new IllegalStateException("nobody keeps " + operation.name());
        }
        return keeper;
    }

    private static RuntimeException sneak(Exception e) {
        return e instanceof RuntimeException unchecked
                ? unchecked
                : Problem.internal("unexpected; the server's log has the details", e);
    }
}
