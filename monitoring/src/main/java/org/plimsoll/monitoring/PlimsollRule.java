package org.plimsoll.monitoring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Verdict;
import org.plimsoll.monitoring.ComparedColumn.Kind;
import org.plimsoll.monitoring.ComparedColumn.Statistic;
import org.plimsoll.statistics.ColumnDrift;
import org.plimsoll.statistics.JensenShannon;
import org.plimsoll.statistics.LInfinity;
import org.plimsoll.statistics.Noise;
import org.plimsoll.statistics.Psi;
import org.plimsoll.statistics.TotalVariation;

/**
 * Our own rule: distances over bins that the reference's quantiles make, so that no outlier hides anything, with a bin for missing values.
 *
 * <p>A column has drifted when its Jensen–Shannon or Kolmogorov–Smirnov distance is beyond both a floor, below which nobody should care, and
 * what chance alone reaches with these numbers of rows (5 % for all columns together); or when more than 1 % of its rows hold a
 * category that the reference does not know. Where chance alone reaches far, rows are too few to tell.
 *
 * @param floor the least distance that counts
 */
record PlimsollRule(double floor) implements DriftRule {

    /** A shift by a quarter of a standard deviation, in Jensen–Shannon's distance and in Kolmogorov–Smirnov's. */
    static final double USUAL_FLOOR = 0.1;

    private static final double LEVEL = 0.05;
    private static final double UNSEEN = 0.01;
    private static final int BINS = 11;
    private static final int MOST_CATEGORIES = 1_000;

    /** If even this much could be chance, there are too few rows. */
    private static final double BLIND = 0.25;

    PlimsollRule {
        if (!(floor >= 0 && floor < 1)) {
            throw Problem.invalid("floor", floor, "a distance from 0 to below 1, such as " + USUAL_FLOOR);
        }
    }

    @Override
    public String name() {
        return "plimsoll";
    }

    @Override
    public ComparedColumn numbers(String name, double[] reference, double[] current, int columns) {
        double level = LEVEL / columns;
        long n = reference.length;
        long m = current.length;
        ColumnDrift drift = ColumnDrift.ofOwned(reference, current);
        double noise = Noise.jensenShannon(n, m, BINS, level / 2);
        List<Statistic> statistics = new ArrayList<>();
        statistics.add(Statistic.of("psi", drift.psi()));
        statistics.add(Statistic.above("jensen_shannon", drift.jensenShannon(), Math.max(floor, noise)));
        statistics.add(Statistic.of("total_variation", drift.totalVariation()));
        drift.kolmogorovSmirnov()
                .ifPresent(d -> statistics.add(Statistic.above(
                        "kolmogorov_smirnov", d, Math.max(floor, Noise.kolmogorovSmirnov(n, m, level / 2)))));
        drift.wasserstein().ifPresent(w -> statistics.add(Statistic.of("wasserstein", w)));
        drift.scaledWasserstein().ifPresent(w -> statistics.add(Statistic.of("scaled_wasserstein", w)));
        statistics.add(Statistic.of("missing_change", drift.missingChange()));
        return judged(name, Kind.NUMBER, statistics, noise);
    }

    @Override
    public ComparedColumn categories(String name, Categories reference, Categories current, int columns) {
        Bins bins = Bins.of(reference.counts());
        long[] expected = bins.counts(reference);
        long[] found = bins.counts(current);
        int used = 0;
        for (int b = 0; b < expected.length; b++) {
            used += expected[b] + found[b] > 0 ? 1 : 0;
        }
        double noise = Noise.jensenShannon(reference.rows(), current.rows(), used, LEVEL / columns);
        double unseen = found[bins.unseen()] / (double) current.rows();
        List<Statistic> statistics = new ArrayList<>();
        statistics.add(Statistic.of("psi", Psi.of(expected, found)));
        statistics.add(
                Statistic.above("jensen_shannon", JensenShannon.distance(expected, found), Math.max(floor, noise)));
        statistics.add(Statistic.of("total_variation", TotalVariation.distance(expected, found)));
        statistics.add(Statistic.of("l_infinity", LInfinity.distance(expected, found)));
        statistics.add(Statistic.of(
                "missing_change",
                current.missing() / (double) current.rows() - reference.missing() / (double) reference.rows()));
        statistics.add(Statistic.above("unseen", unseen, UNSEEN));
        ComparedColumn judged = judged(name, Kind.CATEGORY, statistics, noise);
        Set<String> fresh = new LinkedHashSet<>(current.counts().keySet());
        fresh.removeAll(reference.counts().keySet());
        return fresh.isEmpty()
                ? judged
                : judged.noting(
                        "new: " + String.join(", ", fresh.stream().limit(5).toList())
                                + (fresh.size() > 5 ? " and " + (fresh.size() - 5) + " more" : ""));
    }

    /** The reference's most frequent categories, the rest of them, those it does not know, and missing values. */
    private record Bins(List<String> words, Map<String, Long> known) {

        static Bins of(Map<String, Long> counts) {
            return new Bins(
                    counts.entrySet().stream()
                            .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                                    .thenComparing(Map.Entry.comparingByKey()))
                            .limit(MOST_CATEGORIES)
                            .map(Map.Entry::getKey)
                            .toList(),
                    counts);
        }

        int unseen() {
            return words.size() + 1;
        }

        long[] counts(Categories column) {
            long[] counts = new long[words.size() + 3];
            long frequent = 0;
            for (int w = 0; w < words.size(); w++) {
                counts[w] =
                        Optional.ofNullable(column.counts().get(words.get(w))).orElse(0L);
                frequent += counts[w];
            }
            for (Map.Entry<String, Long> each : column.counts().entrySet()) {
                counts[unseen()] += known.containsKey(each.getKey()) ? 0 : each.getValue();
            }
            counts[words.size()] = column.rows() - column.missing() - frequent - counts[unseen()];
            counts[words.size() + 2] = column.missing();
            return counts;
        }
    }

    private static ComparedColumn judged(String name, Kind kind, List<Statistic> statistics, double noise) {
        if (statistics.stream().anyMatch(Statistic::crossed)) {
            return new ComparedColumn(name, kind, Verdict.HARM, statistics, Optional.empty());
        }
        return noise > BLIND
                ? new ComparedColumn(
                        name,
                        kind,
                        Verdict.INCONCLUSIVE,
                        statistics,
                        Optional.of("too few rows: chance alone may reach %.2f".formatted(noise)))
                : new ComparedColumn(name, kind, Verdict.PASS, statistics, Optional.empty());
    }

    @Override
    public Verdict verdict(List<ComparedColumn> columns) {
        return Verdict.worst(columns.stream().map(ComparedColumn::verdict).toList());
    }
}
