package org.plimsoll.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.DatasetName;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.store.BlobStore;

/** Parquet files on their way to become a snapshot: kept as blobs, looked at once, described. */
public final class SnapshotFiles {

    private SnapshotFiles() {}

    /**
     * Keeps these files and their profile as blobs and describes them, in the order given, which is the order of the rows.
     *
     * @return the snapshot, ready to be added with {@link DataOperations.AddSnapshot}
     * @throws Problem naming the file that is not there, is no Parquet, or has other columns than the first
     */
    public static Snapshot keep(DatasetName dataset, List<Path> files, BlobStore blobs, Query query) {
        if (files.isEmpty()) {
            throw Problem.of(Problem.Kind.INVALID, "no files are named");
        }
        Set<String> names = new HashSet<>();
        List<Query.Table> outlines = new ArrayList<>();
        for (Path file : files) {
            if (!names.add(file.getFileName().toString())) {
                throw Problem.of(Problem.Kind.INVALID, "two files are named " + file.getFileName());
            }
            Query.Table outline = query.outline(file);
            if (!outlines.isEmpty()) {
                sameColumns(
                        file.getFileName().toString(),
                        outline.schema(),
                        outlines.getFirst().schema());
            }
            outlines.add(outline);
        }
        List<Digest> digests = blobs.addAll(files);
        // from here on the blobs are looked at, which nobody can change meanwhile
        List<Path> kept = digests.stream().map(blobs::fetch).toList();
        Query.Table all = query.describe(kept);
        List<Snapshot.File> described = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            String name = files.get(i).getFileName().toString();
            long rows = query.outline(kept.get(i)).rows();
            described.add(new Snapshot.File(name, digests.get(i), blobs.size(digests.get(i)), rows));
        }
        Digest profile =
                blobs.add(new java.io.ByteArrayInputStream(CanonicalJson.bytes(Profile.of(query, kept, all.schema()))));
        return Snapshot.of(dataset, described, all.schema(), Optional.of(profile));
    }

    /** Names and types, in order; whether values are missing may differ from file to file. */
    static void sameColumns(String file, Schema given, Schema expected) {
        boolean same = given.size() == expected.size();
        for (int c = 0; same && c < given.size(); c++) {
            Column one = given.columns().get(c);
            Column other = expected.columns().get(c);
            same = one.name().equals(other.name()) && one.type() == other.type();
        }
        if (!same) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "file " + file + " has other columns than the rest: [" + given + "]; expected [" + expected + "]");
        }
    }
}
