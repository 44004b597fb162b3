package org.plimsoll.monitoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;

/**
 * How a column's values are spread, in training and in a window, over the same bins: ten of equal width between the training rows' 1 %
 * and 99 %, one below and one above; or, of text, the eight most frequent words of training and all others. Values that are missing
 * count in a bin of their own, where there are any.
 *
 * @param bins what each bin holds, for people
 * @param before share of the training rows in each bin
 * @param now share of the window's rows in each
 */
public record Distribution(String column, List<String> bins, List<Double> before, List<Double> now) {

    private static final int INNER = 10;
    private static final int WORDS = 8;

    public Distribution {
        bins = List.copyOf(bins);
        before = List.copyOf(before);
        now = List.copyOf(now);
        if (bins.size() != before.size() || bins.size() != now.size()) {
            throw Problem.invalid("bins", bins.size(), "as many as shares");
        }
    }

    /** The distribution of this column; empty where the training rows hold no value of it. */
    static Optional<Distribution> of(String column, Columns training, Columns window) {
        int before = training.schema().index(column);
        int now = window.schema().index(column);
        boolean isText = training.schema().columns().get(before).type().isText();
        return isText
                ? ofWords(column, training, before, window, now)
                : ofNumbers(column, training, before, window, now);
    }

    private static Optional<Distribution> ofNumbers(
            String column, Columns training, int before, Columns window, int now) {
        double[] old = training.numbers(before);
        double[] sorted = Arrays.stream(old).filter(Double::isFinite).sorted().toArray();
        if (sorted.length == 0) {
            return Optional.empty();
        }
        double least = sorted[(int) (0.01 * (sorted.length - 1))];
        double greatest = sorted[(int) (0.99 * (sorted.length - 1))];
        double width = greatest > least ? (greatest - least) / INNER : 1;
        List<String> bins = new ArrayList<>();
        bins.add("below " + number(least));
        for (int bin = 0; bin < INNER; bin++) {
            bins.add(number(least + bin * width) + " to " + number(least + (bin + 1) * width));
        }
        bins.add("above " + number(least + INNER * width));
        return Optional.of(shares(column, bins, places(old, least, width), places(window.numbers(now), least, width)));
    }

    /** The bin of each value; the one after the last for those that are missing. */
    private static int[] places(double[] values, double least, double width) {
        int[] places = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            double at = Math.floor((values[i] - least) / width);
            places[i] = Double.isNaN(values[i]) ? INNER + 2 : 1 + (int) Math.clamp(at, -1.0, INNER);
        }
        return places;
    }

    private static Optional<Distribution> ofWords(
            String column, Columns training, int before, Columns window, int now) {
        Map<String, Integer> counts = new HashMap<>();
        for (int row = 0; row < training.rows(); row++) {
            training.text(before, row).ifPresent(word -> counts.merge(word, 1, Integer::sum));
        }
        if (counts.isEmpty()) {
            return Optional.empty();
        }
        List<String> bins = new ArrayList<>(counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(WORDS)
                .map(Map.Entry::getKey)
                .toList());
        Map<String, Integer> places = new HashMap<>();
        bins.forEach(word -> places.put(word, places.size()));
        bins.add("all others");
        return Optional.of(shares(column, bins, places(training, before, places), places(window, now, places)));
    }

    private static int[] places(Columns rows, int column, Map<String, Integer> known) {
        int[] places = new int[rows.rows()];
        for (int row = 0; row < places.length; row++) {
            Optional<String> word = rows.text(column, row);
            places[row] = word.isEmpty() ? known.size() + 1 : known.getOrDefault(word.get(), known.size());
        }
        return places;
    }

    private static Distribution shares(String column, List<String> bins, int[] before, int[] now) {
        List<String> all = new ArrayList<>(bins);
        boolean isAnyMissing = Arrays.stream(before).anyMatch(place -> place == bins.size())
                || Arrays.stream(now).anyMatch(place -> place == bins.size());
        if (isAnyMissing) {
            all.add("missing");
        }
        return new Distribution(column, all, shares(before, all.size()), shares(now, all.size()));
    }

    private static List<Double> shares(int[] places, int bins) {
        double[] shares = new double[bins];
        for (int place : places) {
            shares[place] += 1.0 / places.length;
        }
        return Arrays.stream(shares).boxed().toList();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.3g", value)
                .replace('-', '−');
    }
}
