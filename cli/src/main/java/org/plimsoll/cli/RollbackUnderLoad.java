package org.plimsoll.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.plimsoll.access.Operations;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.serving.RolledBack;
import org.plimsoll.serving.ServingOperations.Rollback;

/** Orders a rollback while many connections ask without a pause, and measures from their side what they notice of it. */
final class RollbackUnderLoad {

    private static final long BEFORE_MILLIS = 1_000;
    private static final long AFTER_MILLIS = 1_000;

    /** So many flights leave in an hour or two: their truths come meanwhile, as on any day. */
    private static final int TOLD_EVERY = 500;

    private final FlightRows flights;
    private final FlightTraffic traffic;
    private final FlightDays days;
    private final EndpointName endpoint;
    private final int connections;

    RollbackUnderLoad(
            FlightRows flights, FlightTraffic traffic, FlightDays days, EndpointName endpoint, int connections) {
        this.flights = flights;
        this.traffic = traffic;
        this.days = days;
        this.endpoint = endpoint;
        this.connections = connections;
    }

    /** @param nanos when the answer had come, by the client's clock */
    private record Answered(String version, long nanos) {}

    /**
     * Asks about one flight at a time over all connections, from this flight on; after a second the order is given.
     *
     * @param onCall who gives it
     * @param until flights to ask about at most
     */
    DemoReport.Rollback measure(Operations onCall, int from, int until) throws InterruptedException {
        var next = new AtomicInteger(from);
        var stopAt = new AtomicLong(Long.MAX_VALUE);
        var answers = new ConcurrentLinkedQueue<Answered>();
        var failures = new ConcurrentLinkedQueue<String>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                while (System.nanoTime() < stopAt.get()) {
                    int flight = next.getAndIncrement();
                    if (flight >= until) {
                        return;
                    }
                    ask(flight, answers, failures);
                }
            }));
        }
        Thread.sleep(BEFORE_MILLIS);
        long ordered = System.nanoTime();
        RolledBack done = onCall.perform(new Rollback(endpoint, "ordered by the demo while the new champion bakes"));
        long answered = System.nanoTime();
        stopAt.set(answered + AFTER_MILLIS * 1_000_000);
        for (Thread thread : threads) {
            thread.join();
        }
        String rolledBackFrom = done.from().toString();
        long last = answers.stream()
                .filter(it -> it.version().equals(rolledBackFrom))
                .mapToLong(Answered::nanos)
                .max()
                .orElse(ordered);
        if (!failures.isEmpty()) {
            System.err.println("first failure: " + failures.peek());
        }
        return new DemoReport.Rollback(
                done.from(),
                done.to().orElseThrow(),
                done.revision(),
                connections,
                answers.size() + failures.size(),
                failures.size(),
                Math.max(0, last - ordered) / 1e6,
                (answered - ordered) / 1e6);
    }

    private void ask(int flight, ConcurrentLinkedQueue<Answered> answers, ConcurrentLinkedQueue<String> failures) {
        try {
            FlightTraffic.Answer answer = traffic.ask(FlightTraffic.body(flights.asked(flight, flight + 1)));
            answers.add(new Answered(answer.versions().getFirst(), answer.answeredAt()));
            days.remember(answer, flight, flight + 1);
            if (flight % TOLD_EVERY == 0) {
                days.tellAsOf(flight);
            }
        } catch (Problem failed) {
            failures.add(failed.detail());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
