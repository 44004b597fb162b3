package org.plimsoll.pipeline;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Query;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Folders;
import org.plimsoll.tracking.Port;
import org.plimsoll.tracking.Verification;
import org.plimsoll.tracking.Verification.Level;
import tools.jackson.core.JacksonException;

/**
 * Says how far what came out the second time is what came out the first time. The strongest level that holds is given:
 *
 * <pre>
 *  L1  the same bytes
 *  L2  the same table in other bytes (Parquet); the same value in other white space (JSON)
 *  L3  a model in other bytes that scores the golden rows of the first as the first did
 * </pre>
 *
 * L4 (metrics within the noise of the seed) needs runs with other seeds and is not given here.
 */
final class Repetition {

    private final BlobStore blobs;
    private final Query query;
    private final Path scratch;
    private final Execution execution;

    Repetition(BlobStore blobs, Query query, Path scratch, Execution execution) {
        this.execution = execution;
        this.blobs = blobs;
        this.query = query;
        this.scratch = scratch;
    }

    /** One verification for each output, in their order. */
    List<Verification> compare(String step, List<Port> first, List<Port> again) {
        List<Verification> levels = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            Port before = first.get(i);
            Port after = again.get(i);
            levels.add(new Verification(step, before.name(), level(before, after), before.digest(), after.digest()));
        }
        return List.copyOf(levels);
    }

    private Level level(Port before, Port after) {
        if (before.digest().equals(after.digest())) {
            return Level.BYTES;
        }
        if (before.form() != after.form()) {
            return Level.DIFFERENT;
        }
        boolean same = before.form() == Port.Form.FOLDER
                ? false
                : sameTable(before.digest(), after.digest()) || sameJson(before.digest(), after.digest());
        if (same) {
            return Level.MEANING;
        }
        return before.form() == Port.Form.FOLDER && sameScores(before.digest(), after.digest())
                ? Level.PREDICTIONS
                : Level.DIFFERENT;
    }

    private boolean sameTable(Digest before, Digest after) {
        Optional<Columns> first = table(before);
        return first.isPresent()
                && table(after).filter(it -> equal(first.get(), it)).isPresent();
    }

    private Optional<Columns> table(Digest digest) {
        try {
            return Optional.of(query.read(List.of(blobs.fetch(digest))));
        } catch (Problem notParquet) {
            return Optional.empty();
        }
    }

    private static boolean equal(Columns a, Columns b) {
        if (a.rows() != b.rows() || !a.schema().names().equals(b.schema().names())) {
            return false;
        }
        for (int column = 0; column < a.schema().size(); column++) {
            for (int row = 0; row < a.rows(); row++) {
                if (!a.written(column, row).equals(b.written(column, row))) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean sameJson(Digest before, Digest after) {
        try {
            return Json.MAPPER.readTree(blobs.read(before)).equals(Json.MAPPER.readTree(blobs.read(after)));
        } catch (JacksonException notJson) {
            return false;
        }
    }

    /** Golden rows are part of the artifact: the second model is asked about the rows of the first. */
    private boolean sameScores(Digest before, Digest after) {
        Path first = scratch.resolve("work").resolve(Ids.next());
        Path again = scratch.resolve("work").resolve(Ids.next());
        try {
            Folders.restore(blobs, before, first);
            Folders.restore(blobs, after, again);
            if (!Files.exists(first.resolve("MLmodel")) || !Files.exists(again.resolve("MLmodel"))) {
                return false;
            }
            try (var scorer = ModelArtifact.open(again).scorer(execution)) {
                return ModelArtifact.open(first).golden().judge(scorer).holds();
            }
        } catch (Problem problem) {
            return false;
        } finally {
            StepRunner.delete(first);
            StepRunner.delete(again);
        }
    }
}
