package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Long samples of every kind, ordered only as far as needed, beside a whole sort and a walk over all of it. */
class PartialSortTest {

    private enum Kind {
        NORMAL,
        NARROW,
        FEW_VALUES,
        EVERY_EXPONENT,
        LONG_TAILED,
        MANY_ZEROS,
        LARGE_WHOLE_NEGATIVE,
        SUBNORMAL,
        CONSTANT,
        OUTLIERS,
        LAST_BITS,
        CENTS,
        HUGE;

        DoubleSupplier values(SplittableRandom random) {
            return switch (this) {
                case NORMAL -> random::nextGaussian;
                case NARROW -> () -> 1000 + random.nextDouble();
                case FEW_VALUES -> () -> random.nextInt(20);
                case EVERY_EXPONENT -> () -> Math.scalb(random.nextDouble() - 0.5, random.nextInt(-1074, 1000));
                case LONG_TAILED -> () -> Math.exp(5 * random.nextGaussian());
                case MANY_ZEROS -> () -> random.nextInt(3) == 0 ? -0.0 : random.nextGaussian();
                case LARGE_WHOLE_NEGATIVE -> () -> -1e15 - random.nextInt(1_000_000);
                case SUBNORMAL -> () -> random.nextInt(1000) * Double.MIN_VALUE;
                case CONSTANT -> () -> 5;
                case OUTLIERS -> () -> random.nextInt(1000) == 0 ? 1e7 : random.nextGaussian();
                case LAST_BITS -> () -> 1 + random.nextInt(100) * 0x1p-52;
                case CENTS -> () -> Math.floor(1e6 * random.nextDouble()) / 100;
                case HUGE -> () -> (random.nextBoolean() ? 1e307 : -1e307) * random.nextDouble();
            };
        }

