package org.plimsoll.access;

import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.plimsoll.access.Authorizer.Question;
import org.plimsoll.access.Operation.Audience;
import org.plimsoll.access.Operation.Kind;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Actor.Proof;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Database;
import org.plimsoll.store.Reading;

/**
 * Who may, kept in memory: the hashes of live credentials, the grants, and the tree they hold on. Every request is
 * authenticated here; inference and the urgent operations are authorized here too, so that they need no database.
 *
 * <p>What this node changes through its {@link Entrance} is known with the next request; a follower notices any other change within
 * about 50 ms of a local commit and a second of one elsewhere; what is unknown or refused here is looked up once more first, so a new
 * grant works at once. While the database is away the last known state holds:
 * it can outlive a revocation, never invent a right.
 */
public final class Standing implements AutoCloseable {

    /** Who may ask an endpoint for predictions, and tell outcomes. */
    public static final Set<Role> INFERRERS = Set.of(Role.SERVICE, Role.ML_ENGINEER, Role.DATA_SCIENTIST, Role.OWNER);

    private static final System.Logger LOG = System.getLogger(Standing.class.getName());
    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** One credential. @param seenAt when a session was last used: it ends when idle for too long */
    private record Known(Actor actor, boolean isSession, long expiresAt, AtomicLong seenAt) {}

    private record State(
            long revision,
            boolean isTeam,
            Map<String, Known> byHash,
            Map<String, List<Grant>> grants,
            Map<Resource, Resource> parents) {}

    private static final State NOTHING = new State(0, true, Map.of(), Map.of(), Map.of());

    private final Database database;
    private final Clock clock;
    private final Optional<String> homeTokenHash;
    private volatile State state = NOTHING;
    private volatile boolean isClosed;
    private Optional<Thread> follower = Optional.empty(); // touched by start and close only

    /**
     * Nothing known yet; the first question loads it.
     *
     * @param homeToken the token in the home's {@code server.json}: while the home serves one person, that person's session;
     *     later nobody's
     */
    public Standing(Database database, Clock clock, Optional<String> homeToken) {
        this.database = database;
        this.clock = clock;
        this.homeTokenHash = homeToken.map(Secret::kept);
    }

    /** Loads what is known now and begins to follow changes. */
    public void start() {
        refresh();
        follower = Optional.of(Thread.ofVirtual().name("standing").start(this::follow));
    }

    @Override
    public void close() {
        isClosed = true;
        follower.ifPresent(Thread::interrupt);
    }

    /**
     * Whoever this credential proves; {@link Actor#ANONYMOUS} where none was sent.
     *
     * @throws Problem UNAUTHENTICATED for one that does not hold
     */
    public Actor actor(Optional<String> bearer) {
        if (bearer.isEmpty()) {
            return Actor.ANONYMOUS;
        }
        String hash = Secret.kept(bearer.get());
        State now = state;
        if (now == NOTHING) {
            now = refresh();
        }
        Optional<Actor> found = known(now, hash);
        if (found.isEmpty() && Secret.isWellFormed(bearer.get())) {
            found = known(refresh(), hash);
        }
        return found.orElseThrow(() -> Problem.of(
                Problem.Kind.UNAUTHENTICATED,
                Secret.isWellFormed(bearer.get())
                        ? "this token was revoked, has expired or never existed; sign in again"
                        : "this is not a token of Plimsoll; it begins with plm_ and has 53 characters"));
    }

    /** Whether the home was opened to a team. */
    public boolean isTeam() {
        return (state == NOTHING ? refresh() : state).isTeam();
    }

    /**
     * Whoever asks for predictions, if they may: a credential whose roles and scopes allow {@code infer} on this endpoint. On a
     * home that serves one person a caller on the same machine needs none.
     *
     * @throws Problem UNAUTHENTICATED or DENIED
     */
    public Actor inferring(Caller caller, EndpointName endpoint) {
        Actor actor = caller.actor();
        if (actor.proof() == Proof.ANONYMOUS && !isTeam() && isLoopback(caller.address())) {
            actor = new Actor(Principal.LOCAL, Proof.LOCAL, Set.of());
        }
        require(actor, "infer", Resource.endpoint(endpoint), INFERRERS);
        return actor;
    }

    /** Refuses where this actor may not do this with the resource, by what is known in memory. */
    public void require(Actor actor, String action, Resource on, Set<Role> roles) {
        require(
                actor,
                on,
                line -> new Question(
                        actor,
                        isActive(actor),
                        action,
                        Kind.MEASURE,
                        Audience.ROLES,
                        false,
                        roles,
                        line,
                        grants(actor)));
    }

    /** Refuses where this actor may not do this operation on the resource, by what is known in memory. */
    void require(Actor actor, Operation<?, ?, ?> it, Resource on) {
        require(
                actor,
                on,
                line -> new Question(
                        actor,
                        isActive(actor),
                        it.name(),
                        it.kind(),
                        it.audience(),
                        it.isInPerson(),
                        it.roles(),
                        line,
                        grants(actor)));
    }

