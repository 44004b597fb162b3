package org.plimsoll.tracking;

import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import org.plimsoll.access.Content;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Pins;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;
import org.plimsoll.tracking.TrackingOperations.ArtifactList;
import org.plimsoll.tracking.TrackingOperations.GetArtifact;
import org.plimsoll.tracking.TrackingOperations.ListArtifacts;
import org.plimsoll.tracking.TrackingOperations.PutArtifact;

/** Keeps and finds the files of runs: plots, logs, reports. The bytes are blobs, the path belongs to the run. */
public final class Artifacts {

    private final BlobStore blobs;

    public Artifacts(BlobStore blobs) {
        this.blobs = blobs;
    }

    /** The bytes of an artifact, kept before its row is written. */
    public Digest stage(PutArtifact request, InputStream body) {
        return blobs.add(body);
    }

    /** The row of an artifact. The same path again replaces the file while the run runs. */
    public RunArtifact keep(Transaction tx, PutArtifact request, Digest digest) {
        RunHeader run = RunHeader.writable(tx, request.run());
        RunArtifact artifact =
                new RunArtifact(request.path(), digest, blobs.size(digest), Instant.ofEpochMilli(tx.now()));
        tx.sql()
                .createUpdate("""
                        INSERT INTO run_artifact (run, path, digest, bytes, at) VALUES (:run, :path, :digest, :bytes, :at)
                        ON CONFLICT (run, path) DO UPDATE SET
                            digest = excluded.digest, bytes = excluded.bytes, at = excluded.at""")
                .bind("run", run.id())
                .bind("path", artifact.path())
                .bind("digest", digest.value())
                .bind("bytes", artifact.bytes())
                .bind("at", tx.now())
                .execute();
        Pins.keep(tx, digest, "run/" + run.id());
        return artifact;
    }

    /** The files of a run, by path. */
    public ArtifactList list(Reading db, ListArtifacts request) {
        RunHeader run = RunHeader.of(db, request.run());
        return new ArtifactList(
                run.id(),
                db.sql()
                        .createQuery("SELECT path, digest, bytes, at FROM run_artifact WHERE run = :run ORDER BY path")
                        .bind("run", run.id())
                        .map((row, context) -> new RunArtifact(
                                row.getString("path"),
                                new Digest(row.getString("digest")),
                                row.getLong("bytes"),
                                Instant.ofEpochMilli(row.getLong("at"))))
                        .list());
    }

    /** The bytes of one file of a run. */
    public Content get(Reading db, GetArtifact request) {
        Digest digest = db.sql()
                .createQuery("SELECT digest FROM run_artifact WHERE run = :run AND path = :path")
                .bind("run", request.run())
                .bind("path", request.path())
                .mapTo(String.class)
                .findOne()
                .map(Digest::new)
                .orElseThrow(() -> Problem.notFound("artifact of run " + request.run(), request.path()));
        String file = request.path().substring(request.path().lastIndexOf('/') + 1);
        return new Content("application/octet-stream", Optional.of(file), out -> {
            try (InputStream bytes = blobs.open(digest)) {
                bytes.transferTo(out);
            }
        });
    }
}
