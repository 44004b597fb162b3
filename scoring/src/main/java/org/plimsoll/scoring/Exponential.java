package org.plimsoll.scoring;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * e to the power of x with the bits that the C library of Linux gives ({@code expf} for floats, {@code exp} for doubles), which is
 * what the answers of XGBoost and of LightGBM are made with. Java's own differs in the last place in one of ten thousand cases, and a
 * probability then by two units or more.
 *
 * <p>With {@code x = (k + r) ln2 / n}, k whole and r at most one half, e<sup>x</sup> is {@code 2^(k/n)}, from a table, times a
 * polynomial for {@code 2^(r/n)} [1]: for floats n is 32 and everything is computed in double; for doubles n is 128, and the table
 * also holds what its entries lack of the true powers. Multiplications are fused where that library fuses them on x86-64 (since
 * Haswell) and aarch64. Equal for all floats, and for 20 million doubles of at most 30, beside glibc 2.36.
 *
 * <p>[1] Szabolcs Nagy, exp2f_data and exp_data of Arm's Optimized Routines, in glibc since 2.27 and 2.28: the constants.
 */
final class Exponential {

    /** What is added to it is rounded to a whole number, which then stands in its lowest bits. */
    private static final double ROUNDING = 0x1.8p52;

    private static final double LOG2_E = 0x1.71547652b82fep0;

    private static final Powers OF_32 = Powers.of(5);
    private static final Powers OF_128 = Powers.of(7);

    private Exponential() {}

    /**
     * The n-th parts of a power of two.
     *
     * @param bits those of the double nearest to 2^(i/n), less i / n in the place of the exponent, so that k can be added whole
     * @param rest the true power over that double, less one
     */
    private record Powers(int shift, long[] bits, double[] rest) {

        static Powers of(int roots) {
            MathContext exact = new MathContext(60);
            BigDecimal root = BigDecimal.TWO;
            for (int i = 0; i < roots; i++) {
                root = root.sqrt(exact);
            }
            Powers powers = new Powers(52 - roots, new long[1 << roots], new double[1 << roots]);
            for (int i = 0; i < 1 << roots; i++) {
                BigDecimal power = root.pow(i, exact);
                double nearest = power.doubleValue();
                powers.bits[i] = Double.doubleToRawLongBits(nearest) - ((long) i << powers.shift);
                powers.rest[i] = power.divide(new BigDecimal(nearest), exact)
                        .subtract(BigDecimal.ONE)
                        .doubleValue();
            }
            return powers;
        }

        /** 2^(k/n), but for its {@link #rest}. */
        double power(long k) {
            return Double.longBitsToDouble(bits[(int) k & bits.length - 1] + (k << shift));
        }
    }

    static float exp(float x) {
        if (x > 0x1.62e42ep6f) {
            return Float.POSITIVE_INFINITY;
        }
        if (x < -0x1.9fe368p6f) {
            return 0; // less than half of the least float
        }
        double steps = LOG2_E * 32 * x;
        double rounded = steps + ROUNDING;
        double r = Math.fma(LOG2_E * 32, x, -(rounded - ROUNDING));
        double cubic = 0x1.c6af84b912394p-20 * r + 0x1.ebfce50fac4f3p-13;
        double linear = 0x1.62e42ff0c52d6p-6 * r + 1;
        return (float) ((cubic * (r * r) + linear) * OF_32.power(Double.doubleToRawLongBits(rounded)));
    }

    static double exp(double x) {
        double size = Math.abs(x);
        if (size < 0x1p-54) {
            return 1 + x;
        }
        if (!(size < 512)) {
            return Math.exp(x); // the powers of two would leave the exponent's range; also NaN
        }
        double rounded = LOG2_E * 128 * x + ROUNDING;
        double k = rounded - ROUNDING;
        double r = Math.fma(
                k, -0x1.cf79abc9e3b39p-47, Math.fma(k, -0x1.62e42fefap-8, x)); // less k ln2 / 128, in two parts
        double square = r * r;
        double low = Math.fma(r, 0x1.555555555543cp-3, 0x1.ffffffffffdbdp-2);
        double high = Math.fma(r, 0x1.1111167a4d017p-7, 0x1.55555cf172b91p-5);
        long bits = Double.doubleToRawLongBits(rounded);
        double rest = OF_128.rest[(int) bits & OF_128.rest.length - 1] + r;
        double above = Math.fma(square * square, high, Math.fma(square, low, rest)); // e^r - 1
        double power = OF_128.power(bits);
        return Math.fma(power, above, power);
    }
}
