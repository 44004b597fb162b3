package org.plimsoll.statistics;

/**
 * Count, mean and spread of numbers, in three mergeable values.
 *
 * <p>Formulas [1]: a new value moves the mean by {@code δ/n} and adds {@code δ·(x − new mean)} to the sum of squared deviations;
 * two sets merge with {@code δ²·n₁n₂/n} more. Relative error of the spread is about {@code n·2^-53} at worst. O(1).
 *
 * <p>[1] T. Chan, G. Golub, R. LeVeque, "Algorithms for computing the sample variance", The American Statistician 37, 1983.
 *
 * @param count how many
 * @param mean their mean, 0 when there are none
 * @param squares Σ(x − mean)²
 */
public record Moments(long count, double mean, double squares) {

    /** Of no values. */
    public static final Moments NONE = new Moments(0, 0, 0);

    public Moments {
        Inputs.count("count", count);
        Inputs.finite("mean", mean);
        Inputs.notNegative("squares", squares);
    }

    /** Of finite values, in two passes. */
    public static Moments of(double[] values) {
        double mean = Sum.mean(values);
        Sum squares = new Sum();
        Sum rest = new Sum();
        for (double value : values) {
            double distance = value - mean;
            squares.add(distance * distance);
            rest.add(distance);
        }
        double rounding = rest.value() * rest.value() / values.length; // what the rounded mean added
        return new Moments(values.length, mean, Math.max(0, Inputs.defined("spread", squares.value() - rounding)));
    }

    /** With one more value. */
    public Moments add(double value) {
        Inputs.finite("value", value);
        double distance = value - mean;
        double moved = mean + distance / (count + 1);
        return new Moments(count + 1, moved, squares + distance * (value - moved));
    }

    /** Of both sets together. */
    public Moments merge(Moments other) {
        if (count == 0 || other.count == 0) {
            return count == 0 ? other : this;
        }
        double total = (double) count + other.count;
        double distance = other.mean - mean;
        return new Moments(
                count + other.count,
                mean + distance * (other.count / total),
                squares + other.squares + distance * distance * (count / total * other.count));
    }

    /** Σ(x − mean)²/n (NumPy {@code std(ddof=0)} squared). Undefined without values. */
    public double populationVariance() {
        if (count == 0) {
            throw Inputs.undefined("variance", "there are no values");
        }
        return squares / count;
    }

    /** Σ(x − mean)²/(n − 1) (pandas {@code var}). Undefined below two values. */
    public double sampleVariance() {
        if (count < 2) {
            throw Inputs.undefined("variance", "it needs two values or more");
        }
        return squares / (count - 1.0);
    }
}
