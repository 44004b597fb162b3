package org.plimsoll.store;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;

/**
 * The manifest of a folder whose files are blobs. Its canonical JSON is a blob itself; that one's digest names the whole folder, so
 * the same names and bytes give the same digest wherever they were added.
 *
 * <pre>
 *   {"files":[{"bytes":214,"digest":"sha256:…","name":"MLmodel"},
 *             {"bytes":90871,"digest":"sha256:…","name":"data/model.xgb"}],"v":1}
 * </pre>
 *
 * Neither empty folders nor permissions nor times are kept.
 *
 * @param v the format's version, 1
 * @param files sorted by name
 */
public record Folder(int v, List<File> files) {

    static final int VERSION = 1;

    /**
     * A file of the folder.
     *
     * @param name relative, with {@code /} between its parts, never {@code .} or {@code ..}
     */
    public record File(String name, Digest digest, long bytes) {
        public File {
            checkName(name);
            if (bytes < 0) {
                throw Problem.invalid("bytes", bytes, "a whole number from 0");
            }
        }
    }

    public Folder {
        if (v != VERSION) {
            throw Problem.invalid(
                    "v", v, "a folder's manifest of version " + VERSION + "; a newer Plimsoll may have written it");
        }
        List<File> sorted =
                files.stream().sorted(Comparator.comparing(File::name)).toList();
        if (!sorted.equals(files)) {
            throw Problem.invalid("files", "files in another order", "files sorted by name");
        }
        for (int i = 1; i < sorted.size(); i++) {
            String before = sorted.get(i - 1).name();
            if (sorted.get(i).name().equals(before)) {
                throw Problem.invalid("files", before + " twice", "each name once");
            }
        }
        files = sorted;
    }

    /** The folder of these files, in any order. */
    public static Folder of(List<File> files) {
        return new Folder(
                VERSION, files.stream().sorted(Comparator.comparing(File::name)).toList());
    }

    /** The file of this name. */
    public Optional<File> file(String name) {
        return files.stream().filter(file -> file.name().equals(name)).findFirst();
    }

    /** The bytes of all files together. */
    public long bytes() {
        return files.stream().mapToLong(File::bytes).sum();
    }

    private static void checkName(String name) {
        boolean plain = !name.isEmpty() && name.indexOf('\\') < 0 && name.indexOf('\0') < 0;
        for (String part : name.split("/", -1)) {
            plain &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
        }
        if (!plain) {
            throw Problem.invalid("name", name, "a relative file name such as data/model.xgb, without . or ..");
        }
    }
}
