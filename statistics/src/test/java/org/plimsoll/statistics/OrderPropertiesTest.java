package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.plimsoll.statistics.Properties.forAll;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What must hold of sorting, ranking and summing for any numbers. */
class OrderPropertiesTest {

    @Test
    void order_anyNumbers_equalsAStableSort() {
        forAll(random -> {
            int rows = random.nextInt(1, 300);
            double[] values = new double[rows];
            for (int i = 0; i < rows; i++) {
                values[i] = switch (random.nextInt(5)) {
                    case 0 -> random.nextInt(-2, 3);
                    case 1 -> Math.scalb(random.nextDouble() - 0.5, random.nextInt(-1000, 1000));
                    case 2 -> 1 + Math.scalb(random.nextInt(8), -52);
                    case 3 -> random.nextBoolean() ? -0.0 : 0.0;
                    default -> random.nextDouble();
                };
            }
            Integer[] expected = new Integer[rows];
            Arrays.setAll(expected, i -> i);
            Arrays.sort(expected, (a, b) -> values[a] == values[b] ? 0 : Double.compare(values[a], values[b]));
            assertThat(Order.ascending(values)).containsExactly(expected);
            double[] ranks = Order.midranks(values);
            for (int i = 0; i < rows; i++) {
                int below = 0;
                int equal = 0;
                for (double other : values) {
                    below += other < values[i] ? 1 : 0;
                    equal += other == values[i] ? 1 : 0;
                }
                assertThat(ranks[i]).isEqualTo(below + (equal + 1) / 2.0);
            }
        });
    }

    /** Long arrays are sorted byte by byte; every bit must be where a comparing sort puts it. */
    @Test
    void radixSort_longArrays_equalsAComparingSortBitForBit() {
        for (int kind = 0; kind < 5; kind++) {
            SplittableRandom random = new SplittableRandom(kind);
            double[] values = new double[4_096 + kind * 700];
            for (int i = 0; i < values.length; i++) {
                values[i] = switch (kind) {
                    case 0 -> Math.scalb(random.nextDouble() - 0.5, random.nextInt(-1074, 1000));
                    case 1 -> random.nextInt(-3, 4) * 0.0;
                    case 2 -> random.nextInt(-100, 100);
                    case 3 -> random.nextInt(10) == 0 ? Double.NaN : -1 / random.nextDouble();
                    default -> random.nextBoolean() ? Double.NEGATIVE_INFINITY : Double.MIN_VALUE;
                };
            }
            double[] expected = values.clone();
            Arrays.sort(expected);
            RadixSort.sort(values);
            assertThat(values).as("kind %d", kind).containsExactly(expected);
            long[] keys = Arrays.stream(values)
                    .mapToLong(value -> Double.doubleToLongBits(value) * 0x9e3779b97f4a7c15L)
                    .toArray();
            long[] sorted = keys.clone();
            Arrays.sort(sorted);
            assertThat(RadixSort.sorted(keys, 0)).as("kind %d", kind).containsExactly(sorted);
        }
    }

    @Test
    void order_longArray_equalsAStableSort() {
        SplittableRandom random = new SplittableRandom(5);
        double[] values = new double[9_000];
        Arrays.setAll(values, i -> random.nextInt(3) == 0 ? random.nextInt(-2, 3) : random.nextDouble() - 0.5);
        Integer[] expected = new Integer[values.length];
        Arrays.setAll(expected, i -> i);
        Arrays.sort(expected, (a, b) -> values[a] == values[b] ? 0 : Double.compare(values[a], values[b]));
        assertThat(Order.ascending(values)).containsExactly(expected);
    }

    @Test
    void mean_equalValues_isExactlyThatValueAndHasNoSpread() {
        forAll(random -> {
            double value = Math.scalb(random.nextDouble() - 0.5, random.nextInt(-30, 30));
            double[] values = new double[random.nextInt(1, 60)];
            Arrays.fill(values, value);
            double[] weights = random.doubles(values.length, 0.1, 3).toArray();
            assertThat(Sum.mean(values)).isEqualTo(value);
            assertThat(Sum.mean(values, weights)).isEqualTo(value);
            assertThat(Moments.of(values).squares()).isZero();
        });
    }
}
