package org.plimsoll.statistics;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.plimsoll.core.Problem;

/**
 * How much of a change each of up to eight factors (data, code, parameters, runtime, seed) explains, exactly, from the outcomes
 * of all combinations.
 *
 * <p>Formula [1] over n factors: {@code φ_i = Σ_{S∌i} |S|!(n − |S| − 1)!/n! · (v(S ∪ i) − v(S))}; the φ sum to v(all) − v(none).
 * Interaction of a pair [2]: {@code I_ij = Σ_{S∌i,j} |S|!(n − |S| − 2)!/(n − 1)! · (v(S∪ij) − v(S∪i) − v(S∪j) + v(S))}; 0 where
 * the two add up. O(n²·2^n), at most 64 × 256 steps.
 *
 * <p>[1] L. Shapley, "A value for n-person games", 1953. [2] M. Grabisch, M. Roubens, Int. J. Game Theory 28, 1999.
 */
public final class Shapley {

    private static final int MOST_FACTORS = 8;

    private final double[] outcomes;
    private final int factors;

    /**
     * @param outcomes 2^n outcomes: bit i of the index says whether factor i is the new one; index 0 is the old outcome
     */
    public Shapley(double[] outcomes) {
        Inputs.finite("outcomes", outcomes);
        this.factors = Integer.numberOfTrailingZeros(outcomes.length);
        if (Integer.bitCount(outcomes.length) != 1 || factors < 1 || factors > MOST_FACTORS) {
            throw Problem.invalid(
                    "outcomes.length", outcomes.length, "2 to the power of 1 to " + MOST_FACTORS + " factors");
        }
        this.outcomes = outcomes.clone();
    }

    /** φ of each factor, in the outcomes' unit. */
    public double[] values() {
        double[] values = new double[factors];
        for (int i = 0; i < factors; i++) {
            Sum sum = new Sum();
            for (int set = 0; set < outcomes.length; set++) {
                if ((set & 1 << i) == 0) {
                    sum.add(weight(Integer.bitCount(set), factors) * (outcomes[set | 1 << i] - outcomes[set]));
                }
            }
            values[i] = sum.value();
        }
        return values;
    }

    /** I of each pair; the diagonal is 0. */
    public double[][] interactions() {
        double[][] interactions = new double[factors][factors];
        for (int i = 0; i < factors; i++) {
            for (int j = 0; j < i; j++) {
                int pair = 1 << i | 1 << j;
                Sum sum = new Sum();
                for (int set = 0; set < outcomes.length; set++) {
                    if ((set & pair) == 0) {
                        sum.add(weight(Integer.bitCount(set), factors - 1)
                                * (outcomes[set | pair]
                                        - outcomes[set | 1 << i]
                                        - outcomes[set | 1 << j]
                                        + outcomes[set]));
                    }
                }
                interactions[i][j] = sum.value();
                interactions[j][i] = sum.value();
            }
        }
        return interactions;
    }

    /** v(all) − v(none): what the values add up to. */
    public double total() {
        return outcomes[outcomes.length - 1] - outcomes[0];
    }

    /**
     * The size below which a value is not told apart from noise, when every outcome strays independently by {@code deviation}
     * (seed noise): {@code z_{(1 + c)/2}·σ·√(2Σw²)}, since a value is a weighted sum of outcomes.
     *
     * @param confidence chance that a factor without effect stays below, such as 0.95
     */
    public double noiseFloor(double deviation, double confidence) {
        Inputs.notNegative("deviation", deviation);
        Inputs.fraction("confidence", confidence);
        Sum squares = new Sum();
        for (int set = 0; set < outcomes.length / 2; set++) {
            double weight = weight(Integer.bitCount(set), factors);
            squares.add(2 * weight * weight);
        }
        double z = NormalDistribution.of(0, 1).inverseCumulativeProbability((1 + confidence) / 2);
        return z * deviation * Math.sqrt(squares.value());
    }

    /** size!·(n − size − 1)!/n!, the chance that just these {@code size} factors come before a given one of n. */
    private static double weight(int size, int n) {
        double weight = 1.0 / n;
        for (int k = 1; k <= size; k++) {
            weight *= k / (double) (n - k);
        }
        return weight;
    }
}
