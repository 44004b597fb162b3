package org.plimsoll.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Profile.Bins;
import org.plimsoll.data.Profile.ColumnProfile;
import org.plimsoll.data.Profile.Numbers;
import org.plimsoll.data.Profile.Word;
import org.plimsoll.statistics.BinnedSample;
import org.plimsoll.statistics.QuantileBins;

/**
 * Counts rows in the bins and categories of a {@link Profile}: of training rows, which make the bins, or of other rows beside them.
 *
 * <p>Adding rows in any order, or in parts that are merged later, gives the same counts. A column that the rows do not have counts as
 * missing in each of them; a text that should be a number counts as not finite. One thread at a time.
 */
public final class ProfileTally {

    /** The bins of a number: quantiles of the training rows, 0.2 % of them in each. */
    public static final int BINS = 512;

    private static final int MOST_WORDS = 1_000;

    private final Profile reference;
    private final Counter[] counters;
    private long rows;

    /** @param reference whose columns, bins and categories count */
    public ProfileTally(Profile reference) {
        this.reference = reference;
        this.counters = reference.columns().stream()
                .map(column -> column.type().isText() ? new Words(column) : new Numeric(column))
                .toArray(Counter[]::new);
    }

    /** The profile of some rows, whose quantiles make its bins and whose most frequent words are its categories. */
    public static Profile of(Columns rows) {
        List<ColumnProfile> columns = new ArrayList<>();
        for (int c = 0; c < rows.schema().size(); c++) {
            Column column = rows.schema().columns().get(c);
            columns.add(column.type().isText() ? words(rows, c, column) : numbers(rows, c, column));
        }
        ProfileTally tally = new ProfileTally(new Profile(Profile.V, rows.rows(), columns));
        int[] all = new int[rows.rows()];
        Arrays.setAll(all, i -> i);
        tally.add(rows, all);
        return tally.profile();
    }

    private static ColumnProfile numbers(Columns rows, int c, Column column) {
        double[] finite =
                Arrays.stream(rows.numbers(c)).filter(Double::isFinite).sorted().toArray();
        List<Double> edges = finite.length == 0
                ? List.of()
                : Arrays.stream(QuantileBins.ofSorted(finite, BINS).edges())
                        .boxed()
                        .toList();
        Optional<Bins> bins = edges.isEmpty()
                ? Optional.empty()
                : Optional.of(new Bins(edges, List.of(), List.of(), finite[0], finite[finite.length - 1], 0));
        Optional<Numbers> numbers = Numbers.of(finite, bins);
        long distinct = Profile.different(finite);
        return new ColumnProfile(column.name(), column.type(), 0, distinct, 0, numbers, List.of(), Optional.empty());
    }

    private static ColumnProfile words(Columns rows, int c, Column column) {
        long[] counts = new long[rows.dictionarySize(c)];
        for (int code : rows.codes(c)) {
            if (code >= 0) {
                counts[code]++;
            }
        }
        List<String> dictionary = rows.dictionary(c);
        List<Word> words = new ArrayList<>();
        for (int w = 0; w < counts.length; w++) {
            if (counts[w] > 0) {
                words.add(new Word(dictionary.get(w), counts[w]));
            }
        }
        long distinct = words.size();
        return new ColumnProfile(
                column.name(), column.type(), 0, distinct, 0, Optional.empty(), frequent(words), Optional.of(0L));
    }

    private static List<Word> frequent(List<Word> words) {
        return words.stream()
                .sorted(Comparator.comparingLong(Word::rows).reversed().thenComparing(Word::value))
                .limit(MOST_WORDS)
                .toList();
    }

    /** Counts these rows of a batch. */
    public void add(Columns batch, int[] picked) {
        for (int c = 0; c < counters.length; c++) {
            String name = reference.columns().get(c).name();
            if (batch.schema().has(name)) {
                counters[c].add(batch, batch.index(name), picked);
            } else {
                counters[c].missing += picked.length;
            }
        }
        rows += picked.length;
    }

    /** Adds what another tally beside the same reference counted. */
    public void merge(Profile other) {
        for (int c = 0; c < counters.length; c++) {
            String name = reference.columns().get(c).name();
            counters[c].merge(other.column(name).orElseThrow(() -> Problem.notFound("column", name)));
        }
        rows += other.rows();
    }

    public long rows() {
        return rows;
    }

    /** What was counted so far. */
    public Profile profile() {
        List<ColumnProfile> columns = new ArrayList<>();
        for (int c = 0; c < counters.length; c++) {
            columns.add(counters[c].profile(reference.columns().get(c)));
        }
        return new Profile(Profile.V, rows, columns);
    }

    /** What is counted of one column. */
    private abstract static class Counter {
        long missing;
        long infinite;

        abstract void add(Columns batch, int column, int[] picked);

        abstract void merge(ColumnProfile other);

        abstract ColumnProfile profile(ColumnProfile reference);
    }

    private static final class Numeric extends Counter {
        private final double[] edges;
        private long[] counts;
        private final double[] sums;
        private final double[] lost; // of each sum, what rounding took (Neumaier)
        private double least = Double.POSITIVE_INFINITY;
        private double greatest = Double.NEGATIVE_INFINITY;
        private final Set<Double> few = new HashSet<>();
        private final double leastBefore;
        private final double greatestBefore;
        private long outside;

