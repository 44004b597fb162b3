package org.plimsoll.statistics;

import java.util.stream.IntStream;

/** Quantiles of sorted samples and places in sorted edges, as NumPy computes them. */
final class Quantile {

    private Quantile() {}

    /**
     * The quantile with linear interpolation (NumPy default, Hyndman–Fan type 7): position {@code h = (n − 1)·q} between sorted
     * values. Interpolates from the nearer side, as NumPy does, so equal neighbours give exactly their value.
     */
    static double ofSorted(double[] sorted, double q) {
        double position = (sorted.length - 1) * q;
        int below = (int) Math.floor(position);
        int above = Math.min(below + 1, sorted.length - 1);
        double share = position - below;
        double step = sorted[above] - sorted[below];
        return share >= 0.5 ? sorted[above] - step * (1 - share) : sorted[below] + step * share;
    }

    /** The two sorted places, from 0, that {@link #ofSorted} interpolates between; equal ones at the end. */
    static IntStream ranks(int rows, double q) {
        int below = (int) Math.floor((rows - 1) * q);
        return IntStream.of(below, Math.min(below + 1, rows - 1));
    }

    /** How many of the ascending {@code edges} are below {@code value} (NumPy {@code searchsorted(side='left')}). */
    static int countBelow(double[] edges, double value) {
        int low = 0;
        int high = edges.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (edges[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** How many of the ascending {@code edges} are at or below {@code value} ({@code searchsorted(side='right')}). */
    static int countNotAbove(double[] edges, double value) {
        int low = 0;
        int high = edges.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (edges[middle] <= value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
