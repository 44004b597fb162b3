package org.plimsoll.statistics;

import java.util.Arrays;
import org.plimsoll.core.Problem;

/**
 * Bins whose edges are quantiles of a reference sample, so that one outlier moves no edge and strictly increasing maps change nothing.
 *
 * <p>Edges are sample values: for b bins the values at sorted places {@code ⌊k·n/b⌋}, k = 1…b − 1, equal ones once. A value x is
 * in bin k when {@code edge_{k−1} ≤ x < edge_k}, the outer bins being open. Heavy ties give fewer bins. Counting is O(log b) a
 * value, or O(b·log n) on a sorted sample, and gives the same counts.
 *
 * @param edges inner edges, strictly ascending
 */
public record QuantileBins(double[] edges) {

    public QuantileBins {
        for (int k = 0; k < edges.length; k++) {
            Inputs.finite("edge", edges[k]);
            if (k > 0 && !(edges[k] > edges[k - 1])) {
                throw Problem.invalid("edges[" + k + "]", edges[k], "more than " + edges[k - 1]);
            }
        }
    }

    /** From any sample of finite values; O(n log n). */
    public static QuantileBins of(double[] reference, int bins) {
        Inputs.finite("reference", reference);
        double[] sorted = reference.clone();
        RadixSort.sort(sorted);
        return ofSorted(sorted, bins);
    }

    /** From an ascending sample; O(bins). */
    public static QuantileBins ofSorted(double[] sorted, int bins) {
        Inputs.notEmpty("reference", sorted.length);
        Inputs.atLeast("bins", bins, 2);
        double[] edges = new double[bins - 1];
        int kept = 0;
        for (int k = 1; k < bins; k++) {
            double edge = sorted[rank(k, bins, sorted.length)];
            if (kept == 0 || edge > edges[kept - 1]) {
                edges[kept++] = edge;
            }
        }
        return new QuantileBins(Arrays.copyOf(edges, kept));
    }

    /** The sorted place, from 0, of the edge above bin k − 1. */
    static int rank(int k, int bins, int rows) {
        return (int) ((long) k * rows / bins);
    }

    /** How many bins there are: edges + 1. */
    public int count() {
        return edges.length + 1;
    }

    /** The bin of a value, from 0. */
    public int of(double value) {
        return Quantile.countNotAbove(edges, value);
    }

    /** Counts of a sample of finite values. */
    public long[] counts(double[] values) {
        Inputs.finite("values", values);
        long[] counts = new long[count()];
        for (double value : values) {
            counts[of(value)]++;
        }
        return counts;
    }

    /** Counts of an ascending sample. */
    public long[] countsOfSorted(double[] sorted) {
        long[] counts = new long[count()];
        int before = 0;
        for (int k = 0; k < edges.length; k++) {
            int below = Quantile.countBelow(sorted, edges[k]);
            counts[k] = below - before;
            before = below;
        }
        counts[edges.length] = sorted.length - before;
        return counts;
    }
}
