package org.plimsoll.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.plimsoll.core.Problem;

/**
 * Slows down guessing: after five failures in a row a login is locked for a second, then two, four, … up to fifteen minutes.
 * Kept in memory: whoever can restart the server needs no password.
 */
final class Lockout {

    private static final int FREE = 5;
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final int KEPT = 10_000;

    private record Failures(int count, Instant openAgain) {}

    private final Clock clock;
    private final Map<String, Failures> failures = new LinkedHashMap<>(64, 0.75f, true) { // guarded by this
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
                    return size() > KEPT;
                }
            };

    Lockout(Clock clock) {
        this.clock = clock;
    }

    /** Refuses while this login is locked. */
    synchronized void mustBeOpen(String login) {
        Failures so = failures.get(login);
        if (so != null && clock.instant().isBefore(so.openAgain())) {
            Duration wait = Duration.between(clock.instant(), so.openAgain());
            throw Problem.of(
                    Problem.Kind.UNAUTHENTICATED,
                    "too many failed attempts; try again in " + Math.max(1, wait.toSeconds()) + " s",
                    Map.of("retry_after_seconds", Math.max(1, wait.toSeconds())));
        }
    }

    synchronized void failed(String login) {
        Failures so = failures.get(login);
        int count = so == null ? 1 : so.count() + 1;
        Duration wait = count < FREE ? Duration.ZERO : Duration.ofSeconds(1L << Math.min(count - FREE, 20));
        failures.put(login, new Failures(count, clock.instant().plus(wait.compareTo(LONGEST) > 0 ? LONGEST : wait)));
    }

    synchronized void succeeded(String login) {
        failures.remove(login);
    }
}
