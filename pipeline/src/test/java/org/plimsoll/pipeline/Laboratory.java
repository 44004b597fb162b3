package org.plimsoll.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
import org.plimsoll.core.DatasetName;
import org.plimsoll.core.Ids;
import org.plimsoll.data.DataOperations;
import org.plimsoll.data.DataOperations.AddSnapshot;
import org.plimsoll.data.Query;
import org.plimsoll.data.Snapshot;
import org.plimsoll.data.SnapshotFiles;
import org.plimsoll.data.Snapshots;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.ScoringConfig;
import org.plimsoll.store.Database;
import org.plimsoll.store.Databases;
import org.plimsoll.store.FileBlobStore;
import org.plimsoll.store.MovableClock;
import org.plimsoll.tracking.Artifacts;
import org.plimsoll.tracking.Experiments;
import org.plimsoll.tracking.Lineage;
import org.plimsoll.tracking.Run;
import org.plimsoll.tracking.Runs;
import org.plimsoll.tracking.TrackingOperations;
import org.plimsoll.tracking.TrackingOperations.GetRun;
import org.plimsoll.tracking.TrackingOperations.GetSteps;

/** A home with data and tracking open, a folder for a pipeline's files, and Ana who works there. */
final class Laboratory implements AutoCloseable {

    final MovableClock clock = new MovableClock();
    final Path folder;
    final Database database;
    final FileBlobStore blobs;
    final Operations ana;
    final Query query;

    Laboratory(Path folder) {
        this.folder = folder;
        database = Databases.SQLITE.fresh(clock);
        blobs = new FileBlobStore(folder.resolve("blobs"));
        query = Query.standard(folder.resolve("scratch"));
        var entrance = new Entrance(
                database,
                new Catalogue(List.of(
                        DataOperations.ROOM,
                        TrackingOperations.EXPERIMENTS,
                        TrackingOperations.RUNS,
                        TrackingOperations.ARTIFACTS,
                        TrackingOperations.LINEAGE)),
                new Standing(database, clock, Optional.empty()),
                clock,
                List.of(
                        new Snapshots(blobs, query),
                        new Experiments(),
                        new Runs(),
                        new Artifacts(blobs),
                        new Lineage()));
        ana = entrance.as(person("ana"));
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

    /** Adds a snapshot of a dataset with the rows of a SELECT without inputs. */
    Snapshot data(String name, String sql) {
        Path file = folder.resolve(name + "-" + Ids.next() + ".parquet");
        query.transform(sql, Map.of(), Map.of(), file);
        DatasetName dataset = new DatasetName(name);
        Snapshot snapshot = SnapshotFiles.keep(dataset, List.of(file), blobs, query);
        ana.perform(new AddSnapshot(dataset, snapshot));
        return snapshot;
    }

    Path write(String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Runner runner() {
        return new Runner(
                ana, blobs, query, folder.resolve("scratch"), clock, Execution.in(folder, ScoringConfig.DEFAULT));
    }

    RunReport run(Map<String, String> set) {
        Pipeline pipeline = PipelineFile.read(folder.resolve("pipeline.yaml"), set);
        return runner().run(pipeline, Optional.empty(), false, Watch.nobody());
    }

    RunReport run() {
        return run(Map.of());
    }

    Run recorded(RunReport report) {
        return ana.perform(new GetRun(report.run()));
    }

    List<Run> steps(RunReport report) {
        return ana.perform(new GetSteps(report.run())).runs();
    }

    @Override
    public void close() {
        database.close();
    }
}
