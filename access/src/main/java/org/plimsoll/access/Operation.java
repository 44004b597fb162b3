package org.plimsoll.access;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.store.Database;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/**
 * The one shape of everything that can be asked: a name, an address, who may, and the room's method that does it. Rooms
 * declare theirs with {@link Room}.
 *
 * @param <S> the keeper: the class whose methods answer
 * @param <Q> the request, which is what callers see of an operation
 * @param <R> the reply
 * @param name {@code noun.verb}, as in events, scopes and the role table
 * @param method the HTTP method of its address
 * @param path the rest of its address; {@code {name}} stands for a field of the request, {@code {+name}} for one that may
 *     contain slashes
 * @param audience whether it takes one of the roles, a signed-in caller, or nobody in particular
 * @param roles who may, on the resource the request touches or one above it
 * @param isInPerson only a person who signed in may, never a token
 * @param isSecret request or reply hold a secret: nothing of them is kept, so a retry is refused
 * @param largestBody bytes of the request's body that are taken at most
 */
public record Operation<S, Q extends Request<R>, R>(
        String name,
        Kind kind,
        String method,
        String path,
        Audience audience,
        Set<Role> roles,
        boolean isInPerson,
        boolean isSecret,
        long largestBody,
        Class<S> keeper,
        Class<Q> request,
        Handler<S, Q, R> handler) {

    private static final Pattern NAME = Pattern.compile("[a-z]+(-[a-z]+)*\\.[a-z]+(-[a-z]+)*");
    private static final Pattern PATH = Pattern.compile("(/([a-z0-9.:-]+|\\{\\+?[a-z_]+}(\\.[a-z]+)?))+");
    private static final Set<String> READING = Set.of("GET", "POST");
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

    /** What an operation does to the world. */
    public enum Kind {
        /** Changes nothing. */
        READ,
        /** Takes facts in bulk; sealed later by the digest in another event. Never updates a shared row. */
        MEASURE,
        /** Appends at least one event, or is refused. */
        CHANGE,
        /** Rollback, drain, quarantine: applied without a database, recorded as a CHANGE by a job. */
        URGENT
    }

    /** Whom an operation is open to. */
    public enum Audience {
        /** Those with one of its roles. */
        ROLES,
        /** Everyone with a credential, on what is their own: the room decides the rest. */
        SIGNED_IN,
        /** Everyone, such as for signing in. */
        ANYONE
    }

    /** How a room answers. */
    public sealed interface Handler<S, Q, R> {}

    /** Answers from one consistent view; may depend on who asks. */
    @FunctionalInterface
    public non-sealed interface ReadsAs<S, Q, R> extends Handler<S, Q, R> {
        R does(S room, Reading db, Actor actor, Q request) throws Exception;
    }

    /** Answers from one consistent view. */
    @FunctionalInterface
    public interface Reads<S, Q, R> {
        R does(S room, Reading db, Q request) throws Exception;
    }

    /** Writes in one transaction; may run twice, touches nothing but the database, and is short. */
    @FunctionalInterface
    public non-sealed interface Writes<S, Q, R> extends Handler<S, Q, R> {
        R does(S room, Transaction tx, Q request) throws Exception;
    }

    /** Does the slow part of a change before its transaction: hashing, scoring, looking things up. */
    @FunctionalInterface
    public interface Prepares<S, Q, P> {
        P does(S room, Look look, Q request) throws Exception;
    }

    /** The transaction of a change whose slow part is done. Decides again whatever may have changed since. */
    @FunctionalInterface
    public interface Finishes<S, Q, P, R> {
        R does(S room, Transaction tx, Q request, P prepared) throws Exception;
    }

    /** A change in two parts. */
    public record Prepared<S, Q, P, R>(Prepares<S, Q, P> first, Finishes<S, Q, P, R> then)
            implements Handler<S, Q, R> {}

    /** Keeps the bytes as a blob. */
    @FunctionalInterface
    public interface Keeps<S, Q> {
        Digest does(S room, Q request, InputStream body) throws IOException;
    }

    /** Writes the rows that point at the kept blob. */
    @FunctionalInterface
    public interface Records<S, Q, R> {
        R does(S room, Transaction tx, Q request, Digest kept) throws Exception;
    }

    /** An upload: blob first, row after. */
    public record Uploads<S, Q, R>(Keeps<S, Q> first, Records<S, Q, R> then) implements Handler<S, Q, R> {}

    /** Acts at once, without a database: writes its own record to be entered later, applies, answers. */
    @FunctionalInterface
    public non-sealed interface Urges<S, Q, R> extends Handler<S, Q, R> {
        R does(S room, Actor actor, Q request) throws Exception;
    }

    /** What a change may do before its transaction: see who asks, and read, each time in one consistent view of its own. */
    public interface Look {

        Actor actor();

        <T> T up(Database.Read<T> work);
    }

    public Operation {
        roles = Set.copyOf(roles);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(name + " is not noun.verb");
        }
        if (!METHODS.contains(method) || !PATH.matcher(path).matches()) {
            throw new IllegalArgumentException(name + ": not an address: " + method + " " + path);
        }
        if (kind == Kind.READ ? !READING.contains(method) : method.equals("GET")) {
            throw new IllegalArgumentException(
                    name + ": a READ is a GET, or a POST where it asks too much for an address");
        }
    }

    /** Whether it carries bytes. */
    public boolean isUpload() {
        return handler instanceof Uploads;
    }

    /** Whether it is answered with bytes. */
    public boolean isDownload() {
        return reply() == Content.class;
    }

    /** The type of its reply, read from the request's declaration: {@code record GetRun(…) implements OnRun<Run>}. */
    public Type reply() {
        return replyOf(request, Map.of())
                .orElseThrow(() -> new IllegalStateException(request + " does not say what it is answered with"));
    }

    private static Optional<Type> replyOf(Class<?> type, Map<Type, Type> known) {
        for (Type above : type.getGenericInterfaces()) {
            Class<?> raw = (Class<?>) (above instanceof ParameterizedType generic ? generic.getRawType() : above);
            if (!Request.class.isAssignableFrom(raw)) {
                continue;
            }
            Map<Type, Type> meant = new HashMap<>();
            if (above instanceof ParameterizedType generic) {
                Type[] given = generic.getActualTypeArguments();
                for (int i = 0; i < given.length; i++) {
                    meant.put(raw.getTypeParameters()[i], known.getOrDefault(given[i], given[i]));
                }
            }
            Optional<Type> found = raw == Request.class
                    ? Optional.ofNullable(meant.get(Request.class.getTypeParameters()[0]))
                    : replyOf(raw, meant);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    Operation<S, Q, R> secret() {
        return new Operation<>(
                name, kind, method, path, audience, roles, isInPerson, true, largestBody, keeper, request, handler);
    }

    Operation<S, Q, R> inPerson() {
        return new Operation<>(
                name, kind, method, path, audience, roles, true, isSecret, largestBody, keeper, request, handler);
    }

    Operation<S, Q, R> upTo(long bytes) {
        return new Operation<>(
                name, kind, method, path, audience, roles, isInPerson, isSecret, bytes, keeper, request, handler);
    }

    Operation<S, Q, R> openTo(Audience whom) {
        return new Operation<>(
                name, kind, method, path, whom, roles, isInPerson, isSecret, largestBody, keeper, request, handler);
    }
}
