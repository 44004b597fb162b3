package org.plimsoll.scoring;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Profile;
import org.plimsoll.data.Profile.Bins;
import org.plimsoll.data.Profile.ColumnProfile;
import org.plimsoll.data.Profile.Numbers;
import org.plimsoll.data.Profile.Word;
import org.plimsoll.data.ProfileTally;
import tools.jackson.core.JacksonException;

/**
 * What a model's training rows looked like, kept in its artifact: the reference of every window it is watched by.
 *
 * @param v the format's version, 1
 * @param whole all rows: raw inputs only
 * @param stretches the rows day by day, or, without an event time, in ten equal parts in their order; how much these differ among each
 *     other tells how much windows wobble while nothing changes
 */
public record TrainingProfile(int v, Profile whole, List<Stretch> stretches) {

    /** The format this code writes. */
    public static final int FORMAT = 1;

    /** Bins that stretches and windows are compared in: tenths of the training rows, or the most frequent categories. */
    private static final int COARSE = 10;

    private static final int PARTS = 10;

    /**
     * One day or part.
     *
     * @param name the day, or the part's number
     * @param counts by column, in coarse bins: {@link #coarse}
     */
    public record Stretch(String name, long rows, Map<String, List<Long>> counts) {
        public Stretch {
            counts = new TreeMap<>(counts);
        }
    }

    public TrainingProfile {
        if (v != FORMAT) {
            throw Problem.invalid("profile.json v", v, "format " + FORMAT + ", the one this release reads");
        }
        stretches = List.copyOf(stretches);
    }

    /** Of training rows. @param rows with the task's event time, where it has one */
    public static TrainingProfile of(Task task, List<String> inputs, Columns rows) {
        return of(rows.select(inputs), days(task, rows));
    }

    /** Of any columns, with the name of the stretch that each row is of. */
    public static TrainingProfile of(Columns columns, String[] stretchOfRow) {
        Profile whole = ProfileTally.of(columns);
        Map<String, List<Integer>> rowsOf = new TreeMap<>();
        for (int row = 0; row < stretchOfRow.length; row++) {
            rowsOf.computeIfAbsent(stretchOfRow[row], _ -> new ArrayList<>()).add(row);
        }
        List<Stretch> stretches = new ArrayList<>();
        rowsOf.forEach((name, picked) -> {
            ProfileTally tally = new ProfileTally(whole);
            tally.add(columns, picked.stream().mapToInt(Integer::intValue).toArray());
            Profile part = tally.profile();
            Map<String, List<Long>> counts = new TreeMap<>();
            for (ColumnProfile column : whole.columns()) {
                counts.put(
                        column.name(),
                        Arrays.stream(coarse(column, part.column(column.name()).orElseThrow()))
                                .boxed()
                                .toList());
            }
            stretches.add(new Stretch(name, picked.size(), counts));
        });
        return new TrainingProfile(FORMAT, whole, stretches);
    }

    private static String[] days(Task task, Columns rows) {
        String[] stretch = new String[rows.rows()];
        Optional<Integer> time =
                task.eventTime().filter(name -> rows.schema().has(name)).map(rows::index);
        for (int row = 0; row < stretch.length; row++) {
            if (time.isEmpty()) {
                stretch[row] = "part " + (1 + (int) ((long) row * PARTS / stretch.length));
            } else if (rows.isMissing(time.get(), row)) {
                stretch[row] = "no time";
            } else {
                LocalDate day = Instant.ofEpochMilli(rows.integer(time.get(), row))
                        .atZone(task.zoneOrUtc())
                        .toLocalDate();
                stretch[row] = day.toString();
            }
        }
        return stretch;
    }

    /**
     * A column's counts in few bins, made by its reference: of numbers the tenths of the reference, then values that are missing, then
     * those that are not finite; of categories the ten most frequent, the other known ones, unknown ones, missing.
     */
    public static long[] coarse(ColumnProfile reference, ColumnProfile counted) {
        return reference.type().isText() ? words(reference, counted) : numbers(reference, counted);
    }

    private static long[] numbers(ColumnProfile reference, ColumnProfile counted) {
        long[] coarse = new long[COARSE + 2];
        coarse[COARSE] = counted.missing();
        coarse[COARSE + 1] = counted.infinite();
        List<Long> before =
                reference.numbers().flatMap(Numbers::bins).map(Bins::counts).orElse(List.of());
        List<Long> now =
                counted.numbers().flatMap(Numbers::bins).map(Bins::counts).orElse(List.of());
        if (before.isEmpty() || now.isEmpty()) {
            long present = counted.numbers().isPresent() ? 1 : 0;
            coarse[0] += present;
            return coarse;
        }
        long present = before.stream().mapToLong(Long::longValue).sum();
        long below = 0;
        for (int place = 0; place < before.size(); place++) {
            int bin = (int) Math.min(COARSE - 1, (below + before.get(place) / 2) * COARSE / Math.max(1, present));
            coarse[bin] += now.get(place);
            below += before.get(place);
        }
        return coarse;
    }

    private static long[] words(ColumnProfile reference, ColumnProfile counted) {
        long[] coarse = new long[COARSE + 3];
        Map<String, Integer> places = new TreeMap<>();
        for (Word word : reference.words()) {
            places.put(word.value(), Math.min(COARSE, places.size()));
        }
        for (Word word : counted.words()) {
            Integer place = places.get(word.value());
            coarse[place == null ? COARSE + 1 : place] += word.rows();
        }
        coarse[COARSE + 1] += counted.otherWords().orElse(0L);
        coarse[COARSE + 2] = counted.missing();
        return coarse;
    }

    /** The coarse counts of one column by stretch, in their order; stretches without rows are left out. */
    public SequencedMap<String, long[]> wobble(String column) {
        SequencedMap<String, long[]> counts = new LinkedHashMap<>();
        for (Stretch it : stretches) {
            long[] bins = Optional.ofNullable(it.counts().get(column)).orElse(List.of()).stream()
                    .mapToLong(Long::longValue)
                    .toArray();
            if (Arrays.stream(bins).sum() > 0) {
                counts.put(it.name(), bins);
            }
        }
        return counts;
    }

    /** Reads {@code profile.json}. */
    public static TrainingProfile read(byte[] json) {
        try {
            return Json.read(json, TrainingProfile.class);
        } catch (JacksonException e) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "profile.json: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    /** The canonical JSON. */
    public byte[] write() {
        return CanonicalJson.bytes(this);
    }
}
