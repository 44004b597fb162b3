package org.plimsoll.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.scoring.Parity;
import org.plimsoll.scoring.Scorer;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Folder;
import org.plimsoll.store.Folders;

/** Looks into model folders before they are registered, and hands them out as they were registered. */
final class ModelFolders {

    /** What the artifact itself says, and how well its golden rows were reproduced here. */
    record Examined(String task, String label, List<String> segments, List<String> inputs, GoldenParity parity) {}

    private final BlobStore blobs;
    private final Path scratch;
    private final Execution execution;

    ModelFolders(BlobStore blobs, Path scratch, Execution execution) {
        this.blobs = blobs;
        this.scratch = scratch;
        this.execution = execution;
    }

    /**
     * Opens the artifact and scores its golden rows with the engine that would serve it.
     *
     * @throws Problem REFUSED where the scores are not those that stand beside the rows
     */
    Examined examine(Digest artifact) {
        Path folder = unpack(artifact);
        try {
            ModelArtifact model = ModelArtifact.open(folder);
            return new Examined(
                    model.task().kind().word(),
                    model.task().label(),
                    model.task().segments(),
                    model.signature().inputs().columns().stream()
                            .map(Column::name)
                            .toList(),
                    parity(artifact, model));
        } finally {
            remove(folder);
        }
    }

    private GoldenParity parity(Digest artifact, ModelArtifact model) {
        try (Scorer scorer = model.scorer(execution)) {
            Parity parity = model.golden().judge(scorer);
            if (!parity.holds()) {
                throw Problem.refused("artifact " + artifact.brief() + " does not reproduce its golden rows: "
                        + String.join("; ", parity.differences()));
            }
            return new GoldenParity(parity.rows(), parity.maxDifference());
        }
    }

    /** Writes the folder as a zip file: sorted names, no times, so the same folder is always the same bytes. */
    void zip(Digest artifact, OutputStream out) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Folder.File file : Folders.read(blobs, artifact).files()) {
                ZipEntry entry = new ZipEntry(file.name());
                entry.setTime(0);
                zip.putNextEntry(entry);
                try (InputStream bytes = blobs.open(file.digest())) {
                    bytes.transferTo(zip);
                }
                zip.closeEntry();
            }
        }
    }

    private Path unpack(Digest artifact) {
        if (!blobs.has(artifact)) {
            throw Problem.notFound("artifact", artifact);
        }
        try {
            Files.createDirectories(scratch);
            Path folder = Files.createTempDirectory(scratch, "artifact-");
            Folders.restore(blobs, artifact, folder);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
