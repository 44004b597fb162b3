package org.plimsoll.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Folder;

/** What a person wrote for a step, kept as a folder whose digest is part of the step's key: content, never commits or times. */
final class CodeTree {

    private static final int MOST_FILES = 10_000;

    private CodeTree() {}

    /**
     * Keeps these files and folders.
     *
     * @param names relative to {@code folder}; folders with all that is in them but hidden files and Python's caches
     * @return the digest of the folder they make
     */
    static Digest add(BlobStore blobs, Path folder, List<String> names) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String name : names) {
            Path path = folder.resolve(name).normalize();
            if (Files.isDirectory(path)) {
                try (Stream<Path> walk = Files.walk(path)) {
                    walk.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                            .filter(file -> isCode(path, file))
                            .limit(MOST_FILES + 1L)
                            .forEach(files::add);
                }
            } else {
                files.add(path);
            }
        }
        if (files.size() > MOST_FILES) {
            throw Problem.invalid("code", names, "at most 10,000 files: name the folders that hold the code itself");
        }
        List<Path> distinct = files.stream().distinct().toList();
        List<Digest> digests = blobs.addAll(distinct);
        List<Folder.File> entries = new ArrayList<>();
        for (int i = 0; i < distinct.size(); i++) {
            String name = folder.relativize(distinct.get(i)).toString().replace('\\', '/');
            entries.add(new Folder.File(name, digests.get(i), blobs.size(digests.get(i))));
        }
        return blobs.add(new java.io.ByteArrayInputStream(CanonicalJson.bytes(Folder.of(entries))));
    }

    private static boolean isCode(Path root, Path file) {
        for (Path part : root.relativize(file)) {
            if (part.toString().startsWith(".") || part.toString().equals("__pycache__")) {
                return false;
            }
        }
        return true;
    }
}
