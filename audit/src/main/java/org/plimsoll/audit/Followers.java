package org.plimsoll.audit;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Event;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Database;
import org.plimsoll.store.Events;
import org.plimsoll.store.Lease;
import org.plimsoll.store.Leases;

/**
 * Tells followers (webhooks, mail, live pages) of every event, in order, at least once. Each follower has a cursor in the database
 * and one node at a time that tells it; one that fails is told the same event again after a pause, and holds up nobody else.
 */
public final class Followers implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Followers.class.getName());
    private static final int ROUND = 100;
    private static final Duration OTHER_NODES = Duration.ofMillis(500);
    private static final Duration BREATH = Duration.ofMillis(20);
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** Is told of events. The same event may come twice, after a failure or a crash. */
    @FunctionalInterface
    public interface Follower {
        /** Whoever throws is told this event again. */
        void tell(Event event) throws Exception;
    }

    /** Where a follower that is new to the home begins. */
    public enum Beginning {
        /** With the first event there ever was. */
        FIRST_EVENT,
        /** With the first event after now. */
        NOW
    }

    private record Following(String name, Beginning beginning, Follower follower) {}

    private final Database database;
    private final String node;
    private final List<Following> following = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closing;

    /** @param node names this process among those that share the database */
    public Followers(Database database, String node) {
        this.database = database;
        this.node = node;
    }

    /** Adds a follower; before {@link #start}. */
    public void follow(String name, Beginning beginning, Follower follower) {
        following.add(new Following(name, beginning, follower));
    }

    /** Begins to tell; each follower on a virtual thread of its own. */
    public void start() {
        for (Following one : following) {
            threads.add(Thread.ofVirtual().name("follower-" + one.name()).start(() -> run(one)));
        }
    }

    private void run(Following one) {
        long seen = -1;
        Duration pause = FIRST_PAUSE;
        while (!closing) {
            try {
                Thread.sleep(BREATH);
                seen = database.commits().await(seen, OTHER_NODES);
                while (!closing && round(one) == ROUND) {
                    // there is more
                }
                pause = FIRST_PAUSE;
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                LOG.log(Level.WARNING, "follower " + one.name() + " failed and is told again in " + pause, e);
                try {
                    Thread.sleep(pause);
                } catch (InterruptedException stop) {
                    return;
                }
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
    }

    /**
     * One round for the follower of this name, on this thread.
     *
     * @return how many events it was told
     */
    int round(String name) throws Exception {
        return round(following.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("follower", name)));
    }

    private int round(Following one) throws Exception {
        Optional<Long> cursor = database.read(db -> db.sql()
                .createQuery("SELECT position FROM follower WHERE name = :name")
                .bind("name", one.name())
                .mapTo(Long.class)
                .findOne());
        if (cursor.isPresent() && eventsAfter(cursor.get()).isEmpty()) {
            return 0;
        }
        Optional<Lease> lease = database.write(
                        Actor.SYSTEM, tx -> Leases.take(tx, "follower:" + one.name(), node, LEASE))
                .value();
        if (lease.isEmpty()) {
            return 0; // another node tells it
        }
        long from = beginAt(one); // again, now that nobody else moves it
        List<Event> events = eventsAfter(from);
        long told = from;
        try {
            for (Event event : events) {
                if (closing) {
                    break;
                }
                one.follower().tell(event);
                told = event.position().orElseThrow();
            }
        } finally {
            if (told > from) {
                move(one, lease.get(), told);
            }
        }
        return (int) (told - from);
    }

    private List<Event> eventsAfter(long position) {
        return database.read(db -> Events.after(db, position, ROUND));
    }

    private long beginAt(Following one) {
        return database.write(Actor.SYSTEM, tx -> {
                    long beginning = one.beginning() == Beginning.NOW ? Events.last(tx) : 0;
                    return tx.sql()
                            .createQuery("""
                                    INSERT INTO follower (name, position) VALUES (:name, :position)
                                    ON CONFLICT (name) DO UPDATE SET position = follower.position RETURNING position""")
                            .bind("name", one.name())
                            .bind("position", beginning)
                            .mapTo(Long.class)
                            .one();
                })
                .value();
    }

    private void move(Following one, Lease lease, long position) {
        database.write(Actor.SYSTEM, tx -> {
            Leases.require(tx, lease);
            return tx.sql()
                    .createUpdate("UPDATE follower SET position = :position WHERE name = :name")
                    .bind("position", position)
                    .bind("name", one.name())
                    .execute();
        });
    }

    /** Lets each finish the event it is being told, and stops. */
    @Override
    public void close() {
        closing = true;
        database.commits().wake();
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join(Duration.ofMillis(200));
                    if (thread.getState() == Thread.State.TIMED_WAITING) {
                        thread.interrupt(); // pausing after a failure
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
