package org.plimsoll.statistics;

/**
 * A sum that forgets almost nothing: Neumaier's compensated summation [1].
 *
 * <p>Formula: beside the running sum {@code s} a correction {@code c} collects what each addition rounded away. The error of
 * {@link #value()} is at most {@code u·|Σx| + O(n·u²)·Σ|x|} with {@code u = 2^-53}, so sums over shards merged in any order
 * agree to that bound, not bit for bit. Counts are kept as {@code long} elsewhere and do agree bit for bit.
 *
 * <p>Mutable; one thread at a time. Each step is O(1).
 *
 * <p>[1] A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54, 1974.
 */
public final class Sum {

    private static final int MODERATE_EXPONENT = 64;

    private double sum;
    private double correction;

    /** Adds a value; returns this sum. */
    public Sum add(double value) {
        double next = sum + value;
        correction += Math.abs(sum) >= Math.abs(value) ? (sum - next) + value : (value - next) + sum;
        sum = next;
        return this;
    }

    /** Adds another sum, for example a shard's. */
    public Sum merge(Sum other) {
        add(other.sum);
        correction += other.correction;
        return this;
    }

    /** The sum so far. */
    public double value() {
        return sum + correction;
    }

    /** Σ values; 0 for none. */
    public static double of(double[] values) {
        Sum sum = new Sum();
        for (double value : values) {
            sum.add(value);
        }
        return sum.value();
    }

    /** Σ values·weights; lengths must agree. */
    public static double ofProducts(double[] values, double[] weights) {
        Inputs.sameLength("weights", weights.length, "values", values.length);
        Sum sum = new Sum();
        for (int i = 0; i < values.length; i++) {
            sum.add(values[i] * weights[i]);
        }
        return sum.value();
    }

    /** Σ values·weights / Σ weights, never outside the values it averages. Undefined without rows or without weight. */
    public static double mean(double[] values, double[] weights) {
        Inputs.finite("values", values);
        Inputs.weights(weights, values.length);
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        double heaviest = 0;
        for (int i = 0; i < values.length; i++) {
            if (weights[i] > 0) {
                least = Math.min(least, values[i]);
                greatest = Math.max(greatest, values[i]);
                heaviest = Math.max(heaviest, weights[i]);
            }
        }
        double[] scaled = nearOne(weights, Math.getExponent(heaviest));
        double mean = Inputs.defined("mean", ofProducts(values, scaled) / of(scaled));
        return Math.clamp(mean, least, greatest);
    }

    /** Weights of extreme size times a power of two, so that no product with a value is lost below 1e-308 or beyond 1e308. */
    private static double[] nearOne(double[] weights, int exponent) {
        if (Math.abs(exponent) < MODERATE_EXPONENT) {
            return weights;
        }
        double[] scaled = new double[weights.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = Math.scalb(weights[i], -exponent);
        }
        return scaled;
    }

    /** Σ values / n, never outside the values it averages; so equal values have exactly their value as mean. Undefined without rows. */
    public static double mean(double[] values) {
        Inputs.finite("values", values);
        double least = values[0];
        double greatest = values[0];
        for (double value : values) {
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        return Math.clamp(Inputs.defined("mean", of(values) / values.length), least, greatest);
    }
}
