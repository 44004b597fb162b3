package org.plimsoll.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.plimsoll.access.BlobOperations.GetBlob;
import org.plimsoll.access.BlobOperations.MissingBlobs;
import org.plimsoll.access.BlobOperations.PutBlob;
import org.plimsoll.access.Bytes;
import org.plimsoll.access.Content;
import org.plimsoll.access.Operations;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.store.BlobStore;

/**
 * The blobs of a server elsewhere. Bytes that are there already are not sent again; what is fetched is verified and kept in a
 * local folder, which may be emptied at any time.
 */
public final class HttpBlobStore implements BlobStore {

    private final Operations operations;
    private final Path cache;

    /** @param cache for what was fetched or is on its way; made when needed */
    public HttpBlobStore(Operations operations, Path cache) {
        this.operations = operations;
        this.cache = cache;
    }

    @Override
    public Digest add(Path file) {
        return addAll(List.of(file)).getFirst();
    }

    @Override
    public Digest add(InputStream bytes) {
        try {
            Path copy = newFile();
            MessageDigest sha = Digest.sha256();
            try (OutputStream out = new DigestOutputStream(Files.newOutputStream(copy), sha)) {
                bytes.transferTo(out);
            }
            Digest digest = Digest.of(sha);
            if (!has(digest)) {
                put(digest, copy);
            }
            Files.move(copy, at(digest), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return digest;
        } catch (IOException e) {
            throw failed("keep", e);
        }
    }

    @Override
    public List<Digest> addAll(List<Path> files) {
        List<Digest> digests = new ArrayList<>(files.size());
        for (Path file : files) {
            digests.add(digest(file));
        }
        Set<Digest> missing = new HashSet<>();
        for (int from = 0; from < digests.size(); from += 10_000) {
            List<Digest> part = digests.subList(from, Math.min(from + 10_000, digests.size()));
            missing.addAll(operations.perform(new MissingBlobs(part)).digests());
        }
        for (int i = 0; i < files.size(); i++) {
            if (missing.remove(digests.get(i))) {
                put(digests.get(i), files.get(i));
            }
        }
        return List.copyOf(digests);
    }

    @Override
    public boolean has(Digest digest) {
        return operations.perform(new MissingBlobs(List.of(digest))).digests().isEmpty();
    }

    @Override
    public long size(Digest digest) {
        try {
            return Files.size(fetch(digest));
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    @Override
    public InputStream open(Digest digest) {
        try {
            return Files.newInputStream(fetch(digest));
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    @Override
    public Path fetch(Digest digest) {
        Path file = at(digest);
        if (Files.exists(file) && digest(file).equals(digest)) {
            return file;
        }
        Content content = operations.perform(new GetBlob(digest));
        try {
            Path fresh = newFile();
            MessageDigest sha = Digest.sha256();
            try (OutputStream out = new DigestOutputStream(Files.newOutputStream(fresh), sha)) {
                content.writer().to(out);
            }
            if (!Digest.of(sha).equals(digest)) {
                Files.delete(fresh);
                throw Problem.of(Problem.Kind.INTERNAL, "the server sent other bytes than those of " + digest);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw failed("fetch", e);
        }
    }

    @Override
    public byte[] read(Digest digest) {
        try {
            return Files.readAllBytes(fetch(digest));
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    private void put(Digest digest, Path file) {
        operations.upload(new PutBlob(digest), Bytes.of(file));
    }

    private Path newFile() throws IOException {
        Files.createDirectories(cache);
        return Files.createTempFile(cache, "blob", ".part");
    }

    private Path at(Digest digest) {
        return cache.resolve(digest.hex());
    }

    private static Digest digest(Path file) {
        MessageDigest sha = Digest.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw failed("read", e);
        }
        return Digest.of(sha);
    }

    private static Problem failed(String what, IOException e) {
        return Problem.of(Problem.Kind.INVALID, "could not " + what + " bytes: " + e.getMessage());
    }
}
