package org.plimsoll.tracking;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.access.Catalogue;
import org.plimsoll.access.Entrance;
import org.plimsoll.access.Grants;
import org.plimsoll.access.Operations;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Role;
import org.plimsoll.access.Standing;
import org.plimsoll.core.Actor;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.store.Database;
import org.plimsoll.store.Databases;
import org.plimsoll.store.FileBlobStore;
import org.plimsoll.store.MovableClock;
import org.plimsoll.tracking.TrackingOperations.CreateExperiment;

/** A home with the tracking room open, and two people who may work in it. */
final class Tracked implements AutoCloseable {

    static final ExperimentName FLIGHTS = new ExperimentName("flights");

    final MovableClock clock = new MovableClock();
    final Database database;
    final Operations ana;
    final Operations ben;

    Tracked(Databases databases) {
        database = databases.fresh(clock);
        var blobs = new FileBlobStore(folder());
        var entrance = new Entrance(
                database,
                new Catalogue(List.of(
                        TrackingOperations.EXPERIMENTS,
                        TrackingOperations.RUNS,
                        TrackingOperations.ARTIFACTS,
                        TrackingOperations.LINEAGE)),
                new Standing(database, clock, Optional.empty()),
                clock,
                List.of(new Experiments(), new Runs(), new Artifacts(blobs), new Lineage()));
        ana = entrance.as(person("ana"));
        ben = entrance.as(person("ben"));
        ana.perform(new CreateExperiment(FLIGHTS));
    }

    private Actor person(String id) {
        database.write(Actor.SYSTEM, tx -> {
            tx.sql()
                    .execute(
                            "INSERT INTO principal (id, kind, active, created_at, created_by) VALUES (?, 'PERSON', TRUE, 0, 'x')",
                            id);
            Grants.give(tx, id, Role.DATA_SCIENTIST, Resource.ORGANISATION);
            return id;
        });
        return new Actor(id, Actor.Proof.SESSION, Set.of());
    }

    private static java.nio.file.Path folder() {
        try {
            return Files.createTempDirectory("tracking-blobs-");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
