package org.plimsoll.serving;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;

/**
 * In which order a starting node loads the endpoints that lie on its disk: by name, but whoever a caller waits for comes next, so that
 * a request waits for its own endpoint and not for all of them.
 */
final class BootOrder {

    private final Set<EndpointName> left = new LinkedHashSet<>(); // guarded by this
    private final Set<String> wanted = new LinkedHashSet<>(); // guarded by this
    private final Map<String, CountDownLatch> loaded = new HashMap<>(); // guarded by this
    private final CountDownLatch listed = new CountDownLatch(1);
    private final AtomicInteger done = new AtomicInteger();

    /** These are to be loaded. Once. */
    synchronized void list(List<EndpointName> endpoints) {
        for (EndpointName endpoint : endpoints) {
            left.add(endpoint);
            loaded.put(endpoint.value(), new CountDownLatch(1));
        }
        listed.countDown();
    }

    /** The one to load now; empty once all were. */
    synchronized Optional<EndpointName> next() {
        Optional<EndpointName> next = left.stream()
                .filter(endpoint -> wanted.contains(endpoint.value()))
                .findFirst()
                .or(() -> left.stream().findFirst());
        next.ifPresent(left::remove);
        return next;
    }

    /** It is loaded, or cannot be: nobody waits for it any longer. */
    synchronized void done(EndpointName endpoint) {
        done.incrementAndGet();
        Optional.ofNullable(loaded.get(endpoint.value())).ifPresent(CountDownLatch::countDown);
    }

    /** Nothing more is loaded. */
    synchronized void end() {
        left.clear();
        loaded.values().forEach(CountDownLatch::countDown);
        listed.countDown();
    }

    /**
     * Waits until this endpoint was loaded; not at all where it does not lie on the disk.
     *
     * @param longest without any endpoint being loaded
     * @throws Problem BUSY where it takes longer
     */
    void await(String endpoint, Duration longest) {
        await(listed, longest);
        Optional<CountDownLatch> own;
        synchronized (this) {
            own = Optional.ofNullable(loaded.get(endpoint));
            own.ifPresent(_ -> wanted.add(endpoint)); // any other name is a caller's, and there may be many
        }
        own.ifPresent(latch -> await(latch, longest));
    }

    private void await(CountDownLatch latch, Duration longest) {
        try {
            int before = done.get();
            while (!latch.await(longest.toNanos(), TimeUnit.NANOSECONDS)) {
                if (done.get() == before) {
                    throw Problem.of(Problem.Kind.BUSY, "this node is still loading its models; ask again in a moment");
                }
                before = done.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(Problem.Kind.BUSY, "interrupted while this node loads its models");
        }
    }
}
