package org.plimsoll.serving;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.VersionId;
import org.plimsoll.data.Columns;
import org.plimsoll.predictions.FilePredictionLog;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.ScoringConfig;
import org.plimsoll.serving.ServingOperations.CreateEndpoint;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Database;
import org.plimsoll.store.FileBlobStore;
import org.plimsoll.store.Folders;

/** A node with its database, blobs, keys and log in one folder: what the server assembles, without the server. */
final class Served implements AutoCloseable {

    static final EndpointName LATE = new EndpointName("late-arrival");
    static final ModelName MODEL = new ModelName("late-arrival");
    static final Actor ANA = new Actor("ana", Actor.Proof.SESSION, Set.of());

    final Path home;
    final Database database;
    final BlobStore blobs;
    final Permits permits;
    final LocalTables tables;
    final FilePredictionLog log;
    final LiveEndpoints live;
    final Endpoints endpoints = new Endpoints();
    final Rollouts rollouts;
    final Node node;

    Served(Path home, Database database, Clock clock) {
        this.home = home;
        this.database = database;
        this.blobs = new FileBlobStore(home.resolve("blobs"));
        Seal seal = Seal.loadOrCreate(home.resolve("keys"));
        this.permits = new Permits(seal);
        this.tables = new LocalTables(home.resolve("serving"), seal);
        this.log = new FilePredictionLog(home.resolve("predictions"), FilePredictionLog.Limits.USUAL, clock);
        this.live = new LiveEndpoints(
                home.resolve("serving"), tables, blobs, permits, log, clock, Execution.in(home, ScoringConfig.DEFAULT));
        this.rollouts = new Rollouts(endpoints, live);
        this.node = new Node(database, endpoints, permits, live, tables);
        live.boot();
    }

    static VersionId version(long number) {
        return new VersionId(MODEL, number);
    }

    Endpoint create(EndpointTime time) {
        return create(LATE, "production", time);
    }

    Endpoint create(EndpointName name, String environment, EndpointTime time) {
        return database.write(
                        ANA,
                        tx -> endpoints.create(
                                tx,
                                new CreateEndpoint(
                                        name,
                                        new EnvironmentName(environment),
                                        MODEL,
                                        Optional.of(time),
                                        Optional.empty())))
                .value();
    }

    Digest artifact(String name) {
        return Folders.add(blobs, Models.artifact(home, name));
    }

    Permit permit(long number, Digest artifact) {
        return database.write(
                        ANA,
                        tx -> permits.issue(
                                tx,
                                LATE,
                                version(number),
                                artifact,
                                Digest.of("candidate " + number),
                                Duration.ofDays(14)))
                .value();
    }

    /** Publishes a table as a rollout's step would, and lets the node follow. */
    PublishedTable publish(RoutingTable table, Digest artifact, boolean stable) {
        PublishedTable published = database.write(
                        ANA, tx -> endpoints.publish(tx, table, artifact, PublishedTable.Reason.FULL, stable, "test"))
                .value();
        node.round();
        return published;
    }

    RoutingTable table(long revision, long champion) {
        return RoutingTable.of(LATE, revision, version(champion), 1);
    }

    Answer ask(Columns rows) {
        try (Route route = live.enter(LATE.value())) {
            return live.inference().answer(route, new Question(rows, Optional.empty(), Optional.empty()));
        }
    }

    @Override
    public void close() {
        node.close();
        live.close();
        log.close();
        database.close();
    }
}
