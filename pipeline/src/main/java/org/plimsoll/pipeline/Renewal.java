package org.plimsoll.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.plimsoll.access.Content;
import org.plimsoll.access.Operations;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Folders;
import org.plimsoll.tracking.Port;
import org.plimsoll.tracking.Run;
import org.plimsoll.tracking.Step;
import org.plimsoll.tracking.TrackingOperations.GetArtifact;
import org.plimsoll.tracking.TrackingOperations.GetSteps;

/**
 * The pipeline of an earlier run, as that run kept it, on other data: what retraining executes. Not a rerun, which repeats a run on
 * the same inputs to see whether it comes out the same.
 *
 * <pre>
 *   pipeline.yaml, kept with the run ─┐
 *   code of each step, by its key ────┴─▶ a folder ─▶ read again, with other snapshots and parameters
 * </pre>
 */
public final class Renewal {

    private final Operations operations;
    private final BlobStore blobs;
    private final Path scratch;

    public Renewal(Operations operations, BlobStore blobs, Path scratch) {
        this.operations = operations;
        this.blobs = blobs;
        this.scratch = scratch.toAbsolutePath();
    }

    /**
     * Reads the pipeline that this run executed.
     *
     * @param origin id of a run of a pipeline
     * @param data snapshots by their names in the pipeline, instead of those it names itself
     * @param parameters instead of its defaults
     * @param allowsCommands whether steps with a command of their own may be executed
     * @throws Problem REFUSED where a step has one and that is not allowed; NOT_FOUND where the run kept no pipeline
     */
    public Pipeline of(
            String origin, Map<String, String> data, Map<String, String> parameters, boolean allowsCommands) {
        Path folder = scratch.resolve("pipelines").resolve(Ids.next());
        try {
            Files.createDirectories(folder);
            for (Run step : operations.perform(new GetSteps(origin)).runs()) {
                code(step, folder);
            }
            Path file = folder.resolve(PipelineFile.NAME);
            try (var out = Files.newOutputStream(file)) {
                Content text = operations.perform(new GetArtifact(origin, PipelineFile.NAME));
                text.writer().to(out);
            }
            Pipeline pipeline = PipelineFile.read(file, parameters);
            if (!allowsCommands) {
                refuseCommands(pipeline);
            }
            return with(pipeline, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void code(Run step, Path folder) throws IOException {
        StepKey key = StepKey.read(blobs.read(step.step().map(Step::key).orElseThrow()));
        for (Port input : key.inputs()) {
            if (input.name().equals(Port.CODE)) {
                Path tree = folder.resolveSibling(Ids.next());
                Folders.restore(blobs, input.digest(), tree);
                move(tree, folder);
                StepRunner.delete(tree);
            }
        }
    }

    /** Two steps may use the same file; it is the same one then, since one run read them from one folder. */
    private static void move(Path from, Path to) throws IOException {
        List<Path> files = new ArrayList<>();
        try (var walk = Files.walk(from)) {
            walk.filter(Files::isRegularFile).forEach(files::add);
        }
        for (Path file : files) {
            Path target = to.resolve(from.relativize(file).toString());
            if (Files.notExists(target)) {
                Files.createDirectories(target.toAbsolutePath().getParent());
                Files.move(file, target);
            }
        }
    }

    private static void refuseCommands(Pipeline pipeline) {
        List<String> own = pipeline.steps().stream()
                .filter(step -> step.work() instanceof Work.Command)
                .map(PipelineStep::name)
                .toList();
        if (!own.isEmpty()) {
            throw Problem.refused(
                    "step " + String.join(", ", own) + " runs a command of its own; a server that serves a"
                            + " team executes only sql, split and trainer steps. Run the pipeline yourself: plimsoll run");
        }
    }

    private static Pipeline with(Pipeline pipeline, Map<String, String> data) {
        Map<String, String> references = new LinkedHashMap<>(pipeline.data());
        data.forEach((name, reference) -> {
            if (references.containsKey(name)) {
                references.put(name, reference);
            }
        });
        return new Pipeline(
                pipeline.name(),
                pipeline.folder(),
                pipeline.text(),
                pipeline.parameters(),
                pipeline.task(),
                references,
                pipeline.steps());
    }
}
