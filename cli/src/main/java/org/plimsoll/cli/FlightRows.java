package org.plimsoll.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.plimsoll.core.Digest;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Query;

/**
 * Flights as the application at the gates knows them: what it can say as a flight leaves, made by the same SQL as in training, and,
 * for the day after, whether it was late.
 */
final class FlightRows {

    private static final long MINUTE = 60_000;

    /** What a request carries: the model's inputs, the flight's name and its time, and the part of the day, by which it is judged. */
    private static final List<String> ASKED = List.of(
            "hour",
            "weekday",
            "distance",
            "origin",
            "destination",
            "late_share_origin",
            "late_share_network",
            "flight",
            "departed_at",
            "part_of_day");

    private static final LocalDate APRIL = LocalDate.of(2001, 4, 1);

    private final Supplier<Part> untilMarch;
    private final Supplier<Part> fromApril;

    private FlightRows(Supplier<Part> untilMarch, Supplier<Part> fromApril) {
        this.untilMarch = untilMarch;
        this.fromApril = fromApril;
    }

    /**
     * The flights of January to June, in the order of departure. They are read beside whatever else goes on, those until March at once;
     * whoever asks for some waits until they are there.
     *
     * @param later when those from April on are read: not while models are trained on January
     */
    static FlightRows read(Path examples, Query query, Path scratch, CompletableFuture<?> later) {
        CompletableFuture<Part> untilMarch = CompletableFuture.supplyAsync(() -> Part.read(
                examples, List.of("2001-01", "2001-02", "2001-03"), query, scratch.resolve("until-march.parquet")));
        CompletableFuture<Part> fromApril = later.thenApplyAsync(_ -> Part.read(
                        examples,
                        List.of("2001-03", "2001-04", "2001-05", "2001-06"), // March tells what was late on 1 April
                        query,
                        scratch.resolve("from-april.parquet"))
                .from(APRIL));
        return new FlightRows(() -> join(untilMarch), () -> join(fromApril));
    }

    private static Part join(CompletableFuture<Part> reading) {
        try {
            return reading.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Some months' flights. */
    private record Part(Columns asked, long[] departedAt, double[] distance, boolean[] late) {

        static Part read(Path examples, List<String> months, Query query, Path file) {
            List<Query.Input> raw = months.stream()
                    .map(month -> input(examples.resolve(month + ".parquet")))
                    .toList();
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
            return new Part(all.select(ASKED), departedAt, distance, late);
        }

        /** Those that left on this day, UTC, or later. */
        Part from(LocalDate day) {
            int first = from(day.atStartOfDay(ZoneOffset.UTC).toInstant());
            int end = departedAt.length;
            return new Part(
                    asked.slice(first, end),
                    Arrays.copyOfRange(departedAt, first, end),
                    Arrays.copyOfRange(distance, first, end),
                    Arrays.copyOfRange(late, first, end));
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

        Instant landedAt(int flight) {
            return Instant.ofEpochMilli(departedAt[flight] + (30 + (long) (distance[flight] / 7.5)) * MINUTE);
        }

        int size() {
            return departedAt.length;
        }
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
        return time.isAfter(APRIL.atStartOfDay(ZoneOffset.UTC).toInstant())
                ? untilMarch.get().size() + fromApril.get().from(time)
                : untilMarch.get().from(time);
    }

    /** The first flight of this day, UTC. */
    int from(LocalDate day) {
        return from(day.atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    /** Requests for the flights of [from, until), of at most so many flights each. */
    List<int[]> requests(int from, int until, int most) {
        int april = untilMarch.get().size();
        List<int[]> requests = new ArrayList<>();
        for (int begin = from; begin < until; begin = requests.getLast()[1]) {
            int end = Math.min(until, begin + most);
            requests.add(new int[] {begin, begin < april ? Math.min(end, april) : end});
        }
        return requests;
    }

    /** What a request about the flights of [from, until) carries. */
    Columns asked(int from, int until) {
        int april = untilMarch.get().size();
        return from < april
                ? untilMarch.get().asked.slice(from, until)
                : fromApril.get().asked.slice(from - april, until - april);
    }

    boolean isLate(int flight) {
        int april = untilMarch.get().size();
        return flight < april ? untilMarch.get().late[flight] : fromApril.get().late[flight - april];
    }

    Instant departedAt(int flight) {
        int april = untilMarch.get().size();
        return Instant.ofEpochMilli(
                flight < april ? untilMarch.get().departedAt[flight] : fromApril.get().departedAt[flight - april]);
    }

    /** When a flight's truth is known: as it lands. */
    Instant landedAt(int flight) {
        int april = untilMarch.get().size();
        return flight < april
                ? untilMarch.get().landedAt(flight)
                : fromApril.get().landedAt(flight - april);
    }
}
