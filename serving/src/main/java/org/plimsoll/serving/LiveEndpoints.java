package org.plimsoll.serving;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.data.Column;
import org.plimsoll.predictions.PredictionLog;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.Signature;
import org.plimsoll.scoring.Task;
import org.plimsoll.store.BlobStore;

/**
 * What this node answers, from memory and signed files alone.
 *
 * <pre>
 *  boot   files ─▶ verify ─▶ load versions ─▶ route
 *  follow database's newest table ─▶ load versions ─▶ files previous, stable, current ─▶ swap route
 * </pre>
 *
 * A route is swapped only once every version in it is ready. A table that cannot be followed leaves the one before in force.
 */
public final class LiveEndpoints implements EndpointClock, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(LiveEndpoints.class.getName());
    private static final int MOST_WAITING_SHADOWS = 2_000;
    private static final Duration BOOT = Duration.ofSeconds(30);

    private final LocalTables tables;
    private final LoadedVersions versions;
    private final PredictionLog log;
    private final Clock clock;
    private final Shadows shadows;
    private final Inference inference;
    private final Urgency urgency;
    private final Map<String, LiveEndpoint> live = new ConcurrentHashMap<>();
    private final BootOrder order = new BootOrder();
    private final CountDownLatch booted = new CountDownLatch(1);
    private final CountDownLatch caughtUp = new CountDownLatch(1);

    /**
     * @param folder {@code serving/} of the home
     * @param execution how models are executed
     */
    public LiveEndpoints(
            Path folder,
            LocalTables tables,
            BlobStore blobs,
            Permits permits,
            PredictionLog log,
            Clock clock,
            Execution execution) {
        this.tables = tables;
        this.versions =
                new LoadedVersions(blobs, folder.resolve("artifacts"), permits, tables.quarantined(), execution);
        this.log = log;
        this.clock = clock;
        this.shadows = new Shadows(log, MOST_WAITING_SHADOWS);
        this.urgency = new Urgency(this, tables, versions, clock);
        this.inference = new Inference(log, shadows, urgency::canaryFailed, clock);
    }

    /** Serves what lies signed on the disk. What cannot be loaded is told and left out; the rest serves. */
    public void boot() {
        boot(() -> {});
    }

    /**
     * Serves what lies signed on the disk, and then catches up with what the database says beyond it. Callers of an endpoint that
     * does not answer yet wait: for this one where it lies on the disk, else until then.
     */
    void boot(Runnable catchUp) {
        try {
            bootAll();
        } finally {
            order.end();
            booted.countDown();
        }
        try {
            catchUp.run();
        } finally {
            caughtUp.countDown();
        }
    }

    private void bootAll() {
        order.list(tables.endpoints());
        for (Optional<EndpointName> next = order.next(); next.isPresent(); next = order.next()) {
            EndpointName endpoint = next.get();
            try {
                tables.read(endpoint, LocalTables.Slot.CURRENT)
                        .ifPresent(posting -> take(open(posting.endpoint()), posting));
            } catch (RuntimeException failure) {
                if (Thread.currentThread().isInterrupted()) {
                    return; // this node is being closed while it loads
                }
                LOG.log(Level.ERROR, "endpoint {0} does not serve: {1}", endpoint, failure.getMessage());
            } finally {
                order.done(endpoint);
            }
        }
    }

    /** The path from rows to logged scores. */
    public Inference inference() {
        return inference;
    }

    /** Rollback, drain and quarantine. */
    Urgency urgency() {
        return urgency;
    }

    /** Enters the route of an endpoint. @throws Problem NOT_FOUND, or BUSY where it serves nothing now */
    public Route enter(String endpoint) {
        return get(endpoint).enter();
    }

    /** The endpoint on this node. @throws Problem NOT_FOUND */
    public LiveEndpoint get(String endpoint) {
        LiveEndpoint found = live.get(endpoint);
        if (found == null || found.route() == null) {
            order.await(endpoint, BOOT);
            found = live.get(endpoint);
        }
        if (found == null || found.route() == null) {
            awaitCaughtUp();
            found = live.get(endpoint);
        }
        if (found == null) {
            throw Problem.notFound("endpoint", endpoint);
        }
        return found;
    }

    /** Whether what lay on the disk serves: a node is ready from then on. */
    public boolean isBooted() {
        return booted.getCount() == 0;
    }

    private void awaitCaughtUp() {
        if (caughtUp.getCount() == 0) {
            return;
        }
        try {
            if (!caughtUp.await(BOOT.toSeconds(), TimeUnit.SECONDS)) {
                throw Problem.of(Problem.Kind.BUSY, "this node is still loading its models; ask again in a moment");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(Problem.Kind.BUSY, "interrupted while this node loads its models");
        }
    }

    /** The endpoint on this node, if it is known here. */
    public Optional<LiveEndpoint> find(EndpointName endpoint) {
        return Optional.ofNullable(live.get(endpoint.value()));
    }

    /** What the champion of an endpoint is asked, if one answers there. */
    public Optional<Task> task(EndpointName endpoint) {
        return find(endpoint).flatMap(LiveEndpoint::task);
    }

    /** The endpoints this node knows. */
    public List<LiveEndpoint> all() {
        return live.values().stream()
                .sorted(java.util.Comparator.comparing(each -> each.about().name()))
                .toList();
    }

    @Override
    public long now(Endpoint endpoint) {
        return open(endpoint).now();
    }

    /** Makes the endpoint known here, so that it says what it lacks, rather than not being there. */
    LiveEndpoint open(Endpoint endpoint) {
        return live.computeIfAbsent(endpoint.name().value(), _ -> {
            log.open(endpoint.name(), endpoint.synced());
            return new LiveEndpoint(endpoint, clock, log.latestEventTime(endpoint.name()));
        });
    }

    /** Loads every version of a posting before anything is routed to it. The caller lets go of them. */
    List<LoadedVersion> ready(Posting posting) {
        List<LoadedVersion> held = new ArrayList<>();
        try {
            for (VersionId version : versionsOf(posting.table())) {
                held.add(versions.ready(posting, version));
            }
            LoadedVersion champion = held.getFirst();
            for (LoadedVersion other : held) {
                requireCompatible(champion, other);
            }
            return held;
        } catch (RuntimeException e) {
            held.forEach(LoadedVersion::letGo);
            throw e;
        }
    }

    private static void requireCompatible(LoadedVersion champion, LoadedVersion other) {
        Signature asked = champion.model().signature();
        List<String> reasons =
                new ArrayList<>(asked.incompatibilities(other.model().signature()));
        for (Column input : other.model().signature().inputs().columns()) {
            if (input.optional() && !asked.inputs().has(input.name())) {
                reasons.add("input " + input.name() + " is new, and callers do not send it");
            }
        }
        if (!reasons.isEmpty()) {
            throw Problem.refused(
                    other.version() + " cannot stand beside " + champion.version() + ": " + String.join("; ", reasons));
        }
    }

    private static List<VersionId> versionsOf(RoutingTable table) {
        List<VersionId> all = new ArrayList<>();
        all.add(table.champion());
        table.canary().ifPresent(all::add);
        all.addAll(table.shadows());
        return all;
    }

    /** Follows what the database says, unless this node knows better: something urgent is not recorded yet. */
    void follow(Head head) {
        LiveEndpoint endpoint = open(head.endpoint());
        if (head.current().isEmpty() || isUnrecorded(head.endpoint().name())) {
            return;
        }
        Posting posting = head.current().get();
        Route before = endpoint.route();
        boolean known = before != null
                && before.posting()
                        .published()
                        .digest()
                        .equals(posting.published().digest());
        if (known) {
            endpoint.changing.lock();
            try {
                keep(head);
            } finally {
                endpoint.changing.unlock();
            }
            keepOnlyWanted(); // a bake may have ended
            return;
        }
        List<LoadedVersion> held = ready(posting); // outside the lock: a rollback need not wait for a load
        endpoint.changing.lock();
        try {
            if (isUnrecorded(head.endpoint().name())) {
                held.forEach(LoadedVersion::letGo);
                return;
            }
            keep(head);
            tables.write(LocalTables.Slot.CURRENT, posting);
            swap(endpoint, posting, held);
        } finally {
            endpoint.changing.unlock();
        }
        keepOnlyWanted();
    }

    private boolean isUnrecorded(EndpointName endpoint) {
        return tables.unrecorded().stream().anyMatch(act -> act.endpoint().equals(Optional.of(endpoint)));
    }

    /** Keeps the tables a rollback may return to. */
    private void keep(Head head) {
        EndpointName name = head.endpoint().name();
        keep(name, LocalTables.Slot.PREVIOUS, head.previous());
        keep(name, LocalTables.Slot.STABLE, head.stable());
    }

    private void keep(EndpointName name, LocalTables.Slot slot, Optional<Posting> posting) {
        if (tables.read(name, slot).equals(posting)) {
            return;
        }
        posting.ifPresentOrElse(kept -> tables.write(slot, kept), () -> tables.clear(name, slot));
    }

    private void take(LiveEndpoint endpoint, Posting posting) {
        List<LoadedVersion> held = ready(posting);
        endpoint.changing.lock();
        try {
            swap(endpoint, posting, held);
        } finally {
            endpoint.changing.unlock();
        }
    }

    /** Puts a posting in force; its versions are held already. The caller holds the endpoint's lock. */
    Optional<Route> swap(LiveEndpoint endpoint, Posting posting, List<LoadedVersion> held) {
        boolean hasCanary = posting.table().canary().isPresent();
        Route next = new Route(
                endpoint,
                posting,
                held.getFirst(),
                hasCanary ? Optional.of(held.get(1)) : Optional.empty(),
                held.subList(hasCanary ? 2 : 1, held.size()));
        return Optional.ofNullable(endpoint.take(next));
    }

    /** Lets go of versions no table needs: in force, or stable while another champion bakes. */
    void keepOnlyWanted() {
        Set<VersionId> wanted = new HashSet<>();
        for (LiveEndpoint endpoint : live.values()) {
            Route route = endpoint.route();
            if (route != null) {
                wanted.addAll(versionsOf(route.table()));
                tables.read(endpoint.about().name(), LocalTables.Slot.STABLE)
                        .map(Posting::champion)
                        .ifPresent(wanted::add);
            }
        }
        versions.keepOnly(wanted);
    }

    /** Exactly these artifacts are not loaded from now on. */
    void quarantined(Set<Digest> artifacts) {
        if (!versions.quarantined().equals(artifacts)) {
            versions.quarantined(artifacts);
            tables.quarantined(artifacts);
        }
    }

    RolledBack rollback(Actor actor, ServingOperations.Rollback request) {
        return urgency.rollback(actor, request.endpoint(), request.reason());
    }

    RolledBack drain(Actor actor, ServingOperations.DrainEndpoint request) {
        return urgency.drain(actor, request.endpoint(), request.reason());
    }

    ServingOperations.Quarantined quarantine(Actor actor, ServingOperations.QuarantineVersion request) {
        return urgency.quarantine(actor, request.version(), request.reason());
    }

    @Override
    public void close() {
        shadows.close();
        versions.close();
    }
}
