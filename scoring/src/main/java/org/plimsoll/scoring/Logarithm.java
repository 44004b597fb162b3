package org.plimsoll.scoring;

/**
 * The natural logarithm of floats with the bits that the C library of Linux gives ({@code logf}), which is what XGBoost makes the
 * margin of a base score with. The true logarithm, rounded, differs in the last place in four of a thousand cases, and all margins of
 * the model with it.
 *
 * <p>With {@code x = 2^k z}, z from 0.7 to 1.4, and c the middle of that sixteenth of the range in which z lies,
 * {@code ln x = k ln2 + ln c + ln(z / c)}: the second from a table, the third by a polynomial in {@code r = z / c - 1} [1], all in
 * double. Equal for a million floats beside glibc 2.36.
 *
 * <p>[1] Szabolcs Nagy, logf_data of Arm's Optimized Routines, in glibc since 2.27: the constants.
 */
final class Logarithm {

    /** The bits of the least z. */
    private static final int LEAST = 0x3f330000;

    private static final int EXPONENT = 0xff800000;

    private static final double LN_2 = 0x1.62e42fefa39efp-1;

    /** For each sixteenth 1 / c and ln c. */
    private static final double[][] SIXTEENTHS = {
        {0x1.661ec79f8f3bep0, -0x1.57bf7808caadep-2},
        {0x1.571ed4aaf883dp0, -0x1.2bef0a7c06ddbp-2},
        {0x1.49539f0f010bp0, -0x1.01eae7f513a67p-2},
        {0x1.3c995b0b80385p0, -0x1.b31d8a68224e9p-3},
        {0x1.30d190c8864a5p0, -0x1.6574f0ac07758p-3},
        {0x1.25e227b0b8eap0, -0x1.1aa2bc79c81p-3},
        {0x1.1bb4a4a1a343fp0, -0x1.a4e76ce8c0e5ep-4},
        {0x1.12358f08ae5bap0, -0x1.1973c5a611cccp-4},
        {0x1.0953f419900a7p0, -0x1.252f438e10c1ep-5},
        {0x1p0, 0x0p0},
        {0x1.e608cfd9a47acp-1, 0x1.aa5aa5df25984p-5},
        {0x1.ca4b31f026aap-1, 0x1.c5e53aa362eb4p-4},
        {0x1.b2036576afce6p-1, 0x1.526e57720db08p-3},
        {0x1.9c2d163a1aa2dp-1, 0x1.bc2860d22477p-3},
        {0x1.886e6037841edp-1, 0x1.1058bc8a07ee1p-2},
        {0x1.767dcf5534862p-1, 0x1.4043057b6ee09p-2},
    };

    private Logarithm() {}

    static float log(float x) {
        if (!(x >= Float.MIN_NORMAL && x <= Float.MAX_VALUE)) {
            return (float) Math.log(x); // a subnormal number, or one without a finite logarithm
        }
        int bits = Float.floatToRawIntBits(x);
        int above = bits - LEAST;
        double[] sixteenth = SIXTEENTHS[above >>> 19 & 15];
        double z = Float.intBitsToFloat(bits - (above & EXPONENT));
        double r = z * sixteenth[0] - 1;
        double whole = sixteenth[1] + (above >> 23) * LN_2;
        double square = r * r;
        double high = -0x1.00ea348b88334p-2 * square + (0x1.5575b0be00b6ap-2 * r - 0x1.ffffef20a4123p-2);
        return (float) (high * square + (whole + r));
    }
}
