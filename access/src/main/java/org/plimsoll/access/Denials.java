package org.plimsoll.access;

import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Database;

/**
 * Appends a {@code denied} event for what was refused, in a transaction of its own: the one of the refused change is gone. Ten a
 * minute for each principal, or each address where nobody signed in; the rest is counted and told with the next one, so nobody
 * can fill the log by knocking.
 */
final class Denials {

    private static final System.Logger LOG = System.getLogger(Denials.class.getName());
    private static final int EACH_MINUTE = 10;
    private static final int CALLERS_KEPT = 10_000;

    /**
     * What the event tells.
     *
     * @param untold refusals of the same caller that were counted, not told, since the last event
     */
    record Told(String operation, Problem.Kind kind, String why, String proof, long untold) {}

    private static final class Tally {
        long minute;
        int told;
        long untold;
    }

    private final Database database;
    private final Clock clock;
    private final Map<String, Tally> tallies = new LinkedHashMap<>(64, 0.75f, true) { // guarded by itself
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Tally> eldest) {
                    return size() > CALLERS_KEPT;
                }
            };

    Denials(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Whether a problem means that the house refused, rather than that something was wrong or missing. */
    static boolean isRefusal(Problem problem) {
        return switch (problem.kind()) {
            case DENIED, REFUSED, UNAUTHENTICATED -> true;
            case INVALID,
                    NOT_FOUND,
                    NOT_ALLOWED,
                    CONFLICT,
                    FENCED,
                    TOO_LARGE,
                    INTERNAL,
                    BUSY,
                    UNREACHABLE,
                    STORAGE_FULL -> false;
        };
    }

    /** Tells of this refusal, or counts it. Never throws: the caller is answered with the refusal itself. */
    void tell(Caller caller, String operation, Resource on, Problem refusal) {
        Actor actor = caller.actor();
        String who = actor.proof() == Actor.Proof.ANONYMOUS ? "from " + caller.address() : actor.principal();
        long untold;
        synchronized (tallies) {
            Tally tally = tallies.computeIfAbsent(who, unknown -> new Tally());
            long minute = clock.millis() / Duration.ofMinutes(1).toMillis();
            if (tally.minute != minute) {
                tally.minute = minute;
                tally.told = 0;
            }
            if (tally.told == EACH_MINUTE) {
                tally.untold++;
                return;
            }
            tally.told++;
            untold = tally.untold;
            tally.untold = 0;
        }
        var told = new Told(
                operation, refusal.kind(), refusal.detail(), actor.proof().name(), untold);
        try {
            database.write(actor, tx -> tx.append("denied", on.toString(), told));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a refusal of " + operation + " could not be recorded: " + e.getMessage());
        }
    }
}
