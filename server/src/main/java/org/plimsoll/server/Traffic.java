package org.plimsoll.server;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts the requests and how long they took, for {@code /metrics}. Safe for use by many threads. */
final class Traffic {

    /** Upper bounds of the histogram's buckets, in seconds. */
    private static final double[] BOUNDS = {0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10};

    private record Route(String operation, int status) implements Comparable<Route> {
        @Override
        public int compareTo(Route other) {
            int byName = operation.compareTo(other.operation);
            return byName != 0 ? byName : Integer.compare(status, other.status);
        }
    }

    private static final class Tally {
        final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
        final LongAdder nanos = new LongAdder();

        Tally() {
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] = new LongAdder();
            }
        }
    }

    private final Map<Route, Tally> tallies = new ConcurrentHashMap<>();

    void count(String operation, int status, long nanos) {
        Tally tally = tallies.computeIfAbsent(new Route(operation, status), unknown -> new Tally());
        tally.nanos.add(nanos);
        int bucket = 0;
        while (bucket < BOUNDS.length && nanos > BOUNDS[bucket] * 1e9) {
            bucket++;
        }
        tally.buckets[bucket].increment();
    }

    /** In Prometheus' text format, version 0.0.4. */
    void print(StringBuilder out) {
        out.append("# HELP plimsoll_requests_seconds Requests answered, by operation and status.\n");
        out.append("# TYPE plimsoll_requests_seconds histogram\n");
        new TreeMap<>(tallies).forEach((route, tally) -> {
            String labels = "operation=\"%s\",status=\"%d\"".formatted(route.operation(), route.status());
            long count = 0;
            for (int i = 0; i <= BOUNDS.length; i++) {
                count += tally.buckets[i].sum();
                String bound = i == BOUNDS.length ? "+Inf" : String.valueOf(BOUNDS[i]);
                out.append("plimsoll_requests_seconds_bucket{%s,le=\"%s\"} %d\n".formatted(labels, bound, count));
            }
            out.append("plimsoll_requests_seconds_sum{%s} %s\n".formatted(labels, tally.nanos.sum() / 1e9));
            out.append("plimsoll_requests_seconds_count{%s} %d\n".formatted(labels, count));
        });
    }
}
