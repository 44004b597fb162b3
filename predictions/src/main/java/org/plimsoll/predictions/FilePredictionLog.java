package org.plimsoll.predictions;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;

/**
 * The prediction log in files: {@code predictions/<endpoint>/<number>.segment}, appended to by one process, readable by any.
 * {@link SegmentFormat} draws the bytes, {@link EndpointLog} the group write.
 *
 * <p>A segment ends when it is large or old enough, or with the process; a new process begins a new one. Ended segments never
 * change again, and are sealed by their digest in an event ({@link SealedSegments}).
 */
public final class FilePredictionLog implements PredictionLog {

    /**
     * When a segment ends.
     *
     * @param bytes at this size
     * @param age or this long after it began
     */
    public record Limits(long bytes, Duration age) {
        /** 64 MiB or an hour. */
        public static final Limits USUAL = new Limits(64 << 20, Duration.ofHours(1));

        public Limits {
            if (bytes < 1 || !age.isPositive()) {
                throw Problem.invalid("prediction log limits", bytes + " bytes, " + age, "more than nothing");
            }
        }
    }

    private final Path folder;
    private final Limits limits;
    private final Clock clock;
    private final Map<EndpointName, EndpointLog> logs = new ConcurrentHashMap<>();

    public FilePredictionLog(Path folder, Limits limits, Clock clock) {
        this.folder = folder;
        this.limits = limits;
        this.clock = clock;
    }

    @Override
    public void open(EndpointName endpoint, boolean isSynced) {
        logs.computeIfAbsent(endpoint, _ -> {
            try {
                return new EndpointLog(endpoint, folderOf(endpoint), isSynced, limits, clock);
            } catch (IOException e) {
                throw Problem.of(
                        Problem.Kind.BUSY,
                        "the prediction log of " + endpoint + " cannot be opened: " + e.getMessage());
            }
        });
    }

    Path folderOf(EndpointName endpoint) {
        return folder.resolve(endpoint.value());
    }

    @Override
    public void append(EndpointName endpoint, PredictionBatch batch) {
        log(endpoint).append(batch);
    }

    private EndpointLog log(EndpointName endpoint) {
        return Optional.ofNullable(logs.get(endpoint))
                .orElseThrow(() -> Problem.of(
                        Problem.Kind.BUSY, "the prediction log of " + endpoint + " has not been opened yet"));
    }

    @Override
    public void scan(EndpointName endpoint, Received received, Detail detail, Consumer<PredictionBatch> sink) {
        List<Segment> segments = EndpointLog.segments(folderOf(endpoint));
        for (int i = 0; i < segments.size(); i++) {
            Optional<Segment.Header> header = segments.get(i).header();
            if (header.isPresent()
                    && header.get().opened() < received.until()
                    && endsAfter(segments, i, received.from())) {
                segments.get(i).scan(received, detail, sink);
            }
        }
    }

    /** A batch waits a moment between being received and being written, so a segment is left out with an hour to spare. */
    private static boolean endsAfter(List<Segment> segments, int i, long from) {
        return i == segments.size() - 1
                || from == Long.MIN_VALUE
                || segments.get(i + 1)
                        .header()
                        .map(next -> next.opened() >= from - Duration.ofHours(1).toMillis())
                        .orElse(true);
    }

    @Override
    public Place scan(EndpointName endpoint, Place from, Place until, Detail detail, PlacedBatches sink) {
        Place at = from;
        for (Segment segment : EndpointLog.segments(folderOf(endpoint))) {
            boolean isInside = segment.number() >= from.segment() && segment.number() <= until.segment();
            if (isInside && segment.header().isPresent()) {
                long begin = segment.number() == from.segment() ? from.offset() : 0;
                long end = segment.number() == until.segment() ? until.offset() : Long.MAX_VALUE;
                at = new Place(segment.number(), segment.scan(begin, end, detail, sink));
            }
        }
        return at;
    }

    @Override
    public Optional<PredictionBatch> find(EndpointName endpoint, String id) {
        if (!Ids.isId(id)) {
            throw Problem.invalid("prediction", id, "32 hex digits");
        }
        long made = Long.parseLong(id, 0, 12, 16);
        AtomicReference<Optional<PredictionBatch>> found = new AtomicReference<>(Optional.empty());
        long spare = Duration.ofHours(1).toMillis();
        scan(endpoint, new Received(made - spare, made + spare), Detail.ALL, batch -> {
            if (batch.id().equals(id) && batch.parts().stream().noneMatch(part -> part.arm() == Arm.SHADOW)) {
                found.set(Optional.of(batch));
            }
        });
        return found.get();
    }

    @Override
    public OptionalLong latestEventTime(EndpointName endpoint) {
        long latest = log(endpoint).latest();
        return latest == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(latest);
    }

    /** The segments that have ended, oldest first. */
    List<Segment> ended(EndpointName endpoint) {
        Optional<Segment> current = Optional.ofNullable(logs.get(endpoint)).flatMap(EndpointLog::current);
        return EndpointLog.segments(folderOf(endpoint)).stream()
                .filter(segment -> !current.equals(Optional.of(segment)))
                .toList();
    }

    /** The endpoints that have been opened. */
    List<EndpointName> endpoints() {
        return logs.keySet().stream().sorted().toList();
    }

    /** Ends the segments that are being written, so that they can be sealed and copied. */
    public void roll() {
        logs.values().forEach(EndpointLog::roll);
    }

    @Override
    public void close() {
        logs.values().forEach(EndpointLog::close);
    }
}
