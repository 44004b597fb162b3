package org.plimsoll.data;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Some rows whose values are seen as small numbers, so that columns of any type can be held against each other. */
record ValueCodes(Columns rows) {

    private static final int BINS = 64;
    private static final int VALUES_AS_THEY_ARE = 256;

    /** Whether this column holds words. */
    boolean isText(int column) {
        return rows.schema().columns().get(column).type().isText();
    }

    /** The same number for the same value, from 0 in the order of first occurrence of numbers by size; missing is a value. */
    int[] codes(int column) {
        Map<String, Integer> known = new HashMap<>();
        int[] codes = new int[rows.rows()];
        if (isText(column)) {
            for (int row = 0; row < codes.length; row++) {
                String value = rows.text(column, row).orElse("\0");
                codes[row] = known.computeIfAbsent(value, _ -> known.size());
            }
            return codes;
        }
        double[] values = rows.numbers(column);
        double[] sorted = Arrays.stream(values).distinct().sorted().toArray();
        for (int row = 0; row < codes.length; row++) {
            codes[row] = Arrays.binarySearch(sorted, values[row]);
        }
        return codes;
    }

    /** {@link #codes} of the column, but that many numbers become equally filled bins. */
    int[] binned(int column, int[] codes) {
        int greatest = Arrays.stream(codes).max().orElse(0);
        if (isText(column) || greatest < VALUES_AS_THEY_ARE) {
            return codes;
        }
        double[] ranks = ranks(rows.numbers(column));
        int[] bins = new int[codes.length];
        for (int row = 0; row < bins.length; row++) {
            bins[row] = Double.isNaN(ranks[row]) ? -1 : (int) (ranks[row] * BINS / bins.length);
        }
        return bins;
    }

    /** Places in order, ties on average; NaN stays. */
    static double[] ranks(double[] values) {
        Integer[] order = new Integer[values.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(values[a], values[b]));
        double[] ranks = new double[values.length];
        for (int i = 0; i < order.length; ) {
            int end = i;
            while (end < order.length && Double.compare(values[order[end]], values[order[i]]) == 0) {
                end++;
            }
            for (int k = i; k < end; k++) {
                ranks[order[k]] = Double.isNaN(values[order[k]]) ? Double.NaN : (i + end - 1) / 2.0;
            }
            i = end;
        }
        return ranks;
    }
}
