package org.plimsoll.data;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.DatasetName;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import tools.jackson.core.JacksonException;

/**
 * An immutable set of files of a dataset. Its manifest is canonical JSON; the digest of those bytes is the version of the data:
 * same bytes, same digest.
 *
 * <pre>
 *  {"v":1,
 *   "dataset":"flights",
 *   "files":[{"path":"2001-01.parquet","digest":"sha256:…","bytes":979192,"rows":193012}, …],   in row order
 *   "schema":[{"name":"date","type":"timestamp","optional":false}, …],
 *   "rows":193012, "bytes":979192,
 *   "profile":"sha256:…"}                                   {@link Profile}, when it was made
 * </pre>
 *
 * The rows of a snapshot are those of its files, one after the other: a row is known by its file's digest and its number in it.
 * Therefore no two files have the same bytes.
 *
 * @param v the format's version, 1
 * @param files in the order of the rows
 * @param schema of all files together; optional where a value is missing in any of them
 */
public record Snapshot(
        int v, DatasetName dataset, List<File> files, Schema schema, long rows, long bytes, Optional<Digest> profile) {

    /** The format's version; readers refuse a greater one. */
    public static final int V = 1;

    /**
     * A Parquet file.
     *
     * @param path its name when it was added, for people
     */
    public record File(String path, Digest digest, long bytes, long rows) {
        public File {
            if (path.isBlank() || path.startsWith("/") || path.contains("..") || bytes < 0 || rows < 0) {
                throw Problem.invalid(
                        "file", path + ", " + bytes + " bytes, " + rows + " rows", "a relative path and sizes");
            }
        }
    }

    public Snapshot {
        if (v != V) {
            throw Problem.invalid(
                    "v", v, "a snapshot's manifest of version " + V + "; a newer Plimsoll may have written it");
        }
        files = List.copyOf(files);
        if (files.isEmpty()) {
            throw Problem.of(Problem.Kind.INVALID, "a snapshot of " + dataset + " needs at least one file");
        }
        Set<Digest> seen = new HashSet<>();
        for (File file : files) {
            if (!seen.add(file.digest)) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        file.path
                                + " has the same bytes as another file of the snapshot; each row must be known by its file");
            }
        }
        if (rows != files.stream().mapToLong(File::rows).sum()
                || bytes != files.stream().mapToLong(File::bytes).sum()) {
            throw Problem.invalid("rows, bytes", rows + ", " + bytes, "the sums over the files");
        }
    }

    /** The snapshot of these files. */
    public static Snapshot of(DatasetName dataset, List<File> files, Schema schema, Optional<Digest> profile) {
        return new Snapshot(
                V,
                dataset,
                files,
                schema,
                files.stream().mapToLong(File::rows).sum(),
                files.stream().mapToLong(File::bytes).sum(),
                profile);
    }

    /** The version of the data. */
    public Digest digest() {
        return CanonicalJson.digest(this);
    }

    /** The bytes of the manifest. */
    public byte[] manifest() {
        return CanonicalJson.bytes(this);
    }

    /** Reads a manifest. @throws Problem where it is not one, or of a later version */
    public static Snapshot read(byte[] manifest) {
        try {
            return Json.read(manifest, Snapshot.class);
        } catch (JacksonException e) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "not a snapshot: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }
}
