package org.plimsoll.statistics;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The default drift statistics of one numeric column, exact, from sorting each sample as far as they need it.
 *
 * <p>Binned distances use the reference's deciles and one more bin for missing values (NaN); so a rising share of missing values
 * is drift by itself. PSI is smoothed ({@link Psi}). Distances of distribution functions use the values present. One outlier,
 * however far, changes PSI, Jensen–Shannon, total variation and KS by at most one row, and the scaled Wasserstein distance only
 * by its own share. Infinite values: a Problem. O(n) ({@link PartialSort}).
 *
 * @param psi over deciles and missing
 * @param jensenShannon base 2, over deciles and missing, from 0 to 1
 * @param totalVariation over deciles and missing, from 0 to 1
 * @param kolmogorovSmirnov D, from 0 to 1; absent when a side has only missing values
 * @param wasserstein in the column's unit; absent when a side has only missing values
 * @param scaledWasserstein in robust standard deviations of the reference; absent also when those are zero
 * @param missingChange share missing now − share missing in the reference
 */
public record ColumnDrift(
        double psi,
        double jensenShannon,
        double totalVariation,
        OptionalDouble kolmogorovSmirnov,
        OptionalDouble wasserstein,
        OptionalDouble scaledWasserstein,
        double missingChange) {

    private static final int BINS = 10;

    /** Compares copies; the arrays are left as they are. At least one reference value must not be missing. */
    public static ColumnDrift of(double[] reference, double[] current) {
        return ofOwned(reference.clone(), current.clone());
    }

    /** The same, using up the given arrays: their values are changed, and little memory is needed besides. */
    public static ColumnDrift ofOwned(double[] reference, double[] current) {
        double[] first = present("reference", reference);
        double[] second = present("current", current);
        if (first.length == 0) {
            throw Inputs.undefined("drift", "the reference has no values");
        }
        StepDifference difference = PartialSort.sort(first, second, wantedRanks(first.length));
        QuantileBins bins = QuantileBins.ofSorted(first, BINS);
        long[] expected = withMissing(bins.countsOfSorted(first), reference.length - first.length);
        long[] found = withMissing(bins.countsOfSorted(second), current.length - second.length);
        OptionalDouble kolmogorovSmirnov = OptionalDouble.empty();
        OptionalDouble wasserstein = OptionalDouble.empty();
        OptionalDouble scaled = OptionalDouble.empty();
        if (second.length > 0) {
            double distance = difference.wasserstein();
            double scale = Wasserstein.robustScale(first);
            kolmogorovSmirnov = OptionalDouble.of(difference.kolmogorovSmirnov());
            wasserstein = OptionalDouble.of(distance);
            scaled = scale == 0 ? OptionalDouble.empty() : OptionalDouble.of(distance / scale);
        }
        return new ColumnDrift(
                Psi.of(expected, found),
                JensenShannon.distance(expected, found),
                TotalVariation.distance(expected, found),
                kolmogorovSmirnov,
                wasserstein,
                scaled,
                missingShare(second, current) - missingShare(first, reference));
    }

    /** Columns in parallel, {@code reference[column]} against {@code current[column]}; arrays are copied one column at a time. */
    public static ColumnDrift[] ofColumns(double[][] reference, double[][] current) {
        Inputs.sameLength("current", current.length, "the reference's columns", reference.length);
        return IntStream.range(0, reference.length)
                .parallel()
                .mapToObj(column -> of(reference[column], current[column]))
                .toArray(ColumnDrift[]::new);
    }

    /** The finite values, −0.0 as 0.0, moved to the front. */
    private static double[] present(String name, double[] values) {
        double probe = 0;
        for (int i = 0; i < values.length; i++) {
            double value = values[i] + 0.0;
            values[i] = value;
            probe += value * 0; // NaN as soon as one is missing or infinite
        }
        if (probe == 0) {
            return values;
        }
        int present = 0;
        for (double value : values) {
            if (!Double.isNaN(value)) {
                Inputs.finite(name, value);
                values[present++] = value + 0.0;
            }
        }
        return present == values.length ? values : Arrays.copyOf(values, present);
    }

    /** Where deciles and quartiles stand. */
    private static int[] wantedRanks(int rows) {
        IntStream deciles = IntStream.range(1, BINS).map(k -> QuantileBins.rank(k, BINS, rows));
        IntStream quartiles = Wasserstein.robustScaleRanks(rows);
        return IntStream.concat(deciles, quartiles).sorted().distinct().toArray();
    }

    private static long[] withMissing(long[] counts, long missing) {
        long[] all = Arrays.copyOf(counts, counts.length + 1);
        all[counts.length] = missing;
        return all;
    }

    private static double missingShare(double[] present, double[] all) {
        return (all.length - present.length) / (double) all.length;
    }
}
