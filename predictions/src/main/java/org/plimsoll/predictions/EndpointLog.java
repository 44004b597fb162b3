package org.plimsoll.predictions;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Schema;
import org.plimsoll.predictions.FilePredictionLog.Limits;

/**
 * The log of one endpoint. Requests that come while a write is under way wait together and share the next one:
 *
 * <pre>
 *  request 1  encode ── write ────────┐ done
 *  request 2        encode ─ wait ────┤── write 2,3,4 ──┐ done
 *  request 3           encode ─ wait ─┤                 │ done
 *  request 4              encode ─ wait                 │ done
 * </pre>
 *
 * The first that finds nobody writing writes for all that have encoded so far; nobody else's thread is needed. Everything
 * mutable is guarded by {@code lock}, but for the buffer being written, which its writer owns. Writing goes through a stream, not
 * a channel: interrupting a thread must not close the file.
 */
final class EndpointLog {

    private final EndpointName endpoint;
    private final Path folder;
    private final boolean isSynced;
    private final Limits limits;
    private final Clock clock;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition written = lock.newCondition();
    private final List<Layout> layouts = new ArrayList<>();
    private final List<Schema> schemas = new ArrayList<>();
    private Group filling = new Group(new SegmentFormat.Encoder(), true);
    private SegmentFormat.Encoder spare = new SegmentFormat.Encoder();
    private volatile Optional<Open> open = Optional.empty(); // the writer's; others only look which it is
    private boolean isWriting;
    private boolean isClosed;
    private long next;
    private long latest = Long.MIN_VALUE;
    private Digest lastTable = Digest.of("");
    private byte[] lastTableBytes = lastTable.bytes();

    /** Requests that are written together. */
    private static final class Group {
        private final SegmentFormat.Encoder encoder;
        private final boolean beginsSegment;
        private boolean isDone;
        private Optional<Problem> failure = Optional.empty();

        Group(SegmentFormat.Encoder encoder, boolean beginsSegment) {
            this.encoder = encoder;
            this.beginsSegment = beginsSegment;
        }
    }

    /** The segment that is written to, and how far it is whole. */
    private static final class Open {
        private final Segment segment;
        private final FileOutputStream file;
        private final long since;
        private long whole;

        Open(Segment segment, FileOutputStream file, long since) {
            this.segment = segment;
            this.file = file;
            this.since = since;
        }
    }

    EndpointLog(EndpointName endpoint, Path folder, boolean isSynced, Limits limits, Clock clock) throws IOException {
        this.endpoint = endpoint;
        this.folder = folder;
        this.isSynced = isSynced;
        this.limits = limits;
        this.clock = clock;
        Files.createDirectories(folder);
        List<Segment> segments = segments(folder);
        if (!segments.isEmpty()) {
            next = segments.getLast().number() + 1;
            for (int i = segments.size() - 1; i >= 0 && latest == Long.MIN_VALUE; i--) {
                latest = i == segments.size() - 1
                        ? segments.get(i).recover()
                        : segments.get(i).latest();
            }
        }
    }

