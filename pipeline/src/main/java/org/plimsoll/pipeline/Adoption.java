package org.plimsoll.pipeline;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.access.Operations;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Digest;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.data.Query;
import org.plimsoll.data.Snapshot;
import org.plimsoll.scoring.Task;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Folders;
import org.plimsoll.tracking.Port;
import org.plimsoll.tracking.Run;
import org.plimsoll.tracking.TrackingOperations.CreateStep;

/**
 * Records a model that was trained elsewhere as a run, so that everything after finds it where it finds others. The run says that
 * somebody brought it, and nothing about how it was made:
 *
 * <pre>
 *  holdout   in: the snapshot of the rows it is judged on     out: test
 *  import    in: nothing, its lineage is unknown              out: model
 * </pre>
 */
public final class Adoption {

    private final Operations operations;
    private final BlobStore blobs;
    private final Query query;
    private final Clock clock;

    public Adoption(Operations operations, BlobStore blobs, Query query, Clock clock) {
        this.operations = operations;
        this.blobs = blobs;
        this.query = query;
        this.clock = clock;
    }

    /** What stands in place of a step's key: a rerun cannot make it again. */
    private record Imported(int v, String imported, Digest digest) {}

    /**
     * Records it.
     *
     * @param name of the file or folder it came in
     * @param model its folder, as {@link org.plimsoll.scoring.ModelArtifact} writes it
     * @param holdout rows that it had not seen, by the word of whoever brings it
     * @param scratch a folder for a file that lives until then
     * @return the run's id
     */
    public String record(
            ExperimentName experiment, String name, Path model, Snapshot holdout, Task task, Path scratch) {
        RunRecorder recorder = new RunRecorder(operations, clock);
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("imported", name);
        Run run = recorder.start(experiment, Optional.of("import of " + name), Optional.empty(), parameters);
        Path test = scratch.resolve("test.parquet");
        List<Query.Input> files = holdout.files().stream()
                .map(file -> new Query.Input(blobs.fetch(file.digest()), file.digest()))
                .toList();
        String label = "\"" + task.label().replace("\"", "\"\"") + "\"";
        query.transform("SELECT * FROM raw WHERE " + label + " IS NOT NULL", Map.of("raw", files), Map.of(), test);
        Digest rows = blobs.add(test);
        step(
                recorder,
                run,
                "holdout",
                List.of(new Port("raw", holdout.digest(), Port.Form.SNAPSHOT)),
                new Port("test", rows, Port.Form.FILE));
        Digest artifact = Folders.add(blobs, model);
        step(recorder, run, "import", List.of(), new Port("model", artifact, Port.Form.FOLDER));
        recorder.finish(run, List.of());
        return run.id();
    }

    private void step(RunRecorder recorder, Run run, String name, List<Port> inputs, Port made) {
        byte[] key = CanonicalJson.bytes(new Imported(1, name, made.digest()));
        blobs.add(new ByteArrayInputStream(key));
        Run step = operations.perform(new CreateStep(run.id(), name, Digest.of(key), inputs));
        recorder.finishStep(step, List.of(made), Optional.empty());
    }
}
