package org.plimsoll.monitoring;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Recognises values that come in another unit: every quantile multiplied by the same number.
 *
 * <p>Of the nine deciles those are compared that are not next to nothing. Where their ratios lie within 10 % of the ratio in the
 * middle, and that is beyond 1.2 or below 1/1.2, the column was multiplied by it. Deciles are robust: a few wild values change
 * nothing. Drift that stretches one end only, or moves everything by the same amount, is no change of unit.
 *
 * @param factor now, of what was before
 */
record UnitChange(double factor) {

    private static final double SPREAD = 0.10;
    private static final double LEAST = Math.log(1.2);
    private static final double CLOSE = 0.03;
    private static final int AT_LEAST = 5;
    private static final int FEWEST = 50;

    /** Factors people know, with the words for them. */
    private static final Map<Double, String> KNOWN = new TreeMap<>(Map.ofEntries(
            Map.entry(1.609344, "miles to kilometres"),
            Map.entry(1 / 1.609344, "kilometres to miles"),
            Map.entry(0.3048, "feet to metres"),
            Map.entry(1 / 0.3048, "metres to feet"),
            Map.entry(2.54, "inches to centimetres"),
            Map.entry(1 / 2.54, "centimetres to inches"),
            Map.entry(0.45359237, "pounds to kilograms"),
            Map.entry(1 / 0.45359237, "kilograms to pounds"),
            Map.entry(3.6, "metres a second to kilometres an hour"),
            Map.entry(1 / 3.6, "kilometres an hour to metres a second"),
            Map.entry(60.0, "minutes to seconds, or hours to minutes"),
            Map.entry(1 / 60.0, "seconds to minutes, or minutes to hours"),
            Map.entry(3600.0, "hours to seconds"),
            Map.entry(1 / 3600.0, "seconds to hours"),
            Map.entry(10.0, "ten times as much"),
            Map.entry(0.1, "a tenth"),
            Map.entry(100.0, "shares to per cent, or euros to cents"),
            Map.entry(0.01, "per cent to shares, or cents to euros"),
            Map.entry(1000.0, "thousands to ones"),
            Map.entry(0.001, "ones to thousands")));

    /** The change from these values to those, if it is one of units; NaN is left out. */
    static Optional<UnitChange> recognise(double[] before, double[] now) {
        double[] old = finite(before);
        double[] fresh = finite(now);
        if (old.length < FEWEST || fresh.length < FEWEST) {
            return Optional.empty();
        }
        double[] ratios = ratios(old, fresh);
        if (ratios.length < AT_LEAST) {
            return Optional.empty();
        }
        Arrays.sort(ratios);
        double middle = ratios[ratios.length / 2];
        boolean isOne = ratios[0] > middle * (1 - SPREAD) && ratios[ratios.length - 1] < middle * (1 + SPREAD);
        return isOne && isBeyond(middle) ? Optional.of(new UnitChange(middle)) : Optional.empty();
    }

    /** Whether a ratio is so far from 1 that it may be another unit; also where it is no number. */
    static boolean isBeyond(double ratio) {
        return !(Math.abs(Math.log(Math.abs(ratio))) <= LEAST);
    }

    private static double[] ratios(double[] before, double[] now) {
        double scale = Math.max(Math.abs(at(before, 0.1)), Math.abs(at(before, 0.9)));
        double[] ratios = new double[9];
        int count = 0;
        for (int decile = 1; decile <= 9; decile++) {
            double old = at(before, decile / 10.0);
            double fresh = at(now, decile / 10.0);
            if (Math.abs(old) > scale / 1000 && old * fresh > 0) {
                ratios[count++] = fresh / old;
            }
        }
        return Arrays.copyOf(ratios, count);
    }

    private static double at(double[] sorted, double share) {
        return sorted[(int) Math.round((sorted.length - 1) * share)];
    }

    private static double[] finite(double[] values) {
        return Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    }

    /** {@code × 1.61, as from miles to kilometres}. */
    String text() {
        String number = String.format(Locale.ROOT, "× %.3g", factor);
        return KNOWN.entrySet().stream()
                .filter(known -> Math.abs(factor / known.getKey() - 1) < CLOSE)
                .findFirst()
                .map(known -> number + ", as from " + known.getValue())
                .orElse(number);
    }
}