    static List<Segment> segments(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.flatMap(file -> Segment.in(file).stream()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The segment being written to, which is not sealed yet. */
    Optional<Segment> current() {
        return open.map(it -> it.segment);
    }

    long latest() {
        lock.lock();
        try {
            return latest;
        } finally {
            lock.unlock();
        }
    }

    void append(PredictionBatch batch) {
        lock.lock();
        try {
            if (isClosed) {
                throw Problem.of(Problem.Kind.BUSY, "the prediction log of " + endpoint + " is closed");
            }
            Group mine = filling;
            encode(batch, mine.encoder);
            while (!mine.isDone) {
                if (isWriting) {
                    written.awaitUninterruptibly();
                } else {
                    writeFilling();
                }
            }
            if (mine.failure.isPresent()) {
                throw mine.failure.get();
            }
        } finally {
            lock.unlock();
        }
    }

    private void encode(PredictionBatch batch, SegmentFormat.Encoder encoder) {
        int start = encoder.position();
        int knownLayouts = layouts.size();
        int knownSchemas = schemas.size();
        long before = latest;
        try {
            int schema = schemaNumber(batch.raw().schema(), encoder);
            int[] numbers = new int[batch.parts().size()];
            for (int p = 0; p < numbers.length; p++) {
                numbers[p] = layoutNumber(batch.parts().get(p).layout(), encoder);
            }
            for (long time : batch.eventTimes()) {
                latest = Math.max(latest, time);
            }
            encoder.rows(batch, tableBytes(batch.table()), schema, numbers, latest);
        } catch (RuntimeException e) {
            encoder.back(start);
            latest = before;
            layouts.subList(knownLayouts, layouts.size()).clear();
            schemas.subList(knownSchemas, schemas.size()).clear();
            throw e;
        }
    }

    private int layoutNumber(Layout layout, SegmentFormat.Encoder encoder) {
        for (int i = 0; i < layouts.size(); i++) {
            if (layouts.get(i) == layout) { // the same instance each time: no need to compare hundreds of names
                return i;
            }
        }
        int equal = layouts.indexOf(layout);
        if (equal >= 0) {
            layouts.set(equal, layout);
            return equal;
        }
        layouts.add(layout);
        encoder.layout(layouts.size() - 1, layout);
        return layouts.size() - 1;
    }

    private int schemaNumber(Schema schema, SegmentFormat.Encoder encoder) {
        for (int i = 0; i < schemas.size(); i++) {
            if (schemas.get(i) == schema) {
                return i;
            }
        }
        int equal = schemas.indexOf(schema);
        if (equal >= 0) {
            schemas.set(equal, schema);
            return equal;
        }
        schemas.add(schema);
        encoder.schema(schemas.size() - 1, schema);
        return schemas.size() - 1;
    }

    private byte[] tableBytes(Digest table) {
        if (!table.equals(lastTable)) {
            lastTable = table;
            lastTableBytes = table.bytes();
        }
        return lastTableBytes;
    }

    /** Writes what waits; called with the lock, which is let go of while the bytes go out. */
    private void writeFilling() {
        Group group = filling;
        isWriting = true;
        refill(spare, isFullAfter(group));
        long latestBefore = latest;
        lock.unlock();
        Optional<Problem> failure;
        try {
            failure = write(group, latestBefore);
        } finally {
            lock.lock();
        }
        isWriting = false;
        group.isDone = true;
        group.failure = failure;
        failure.ifPresent(this::failWaiting);
        group.encoder.back(0);
        spare = group.encoder;
        written.signalAll();
    }

    /** Where requests encode from now on. What begins a segment explains itself anew. */
    private void refill(SegmentFormat.Encoder encoder, boolean beginsSegment) {
        filling = new Group(encoder, beginsSegment);
        if (beginsSegment) {
            layouts.clear();
            schemas.clear();
        }
    }

    /** What encoded meanwhile relies on layouts that were never written: it fails too, and the next begins a segment. */
    private void failWaiting(Problem failure) {
        Group waiting = filling;
        waiting.isDone = true;
        waiting.failure = Optional.of(failure);
        waiting.encoder.back(0);
        refill(waiting.encoder, true);
    }

    private boolean isFullAfter(Group group) {
        if (group.beginsSegment) {
            return group.encoder.position() >= limits.bytes();
        }
        Open into = open.orElseThrow();
        return into.whole + group.encoder.position() >= limits.bytes()
                || clock.millis() - into.since >= limits.age().toMillis();
    }

    /** Only the writer comes here, one at a time, without the lock. */
    private Optional<Problem> write(Group group, long latestBefore) {
        try {
            if (group.beginsSegment) {
                end();
                begin(latestBefore);
            }
            Open into = open.orElseThrow();
            try {
                into.file.write(group.encoder.bytes().array(), 0, group.encoder.position());
                if (isSynced) {
                    into.file.getFD().sync();
                }
                into.whole += group.encoder.position();
                return Optional.empty();
            } catch (IOException e) {
                cut(into);
                return Optional.of(notKept(e));
            }
        } catch (IOException e) {
            return Optional.of(notKept(e));
        }
    }

    private Problem notKept(IOException e) {
        boolean isFull = String.valueOf(e.getMessage()).contains("No space left");
        return Problem.of(
                isFull ? Problem.Kind.STORAGE_FULL : Problem.Kind.BUSY,
                "the prediction log of " + endpoint + " cannot be written: " + e.getMessage());
    }

    private void begin(long latestBefore) throws IOException {
        long now = clock.millis();
        Segment segment = Segment.of(folder, next);
        SegmentFormat.Encoder header = new SegmentFormat.Encoder();
        header.header(now, latestBefore);
        FileOutputStream file = new FileOutputStream(segment.file().toFile(), true);
        try {
            file.write(header.bytes().array(), 0, header.position());
            if (isSynced) {
                file.getFD().sync();
                try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                    directory.force(true);
                }
            }
        } catch (IOException e) {
            file.close();
            Files.deleteIfExists(segment.file());
            throw e;
        }
        next++;
        Open begun = new Open(segment, file, now);
        begun.whole = header.position();
        open = Optional.of(begun);
    }

    /** Nothing half-written may stand before what is acknowledged later. */
    private static void cut(Open into) {
        try (RandomAccessFile bytes = new RandomAccessFile(into.segment.file().toFile(), "rw")) {
            bytes.setLength(into.whole);
        } catch (IOException e) {
            System.getLogger(EndpointLog.class.getName())
                    .log(System.Logger.Level.WARNING, "the torn end of " + into.segment.file() + " stays", e);
        }
    }

    /** Ends the segment that is written to, so that it never changes again. */
    private void end() {
        open.ifPresent(it -> {
            try (FileOutputStream file = it.file) {
                file.getFD().sync();
            } catch (IOException e) {
                System.getLogger(EndpointLog.class.getName())
                        .log(System.Logger.Level.WARNING, it.segment.file() + " could not be closed", e);
            }
        });
        open = Optional.empty();
    }

    /** Ends the segment that is written to; the next request begins another. */
    void roll() {
        lock.lock();
        try {
            while (isWriting || filling.encoder.position() > 0) {
                if (isWriting) {
                    written.awaitUninterruptibly();
                } else {
                    writeFilling();
                }
            }
            end();
            refill(filling.encoder, true);
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            isClosed = true;
            roll();
        } finally {
            lock.unlock();
        }
    }
}
