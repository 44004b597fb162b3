package org.plimsoll.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.plimsoll.access.Operations;
import org.plimsoll.core.DatasetName;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.core.Ids;
import org.plimsoll.core.ModelName;
import org.plimsoll.data.Columns;
import org.plimsoll.data.DataOperations.AddSnapshot;
import org.plimsoll.data.Inspection;
import org.plimsoll.data.Inspector;
import org.plimsoll.data.Query;
import org.plimsoll.data.Snapshot;
import org.plimsoll.data.SnapshotFiles;
import org.plimsoll.gates.PolicyDraft;
import org.plimsoll.pipeline.Adoption;
import org.plimsoll.pipeline.Draft;
import org.plimsoll.registry.CardDraft;
import org.plimsoll.registry.Tier;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.scoring.Task;
import org.plimsoll.store.BlobStore;

/**
 * A model that was trained elsewhere, with rows to judge it on that it has not seen, by the word of whoever brings it. It becomes a
 * model folder like any other, and the rows a snapshot, so that it goes through the same gate to the same endpoint.
 */
final class ForeignModel implements AutoCloseable {

    private static final int SAMPLE = 20_000;

    private final Path path;
    private final Path folder;
    private final Path rows;
    private final Draft draft;
    private final Task task;
    private final Query query;

    private ForeignModel(Path path, Path folder, Path rows, Draft draft, Query query) {
        this.path = path;
        this.folder = folder;
        this.rows = rows;
        this.draft = draft;
        this.task = draft.task();
        this.query = query;
    }

    /** Looks through the rows, and makes the model a folder that can be asked about them. */
    static ForeignModel open(
            Path path, Path holdout, Inspector.Asked asked, Query query, Execution execution, Path scratch)
            throws IOException {
        Path folder = Files.createDirectories(scratch.resolve("foreign-" + Ids.next()));
        try {
            Path rows = folder.resolve("holdout.parquet");
            Inspection found = new Inspector(query, folder).inspect(holdout, rows, asked);
            Draft draft = new Draft(new ExperimentName("holdout"), new DatasetName("holdout"), found);
            Columns all = query.read(List.of(rows));
            Columns sample = all.rows() > SAMPLE ? all.slice(0, SAMPLE) : all;
            ModelArtifact.from(path, folder.resolve("model"), draft.task(), sample, 1, Optional.empty(), execution);
            return new ForeignModel(path, folder, rows, draft, query);
        } catch (RuntimeException e) {
            Folder.remove(folder);
            throw e;
        }
    }

    /** A card for it, where nobody has written one. */
    String card(ModelName model) {
        return CardDraft.yaml(
                model,
                task,
                "Trained elsewhere, on rows that are not known here; judged on %,d rows of %s."
                        .formatted(
                                draft.inspection().rows(),
                                Inspection.shown(draft.inspection().file())));
    }

    /** Adds the rows as a snapshot and records where model and rows come from. @return the run that says so */
    String record(Operations operations, BlobStore blobs, ModelName model) {
        DatasetName dataset = new DatasetName(model + "-holdout");
        Snapshot snapshot = SnapshotFiles.keep(dataset, List.of(rows), blobs, query);
        operations.perform(new AddSnapshot(dataset, snapshot));
        return new Adoption(operations, blobs, query, Clock.systemUTC())
                .record(
                        new ExperimentName(model.value()),
                        path.getFileName().toString(),
                        folder.resolve("model"),
                        snapshot,
                        task,
                        folder);
    }

    /** A policy to judge it by, where the folder has none. */
    void writePolicy(ModelName model, Tier tier, Output out) throws IOException {
        Path file = Path.of(Project.POLICY);
        if (Files.exists(file)) {
            return;
        }
        Files.writeString(
                file,
                new PolicyDraft(
                                model,
                                new EndpointName(model.value()),
                                tier,
                                List.of(task.kind()),
                                draft.usableRows(),
                                draft.rarer(),
                                draft.inspection().target().deviation())
                        .yaml());
        out.say("Wrote policy.yaml, by which it is judged.");
    }

    @Override
    public void close() {
        Folder.remove(folder);
    }
}
