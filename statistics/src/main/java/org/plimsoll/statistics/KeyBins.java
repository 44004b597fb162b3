package org.plimsoll.statistics;

/**
 * Fine bins that follow two samples wherever they lie, without a look at more than their highest bits.
 *
 * <p>A cell is what numbers with the same sign, exponent and first four bits of the fraction share: 65,536 of them, few of which hold
 * anything. A cell is cut into 2^k bins of equal width, k as its share of all values asks, so that a bin holds at most
 * about √rows/16 of them; where only one cell is used, into those that the highest bit that varies makes. All values of a bin have one sign and one
 * exponent: they are whole multiples of one unit, apart by as many units as their {@link SortableKey}s. Finding a bin takes one
 * look-up.
 */
final class KeyBins {

    private static final int CELL_SHIFT = 48;
    private static final int SHIFT_BITS = 6;
    private static final int CELLS = 1 << Long.SIZE - CELL_SHIFT;

    /** Bins are so many powers of two finer than √rows, the reach of chance between two samples of one law. */
    private static final int FINER_BITS = 4;

    /** By cell: its first bin, and in the last six bits how far a key is shifted to the right to count bins from there. */
    private final long[] cells = new long[CELLS];

    private final long mask;
    private final long[] low;
    private final int[] width;

    private KeyBins(Cells first, Cells second) {
        long varying = first.varying(second);
        int free = varying == 0 ? 0 : Math.min(CELL_SHIFT, Long.SIZE - Long.numberOfLeadingZeros(varying));
        this.mask = (1L << free) - 1;
        long all = (long) first.rows + second.rows;
        int fineness = FINER_BITS + (Long.SIZE - Long.numberOfLeadingZeros(all)) / 2;
        int bins = 0;
        for (int cell = 0; cell < CELLS; cell++) {
            long held = (long) first.counts[cell] + second.counts[cell];
            long wanted = ((held << fineness) + all - 1) / all;
            int bits = wanted <= 1 ? 0 : Math.min(free, Long.SIZE - Long.numberOfLeadingZeros(wanted - 1));
            cells[cell] = (long) bins << SHIFT_BITS | free - bits;
            bins += held == 0 ? 0 : 1 << bits;
        }
        this.low = new long[bins];
        this.width = new int[bins];
        for (int cell = 0; cell < CELLS; cell++) {
            int begin = (int) (cells[cell] >>> SHIFT_BITS);
            int end = cell + 1 < CELLS ? (int) (cells[cell + 1] >>> SHIFT_BITS) : bins;
            int shift = (int) cells[cell] & (1 << SHIFT_BITS) - 1;
            long start = free < CELL_SHIFT ? first.some & ~mask : (long) cell << CELL_SHIFT;
            for (int bin = begin; bin < end; bin++) {
                low[bin] = start + ((long) (bin - begin) << shift);
                width[bin] = shift;
            }
        }
    }

    /** Bins for two samples of finite values, the first of which is not empty. */
    static KeyBins of(double[] first, double[] second) {
        Cells ofFirst = Cells.of(first);
        Cells ofSecond = second.length == 0 ? ofFirst : Cells.of(second);
        return new KeyBins(ofFirst, ofSecond);
    }

    int count() {
        return low.length;
    }

    /** The bin of the value with this unsigned key. */
    int of(long key) {
        long cell = cells[(int) (key >>> CELL_SHIFT)];
        return (int) (cell >>> SHIFT_BITS)
                + (int) ((key & mask) >>> cell); // of what it is shifted by, Java takes the last six bits
    }

    /** The least value that a bin may hold. */
    double low(int bin) {
        return SortableKey.value(low[bin] ^ Long.MIN_VALUE);
    }

    /** The logarithm, to base 2, of how many units wide a bin is. */
    int widthBits(int bin) {
        return width[bin];
    }

    /** The unsigned key of the least value that a bin may hold. */
    long lowKey(int bin) {
        return low[bin];
    }

    /** How many values of each bin there are. */
    int[] counts(double[] values) {
        int[] counts = new int[low.length];
        for (double value : values) {
            counts[of(SortableKey.unsigned(value))]++;
        }
        return counts;
    }

    /** How many values of a sample each cell holds, and which bits of their keys vary. */
    private record Cells(int[] counts, long some, long varies, int rows) {

        static Cells of(double[] values) {
            int[] counts = new int[CELLS];
            long some = SortableKey.unsigned(values[0]);
            long varies = 0;
            for (double value : values) {
                long key = SortableKey.unsigned(value);
                counts[(int) (key >>> CELL_SHIFT)]++;
                varies |= key ^ some;
            }
            return new Cells(counts, some, varies, values.length);
        }

        long varying(Cells other) {
            return varies | other.varies | some ^ other.some;
        }
    }
}
