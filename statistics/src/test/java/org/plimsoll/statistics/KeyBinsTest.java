package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How finely samples are cut, worked out by hand: 2^4·√rows bins of equal width in all, where rows is a power of four. */
class KeyBinsTest {

    /** 8,192 values spread evenly over [1, 1.0625), the numbers of one cell: 14 bits number them, so 2^(4 + 7) bins hold four each. */
    @Test
    void bins_spreadEvenlyOverOneCell_holdEquallyMany() {
        double[] even = spread(4_096, 1, 0.0625);
        double[] odd = Arrays.stream(even).map(value -> value + 0x1p-17).toArray();
        KeyBins bins = KeyBins.of(even, odd);
        assertThat(bins.count()).isEqualTo(2_048);
        assertThat(bins.counts(even)).containsOnly(2);
        assertThat(bins.counts(odd)).containsOnly(2);
        assertThat(bins.low(0)).isEqualTo(1);
        assertThat(bins.low(1)).isEqualTo(1 + 0.0625 / 2_048);
        assertThat(bins.widthBits(0)).isEqualTo(48 - 11);
    }

    /** Of 4,096 values three quarters lie in one cell, a quarter in another: 13 bits, 2^(4 + 6) bins wanted, by share. */
    @Test
    void bins_cellsOfUnequalShare_areCutByTheirShare() {
        double[] many = spread(3_072, 1, 0.0625);
        double[] few = spread(1_024, 2, 0.125);
        KeyBins bins = KeyBins.of(many, few);
        assertThat(bins.count()).as("768 rounded up to a power of two, and 256").isEqualTo(1_024 + 256);
        assertThat(bins.counts(few)).endsWith(4, 4, 4).startsWith(0, 0, 0);
        assertThat(Arrays.stream(bins.counts(many)).max()).hasValue(3);
    }

    @Test
    void bins_fewRowsInACell_areOneForTheCell() {
        double[] values =
                IntStream.range(0, 40).mapToDouble(k -> Math.scalb(1.03, k)).toArray();
        KeyBins bins = KeyBins.of(values, new double[] {-3, -3.1});
        assertThat(bins.count())
                .as("2^(4 + 3) bins for 42 rows, four for a cell of one")
                .isEqualTo(40 * 4 + 8);
    }

    /** Ten bits at the very end vary: no bin is wider than the highest of them asks. */
    @Test
    void bins_lastBitsAlone_areToldApart() {
        double[] values =
                IntStream.range(0, 1_024).mapToDouble(i -> 1 + i * 0x1p-52).toArray();
        KeyBins bins = KeyBins.of(Arrays.copyOf(values, 600), Arrays.copyOfRange(values, 600, 1_024));
        assertThat(bins.count()).as("11 bits number 1,024 rows: 2^(4 + 5) bins").isEqualTo(512);
        assertThat(bins.counts(values)).containsOnly(2);
        assertThat(bins.widthBits(3)).isEqualTo(1);
        assertThat(bins.low(3)).isEqualTo(1 + 6 * 0x1p-52);
    }

    @Test
    void bins_constantsThatDifferInOneBit_areToldApart() {
        double[] one = new double[4_096];
        Arrays.fill(one, 1);
        double[] other = new double[4_096];
        Arrays.fill(other, 1 + 0x1p-43);
        KeyBins bins = KeyBins.of(one, other);
        int ofOne = bins.of(SortableKey.unsigned(1));
        int ofOther = bins.of(SortableKey.unsigned(1 + 0x1p-43));
        assertThat(ofOther).isGreaterThan(ofOne);
        assertThat(bins.low(ofOther)).isEqualTo(1 + 0x1p-43);
    }

    @Test
    void bins_oneConstant_isOneBinOfThatValue() {
        double[] values = new double[100];
        Arrays.fill(values, -7.25);
        KeyBins bins = KeyBins.of(values, values);
        assertThat(bins.count()).isOne();
        assertThat(bins.low(0)).isEqualTo(-7.25);
        assertThat(bins.widthBits(0)).isZero();
    }

    /** Bins ascend, hold what lies between their borders, and nothing is lost. */
    @Test
    void bins_anyValues_holdThem() {
        SplittableRandom random = new SplittableRandom(12);
        double[] values = new double[10_000];
        Arrays.setAll(values, i -> switch (random.nextInt(4)) {
            case 0 -> random.nextGaussian();
            case 1 -> -Math.exp(20 * random.nextGaussian());
            case 2 -> random.nextInt(100) * Double.MIN_VALUE;
            default -> random.nextInt(-5, 6) + 0.0;
        });
        KeyBins bins = KeyBins.of(values, new double[0]);
        for (double value : values) {
            long key = SortableKey.unsigned(value);
            int bin = bins.of(key);
            assertThat(bins.low(bin)).isLessThanOrEqualTo(value);
            assertThat(key - bins.lowKey(bin)).isBetween(0L, (1L << bins.widthBits(bin)) - 1);
        }
        for (int bin = 1; bin < bins.count(); bin++) {
            assertThat(bins.low(bin)).isGreaterThan(bins.low(bin - 1));
        }
        assertThat(Arrays.stream(bins.counts(values)).sum()).isEqualTo(values.length);
    }

    private static double[] spread(int rows, double from, double width) {
        return IntStream.range(0, rows)
                .mapToDouble(i -> from + i * width / rows)
                .toArray();
    }
}
