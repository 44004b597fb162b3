package org.plimsoll.statistics;

import java.util.Arrays;

/**
 * The ascending order of an array of numbers, without boxing, and the midranks that follow from it.
 *
 * <p>A sort of primitives is fast but carries no payload. Each number is therefore mapped to a {@code long} that
 * sorts alike; the lowest bits, as many as an index needs, are replaced by the index. One primitive sort then yields the order
 * up to numbers that agree in all the upper bits; such runs are sorted once more by the bits that were cut off. Two sorts at
 * the worst, so O(n log n) whatever the data; stable, as the index breaks ties. −0.0 and 0.0 are equal.
 */
final class Order {

    private Order() {}

    /** Indices of {@code values} in ascending order, equal values by index. NaN has no place. */
    static int[] ascending(double[] values) {
        int rows = values.length;
        int indexBits = Math.max(1, 32 - Integer.numberOfLeadingZeros(Math.max(rows - 1, 0)));
        long indexMask = (1L << indexBits) - 1;
        long[] keys = new long[rows];
        for (int i = 0; i < rows; i++) {
            keys[i] = SortableKey.of(values[i] + 0.0) & ~indexMask | i;
        }
        keys = RadixSort.sorted(keys, indexBits);
        int[] order = new int[rows];
        for (int start = 0; start < rows; ) {
            int end = start + 1;
            while (end < rows && (keys[end] & ~indexMask) == (keys[start] & ~indexMask)) {
                end++;
            }
            sortRun(values, keys, start, end, indexBits);
            for (int k = start; k < end; k++) {
                order[k] = (int) (keys[k] & indexMask);
            }
            start = end;
        }
        return order;
    }

    /** Sorts a run that agrees in the upper bits by the {@code indexBits} bits its keys had lost, then by index. */
    private static void sortRun(double[] values, long[] keys, int start, int end, int indexBits) {
        if (end - start == 1) {
            return;
        }
        long indexMask = (1L << indexBits) - 1;
        for (int k = start; k < end; k++) {
            long index = keys[k] & indexMask;
            keys[k] = (SortableKey.of(values[(int) index] + 0.0) & indexMask) << indexBits | index;
        }
        Arrays.sort(keys, start, end);
    }

    /** Midranks from 1: tied values share the mean of the ranks they cover. */
    static double[] midranks(double[] values) {
        int[] order = ascending(values);
        double[] ranks = new double[values.length];
        for (int start = 0; start < order.length; ) {
            int end = endOfTie(values, order, start);
            for (int k = start; k < end; k++) {
                ranks[order[k]] = 0.5 * (start + end + 1);
            }
            start = end;
        }
        return ranks;
    }

    /** The first position after {@code start} whose value differs. */
    static int endOfTie(double[] values, int[] order, int start) {
        double value = values[order[start]];
        int end = start + 1;
        while (end < order.length && values[order[end]] == value) {
            end++;
        }
        return end;
    }

    /** The first position whose value equals that before {@code end}. */
    static int startOfTie(double[] values, int[] order, int end) {
        double value = values[order[end - 1]];
        int start = end - 1;
        while (start > 0 && values[order[start - 1]] == value) {
            start--;
        }
        return start;
    }
}