        double moved(double value, double by) {
            return switch (this) {
                case EVERY_EXPONENT, SUBNORMAL, LAST_BITS, HUGE -> value;
                case FEW_VALUES, CONSTANT -> value + Math.round(by);
                default -> value * (1 + by / 10) + by;
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void columnDrift_longSamples_equalsAWholeSort(Kind kind) {
        for (double shift : new double[] {0, 0.01, 0.5, 40}) {
            long seed = kind.name().hashCode() * 10_000L + (long) (100 * shift);
            SplittableRandom random = new SplittableRandom(seed);
            DoubleSupplier values = kind.values(random);
            double[] reference = new double[5_000 + random.nextInt(20_000)];
            double[] current = new double[5_000 + random.nextInt(20_000)];
            Arrays.setAll(reference, i -> values.getAsDouble());
            Arrays.setAll(current, i -> kind.moved(values.getAsDouble(), shift));
            SortedPair sorted = SortedPair.of(reference, current);
            SortedPair.Distances whole = sorted.walk();
            ColumnDrift drift = ColumnDrift.of(reference, current);
            String what = kind + ", shift " + shift + ", seed " + seed;
            assertThat(drift.kolmogorovSmirnov().orElseThrow()).as(what).isEqualTo(whole.kolmogorovSmirnov());
            assertThat(drift.wasserstein().orElseThrow())
                    .as(what)
                    .isCloseTo(whole.wasserstein(), within(1e-13 * whole.wasserstein()));
            QuantileBins bins = QuantileBins.ofSorted(sorted.reference(), 10);
            long[] expected = Arrays.copyOf(bins.countsOfSorted(sorted.reference()), bins.count() + 1);
            long[] found = Arrays.copyOf(bins.countsOfSorted(sorted.current()), bins.count() + 1);
            assertThat(drift.psi()).as(what).isEqualTo(Psi.of(expected, found));
            assertThat(drift.totalVariation()).as(what).isEqualTo(TotalVariation.distance(expected, found));
            double scale = Wasserstein.robustScale(sorted.reference());
            assertThat(drift.scaledWasserstein().isPresent()).as(what).isEqualTo(scale != 0);
            drift.scaledWasserstein()
                    .ifPresent(scaled -> assertThat(scaled)
                            .as(what)
                            .isEqualTo(drift.wasserstein().orElseThrow() / scale));
            assertThat(ColumnDrift.of(sorted.reference(), sorted.current()))
                    .as("order of rows: " + what)
                    .isEqualTo(drift);
            assertThat(ColumnDrift.of(current, reference).wasserstein().orElseThrow())
                    .as("exchanged: " + what)
                    .isCloseTo(whole.wasserstein(), within(1e-13 * whole.wasserstein()));
        }
    }

    @Test
    void columnDrift_longSamplesWithMissing_countsThemApart() {
        SplittableRandom random = new SplittableRandom(77);
        double[] reference = random.doubles(9_000).toArray();
        double[] current = random.doubles(9_000).toArray();
        ColumnDrift present = ColumnDrift.of(reference, Arrays.copyOf(current, 6_000));
        Arrays.fill(current, 6_000, 9_000, Double.NaN);
        ColumnDrift drift = ColumnDrift.of(reference, current);
        assertThat(drift.missingChange()).isEqualTo(1 / 3.0);
        assertThat(drift.wasserstein()).isEqualTo(present.wasserstein());
        assertThat(drift.totalVariation()).isGreaterThan(0.3);
    }

    /** Far apart, only the bins of wanted ranks need order; the values of all others become the least that their bin may hold. */
    @Test
    void sort_samplesApart_ordersWantedBinsAlone() {
        double[] reference = spread(4_096, 1);
        double[] current = spread(4_096, 1.5);
        int[] counts = KeyBins.of(reference, current).counts(reference);
        int first = counts[0];
        assertThat(first).isEqualTo(4);
        StepDifference difference = PartialSort.sort(reference, current, new int[] {first, first + 1, 2_000});
        assertThat(difference.kolmogorovSmirnov()).isOne();
        assertThat(difference.wasserstein()).isCloseTo(0.5, within(1e-15));
        assertThat(kept(reference, spread(4_096, 1)))
                .as("the second bin, and that of rank 2,000")
                .isEqualTo(8);
        assertThat(reference[first]).isEqualTo(spread(4_096, 1)[first]);
        assertThat(reference[2_000]).isEqualTo(spread(4_096, 1)[2_000]);
        assertThat(kept(current, spread(4_096, 1.5))).isZero();
        assertThat(reference).isSorted();
        assertThat(current).isSorted();
    }

    @Test
    void sort_fewerRows_ordersEveryValue() {
        double[] reference = spread(4_096, 1);
        double[] current = spread(4_095, 1.5);
        PartialSort.sort(reference, current, new int[] {0});
        assertThat(reference).containsExactly(spread(4_096, 1));
        assertThat(current).containsExactly(spread(4_095, 1.5));
    }

    /** Ascending values over one cell, none of them at the border of a bin. */
    private static double[] spread(int rows, double from) {
        double[] values = new double[rows];
        Arrays.setAll(values, i -> from + (i + 0.5) * 0.0625 / rows);
        return values;
    }

    private static long kept(double[] values, double[] whole) {
        return IntStream.range(0, values.length)
                .filter(i -> values[i] == whole[i])
                .count();
    }

    /** By hand: of four and four values, three against one is a height of a half. */
    @Test
    void stretch_signAndHeightKnown_isSettled() {
        StepDifference difference = new StepDifference(new double[4], new double[4]);
        assertThat(difference.isSettled(2, 3, 1, 2))
                .as("its greatest height was not noted")
                .isFalse();
        difference.noteHeight(3, 1);
        assertThat(difference.isSettled(2, 3, 1, 2))
                .as("from level to that height")
                .isTrue();
        assertThat(difference.isSettled(1, 2, 2, 3)).as("the same below").isTrue();
        assertThat(difference.isSettled(1, 3, 1, 3)).as("either sign").isFalse();
        assertThat(difference.isSettled(2, 4, 1, 2)).as("higher").isFalse();
    }
}
