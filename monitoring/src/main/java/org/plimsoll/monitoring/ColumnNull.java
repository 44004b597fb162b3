package org.plimsoll.monitoring;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.apache.commons.statistics.distribution.TDistribution;
import org.plimsoll.statistics.JensenShannon;
import org.plimsoll.statistics.Moments;
import org.plimsoll.statistics.WindowNull;

/**
 * How much windows of one column differ while nothing changes, learnt from the stretches of its reference: all alike, or each weekday
 * by itself where the column follows the weekday. It does where, in the mean over the stretches, the squared Jensen–Shannon distance
 * to the other stretches of the same weekday is less than half of that to all others. Mondays are then compared with Mondays, which
 * takes {@value #LEAST_WEEKS} of each weekday; with fewer such a column has no null, and {@link #TOO_FEW_WEEKS} says so.
 *
 * @param seasons by {@link #ALWAYS}, or by the name of the weekday
 */
record ColumnNull(Map<String, Season> seasons) {

    /** What a column's note says where a window cannot be compared with its like. */
    static final String TOO_FEW_WEEKS =
            "it follows the weekday, and training has too few weeks to compare like with like";

    /** Distances below this concern nobody. */
    static final double FLOOR = 0.05;

    /** The season of a column that is alike on all days. */
    static final String ALWAYS = "ALWAYS";

    private static final int LEAST_WEEKS = 5;
    private static final double MUCH_NEARER = 0.5;
    private static final double ONE_IN = 1.0 / 2_000;
    private static final long SEED = 20_010_131;

    /**
     * What windows of one season are like.
     *
     * @param windows the sequential model
     * @param warning a single window's Jensen–Shannon distance is a warning above this: what one more stretch stays below with a chance
     *     of 1 − 1/2,000, by Student's prediction interval over the distances of each stretch to all others, and never less than .05
     * @param counts of the season's rows in each bin
     */
    record Season(WindowNull windows, double warning, long[] counts) {

        private static Season of(List<long[]> stretches) {
            long[] all = sum(stretches);
            double[] distances = stretches.stream()
                    .mapToDouble(it -> JensenShannon.distance(without(all, it), it))
                    .toArray();
            Moments moments = Moments.of(distances);
            double quantile = TDistribution.of(stretches.size() - 1.0).inverseSurvivalProbability(ONE_IN);
            double reach =
                    moments.mean() + quantile * Math.sqrt(moments.sampleVariance() * (1 + 1.0 / stretches.size()));
            return new Season(WindowNull.fit(stretches.toArray(long[][]::new), SEED), Math.max(FLOOR, reach), all);
        }
    }

    ColumnNull {
        seasons = new TreeMap<>(seasons);
    }

    /** Of a column's counts by stretch; empty where there are too few to learn from. */
    static Optional<ColumnNull> of(SequencedMap<String, long[]> stretches) {
        if (stretches.size() < 2) {
            return Optional.empty();
        }
        Map<DayOfWeek, List<long[]>> weekdays = weekdays(stretches);
        if (!followsWeekday(stretches.values(), weekdays)) {
            return Optional.of(new ColumnNull(Map.of(ALWAYS, Season.of(List.copyOf(stretches.values())))));
        }
        Map<String, Season> seasons = new TreeMap<>();
        weekdays.forEach((weekday, alike) -> {
            if (alike.size() >= LEAST_WEEKS) {
                seasons.put(weekday.name(), Season.of(alike));
            }
        });
        return Optional.of(new ColumnNull(seasons));
    }

    /** Whether its windows are compared weekday by weekday. */
    boolean followsWeekday() {
        return !seasons.containsKey(ALWAYS);
    }

    /** The season of a day: its name and what its windows are like; empty where training has too little of it. */
    Optional<Map.Entry<String, Season>> on(LocalDate day) {
        String weekday = day.getDayOfWeek().name();
        return seasons.entrySet().stream()
                .filter(it -> it.getKey().equals(ALWAYS) || it.getKey().equals(weekday))
                .findFirst();
    }

    /** The stretches of each weekday; none where these are no days, or some weekday occurs only once. */
    private static Map<DayOfWeek, List<long[]>> weekdays(SequencedMap<String, long[]> stretches) {
        Map<DayOfWeek, List<long[]>> weekdays = new EnumMap<>(DayOfWeek.class);
        for (var stretch : stretches.entrySet()) {
            try {
                weekdays.computeIfAbsent(LocalDate.parse(stretch.getKey()).getDayOfWeek(), _ -> new ArrayList<>())
                        .add(stretch.getValue());
            } catch (DateTimeParseException noDay) {
                return Map.of();
            }
        }
        boolean isAnyAlone = weekdays.values().stream().anyMatch(alike -> alike.size() < 2);
        return isAnyAlone || weekdays.size() < 2 ? Map.of() : weekdays;
    }

    private static boolean followsWeekday(Collection<long[]> stretches, Map<DayOfWeek, List<long[]>> weekdays) {
        double toLike = 0;
        double toAll = 0;
        long[] all = sum(stretches);
        for (List<long[]> alike : weekdays.values()) {
            long[] ofTheDay = sum(alike);
            for (long[] stretch : alike) {
                toLike += Math.pow(JensenShannon.distance(without(ofTheDay, stretch), stretch), 2);
                toAll += Math.pow(JensenShannon.distance(without(all, stretch), stretch), 2);
            }
        }
        return toLike < MUCH_NEARER * toAll;
    }

    private static long[] sum(Collection<long[]> stretches) {
        long[] sum = new long[stretches.iterator().next().length];
        stretches.forEach(stretch -> {
            for (int b = 0; b < sum.length; b++) {
                sum[b] += stretch[b];
            }
        });
        return sum;
    }

    private static long[] without(long[] all, long[] stretch) {
        long[] others = all.clone();
        for (int b = 0; b < others.length; b++) {
            others[b] -= stretch[b];
        }
        return others;
    }
}
