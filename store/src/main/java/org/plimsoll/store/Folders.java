package org.plimsoll.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import tools.jackson.core.JacksonException;

/** Puts folders into a blob store and gets them back. */
public final class Folders {

    private Folders() {}

    /**
     * Keeps every file under {@code dir}, and their manifest.
     *
     * @return the digest of the manifest, which names the folder
     * @throws Problem INVALID where {@code dir} is not a folder, or holds a link or another thing that is not a file
     */
    public static Digest add(BlobStore blobs, Path dir) {
        List<Path> paths = filesOf(dir);
        List<Digest> digests = blobs.addAll(paths);
        List<Folder.File> files = new ArrayList<>(paths.size());
        for (int i = 0; i < paths.size(); i++) {
            Digest digest = digests.get(i);
            files.add(new Folder.File(nameOf(dir, paths.get(i)), digest, blobs.size(digest)));
        }
        return blobs.add(new ByteArrayInputStream(CanonicalJson.bytes(Folder.of(files))));
    }

    /**
     * The manifest of this folder.
     *
     * @throws Problem INVALID where the blob is not a folder's manifest
     */
    public static Folder read(BlobStore blobs, Digest folder) {
        try {
            return Json.read(blobs.read(folder), Folder.class);
        } catch (JacksonException e) {
            throw Problem.invalid(
                    "folder", folder, "the digest of a folder's manifest (" + e.getOriginalMessage() + ")");
        }
    }

    /**
     * Writes the folder's files into {@code dir}, which must be empty or not there yet.
     *
     * @throws Problem CONFLICT where {@code dir} is not empty
     */
    public static void restore(BlobStore blobs, Digest folder, Path dir) {
        Folder manifest = read(blobs, folder);
        try {
            Files.createDirectories(dir);
            try (Stream<Path> there = Files.list(dir)) {
                if (there.findAny().isPresent()) {
                    throw Problem.of(Problem.Kind.CONFLICT, dir + " is not empty; name a folder that is not there yet");
                }
            }
            for (Folder.File file : manifest.files()) {
                Path target = dir.resolve(file.name());
                Files.createDirectories(target.getParent());
                try (var bytes = blobs.open(file.digest())) {
                    Files.copy(bytes, target);
                }
            }
        } catch (FileAlreadyExistsException e) {
            throw Problem.of(Problem.Kind.CONFLICT, e.getFile() + " is in the way of the folder's files");
        } catch (IOException e) {
            throw Storage.problem("restore the folder to " + dir, e);
        }
    }

    private static List<Path> filesOf(Path dir) {
        if (!Files.isDirectory(dir)) {
            throw Problem.invalid("folder", dir, "a folder");
        }
        try (Stream<Path> walk = Files.walk(dir)) {
            List<Path> files = new ArrayList<>();
            for (Path path : (Iterable<Path>) walk::iterator) {
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    files.add(path);
                } else if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    throw Problem.invalid("folder", path, "files and folders only: links and devices are not kept");
                }
            }
            return files;
        } catch (IOException e) {
            throw Storage.problem("read the folder " + dir, e);
        }
    }

    private static String nameOf(Path dir, Path file) {
        List<String> parts = new ArrayList<>();
        dir.relativize(file).forEach(part -> parts.add(part.toString()));
        return String.join("/", parts);
    }
}
