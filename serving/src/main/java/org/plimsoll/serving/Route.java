package org.plimsoll.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.plimsoll.core.Digest;
import org.plimsoll.core.VersionId;
import org.plimsoll.scoring.Signature;
import org.plimsoll.scoring.Task;

/**
 * A table with its versions in memory: what a request walks through. Requests enter and leave; a route that was replaced lets
 * go of its versions when the last request has left, so that no request ever loses its model.
 */
public final class Route implements AutoCloseable {

    private final Posting posting;
    private final LiveEndpoint endpoint;
    private final Digest digest;
    private final LoadedVersion champion;
    private final Optional<LoadedVersion> canary;
    private final List<LoadedVersion> shadows;
    private final AtomicInteger inside = new AtomicInteger(1); // the endpoint itself, until it takes another route
    private final CountDownLatch empty = new CountDownLatch(1);
    private volatile long lastLeft;
    private volatile long lastLeftNanos;

    /** A route over versions that are already held for it. */
    Route(
            LiveEndpoint endpoint,
            Posting posting,
            LoadedVersion champion,
            Optional<LoadedVersion> canary,
            List<LoadedVersion> shadows) {
        this.endpoint = endpoint;
        this.posting = posting;
        this.digest = posting.published().digest();
        this.champion = champion;
        this.canary = canary;
        this.shadows = List.copyOf(shadows);
    }

    /** Enters; false if the route is empty and gone. */
    boolean enter() {
        int now = inside.get();
        while (now > 0) {
            if (inside.compareAndSet(now, now + 1)) {
                return true;
            }
            now = inside.get();
        }
        return false;
    }

    /** The request has its answer. */
    @Override
    public void close() {
        if (inside.decrementAndGet() == 0) {
            lastLeft = System.currentTimeMillis();
            lastLeftNanos = System.nanoTime();
            champion.letGo();
            canary.ifPresent(LoadedVersion::letGo);
            shadows.forEach(LoadedVersion::letGo);
            empty.countDown();
        }
    }

    /** Waits until every request has left; false where some have not after this long. */
    boolean awaitEmpty(long millis) throws InterruptedException {
        return empty.await(millis, TimeUnit.MILLISECONDS);
    }

    /** When the route became empty: the last request's end, in epoch milliseconds; 0 while somebody is inside. */
    long lastLeft() {
        return lastLeft;
    }

    long lastLeftNanos() {
        return lastLeftNanos;
    }

    /** The table this route follows. */
    public RoutingTable table() {
        return posting.table();
    }

    /** What callers of this endpoint send and get. */
    public Signature signature() {
        return champion.model().signature();
    }

    /** What the model is asked. */
    public Task task() {
        return champion.model().task();
    }

    /** The endpoint. */
    public Endpoint about() {
        return posting.endpoint();
    }

    /** Whether requests are refused. */
    public boolean isDrained() {
        return posting.published().drained();
    }

    /** The versions that may answer: champion, then canary. */
    public List<VersionId> versions() {
        List<VersionId> versions = new ArrayList<>();
        versions.add(table().champion());
        table().canary().ifPresent(versions::add);
        return versions;
    }

    Posting posting() {
        return posting;
    }

    LiveEndpoint endpoint() {
        return endpoint;
    }

    Digest digest() {
        return digest;
    }

    LoadedVersion champion() {
        return champion;
    }

    Optional<LoadedVersion> canary() {
        return canary;
    }

    List<LoadedVersion> shadows() {
        return shadows;
    }
}
