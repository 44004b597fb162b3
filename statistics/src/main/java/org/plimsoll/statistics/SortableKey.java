package org.plimsoll.statistics;

/**
 * A whole number that orders as the double does: its bits, those below the sign flipped for negative numbers.
 *
 * <p>Numbers of one sign and exponent differ by as many units in the last place as their keys do. −0.0 comes just before 0.0, NaN
 * last.
 */
final class SortableKey {

    private SortableKey() {}

    static long of(double value) {
        long bits = Double.doubleToLongBits(value);
        return bits ^ (bits >> 63 & Long.MAX_VALUE);
    }

    /** The key of a number that is none of NaN, as an unsigned whole number. */
    static long unsigned(double value) {
        long bits = Double.doubleToRawLongBits(value);
        return bits ^ (bits >> 63 | Long.MIN_VALUE);
    }

    /** The number of this key. */
    static double value(long key) {
        return Double.longBitsToDouble(key ^ (key >> 63 & Long.MAX_VALUE));
    }
}
