package org.plimsoll.statistics;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * How many of independent events with different chances happen.
 *
 * <p>Up to 4,000 events the probabilities are exact by convolution, one event after the other, O(n²). Beyond, the refined normal
 * approximation [1]: {@code F(k) = Φ(x) + γ(1 − x²)φ(x)/6}, {@code x = (k + ½ − μ)/σ}, γ the skewness; its error is below 1e-4
 * there unless σ is tiny.
 *
 * <p>[1] Y. Hong, "On computing the distribution function for the Poisson binomial distribution", Computational Statistics and
 * Data Analysis 59, 2013.
 */
public final class PoissonBinomial {

    private static final int EXACT_UP_TO = 4_000;

    private final int events;
    private final double mean;
    private final double deviation;
    private final double skewness;
    /** P(X ≤ k) where exact, else empty. */
    private final double[] cumulative;

    private PoissonBinomial(double[] chances) {
        this.events = chances.length;
        Sum sum = new Sum();
        Sum squares = new Sum();
        Sum cubes = new Sum();
        for (double p : chances) {
            sum.add(p);
            squares.add(p * (1 - p));
            cubes.add(p * (1 - p) * (1 - 2 * p));
        }
        this.mean = sum.value();
        this.deviation = Math.sqrt(squares.value());
        this.skewness = deviation == 0 ? 0 : cubes.value() / (deviation * deviation * deviation);
        this.cumulative = chances.length <= EXACT_UP_TO ? convolved(chances) : new double[0];
    }

    /** @param chances each in [0, 1]; none or NaN: a Problem */
    public static PoissonBinomial of(double[] chances) {
        Inputs.probabilities("chances", chances);
        return new PoissonBinomial(chances);
    }

    /** Σp. */
    public double mean() {
        return mean;
    }

    /** √Σp(1 − p). */
    public double standardDeviation() {
        return deviation;
    }

    /** P(X ≤ k). */
    public double cumulativeProbability(int k) {
        if (k < 0) {
            return 0;
        }
        if (k >= events) {
            return 1;
        }
        return cumulative.length > 0 ? Math.min(1, cumulative[k]) : approximate(k);
    }

    /** The smallest k with P(X ≤ k) ≥ probability. O(log n). */
    public int quantile(double probability) {
        Inputs.fraction("probability", probability);
        int low = 0;
        int high = events;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cumulativeProbability(middle) >= probability) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private double approximate(int k) {
        if (deviation == 0) {
            return k >= Math.rint(mean) ? 1 : 0;
        }
        NormalDistribution normal = NormalDistribution.of(0, 1);
        double x = (k + 0.5 - mean) / deviation;
        return Math.clamp(normal.cumulativeProbability(x) + skewness * (1 - x * x) * normal.density(x) / 6, 0, 1);
    }

    private static double[] convolved(double[] chances) {
        double[] mass = new double[chances.length + 1];
        mass[0] = 1;
        for (int i = 0; i < chances.length; i++) {
            for (int k = i + 1; k > 0; k--) {
                mass[k] = mass[k] * (1 - chances[i]) + mass[k - 1] * chances[i];
            }
            mass[0] *= 1 - chances[i];
        }
        Arrays.parallelPrefix(mass, Double::sum);
        return mass;
    }
}
