package org.plimsoll.serving;

import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;

/**
 * What must work when nothing else does: rollback, drain, quarantine. No database is asked.
 *
 * <pre>
 *  unrecorded/&lt;act&gt; on the disk ─▶ current on the disk ─▶ swap ─▶ answer the person ─▶ later: recorded in the database
 * </pre>
 *
 * A kill between two of these leaves the act either not done, or done and still to be recorded.
 */
final class Urgency {

    private static final System.Logger LOG = System.getLogger(Urgency.class.getName());

    /** So long a reply waits for the last request of the table before. */
    private static final long WAIT_FOR_LAST_ANSWER_MILLIS = 900;

    private final LiveEndpoints live;
    private final LocalTables tables;
    private final LoadedVersions versions;
    private final Clock clock;

    Urgency(LiveEndpoints live, LocalTables tables, LoadedVersions versions, Clock clock) {
        this.live = live;
        this.tables = tables;
        this.versions = versions;
        this.clock = clock;
    }

    /** The newest stable champion answers everyone. @throws Problem REFUSED where there is none */
    RolledBack rollback(Actor actor, EndpointName name, String reason) {
        LiveEndpoint endpoint = live.get(name.value());
        return inForce(
                endpoint,
                System.nanoTime(),
                current -> rollbackFrom(actor, current, reason)
                        .orElseThrow(() ->
                                Problem.refused("endpoint " + name + " has no earlier stable champion to return to;"
                                        + " to stop it answering: plimsoll drain " + name)));
    }

    /** Nobody is answered until the endpoint is reopened. */
    RolledBack drain(Actor actor, EndpointName name, String reason) {
        LiveEndpoint endpoint = live.get(name.value());
        return inForce(endpoint, System.nanoTime(), current -> drainOf(actor, current, reason));
    }

    /**
     * Nothing loads these bytes any more, on any endpoint; where they answer now, the endpoint rolls back, or is drained where
     * there is nothing to return to.
     */
    ServingOperations.Quarantined quarantine(Actor actor, VersionId version, String reason) {
        Digest artifact = artifactOf(version);
        tables.remember(new UrgentAct(
                1,
                Ids.next(),
                UrgentAct.Kind.QUARANTINE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(version),
                Optional.of(artifact),
                actor.principal(),
                clock.instant(),
                reason));
        Set<Digest> all = new HashSet<>(versions.quarantined());
        all.add(artifact);
        tables.quarantined(all);
        versions.quarantine(artifact);
        List<RolledBack> effects = new ArrayList<>();
        for (LiveEndpoint endpoint : live.all()) {
            Route route = endpoint.route();
            if (route != null && !route.isDrained() && usesAny(route, artifact)) {
                effects.add(inForce(
                        endpoint,
                        System.nanoTime(),
                        current ->
                                rollbackFrom(actor, current, reason).orElseGet(() -> drainOf(actor, current, reason))));
            }
        }
        return new ServingOperations.Quarantined(version, artifact, effects);
    }

    /** A canary could not answer: it is withdrawn, once, off the request's thread. */
    void canaryFailed(LiveEndpoint endpoint, Route route, String what) {
        if (!endpoint.withdrawing.compareAndSet(false, true)) {
            return;
        }
        Thread.startVirtualThread(() -> {
            try {
                inForce(
                        endpoint,
                        System.nanoTime(),
                        current -> current.table().equals(route.table())
                                ? rollbackFrom(Actor.SYSTEM, current, what).orElseThrow()
                                : throwing(Problem.of(Problem.Kind.CONFLICT, "the canary is withdrawn already")));
            } catch (RuntimeException failure) {
                LOG.log(Level.WARNING, "{0}: {1}", what, failure.getMessage());
            } finally {
                endpoint.withdrawing.set(false);
            }
        });
    }

    private static <T> T throwing(Problem problem) {
        throw problem;
    }

    private Digest artifactOf(VersionId version) {
        return live.all().stream()
                .flatMap(endpoint -> Stream.of(LocalTables.Slot.values())
                        .flatMap(slot -> tables.read(endpoint.about().name(), slot).stream()))
                .flatMap(posting -> versions.permitted(posting, version).stream())
                .findFirst()
                .map(Permit::artifact)
                .orElseThrow(() -> Problem.notFound("version with a permit on this node", version));
    }

    private static boolean usesAny(Route route, Digest artifact) {
        return route.champion().artifact().equals(artifact)
                || route.canary()
                        .filter(canary -> canary.artifact().equals(artifact))
                        .isPresent()
                || route.shadows().stream().anyMatch(shadow -> shadow.artifact().equals(artifact));
    }

    /** What is to come into force: the act to remember, the posting, and what the slots of stable tables hold afterwards. */
    private record Move(
            UrgentAct act, VersionId from, Posting posting, Optional<Posting> stable, Optional<Posting> previous) {}

    private interface Decision {
        Move on(Posting current);
    }

