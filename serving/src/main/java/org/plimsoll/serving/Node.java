package org.plimsoll.serving;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Database;
import org.plimsoll.store.Reading;

/**
 * This node's two errands to the database: it records what was done urgently, and follows the newest tables.
 *
 * <pre>
 *  every commit of this process, and every 200 ms for those of others:
 *     unrecorded acts, oldest first ─▶ one transaction each ─▶ file removed
 *     endpoints whose edition changed ─▶ read head ─▶ load, keep files, swap
 * </pre>
 *
 * While the database is away both wait; serving does not notice. Recording opens transactions of its own, as the closing of a job
 * does: there is nobody else to open them, since the acts came before the database could be asked.
 */
public final class Node implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Node.class.getName());
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(10);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(2);

    private final Database database;
    private final Endpoints endpoints;
    private final Permits permits;
    private final LiveEndpoints live;
    private final LocalTables tables;
    private final UrgentActs acts;
    private final Map<EndpointName, Long> followed = new HashMap<>(); // guarded by this
    private final Map<EndpointName, Refused> refused = new HashMap<>(); // guarded by this
    private Optional<Thread> thread = Optional.empty();
    private volatile boolean closing;

    public Node(Database database, Endpoints endpoints, Permits permits, LiveEndpoints live, LocalTables tables) {
        this.database = database;
        this.endpoints = endpoints;
        this.permits = permits;
        this.live = live;
        this.tables = tables;
        this.acts = new UrgentActs(endpoints);
    }

    /** Loads what lies on the disk, then follows; on a thread of its own, so that a server is up while its models load. */
    public void start() {
        thread = Optional.of(Thread.ofPlatform().name("serving-node").daemon().start(this::follow));
    }

    /** Records and follows once. @throws RuntimeException where the database does not answer */
    public synchronized void round() {
        record();
        List<Edition> editions = database.read(db -> {
            live.quarantined(withUnrecorded(UrgentActs.quarantined(db)));
            return editions(db);
        });
        for (Edition edition : editions) {
            if (!Optional.of(edition.edition()).equals(Optional.ofNullable(followed.get(edition.name())))) {
                follow(edition);
            }
        }
    }

    private record Edition(EndpointName name, long edition) {}

    /** A table this node could not follow. @param at by {@link System#nanoTime} */
    private record Refused(long edition, long at) {}

    private static List<Edition> editions(Reading db) {
        return db.sql()
                .createQuery("SELECT name, edition FROM endpoint ORDER BY name")
                .map((row, _) -> new Edition(new EndpointName(row.getString("name")), row.getLong("edition")))
                .list();
    }

    private Set<Digest> withUnrecorded(List<Digest> recorded) {
        Set<Digest> all = new HashSet<>(recorded);
        tables.unrecorded().forEach(act -> act.artifact().ifPresent(all::add));
        return all;
    }

    private void record() {
        for (UrgentAct act : tables.unrecorded()) {
            database.write(new Actor(act.by(), Actor.Proof.SYSTEM, Set.of()), tx -> {
                acts.record(tx, act);
                return act.id();
            });
            tables.recorded(act);
        }
    }

    private void follow(Edition edition) {
        Optional<Refused> known = Optional.ofNullable(refused.get(edition.name()))
                .filter(before -> before.edition() == edition.edition());
        if (known.isPresent() && System.nanoTime() - known.get().at() < TRY_AGAIN.toNanos()) {
            return;
        }
        Head head = database.read(db -> Head.read(db, endpoints, permits, endpoints.get(db, edition.name())));
        try {
            live.follow(head);
            followed.put(edition.name(), head.edition());
            refused.remove(edition.name());
        } catch (Problem problem) { // the table before stays in force
            if (closing) {
                throw problem;
            }
            refused.put(edition.name(), new Refused(edition.edition(), System.nanoTime()));
            if (known.isEmpty()) {
                LOG.log(Level.ERROR, "endpoint {0} stays with the table it has: {1}", edition.name(), problem.detail());
            }
        }
    }

    private void follow() {
        live.boot(this::catchUp);
        long seen = 0;
        boolean away = false;
        while (!closing) {
            try {
                seen = database.commits().await(seen, POLL);
                round();
                away = false;
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException failure) {
                if (closing) {
                    return;
                }
                if (!away) {
                    LOG.log(Level.WARNING, "serving goes on without the database: {0}", failure.getMessage());
                }
                away = true;
                if (!paused()) {
                    return;
                }
            }
        }
    }

    private void catchUp() {
        try {
            round();
        } catch (RuntimeException _) {
            // the first round that follows says so, and tries again
        }
    }

    private static boolean paused() {
        try {
            Thread.sleep(PAUSE_AFTER_FAILURE);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Override
    public void close() {
        closing = true;
        thread.ifPresent(running -> {
            running.interrupt();
            try {
                running.join(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
