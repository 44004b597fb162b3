package org.plimsoll.statistics;

import java.util.Arrays;

/**
 * Two samples brought into ascending order as far as their distances and some of the reference's order statistics need it, in place.
 *
 * <p>Both are counted in fine bins ({@link KeyBins}). {@link StepDifference} can account for most bins from counts and sums alone; only
 * the values of the others, and of those where a wanted rank lies, are picked out and sorted. Of two samples that differ that is
 * one in a hundred, of two alike one in ten. Afterwards both arrays ascend; a value of a bin that was not sorted has become the
 * least that its bin may hold, so wanted ranks, and counts below the values there, are what a whole sort would give.
 *
 * <p>Three sweeps, O(n), and sorting what was picked out, which takes no memory unless it is more than half. Ties cost most: a bin that
 * is one value over and over is sorted.
 */
final class PartialSort {

    /** A whole sort of fewer than these is faster. */
    private static final int WORTHWHILE_FROM = 8_192;

    private final KeyBins bins;
    private final Side reference;
    private final Side current;
    private final boolean[] settled;
    private final StepDifference difference;

    private PartialSort(double[] reference, double[] current) {
        this.bins = KeyBins.of(reference, current);
        this.reference = new Side(reference, bins);
        this.current = new Side(current, bins);
        this.settled = new boolean[bins.count()];
        this.difference = new StepDifference(reference, current);
    }

    /**
     * Brings both into order as far as needed and gives what was found on the way.
     *
     * @param reference finite values without −0.0, at least one
     * @param current finite values without −0.0; distances from none do not exist and must not be asked for
     * @param ranks ascending places of the reference that must be as a whole sort would leave them
     */
    static StepDifference sort(double[] reference, double[] current, int[] ranks) {
        if (reference.length + (long) current.length < WORTHWHILE_FROM) {
            RadixSort.sort(reference);
            RadixSort.sort(current);
            StepDifference difference = new StepDifference(reference, current);
            difference.walkOrdered(0, reference.length, 0, current.length);
            return difference;
        }
        PartialSort sort = new PartialSort(reference, current);
        sort.settle(ranks);
        sort.reference.order(sort.settled);
        sort.current.order(sort.settled);
        sort.walk();
        return sort.difference;
    }

    /** Finds the bins that need no order. */
    private void settle(int[] ranks) {
        for (int bin = 0; bin < settled.length; bin++) {
            difference.noteHeight(reference.end(bin), current.end(bin));
        }
        int next = 0;
        for (int bin = 0; bin < settled.length; bin++) {
            boolean wanted = next < ranks.length && ranks[next] < reference.end(bin);
            while (next < ranks.length && ranks[next] < reference.end(bin)) {
                next++;
            }
            settled[bin] = !wanted
                    && difference.isSettled(
                            reference.start(bin), reference.end(bin), current.start(bin), current.end(bin));
        }
    }

    private void walk() {
        for (int bin = 0; bin < settled.length; bin++) {
            int i = reference.start(bin);
            int iEnd = reference.end(bin);
            int j = current.start(bin);
            int jEnd = current.end(bin);
            if (iEnd == i && jEnd == j) {
                continue;
            }
            if (settled[bin]) {
                boolean above = difference.isNotNegative(i, jEnd);
                difference.walkSettled(
                        i,
                        iEnd,
                        above ? reference.below(bin) : reference.above(bin),
                        j,
                        jEnd,
                        above ? current.above(bin) : current.below(bin),
                        bins.low(bin),
                        bins.widthBits(bin));
            } else {
                difference.walkOrdered(i, iEnd, j, jEnd);
            }
        }
    }

    /** One sample: where its bins end, and how many units its values lie above the least of their bins. */
    private static final class Side {

        /** What stands for the least key of a bin that is not settled: no finite number has it. */
        private static final long UNSETTLED = -1;

        private final double[] values;
        private final KeyBins bins;
        private final int[] ends;

        /**
         * By settled bin, how many units its values lie above its least one, together: exact, so no order of rows matters. Less than
         * 2^60 for 2^32 rows, since a bin is the narrower the more values its cell holds ({@link KeyBins}): with k of K rows in a
         * cell and a fineness of f bits, k · 2^(48 - log2(k · 2^f / K)) = 2^(48 - f) · K, and f is 4 and half of log2 K.
         */
        private final long[] units;

        Side(double[] values, KeyBins bins) {
            this.values = values;
            this.bins = bins;
            this.ends = bins.counts(values);
            this.units = new long[ends.length];
            for (int bin = 1; bin < ends.length; bin++) {
                ends[bin] += ends[bin - 1];
            }
        }

        int start(int bin) {
            return bin == 0 ? 0 : ends[bin - 1];
        }

        int end(int bin) {
            return ends[bin];
        }

        /** Adds up the values of the settled bins, sorts the others, and puts each at its place. */
        void order(boolean[] settled) {
            long[] least = new long[settled.length];
            for (int bin = 0; bin < settled.length; bin++) {
                least[bin] = settled[bin] ? bins.lowKey(bin) : UNSETTLED;
            }
            int picked = 0;
            for (double value : values) {
                long key = SortableKey.unsigned(value);
                int bin = bins.of(key);
                long from = least[bin];
                if (from == UNSETTLED) {
                    values[picked++] = value;
                } else {
                    units[bin] += key - from;
                }
            }
            RadixSort.sort(values, picked);
            for (int bin = ends.length - 1; bin >= 0; bin--) {
                int start = start(bin);
                int count = ends[bin] - start;
                if (settled[bin]) {
                    Arrays.fill(values, start, ends[bin], bins.low(bin));
                } else {
                    picked -= count;
                    System.arraycopy(values, picked, values, start, count);
                }
            }
        }

        /** Units from the least value that a settled bin may hold up to each of its values, together. */
        double above(int bin) {
            return units[bin];
        }

        /** Units from each value of a settled bin up to where the bin ends, together. */
        double below(int bin) {
            return ((long) (ends[bin] - start(bin)) << bins.widthBits(bin)) - units[bin];
        }
    }
}
