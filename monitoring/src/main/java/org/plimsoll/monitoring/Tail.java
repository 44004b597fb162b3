package org.plimsoll.monitoring;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.VersionId;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Profile;
import org.plimsoll.data.Profile.ColumnProfile;
import org.plimsoll.data.ProfileTally;
import org.plimsoll.data.Schema;
import org.plimsoll.monitoring.WindowRows.Cursor;
import org.plimsoll.predictions.Arm;
import org.plimsoll.predictions.Place;
import org.plimsoll.predictions.PredictionBatch;
import org.plimsoll.predictions.PredictionBatch.Part;
import org.plimsoll.predictions.PredictionLog;
import org.plimsoll.predictions.PredictionLog.Detail;

/**
 * The days of one endpoint that are not judged yet, counted while the log grows: each batch is read once, however many days there are.
 *
 * <p>Only memory: what it holds follows from the log and the {@link Cursor}, so a node that dies loses nothing. One thread at a time.
 */
final class Tail {

    /** Scores of one day kept, of all classes together; more say nothing more. */
    private static final int MOST_SCORES = 1_000_000;

    private final EndpointName endpoint;
    private final ZoneId zone;
    private final Function<VersionId, Optional<ApprovedVersion>> versions;
    private final TreeMap<LocalDate, Day> open = new TreeMap<>();
    private final TreeMap<LocalDate, Stretch> grown = new TreeMap<>();
    private final Place readBefore;
    private Optional<LocalDate> nextDay;
    private Place at;
    private long late;

    Tail(EndpointName endpoint, ZoneId zone, Cursor cursor, Function<VersionId, Optional<ApprovedVersion>> versions) {
        this.endpoint = endpoint;
        this.zone = zone;
        this.versions = versions;
        this.at = cursor.from();
        this.readBefore = cursor.read();
        this.nextDay = cursor.nextDay();
    }

    /** What one version answered on a day. */
    static final class Answered {
        private final Optional<ProfileTally> inputs;
        private final Optional<ProfileTally> outputs;
        private final List<String> watched;
        private double[] scores = new double[256];
        private int kept;
        private long rows;

        Answered(Optional<ApprovedVersion> version) {
            inputs = version.flatMap(ApprovedVersion::inputs)
                    .map(it -> new ProfileTally(it.profile().whole()));
            outputs = version.flatMap(ApprovedVersion::outputs)
                    .map(it -> new ProfileTally(it.profile().whole()));
            watched = version.flatMap(ApprovedVersion::outputs)
                    .map(it -> it.profile().whole().columns().stream()
                            .map(ColumnProfile::name)
                            .toList())
                    .orElse(List.of(DriftWatch.SCORE));
        }

        private void add(PredictionBatch batch, Part part, int[] places, int count) {
            rows += count;
            int[] picked = new int[count];
            for (int i = 0; i < count; i++) {
                picked[i] = part.rows()[places[i]];
                boolean isKept = kept + watched.size() <= MOST_SCORES;
                for (int k = 0; isKept && k < watched.size(); k++) {
                    scores = kept < scores.length ? scores : Arrays.copyOf(scores, 2 * kept);
                    scores[kept++] = part.score(places[i], k);
                }
            }
            inputs.ifPresent(tally -> tally.add(batch.raw(), picked));
        }

        long rows() {
            return rows;
        }

        Optional<Profile> inputs() {
            return inputs.map(ProfileTally::profile);
        }

        /** What was answered, counted in the bins of what was answered at approval. */
        Optional<Profile> outputs() {
            return outputs.map(tally -> {
                Columns answered = answered();
                tally.add(answered, IntStream.range(0, answered.rows()).toArray());
                return tally.profile();
            });
        }

        private Columns answered() {
            ColumnsBuilder answered = Columns.builder(
                    new Schema(watched.stream()
                            .map(name -> Column.optional(name, ColumnType.NUMBER))
                            .toList()),
                    Math.max(1, kept / watched.size()));
            for (int at = 0; at < kept; ) {
                for (int k = 0; k < watched.size(); k++, at++) {
                    answered.number(k, scores[at]);
                }
                answered.endRow();
            }
            return answered.build();
        }

        /** The score of each row; of a model that answers several values, the first. */
        double[] scores() {
            double[] first = new double[kept / watched.size()];
            for (int row = 0; row < first.length; row++) {
                first[row] = scores[row * watched.size()];
            }
            return first;
        }
    }

    /** One day so far. */
    static final class Day {
        private final Map<VersionId, Answered> answered = new LinkedHashMap<>();
        private Optional<Stretch> stretch = Optional.empty();

