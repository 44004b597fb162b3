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
        int indexBits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(values.length - 1, 0)));
        long[] keys = RadixSort.sorted(keys(values, indexBits), indexBits);
        return indices(values, keys, indexBits);
    }

    private static long[] keys(double[] values, int indexBits) {
        long[] keys = new long[values.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = SortableKey.of(values[i] + 0.0) >> indexBits << indexBits | i;
        }
        return keys;
    }

    private static int[] indices(double[] values, long[] keys, int indexBits) {
        long indexMask = (1L << indexBits) - 1;
        int[] indices = new int[keys.length];
        int k = 0;
        while (k < keys.length) {
            if (k + 1 < keys.length && keys[k] >> indexBits == keys[k + 1] >> indexBits) {
                k = sortRun(values, keys, k, indexBits, indices);
            } else {
                indices[k] = (int) (keys[k] & indexMask);
                k++;
            }
        }
        return indices;
    }

    /**
     * Sorts a run that agrees in the upper bits by the {@code indexBits} bits its keys had lost, then by index.
     *
     * @return where it ends
     */
    private static int sortRun(double[] values, long[] keys, int start, int indexBits, int[] indices) {
        long upper = keys[start] >> indexBits;
        long indexMask = (1L << indexBits) - 1;
        int end = start;
        while (end < keys.length && keys[end] >> indexBits == upper) {
            long index = keys[end] & indexMask;
            keys[end++] = (SortableKey.of(values[(int) index] + 0.0) & indexMask) << indexBits | index;
        }
        Arrays.sort(keys, start, end);
        for (int k = start; k < end; k++) {
            indices[k] = (int) (keys[k] & indexMask);
        }
        return end;
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
