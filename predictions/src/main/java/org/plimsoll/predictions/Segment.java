package org.plimsoll.predictions;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.plimsoll.core.Problem;
import org.plimsoll.predictions.PredictionLog.Detail;
import org.plimsoll.predictions.PredictionLog.Received;

/**
 * One file of the prediction log, {@code <sixteen digits>.segment}: the number counts up within the endpoint. {@link
 * SegmentFormat} has the bytes.
 */
record Segment(Path file, long number) implements Comparable<Segment> {

    private static final String SUFFIX = ".segment";

    /** A write is never torn over more than this; a greater rest is damage, not a torn tail. */
    private static final long LONGEST_TAIL = 2L * SegmentFormat.LONGEST;

    static Segment of(Path folder, long number) {
        return new Segment(folder.resolve("%016d%s".formatted(number, SUFFIX)), number);
    }

    /** The segment in this file, if it is one. */
    static Optional<Segment> in(Path file) {
        String name = file.getFileName().toString();
        if (!name.endsWith(SUFFIX)) {
            return Optional.empty();
        }
        String digits = name.substring(0, name.length() - SUFFIX.length());
        return digits.length() == 16 && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                ? Optional.of(new Segment(file, Long.parseLong(digits)))
                : Optional.empty();
    }

    /** What the first bytes say. */
    record Header(long opened, long latest) {}

    /** How far a segment's records go. */
    private record Extent(long whole, long latest, boolean isTorn) {}

    @Override
    public int compareTo(Segment other) {
        return Long.compare(number, other.number);
    }

    /** Empty where a crash came before the header was whole. */
    Optional<Header> header() {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            byte[] bytes = in.readNBytes(SegmentFormat.FILE_HEADER);
            if (bytes.length < SegmentFormat.FILE_HEADER) {
                return Optional.empty();
            }
            ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            byte[] magic = new byte[SegmentFormat.MAGIC.length];
            header.get(magic);
            int version = header.getInt();
            if (!Arrays.equals(magic, SegmentFormat.MAGIC) || version != SegmentFormat.VERSION) {
                throw SegmentFormat.damaged(file.getFileName() + " is not a segment of version " + SegmentFormat.VERSION
                        + " of the prediction log");
            }
            return Optional.of(new Header(header.getLong(), header.getLong()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hands over the batches. A torn record ends the reading: it was never acknowledged. */
    void scan(Received received, Detail detail, Consumer<PredictionBatch> sink) {
        SegmentFormat.Decoder decoder = new SegmentFormat.Decoder();
        records((type, body) -> decoder.record(type, body, received, detail).ifPresent(sink));
    }

    /**
     * Hands over the batches that begin in a stretch of the file.
     *
     * @return where the last whole record ends that begins before {@code until}
     */
    long scan(long from, long until, Detail detail, PredictionLog.PlacedBatches sink) {
        SegmentFormat.Decoder decoder = new SegmentFormat.Decoder();
        return records(
                        from,
                        until,
                        (at, type, body) -> decoder.record(type, body, Received.ALWAYS, detail)
                                .ifPresent(batch -> sink.take(new Place(number, at), batch)))
                .whole;
    }

    private interface Records {
        void record(byte type, ByteBuffer body);
    }

    private interface PlacedRecords {
        void record(long at, byte type, ByteBuffer body);
    }

    /** Reads records up to the end or the first that is not whole. */
    private Extent records(Records sink) {
        return records(0, Long.MAX_VALUE, (_, type, body) -> sink.record(type, body));
    }

    /** The same for records that begin in a stretch; rows before it are passed over, what explains rows is read. */
    private Extent records(long from, long until, PlacedRecords sink) {
        long at = SegmentFormat.FILE_HEADER;
        long latest = header().map(Header::latest).orElse(Long.MIN_VALUE);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            var in = new FileBytes(bytes);
            long size = bytes.length();
            CRC32C checksum = new CRC32C();
            byte[] head = new byte[SegmentFormat.RECORD_HEADER];
            while (at < until && in.read(at, head) == head.length) {
                ByteBuffer header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
                int length = header.getInt();
                int expected = header.getInt();
                if (length < 0 || length > SegmentFormat.LONGEST || length > size - at - head.length) {
                    return new Extent(at, latest, true);
                }
                if (at < from && head[8] == SegmentFormat.ROWS) {
                    at += head.length + length;
                    continue;
                }
                byte[] body = new byte[length];
                int read = in.read(at + head.length, body);
                checksum.reset();
                checksum.update(head, 8, 1);
                checksum.update(body, 0, read);
                if (read < length || (int) checksum.getValue() != expected) {
                    return new Extent(at, latest, true);
                }
                ByteBuffer whole = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
                if (head[8] == SegmentFormat.ROWS) {
                    latest = Math.max(latest, whole.getLong(24));
                }
                sink.record(at, head[8], whole);
                at += head.length + length;
            }
            return new Extent(at, latest, size > at);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The greatest event time up to the end of this segment; {@link Long#MIN_VALUE} before the first. */
    long latest() {
        return records((_, _) -> {}).latest;
    }

    /**
     * Cuts off what a crash left half-written, so that the segment is whole; the rest is kept beside it as {@code .torn}.
     *
     * @return the greatest event time up to here
     * @throws Problem where the rest is no torn tail: an acknowledged record behind it would be lost
     */
    long recover() {
        if (header().isEmpty()) {
            setAside(0);
            return Long.MIN_VALUE;
        }
        Extent extent = records((_, _) -> {});
        if (extent.isTorn) {
            refuseDamage(extent.whole);
            setAside(extent.whole);
        }
        return extent.latest;
    }

    /** A torn tail holds no whole record; damage in the middle is followed by some. */
    private void refuseDamage(long from) {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            long left = bytes.length() - from;
            if (left > LONGEST_TAIL) {
                throw SegmentFormat.damaged(file.getFileName() + " at byte " + from);
            }
            byte[] tail = new byte[(int) left];
            bytes.seek(from);
            bytes.readFully(tail);
            ByteBuffer buffer = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
            CRC32C checksum = new CRC32C();
            for (int at = 1; at + SegmentFormat.RECORD_HEADER <= tail.length; at++) {
                int length = buffer.getInt(at);
                byte type = tail[at + 8];
                if (type < SegmentFormat.LAYOUT
                        || type > SegmentFormat.ROWS
                        || length <= 0
                        || length > tail.length - at - SegmentFormat.RECORD_HEADER) {
                    continue;
                }
                checksum.reset();
                checksum.update(tail, at + 8, length + 1);
                if ((int) checksum.getValue() == buffer.getInt(at + 4)) {
                    throw SegmentFormat.damaged(file.getFileName() + " at byte " + from
                            + ", and records follow: restore it from a backup, or move it away");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void setAside(long whole) {
        try {
            Path torn = file.resolveSibling(file.getFileName() + ".torn");
            Path copy = file.resolveSibling(file.getFileName() + ".torn.part");
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                byte[] tail = new byte[(int) (bytes.length() - whole)];
                bytes.seek(whole);
                bytes.readFully(tail);
                Files.write(copy, tail);
                Files.move(copy, torn, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                bytes.setLength(whole);
                bytes.getFD().sync();
            }
            if (whole == 0) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
