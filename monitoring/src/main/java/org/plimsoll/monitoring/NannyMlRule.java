package org.plimsoll.monitoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Verdict;
import org.plimsoll.monitoring.ComparedColumn.Kind;
import org.plimsoll.monitoring.ComparedColumn.Statistic;
import org.plimsoll.statistics.NannyMl;
import org.plimsoll.statistics.TestResult;

/**
 * The values and thresholds of NannyML 0.13, for people who compare or migrate: the current table is one chunk, thresholds come from ten chunks
 * of the reference in the order of its rows. {@link NannyMl} has the formulas and what is wrong with some. A column's verdict is
 * that of {@code jensen_shannon}, NannyML's default.
 */
record NannyMlRule() implements DriftRule {

    private static final int CHUNKS = 10;
    private static final double DEVIATIONS = 3;
    private static final double LEVEL = 0.05;
    private static final String DEFAULT = "jensen_shannon";

    @Override
    public String name() {
        return "nannyml";
    }

    @Override
    public ComparedColumn numbers(String name, double[] reference, double[] current, int columns) {
        double[] second = present(current);
        List<double[]> chunks = new ArrayList<>();
        for (int[] chunk : chunks(reference.length)) {
            chunks.add(present(Arrays.copyOfRange(reference, chunk[0], chunk[1])));
        }
        double[] first = present(reference);
        List<Statistic> statistics = new ArrayList<>();
        add(statistics, "jensen_shannon", NannyMl::jensenShannon, first, second, chunks);
        add(statistics, "hellinger", NannyMl::hellinger, first, second, chunks);
        add(statistics, "kolmogorov_smirnov", NannyMl::kolmogorovSmirnov, first, second, chunks);
        add(statistics, "wasserstein", NannyMl::wasserstein, first, second, chunks);
        return column(name, Kind.NUMBER, statistics);
    }

    @Override
    public ComparedColumn categories(String name, Categories reference, Categories current, int columns) {
        List<Map<String, Long>> chunks = new ArrayList<>();
        for (int[] chunk : chunks(reference.codes().length)) {
            Map<String, Long> counts = new HashMap<>();
            for (int row = chunk[0]; row < chunk[1]; row++) {
                int code = reference.codes()[row];
                if (code >= 0) {
                    counts.merge(reference.words().get(code), 1L, Long::sum);
                }
            }
            chunks.add(counts);
        }
        List<Statistic> statistics = new ArrayList<>();
        add(
                statistics,
                "jensen_shannon",
                ofCounts(NannyMl::jensenShannon),
                reference.counts(),
                current.counts(),
                chunks);
        add(statistics, "hellinger", ofCounts(NannyMl::hellinger), reference.counts(), current.counts(), chunks);
        add(statistics, "l_infinity", ofCounts(NannyMl::lInfinity), reference.counts(), current.counts(), chunks);
        long[][] counts = Categories.aligned(reference.counts(), current.counts());
        try {
            TestResult chi2 = NannyMl.chi2(counts[0], counts[1]);
            statistics.add(new Statistic(
                    "chi2", chi2.pValue(), Optional.of(chi2.statistic()), Optional.of(LEVEL), chi2.pValue() < LEVEL));
        } catch (Problem undefined) {
            // one category alone has no chi-square
        }
        return column(name, Kind.CATEGORY, statistics);
    }

    private static ToDoubleBiFunction<Map<String, Long>, Map<String, Long>> ofCounts(
            ToDoubleBiFunction<long[], long[]> distance) {
        return (reference, chunk) -> {
            long[][] counts = Categories.aligned(reference, chunk);
            return distance.applyAsDouble(counts[0], counts[1]);
        };
    }

    private static <T> void add(
            List<Statistic> statistics,
            String name,
            ToDoubleBiFunction<T, T> distance,
            T reference,
            T current,
            List<T> chunks) {
        try {
            double value = distance.applyAsDouble(reference, current);
            double[] ofChunks = chunks.stream()
                    .mapToDouble(chunk -> distance.applyAsDouble(reference, chunk))
                    .toArray();
            statistics.add(Statistic.above(name, value, NannyMl.thresholds(ofChunks, DEVIATIONS)[1]));
        } catch (Problem undefined) {
            // NannyML has no such value for these rows either
        }
    }

    /** Ten of equal length and what is left, as first row and the row after the last. */
    private static List<int[]> chunks(int rows) {
        int size = Math.max(1, rows / CHUNKS);
        List<int[]> chunks = new ArrayList<>();
        for (int from = 0; from < rows; from += size) {
            chunks.add(new int[] {from, Math.min(rows, from + size)});
        }
        return chunks;
    }

    private static double[] present(double[] values) {
        return Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
    }

    private static ComparedColumn column(String name, Kind kind, List<Statistic> statistics) {
        return statistics.stream()
                .filter(it -> it.name().equals(DEFAULT))
                .findFirst()
                .map(it -> new ComparedColumn(
                        name,
                        kind,
                        it.crossed() ? Verdict.HARM : Verdict.PASS,
                        statistics,
                        Optional.of("by " + DEFAULT)))
                .orElseGet(() -> new ComparedColumn(
                        name,
                        kind,
                        Verdict.ERROR,
                        statistics,
                        Optional.of(DEFAULT + " does not exist for these values")));
    }

    @Override
    public Verdict verdict(List<ComparedColumn> columns) {
        return Verdict.worst(columns.stream().map(ComparedColumn::verdict).toList());
    }
}