    private Optional<Move> rollbackFrom(Actor actor, Posting current, String reason) {
        EndpointName name = current.endpoint().name();
        Optional<Posting> stable = tables.read(name, LocalTables.Slot.STABLE);
        Optional<Posting> previous = tables.read(name, LocalTables.Slot.PREVIOUS);
        return Retreat.from(
                        current,
                        Stream.concat(stable.stream(), previous.stream()).toList(),
                        version -> isAllowed(version, Stream.of(Optional.of(current), stable, previous)))
                .map(retreat -> {
                    PublishedTable published = PublishedTable.of(
                            retreat.next(current.table().revision() + 1),
                            PublishedTable.Reason.ROLLBACK,
                            true,
                            false,
                            actor.principal(),
                            clock.instant(),
                            reason);
                    Posting posting = retreat.posting().with(published);
                    Optional<Posting> next =
                            previous.filter(kept -> !kept.champion().equals(posting.champion()));
                    return new Move(
                            act(UrgentAct.Kind.ROLLBACK, actor, current, published, reason),
                            retreat.from(),
                            posting,
                            Optional.of(posting),
                            next);
                });
    }

    private boolean isAllowed(VersionId version, Stream<Optional<Posting>> postings) {
        return postings.flatMap(Optional::stream)
                .flatMap(posting -> versions.permitted(posting, version).stream())
                .anyMatch(permit -> !versions.quarantined().contains(permit.artifact()));
    }

    private Move drainOf(Actor actor, Posting current, String reason) {
        PublishedTable published = PublishedTable.of(
                current.table().championOnly(current.table().revision() + 1),
                PublishedTable.Reason.DRAIN,
                false,
                true,
                actor.principal(),
                clock.instant(),
                reason);
        EndpointName name = current.endpoint().name();
        return new Move(
                act(UrgentAct.Kind.DRAIN, actor, current, published, reason),
                current.champion(),
                current.with(published),
                tables.read(name, LocalTables.Slot.STABLE),
                tables.read(name, LocalTables.Slot.PREVIOUS));
    }

    private static UrgentAct act(
            UrgentAct.Kind kind, Actor actor, Posting current, PublishedTable published, String reason) {
        return new UrgentAct(
                1,
                Ids.next(),
                kind,
                Optional.of(current.endpoint().name()),
                Optional.of(current.table()),
                Optional.of(published),
                Optional.empty(),
                Optional.empty(),
                actor.principal(),
                published.at(),
                reason);
    }

    private RolledBack inForce(LiveEndpoint endpoint, long ordered, Decision decision) {
        long failedBefore = endpoint.failed.sum();
        Move move;
        @Nullable Route before;
        endpoint.changing.lock();
        try {
            Route now = endpoint.route();
            if (now == null) {
                throw Problem.of(
                        Problem.Kind.CONFLICT, "endpoint " + endpoint.about().name() + " serves nothing yet");
            }
            move = decision.on(now.posting());
            List<LoadedVersion> held =
                    move.posting().published().drained() ? holdAgain(now) : live.ready(move.posting());
            tables.remember(move.act());
            write(move);
            before = live.swap(endpoint, move.posting(), held).orElse(null);
        } finally {
            endpoint.changing.unlock();
        }
        long took = (System.nanoTime() - ordered) / 1_000_000;
        return report(endpoint, move, before, ordered, took, failedBefore);
    }

    /** A drained endpoint answers nobody, but keeps its champion, to be reopened at once. */
    private static List<LoadedVersion> holdAgain(Route route) {
        if (!route.champion().hold()) {
            throw new IllegalStateException("the champion of a route in force is held by it");
        }
        return List.of(route.champion());
    }

    private void write(Move move) {
        EndpointName name = move.posting().endpoint().name();
        tables.write(LocalTables.Slot.CURRENT, move.posting());
        move.stable().ifPresent(stable -> tables.write(LocalTables.Slot.STABLE, stable));
        move.previous()
                .ifPresentOrElse(
                        previous -> tables.write(LocalTables.Slot.PREVIOUS, previous),
                        () -> tables.clear(name, LocalTables.Slot.PREVIOUS));
    }

    private static RolledBack report(
            LiveEndpoint endpoint, Move move, @Nullable Route before, long ordered, long took, long failedBefore) {
        Optional<Instant> lastAnswer = Optional.empty();
        Optional<Long> lastAnswerMillis = Optional.empty();
        try {
            if (before != null && before.awaitEmpty(WAIT_FOR_LAST_ANSWER_MILLIS)) {
                lastAnswer = Optional.of(Instant.ofEpochMilli(before.lastLeft()));
                lastAnswerMillis = Optional.of(Math.max(0, before.lastLeftNanos() - ordered) / 1_000_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        PublishedTable published = move.posting().published();
        return new RolledBack(
                endpoint.about().name(),
                move.from(),
                published.drained()
                        ? Optional.empty()
                        : Optional.of(published.table().champion()),
                published.table().revision(),
                published.at(),
                took,
                lastAnswer,
                lastAnswerMillis,
                endpoint.failed.sum() - failedBefore);
    }
}