    private void require(Actor actor, Resource on, java.util.function.Function<List<Resource>, Question> asked) {
        Decision decision = Authorizer.decide(asked.apply(line(on)));
        if (!decision.isAllowed()) {
            refresh();
            Question again = asked.apply(line(on));
            decision = Authorizer.decide(again);
            if (!decision.isAllowed()) {
                throw Authorizer.refusal(actor, again.action(), on, again.roles(), decision);
            }
        }
    }

    // ---- what is known ----

    private Optional<Actor> known(State now, String hash) {
        if (homeTokenHash.equals(Optional.of(hash))) { // in a team's home it only finds the server
            return Optional.of(now.isTeam() ? Actor.ANONYMOUS : new Actor(Principal.LOCAL, Proof.LOCAL, Set.of()));
        }
        Known it = now.byHash().get(hash);
        long millis = clock.millis();
        if (it == null || millis >= it.expiresAt()) {
            return Optional.empty();
        }
        if (it.isSession() && millis - it.seenAt().get() > IDLE.toMillis()) {
            return Optional.empty();
        }
        it.seenAt().setPlain(millis);
        return Optional.of(it.actor());
    }

    /** A principal without grants is not here; whether it is active then decides nothing. */
    private boolean isActive(Actor actor) {
        return state.grants().containsKey(actor.principal());
    }

    private List<Grant> grants(Actor actor) {
        return state.grants().getOrDefault(actor.principal(), List.of());
    }

    private List<Resource> line(Resource it) {
        Map<Resource, Resource> parents = state.parents();
        List<Resource> line = new ArrayList<>();
        line.add(it);
        for (Resource up = parents.get(it); up != null && line.size() < 32; up = parents.get(up)) {
            line.add(up);
        }
        if (!line.getLast().equals(Resource.ORGANISATION)) {
            line.add(Resource.ORGANISATION);
        }
        return line;
    }

    private static boolean isLoopback(String address) {
        return address.equals("127.0.0.1") || address.equals("0:0:0:0:0:0:0:1") || address.equals("::1");
    }

    // ---- keeping it fresh ----

    /** Takes in what was just changed here, if anything is known yet. */
    void renew() {
        if (state != NOTHING) {
            refresh();
        }
    }

    /** Looks whether anything changed, and loads it if so. Keeps what it has when the database does not answer. */
    private synchronized State refresh() {
        try {
            State now = state;
            state = database.read(db -> {
                long revision = Revision.now(db);
                return revision == now.revision() ? now : load(db, revision, now);
            });
        } catch (RuntimeException e) {
            if (state == NOTHING) {
                throw e;
            }
            LOG.log(
                    Level.WARNING,
                    "roles and credentials cannot be looked up; the last known ones hold: " + e.getMessage());
        }
        return state;
    }

    private State load(Reading db, long revision, State before) {
        Map<String, Known> byHash = new HashMap<>();
        db.sql()
                .createQuery("""
                        SELECT credential.* FROM credential JOIN principal ON principal.id = credential.principal
                        WHERE principal.active AND credential.ended_at IS NULL AND credential.expires_at > :now
                        """)
                .bind("now", db.now())
                .map((row, context) -> {
                    var token = Credentials.read(row, context);
                    boolean isSession = row.getString("kind").equals("SESSION");
                    String hash = row.getString("sha256");
                    Known earlier = before.byHash().get(hash);
                    var actor = new Actor(
                            token.principal(), isSession ? Proof.SESSION : Proof.TOKEN, Set.copyOf(token.scopes()));
                    var seen = earlier == null ? new AtomicLong(clock.millis()) : earlier.seenAt();
                    byHash.put(
                            hash, new Known(actor, isSession, token.expiresAt().toEpochMilli(), seen));
                    return hash;
                })
                .list();
        Map<String, List<Grant>> grants = new HashMap<>();
        db.sql()
                .createQuery("""
                        SELECT role_grant.* FROM role_grant JOIN principal ON principal.id = role_grant.principal
                        WHERE principal.active
                        """)
                .map(Grants::read)
                .forEach(grant -> grants.computeIfAbsent(grant.principal(), none -> new ArrayList<>())
                        .add(grant));
        Map<Resource, Resource> parents = new HashMap<>();
        db.sql()
                .createQuery("SELECT resource, parent FROM resource WHERE resource NOT LIKE 'run/%'")
                .map((row, context) -> parents.put(Resource.parse(row.getString(1)), Resource.parse(row.getString(2))))
                .list();
        return new State(revision, Principals.isTeam(db), byHash, grants, parents);
    }

    private void follow() {
        long seen = database.commits().count();
        while (!isClosed) {
            try {
                seen = database.commits().await(seen, POLL);
                refresh();
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "following roles and credentials failed: " + e.getMessage());
            }
        }
    }
}