        Numeric(ColumnProfile reference) {
            Optional<Bins> known = reference.numbers().flatMap(Numbers::bins);
            leastBefore = known.map(Bins::least).orElse(Double.NEGATIVE_INFINITY);
            greatestBefore = known.map(Bins::greatest).orElse(Double.POSITIVE_INFINITY);
            edges = known.map(Bins::edges).orElse(List.of()).stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            counts = new long[2 * edges.length + 1];
            sums = new double[counts.length];
            lost = new double[counts.length];
        }

        @Override
        void add(Columns batch, int column, int[] picked) {
            if (batch.schema().columns().get(column).type().isText()) {
                for (int row : picked) {
                    if (batch.isMissing(column, row)) {
                        missing++;
                    } else {
                        infinite++;
                    }
                }
                return;
            }
            for (int row : picked) {
                add(batch.number(column, row));
            }
        }

        void add(double value) {
            if (Double.isNaN(value)) {
                missing++;
            } else if (Double.isInfinite(value)) {
                infinite++;
            } else {
                count(value);
            }
        }

        private void count(double value) {
            int found = Arrays.binarySearch(edges, value + 0.0);
            int place = found >= 0 ? 2 * found + 1 : 2 * (-found - 1);
            counts[place]++;
            sum(place, value);
            outside += value < leastBefore || value > greatestBefore ? 1 : 0;
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
            if (few.size() < 2) {
                few.add(value);
            }
        }

        private void sum(int place, double value) {
            double total = sums[place] + value;
            lost[place] += Math.abs(sums[place]) >= Math.abs(value)
                    ? sums[place] - total + value
                    : value - total + sums[place];
            sums[place] = total;
        }

        @Override
        void merge(ColumnProfile other) {
            missing += other.missing();
            infinite += other.infinite();
            other.numbers().flatMap(Numbers::bins).ifPresent(bins -> {
                for (int place = 0; place < counts.length; place++) {
                    counts[place] += bins.counts().get(place);
                    sum(place, bins.sums().get(place));
                }
                outside += bins.outside();
                least = Math.min(least, bins.least());
                greatest = Math.max(greatest, bins.greatest());
                few.add(bins.least());
                few.add(bins.greatest());
            });
        }

        @Override
        ColumnProfile profile(ColumnProfile reference) {
            List<Double> totals = new ArrayList<>();
            double sum = 0;
            long present = 0;
            for (int place = 0; place < counts.length; place++) {
                totals.add(sums[place] + lost[place]);
                sum += sums[place] + lost[place];
                present += counts[place];
            }
            Optional<Numbers> known = reference.numbers();
            Optional<Numbers> numbers = present == 0
                    ? Optional.empty()
                    : Optional.of(new Numbers(
                            sum / present,
                            known.map(Numbers::deviation).orElse(0.0),
                            known.map(Numbers::quantiles).orElse(List.of()),
                            Optional.of(new Bins(
                                    Arrays.stream(edges).boxed().toList(),
                                    Arrays.stream(counts).boxed().toList(),
                                    totals,
                                    least,
                                    greatest,
                                    outside))));
            return new ColumnProfile(
                    reference.name(),
                    reference.type(),
                    missing,
                    Math.max(few.size(), Math.min(present, reference.distinct())),
                    infinite,
                    numbers,
                    List.of(),
                    Optional.empty());
        }
    }

    private static final class Words extends Counter {
        private final Map<String, Integer> places = new HashMap<>();
        private final String[] words;
        private final long[] counts;
        private long other;

        Words(ColumnProfile reference) {
            words = reference.words().stream().map(Word::value).toArray(String[]::new);
            counts = new long[words.length];
            for (int w = 0; w < words.length; w++) {
                places.put(words[w], w);
            }
        }

        @Override
        void add(Columns batch, int column, int[] picked) {
            for (int row : picked) {
                Optional<String> word = batch.written(column, row);
                if (word.isEmpty()) {
                    missing++;
                    continue;
                }
                int place = places.getOrDefault(word.get(), -1);
                if (place < 0) {
                    other++;
                } else {
                    counts[place]++;
                }
            }
        }

        @Override
        void merge(ColumnProfile more) {
            missing += more.missing();
            other += more.otherWords().orElse(0L);
            for (Word word : more.words()) {
                Integer place = places.get(word.value());
                if (place == null) {
                    other += word.rows();
                } else {
                    counts[place] += word.rows();
                }
            }
        }

        @Override
        ColumnProfile profile(ColumnProfile reference) {
            List<Word> found = new ArrayList<>();
            long distinct = 0;
            for (int w = 0; w < words.length; w++) {
                found.add(new Word(words[w], counts[w]));
                distinct += counts[w] > 0 ? 1 : 0;
            }
            return new ColumnProfile(
                    reference.name(),
                    reference.type(),
                    missing,
                    distinct,
                    0,
                    Optional.empty(),
                    found,
                    Optional.of(other));
        }
    }

    /** The counts of a numeric column as the drift distances take them; empty where it has no bins. */
    public static Optional<BinnedSample> binned(ColumnProfile column) {
        return column.numbers()
                .flatMap(Numbers::bins)
                .map(bins -> new BinnedSample(
                        bins.edges().stream().mapToDouble(Double::doubleValue).toArray(),
                        bins.counts().stream().mapToLong(Long::longValue).toArray(),
                        bins.sums().stream().mapToDouble(Double::doubleValue).toArray(),
                        column.missing() + column.infinite(),
                        bins.least(),
                        bins.greatest()));
    }
}