        long rows() {
            return answered.values().stream().mapToLong(Answered::rows).sum();
        }

        /** Who answered, most rows first. */
        List<Window.Answers> answers() {
            return answered.entrySet().stream()
                    .map(it -> new Window.Answers(it.getKey(), it.getValue().rows()))
                    .sorted(Comparator.comparingLong(Window.Answers::rows)
                            .reversed()
                            .thenComparing(it -> it.version().toString()))
                    .toList();
        }

        Answered of(VersionId version) {
            return Optional.ofNullable(answered.get(version)).orElseThrow();
        }

        Optional<Stretch> stretch() {
            return stretch;
        }
    }

    /** Reads what was written since. */
    void read(PredictionLog log) {
        Pending pending = new Pending();
        at = log.scan(endpoint, at, new Place(Long.MAX_VALUE, Long.MAX_VALUE), Detail.COLUMNS, pending);
        pending.end(at);
    }

    /** A batch ends where the next begins. */
    private final class Pending implements PredictionLog.PlacedBatches {
        private Optional<Place> begun = Optional.empty();
        private Optional<PredictionBatch> batch = Optional.empty();

        @Override
        public void take(Place place, PredictionBatch next) {
            end(place);
            begun = Optional.of(place);
            batch = Optional.of(next);
        }

        void end(Place after) {
            batch.ifPresent(it -> add(begun.orElseThrow(), after, it));
            batch = Optional.empty();
        }
    }

    private void add(Place from, Place after, PredictionBatch batch) {
        for (Part part : batch.parts()) {
            if (part.arm() == Arm.SHADOW) {
                continue;
            }
            int[] places = new int[part.rows().length];
            int count = 0;
            Optional<LocalDate> together = Optional.empty();
            for (int i = 0; i < part.rows().length; i++) {
                LocalDate day = Instant.ofEpochMilli(batch.eventTimes()[part.rows()[i]])
                        .atZone(zone)
                        .toLocalDate();
                if (together.isPresent() && !together.get().equals(day)) {
                    add(from, after, batch, part, together.get(), places, count);
                    count = 0;
                }
                together = Optional.of(day);
                places[count++] = i;
            }
            if (together.isPresent()) {
                add(from, after, batch, part, together.get(), places, count);
            }
        }
    }

    private void add(
            Place from, Place after, PredictionBatch batch, Part part, LocalDate day, int[] places, int count) {
        if (nextDay.filter(day::isBefore).isPresent()) {
            late += from.compareTo(readBefore) >= 0 ? count : 0;
            grown.merge(
                    day,
                    new Stretch(from, after, batch.id(), batch.id()),
                    (known, _) -> known.with(from, after, batch.id()));
            return;
        }
        Day found = open.computeIfAbsent(day, _ -> new Day());
        found.answered
                .computeIfAbsent(part.layout().version(), version -> new Answered(versions.apply(version)))
                .add(batch, part, places, count);
        found.stretch = Optional.of(found.stretch
                .map(known -> known.with(from, after, batch.id()))
                .orElseGet(() -> new Stretch(from, after, batch.id(), batch.id())));
    }

    /** The first day that holds anything. */
    Optional<LocalDate> firstOpen() {
        return open.isEmpty() ? Optional.empty() : Optional.of(open.firstKey());
    }

    /** The first day from here on that holds anything. */
    Optional<LocalDate> nextOpen(LocalDate from) {
        return Optional.ofNullable(open.ceilingKey(from));
    }

    Day day(LocalDate day) {
        return open.getOrDefault(day, new Day());
    }

    /** Rows that came for days judged before, since the last time this was asked. */
    long takeLate() {
        long taken = late;
        late = 0;
        return taken;
    }

    /** Judged days for which rows came later, with where those stand. */
    Map<LocalDate, Stretch> takeGrown() {
        Map<LocalDate, Stretch> taken = new TreeMap<>(grown);
        grown.clear();
        return taken;
    }

    /** These days are judged; go on with the next. */
    void judgedBefore(LocalDate next) {
        open.headMap(next, false).clear();
        nextDay = Optional.of(next);
    }

    Optional<LocalDate> nextDay() {
        return nextDay;
    }

    /** Where a node that knows nothing must begin to read, to know what this one knows. */
    Place from() {
        return open.values().stream()
                .flatMap(day -> day.stretch.stream())
                .map(Stretch::first)
                .min(Comparator.naturalOrder())
                .orElse(at);
    }

    Place at() {
        return at;
    }
}
