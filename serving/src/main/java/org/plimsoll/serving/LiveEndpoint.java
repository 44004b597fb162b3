package org.plimsoll.serving;

import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.plimsoll.core.Problem;
import org.plimsoll.scoring.Task;

/**
 * One endpoint as this node answers for it: the route in force, its time, its counters. The route is one reference; a change
 * makes the next route whole and then swaps it, under {@link #changing}.
 */
public final class LiveEndpoint {

    /** Callers' clocks may be this much ahead. */
    static final long TOLERATED_AHEAD_MILLIS = 5 * 60_000;

    private static final long NONE = Long.MIN_VALUE;

    private final Endpoint endpoint;
    private final Clock clock;
    private final AtomicLong latestEventTime;
    private volatile @Nullable Route route;

    /** Held while a route is being made and swapped. */
    final ReentrantLock changing = new ReentrantLock();

    /** A failing canary is being taken away. */
    final AtomicBoolean withdrawing = new AtomicBoolean();

    final LongAdder requests = new LongAdder();
    final LongAdder rows = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder canaryFailures = new LongAdder();
    final LongAdder shadowed = new LongAdder();
    final LongAdder shadowsDropped = new LongAdder();
    final LongAdder nanos = new LongAdder();

    /**
     * An endpoint without a route yet.
     *
     * @param latestEventTime the greatest event time ever accepted, for time {@link EndpointTime#REPLAY}
     */
    LiveEndpoint(Endpoint endpoint, Clock clock, OptionalLong latestEventTime) {
        this.endpoint = endpoint;
        this.clock = clock;
        this.latestEventTime = new AtomicLong(latestEventTime.orElse(NONE));
    }

    /** The endpoint. */
    public Endpoint about() {
        return endpoint;
    }

    /** Enters the route in force. @throws Problem BUSY where the endpoint is drained or has no champion yet */
    public Route enter() {
        while (true) {
            Route now = route;
            if (now == null) {
                throw Problem.of(
                        Problem.Kind.BUSY,
                        "endpoint " + endpoint.name() + " has no champion yet; promote a version of "
                                + endpoint.model());
            }
            if (now.isDrained()) {
                throw Problem.of(
                        Problem.Kind.BUSY,
                        "endpoint " + endpoint.name() + " is drained and answers nobody until it is reopened");
            }
            if (now.enter()) { // else it was replaced between the two lines: look again
                return now;
            }
        }
    }

    @Nullable
    Route route() {
        return route;
    }

    /** What the champion is asked, if one answers. */
    Optional<Task> task() {
        Route now = route;
        return now == null ? Optional.empty() : Optional.of(now.task());
    }

    /** Puts the next route in force; the one before, if any, empties on its own. */
    @Nullable
    Route take(Route next) {
        Route before = route;
        route = next;
        if (before != null) {
            before.close(); // the endpoint itself leaves
        }
        return before;
    }

    /** What was answered since the node started. */
    public Traffic traffic() {
        Route now = route;
        return new Traffic(
                endpoint.name().value(),
                Optional.ofNullable(now).map(taken -> taken.table().champion()),
                rows.sum(),
                requests.sum(),
                failed.sum(),
                nanos.sum(),
                canaryFailures.sum(),
                shadowed.sum(),
                shadowsDropped.sum());
    }

    /** Now, on this endpoint, in epoch milliseconds; for a replay without any event yet, the beginning of time. */
    public long now() {
        return switch (endpoint.time()) {
            case CLOCK -> clock.millis();
            case REPLAY -> Math.max(0, latestEventTime.get());
        };
    }

    /** An event time was accepted. */
    void accepted(long eventTime) {
        if (endpoint.time() == EndpointTime.REPLAY && eventTime > latestEventTime.get()) {
            latestEventTime.accumulateAndGet(eventTime, Math::max);
        }
    }
}
