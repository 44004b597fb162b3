package org.plimsoll.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.plimsoll.core.Digest;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Query;

/**
 * Flights as the application at the gates knows them: what it can say as a flight leaves, made by the same SQL as in training, and,
 * for the day after, whether it was late.
 */
final class FlightRows {

    private static final long MINUTE = 60_000;

    /** What a request carries: the model's inputs, the flight's name and its time. */
    private static final List<String> ASKED = List.of(
            "hour",
            "weekday",
            "distance",
            "origin",
            "destination",
            "late_share_origin",
            "late_share_network",
            "flight",
            "departed_at");

    private final Columns asked;
    private final long[] departedAt;
    private final double[] distance;
    private final boolean[] late;

    private FlightRows(Columns asked, long[] departedAt, double[] distance, boolean[] late) {
        this.asked = asked;
        this.departedAt = departedAt;
        this.distance = distance;
        this.late = late;
    }

    /** The flights of these months, in the order of departure. */
    static FlightRows read(Path examples, List<String> months, Query query, Path scratch) {
        List<Query.Input> raw = months.stream()
                .map(month -> input(examples.resolve(month + ".parquet")))
                .toList();
        Path file = scratch.resolve("traffic.parquet");
        try {
            Files.deleteIfExists(file);
            query.transform(
                    Files.readString(examples.resolve("features.sql")),
                    Map.of("raw", raw, "airports", List.of(input(examples.resolve("airports.parquet")))),
                    Map.of(),
                    file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Columns all = query.read(List.of(file));
        int rows = all.rows();
        int time = all.schema().index("departed_at");
        int distances = all.schema().index("distance");
        int lates = all.schema().index("late");
        var departedAt = new long[rows];
        var distance = new double[rows];
        var late = new boolean[rows];
        for (int row = 0; row < rows; row++) {
            departedAt[row] = all.integer(time, row);
            distance[row] = all.number(distances, row);
            late[row] = all.integer(lates, row) != 0;
        }
        return new FlightRows(all.select(ASKED), departedAt, distance, late);
    }

    private static Query.Input input(Path file) {
        try {
            return new Query.Input(file, Digest.of(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first flight that left at this time or later. */
    int from(Instant time) {
        int low = 0;
        int high = departedAt.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (departedAt[middle] < time.toEpochMilli()) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The first flight of this day, UTC. */
    int from(LocalDate day) {
        return from(day.atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    /** Requests for the flights of [from, until), of at most so many flights each. */
    List<int[]> requests(int from, int until, int most) {
        List<int[]> requests = new ArrayList<>();
        for (int begin = from; begin < until; begin += most) {
            requests.add(new int[] {begin, Math.min(until, begin + most)});
        }
        return requests;
    }

    /** What a request about the flights of [from, until) carries. */
    Columns asked(int from, int until) {
        return asked.slice(from, until);
    }

    boolean isLate(int flight) {
        return late[flight];
    }

    /** When a flight's truth is known: as it lands. */
    Instant landedAt(int flight) {
        return Instant.ofEpochMilli(departedAt[flight] + (30 + (long) (distance[flight] / 7.5)) * MINUTE);
    }
}
