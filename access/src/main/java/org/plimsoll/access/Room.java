package org.plimsoll.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.plimsoll.access.Operation.Audience;
import org.plimsoll.access.Operation.Finishes;
import org.plimsoll.access.Operation.Handler;
import org.plimsoll.access.Operation.Keeps;
import org.plimsoll.access.Operation.Kind;
import org.plimsoll.access.Operation.Prepared;
import org.plimsoll.access.Operation.Prepares;
import org.plimsoll.access.Operation.Reads;
import org.plimsoll.access.Operation.ReadsAs;
import org.plimsoll.access.Operation.Records;
import org.plimsoll.access.Operation.Uploads;
import org.plimsoll.access.Operation.Urges;
import org.plimsoll.access.Operation.Writes;

/**
 * Everything that can be asked of one keeper, in reading order: what stands on a room's list is what its readers, its routes,
 * the OpenAPI document and the role table show.
 *
 * <pre>
 *   public static final Room&lt;Runs&gt; ROOM = room("tracking", Runs.class)
 *       .change("run.create", "POST /experiments/{experiment}/runs", BUILDERS, CreateRun.class, Runs::create)
 *       .read("run.get", "GET /runs/{run}", READERS, GetRun.class, Runs::get);
 * </pre>
 *
 * The method references are unbound, so the list is a constant and the client reads the same list without a server.
 */
public final class Room<S> {

    private static final long MEBIBYTE = 1 << 20;

    private final String name;
    private final Class<S> keeper;
    private final List<Operation<S, ?, ?>> operations;

    private Room(String name, Class<S> keeper, List<Operation<S, ?, ?>> operations) {
        this.name = name;
        this.keeper = keeper;
        this.operations = List.copyOf(operations);
    }

    /** A room without operations; add them. */
    public static <S> Room<S> room(String name, Class<S> keeper) {
        return new Room<>(name, keeper, List.of());
    }

    public String name() {
        return name;
    }

    public Class<S> keeper() {
        return keeper;
    }

    public List<Operation<S, ?, ?>> operations() {
        return operations;
    }

    /** Changes nothing; everyone who may ask gets the same answer. */
    public <Q extends Request<R>, R> Room<S> read(
            String name, String at, Set<Role> who, Class<Q> request, Reads<S, Q, R> does) {
        ReadsAs<S, Q, R> asAnyone = (room, db, actor, asked) -> does.does(room, db, asked);
        return with(name, Kind.READ, at, who, request, asAnyone);
    }

    /** Changes nothing; the answer depends on who asks. */
    public <Q extends Request<R>, R> Room<S> readAs(
            String name, String at, Set<Role> who, Class<Q> request, ReadsAs<S, Q, R> does) {
        return with(name, Kind.READ, at, who, request, does);
    }

    /** Appends at least one event, or is refused. */
    public <Q extends Request<R>, R> Room<S> change(
            String name, String at, Set<Role> who, Class<Q> request, Writes<S, Q, R> does) {
        return with(name, Kind.CHANGE, at, who, request, does);
    }

    /** A change with a slow part, which runs before the transaction begins and hands it what it found. */
    public <Q extends Request<R>, P, R> Room<S> change(
            String name,
            String at,
            Set<Role> who,
            Class<Q> request,
            Prepares<S, Q, P> first,
            Finishes<S, Q, P, R> then) {
        return with(name, Kind.CHANGE, at, who, request, new Prepared<>(first, then));
    }

    /** Takes facts in bulk. */
    public <Q extends Request<R>, R> Room<S> measure(
            String name, String at, Set<Role> who, Class<Q> request, Writes<S, Q, R> does) {
        return with(name, Kind.MEASURE, at, who, request, does);
    }

    /** Takes bytes: to a blob first, then the rows that point at it. */
    public <Q extends Request.Upload<R>, R> Room<S> upload(
            String name, String at, Set<Role> who, Class<Q> request, Keeps<S, Q> first, Records<S, Q, R> then) {
        return with(name, Kind.MEASURE, at, who, request, new Uploads<>(first, then))
                .upTo(Long.MAX_VALUE);
    }

    /** Acts at once and without a database; for rollback, drain and quarantine only. */
    public <Q extends Request<R>, R> Room<S> urgent(
            String name, String at, Set<Role> who, Class<Q> request, Urges<S, Q, R> does) {
        return with(name, Kind.URGENT, at, who, request, does);
    }

    /** The operation just declared holds a secret in its request or reply: nothing of them is kept, a retry is refused. */
    public Room<S> secret() {
        return last(it -> it.secret());
    }

    /** The operation just declared takes a person who signed in: a token is refused, whatever its scopes. */
    public Room<S> inPerson() {
        return last(it -> it.inPerson());
    }

    /** The operation just declared takes a body of at most so many bytes (default: 1 MiB, uploads without limit). */
    public Room<S> upTo(long bytes) {
        return last(it -> it.upTo(bytes));
    }

    /** The operation just declared needs no role, only a credential: it is about the caller's own things. */
    public Room<S> forSignedIn() {
        return last(it -> it.openTo(Audience.SIGNED_IN));
    }

    /** The operation just declared needs no credential. */
    public Room<S> forAnyone() {
        return last(it -> it.openTo(Audience.ANYONE));
    }

    private <Q extends Request<R>, R> Room<S> with(
            String name, Kind kind, String at, Set<Role> who, Class<Q> request, Handler<S, Q, R> handler) {
        int space = at.indexOf(' ');
        var operation = new Operation<S, Q, R>(
                name,
                kind,
                at.substring(0, Math.max(space, 0)),
                at.substring(space + 1),
                Audience.ROLES,
                who,
                false,
                false,
                MEBIBYTE,
                keeper,
                request,
                handler);
        List<Operation<S, ?, ?>> more = new ArrayList<>(operations);
        more.add(operation);
        return new Room<>(this.name, keeper, more);
    }

    private Room<S> last(UnaryOperator<Operation<S, ?, ?>> adjusted) {
        List<Operation<S, ?, ?>> same = new ArrayList<>(operations);
        same.addLast(adjusted.apply(same.removeLast()));
        return new Room<>(name, keeper, same);
    }
}
