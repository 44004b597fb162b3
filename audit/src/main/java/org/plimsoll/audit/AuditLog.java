package org.plimsoll.audit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.plimsoll.core.Event;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Database;
import org.plimsoll.store.Disk;
import org.plimsoll.store.Events;

/**
 * The Merkle log over all events of a home. Its integrator follows the events by position and appends them:
 *
 * <pre>
 *   events after the last checkpoint  →  entries  →  tiles on the disk, durable  →  the root is signed  →  checkpoint replaced
 *                                                     a crash until here leaves tiles that no checkpoint speaks of:
 *                                                     the next round writes the same bytes again
 * </pre>
 *
 * It never signs a checkpoint that contradicts an earlier one: each round begins from the signed checkpoint on the disk, whose
 * tiles must give its root and whose last entry must be the event that the database has there. Else it stops and says why, and the
 * log stays as it is. One process at a time integrates, by a lock on a file beside the tiles.
 */
public final class AuditLog implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(AuditLog.class.getName());
    private static final int ROUND = 1_000;
    private static final Duration OTHER_NODES = Duration.ofSeconds(1);

    /** Between rounds nobody waits for: commits in quick succession share tiles and a checkpoint. */
    private static final Duration GATHER = Duration.ofMillis(500);

    private final Database database;
    private final Path folder;
    private final AuditKey key;
    private final Thread thread = Thread.ofVirtual().name("audit-integrator").unstarted(this::run);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long wanted; // guarded by lock: somebody waits for this position
    private Optional<Problem> trouble = Optional.empty(); // guarded by lock: why the last round failed
    private volatile boolean closing;
    private volatile Optional<Seen> newest = Optional.empty();

    /** A checkpoint whose signature was verified, and the file it was read from: replacing it makes another file. */
    private record Seen(Optional<Object> file, FileTime written, long bytes, Checkpoint checkpoint) {
        boolean isOf(BasicFileAttributes now) {
            return file.isPresent()
                    && file.get().equals(now.fileKey())
                    && written.equals(now.lastModifiedTime())
                    && bytes == now.size();
        }
    }

    private final ReentrantLock integrating = new ReentrantLock();
    private Optional<GrowingTree> edge = Optional.empty(); // guarded by integrating

    /** @param folder {@code audit/} of a home; made when the first event is integrated */
    public AuditLog(Database database, Path folder, AuditKey key) {
        this.database = database;
        this.folder = folder;
        this.key = key;
    }

    /** Begins to follow the events. */
    public void start() {
        thread.start();
    }

    private void run() {
        long seen = -1;
        try {
            while (!closing) {
                seen = database.commits().await(seen, OTHER_NODES);
                round();
                gather();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        round(); // what was committed until now is in the log when this process ends
    }

    private void round() {
        try {
            integrate();
            setTrouble(Optional.empty());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "events were not added to the audit log; the next round tries again", e);
            setTrouble(
                    Optional.of(e instanceof Problem problem ? problem : Problem.internal("the audit log failed", e)));
        }
    }

    private void setTrouble(Optional<Problem> now) {
        lock.lock();
        try {
            trouble = now;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void gather() throws InterruptedException {
        lock.lock();
        try {
            long nanos = GATHER.toNanos();
            while (!closing && nanos > 0 && wanted <= checkpointed()) {
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private long checkpointed() {
        return checkpoint().map(Checkpoint::size).orElse(0L);
    }

    /**
     * Adds every event that has its position and signs a checkpoint over them, on this thread.
     *
     * @return how many were added
     * @throws Problem INTERNAL where the log or the database is not what it was; nothing is signed then
     */
    public long integrate() {
        long last = database.read(Events::last);
        if (checkpointed() == last) {
            return 0;
        }
        integrating.lock();
        try {
            return integrateLocked();
        } catch (IOException e) {
            throw Problem.internal("the audit log in " + folder + " cannot be written: " + e.getMessage(), e);
        } finally {
            integrating.unlock();
        }
    }

    private long integrateLocked() throws IOException {
        Files.createDirectories(folder);
        try (var channel =
                        FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            if (held == null) {
                return 0; // another process does it
            }
            GrowingTree tree = edge();
            long added = 0;
            List<Event> events = eventsAfter(tree.size());
            while (!events.isEmpty()) {
                append(tree, events);
                added += events.size();
                events = eventsAfter(tree.size());
            }
            return added;
        } catch (OverlappingFileLockException anotherLogInThisProcess) {
            return 0;
        } catch (RuntimeException | IOException e) {
            edge = Optional.empty(); // the next round begins from the disk
            throw e;
        }
    }

    /** The edge kept from the last round, if the signed checkpoint is still its; else read and verified anew. */
    private GrowingTree edge() {
        Optional<Checkpoint> signed = checkpoint();
        long size = signed.map(Checkpoint::size).orElse(0L);
        if (edge.isPresent() && edge.get().size() == size) {
            return edge.get();
        }
        GrowingTree tree = GrowingTree.read(folder, size);
        signed.ifPresent(checkpoint -> {
            requireSame(
                    Base64.getEncoder().encodeToString(tree.root()).equals(checkpoint.root()),
                    "its tiles do not give the root of its checkpoint of " + size + " entries");
        });
        if (size > 0) {
            requireLastIsEvent(size);
        }
        edge = Optional.of(tree);
        return tree;
    }

    /** A database restored from an old backup would otherwise give positions anew that the log has given away. */
    private void requireLastIsEvent(long size) {
        List<Event> event = database.read(db -> Events.after(db, size - 1, 1));
        byte[] entry = new Tiles(folder, size).entry(size - 1);
        requireSame(
                !event.isEmpty()
                        && Arrays.equals(AuditEntry.of(event.getFirst()).bytes(), entry),
                "it has " + size
                        + " entries, and the database has no or another event at that position; was it restored from an"
                        + " older backup?");
    }

    private void requireSame(boolean same, String what) {
        if (!same) {
            throw Problem.of(
                    Problem.Kind.INTERNAL,
                    "nothing more is added to the audit log in " + folder + ": " + what
                            + " Run `plimsoll audit verify` to see what differs");
        }
    }

    private List<Event> eventsAfter(long size) {
        List<Event> events = database.read(db -> Events.after(db, size, ROUND));
        for (int i = 0; i < events.size(); i++) {
            long position = events.get(i).position().orElseThrow();
            requireSame(position == size + 1 + i, "the database has no event at position " + (size + 1 + i) + ".");
        }
        return events;
    }

    private void append(GrowingTree tree, List<Event> events) {
        events.forEach(event -> tree.append(AuditEntry.of(event).bytes()));
        Disk.replaceAll(tree.takeFiles());
        String text = Checkpoint.text(key.verifier().name(), tree.size(), tree.root());
        byte[] note = key.sign(text).format().getBytes(StandardCharsets.UTF_8);
        Disk.replace(Tiles.checkpoint(folder), note);
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The newest signed checkpoint; empty before the first event was integrated. */
    public Optional<Checkpoint> checkpoint() {
        Path file = Tiles.checkpoint(folder);
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            Optional<Seen> before = newest;
            if (before.isPresent() && before.get().isOf(now)) {
                return Optional.of(before.get().checkpoint());
            }
            Checkpoint checkpoint = Checkpoint.verified(Files.readString(file), key.verifier());
            newest = Optional.of(
                    new Seen(Optional.ofNullable(now.fileKey()), now.lastModifiedTime(), now.size(), checkpoint));
            return Optional.of(checkpoint);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw Problem.internal("the checkpoint in " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** What auditors need to verify: the public half of the log's key. */
    public VerifierKey verifier() {
        return key.verifier();
    }

    /**
     * Proof that the event at this position is in the log.
     *
     * @throws Problem NOT_FOUND where the log has no such position, or not yet
     */
    public Receipt receipt(long position) {
        Checkpoint checkpoint = checkpoint().orElseThrow(() -> Problem.notFound("audit entry", position));
        if (position < 1 || position > checkpoint.size()) {
            throw Problem.notFound("audit entry", position);
        }
        return Receipt.of(new Tiles(folder, checkpoint.size()), position, checkpoint);
    }

    /**
     * Waits until the event is in the log.
     *
     * @return proof of it
     * @throws Problem BUSY where that takes longer than {@code atMost}, or the log stands still
     */
    public Receipt awaitReceipt(String event, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        long seen = database.commits().count();
        while (true) {
            Optional<Long> position =
                    database.read(db -> Events.find(db, event)).flatMap(Event::position);
            if (position.isPresent() && awaitSize(position.get(), deadline)) {
                return receipt(position.get());
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw stillWaiting(event);
            }
            if (position.isEmpty()) {
                seen = awaitCommit(seen, Duration.ofNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(50))));
            }
        }
    }

    private long awaitCommit(long seen, Duration atMost) {
        try {
            return database.commits().await(seen, atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(Problem.Kind.BUSY, "interrupted while waiting for the audit log");
        }
    }

    private boolean awaitSize(long position, long deadline) {
        lock.lock();
        try {
            wanted = Math.max(wanted, position);
            changed.signalAll();
            while (checkpointed() < position) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(Problem.Kind.BUSY, "interrupted while waiting for the audit log");
        } finally {
            lock.unlock();
        }
    }

    private Problem stillWaiting(String event) {
        lock.lock();
        try {
            return Problem.of(
                    Problem.Kind.BUSY,
                    "event " + event + " is recorded but not in the audit log yet"
                            + trouble.map(why -> ": " + why.detail()).orElse("; ask for its receipt later"));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Proof that the log of {@code size} entries is the beginning of the log now: base64 hashes as in RFC 6962, section 2.1.2.
     *
     * @throws Problem NOT_FOUND where the log never was that long
     */
    public List<String> consistency(long size) {
        Checkpoint checkpoint = checkpoint().orElseThrow(() -> Problem.notFound("checkpoint of size", size));
        if (size < 0 || size > checkpoint.size()) {
            throw Problem.notFound("checkpoint of size", size);
        }
        List<String> proof = new ArrayList<>();
        for (byte[] hash : Merkle.consistency(new Tiles(folder, checkpoint.size()), size, checkpoint.size())) {
            proof.add(Base64.getEncoder().encodeToString(hash));
        }
        return proof;
    }

    /** Adds what is there and stops. */
    @Override
    public void close() {
        closing = true;
        setTrouble(Optional.empty());
        database.commits().wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
