package org.plimsoll.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;

/**
 * Blobs as files:
 *
 * <pre>
 *   blobs/sha256/3f/3f9a…     the bytes whose SHA-256 is 3f9a…
 *   blobs/incoming/0198…      being written; found there after a day, it belongs to nobody and is deleted
 *
 *   write    incoming/x  →  sync  →  rename to sha256/3f/3f9a…  →  sync of the folder's names
 *   many     all to incoming  →  one syncfs  →  all renamed  →  one syncfs
 * </pre>
 *
 * A name is therefore never seen before its bytes are on the disk. Adding bytes that are there already writes them again, which
 * mends a damaged copy. Safe for many threads and processes.
 */
public final class FileBlobStore implements BlobStore {

    private static final int BUFFER = 1 << 16;
    private static final int BATCH = 4096;
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Path blobs;
    private final Path root;
    private final Path incoming;

    /** @param blobs the folder {@code blobs} of a home; made when first needed */
    public FileBlobStore(Path blobs) {
        this.blobs = blobs;
        this.root = blobs.resolve("sha256");
        this.incoming = blobs.resolve("incoming");
    }

    private record Arrived(Path file, Digest digest) {}

    @Override
    public Digest add(Path file) {
        try (InputStream bytes = Files.newInputStream(file)) {
            return add(bytes);
        } catch (IOException e) {
            throw Storage.problem("read " + file, e);
        }
    }

    @Override
    public Digest add(InputStream bytes) {
        try {
            prepare();
            Arrived arrived = receive(bytes, true);
            publish(arrived);
            Disk.forceNames(folderOf(arrived.digest()));
            return arrived.digest();
        } catch (IOException e) {
            throw Storage.problem("keep bytes in " + root, e);
        }
    }

    @Override
    public List<Digest> addAll(List<Path> files) {
        if (files.isEmpty()) {
            return List.of();
        }
        int threads = Math.min(files.size(), Runtime.getRuntime().availableProcessors());
        try (var readers = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("blob-reader-", 0).factory())) {
            prepare();
            List<Digest> digests = new ArrayList<>(files.size());
            Set<Path> folders = new LinkedHashSet<>();
            for (int from = 0; from < files.size(); from += BATCH) {
                List<Callable<Arrived>> work = new ArrayList<>();
                for (Path file : files.subList(from, Math.min(files.size(), from + BATCH))) {
                    work.add(() -> {
                        try (InputStream bytes = Files.newInputStream(file)) {
                            return receive(bytes, false);
                        }
                    });
                }
                List<Arrived> batch = results(readers.invokeAll(work));
                if (!Disk.forceAll(incoming)) {
                    for (Arrived arrived : batch) {
                        Disk.force(arrived.file());
                    }
                }
                for (Arrived arrived : batch) {
                    publish(arrived);
                    folders.add(folderOf(arrived.digest()));
                    digests.add(arrived.digest());
                }
            }
            if (!Disk.forceAll(root)) {
                for (Path folder : folders) {
                    Disk.forceNames(folder);
                }
            }
            return digests;
        } catch (IOException e) {
            throw Storage.problem("keep files in " + root, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(Problem.Kind.BUSY, "interrupted while keeping files in " + root);
        }
    }

    private static List<Arrived> results(List<Future<Arrived>> done) throws IOException, InterruptedException {
        List<Arrived> arrived = new ArrayList<>(done.size());
        for (Future<Arrived> one : done) {
            try {
                arrived.add(one.get());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException io) {
                    throw io;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
        return arrived;
    }

    @Override
    public boolean has(Digest digest) {
        return Files.isRegularFile(fileOf(digest));
    }

    @Override
    public long size(Digest digest) {
        try {
            return Files.size(fileOf(digest));
        } catch (NoSuchFileException e) {
            throw missing(digest);
        } catch (IOException e) {
            throw Storage.problem("find " + digest, e);
        }
    }

    @Override
    public InputStream open(Digest digest) {
        try {
            Path file = fileOf(digest);
            return new VerifiedInputStream(Files.newInputStream(file), digest, Files.size(file), file.toString());
        } catch (NoSuchFileException e) {
            throw missing(digest);
        } catch (IOException e) {
            throw Storage.problem("read " + digest, e);
        }
    }

    @Override
    public Path fetch(Digest digest) {
        try (InputStream bytes = open(digest)) {
            bytes.transferTo(OutputStream.nullOutputStream());
            return fileOf(digest);
        } catch (IOException e) {
            throw Storage.problem("read " + digest, e);
        }
    }

    @Override
    public byte[] read(Digest digest) {
        try (InputStream bytes = open(digest)) {
            return bytes.readAllBytes();
        } catch (IOException e) {
            throw Storage.problem("read " + digest, e);
        }
    }

    private Path folderOf(Digest digest) {
        return root.resolve(digest.hex().substring(0, 2));
    }

    private Path fileOf(Digest digest) {
        return folderOf(digest).resolve(digest.hex());
    }

    private static Problem missing(Digest digest) {
        return Problem.notFound("blob", digest);
    }

    private Arrived receive(InputStream bytes, boolean force) throws IOException {
        Path file = incoming.resolve(Ids.next());
        MessageDigest sha256 = Digest.sha256();
        byte[] buffer = new byte[BUFFER];
        boolean whole = false;
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int n = bytes.read(buffer); n >= 0; n = bytes.read(buffer)) {
                sha256.update(buffer, 0, n);
                var view = ByteBuffer.wrap(buffer, 0, n);
                while (view.hasRemaining()) {
                    channel.write(view);
                }
            }
            if (force) {
                channel.force(true);
            }
            whole = true;
            return new Arrived(file, Digest.of(sha256));
        } finally {
            if (!whole) {
                Files.deleteIfExists(file);
            }
        }
    }

    private void publish(Arrived arrived) throws IOException {
        Path folder = folderOf(arrived.digest());
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Disk.forceNames(root);
        }
        Files.move(
                arrived.file(),
                fileOf(arrived.digest()),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private void prepare() throws IOException {
        if (!Files.isDirectory(incoming) || !Files.isDirectory(root)) {
            Files.createDirectories(root);
            Files.createDirectories(incoming);
            Disk.forceNames(blobs);
        }
    }

    /** Deletes what writers that died left behind; called when a server starts. */
    public void sweep(Instant now) {
        if (!Files.isDirectory(incoming)) {
            return;
        }
        try (Stream<Path> left = Files.list(incoming)) {
            for (Path file : (Iterable<Path>) left::iterator) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(ABANDONED))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException gone) {
            // its writer finished it meanwhile
        } catch (IOException e) {
            throw Storage.problem("sweep " + incoming, e);
        }
    }
}
