package org.plimsoll.statistics;

import java.util.Arrays;

/**
 * The non-decreasing function closest to the outcomes by weighted squares, for turning scores into probabilities (scikit-learn {@code
 * IsotonicRegression(out_of_bounds='clip')}).
 *
 * <p>Pool adjacent violators [1] over scores with equal ones averaged first; between fitted points the function is linear, outside it is
 * constant. O(n log n). Scores, outcomes finite; rows of weight 0 do not count; no rows, NaN: a Problem.
 *
 * <p>[1] R. Barlow et al., "Statistical inference under order restrictions", 1972.
 *
 * @param scores distinct, ascending
 * @param values fitted values, never decreasing
 */
public record IsotonicRegression(double[] scores, double[] values) {

    public IsotonicRegression {
        Inputs.finite("scores", scores);
        Inputs.finite("values", values);
        Inputs.sameLength("values", values.length, "scores", scores.length);
    }

    /** Fits the chance that a row of a score is positive. */
    public static IsotonicRegression fit(double[] scores, boolean[] positive, double[] weights) {
        double[] outcomes = new double[positive.length];
        for (int i = 0; i < outcomes.length; i++) {
            outcomes[i] = positive[i] ? 1 : 0;
        }
        return fit(scores, outcomes, weights);
    }

    /** Fits the mean outcome at a score. */
    public static IsotonicRegression fit(double[] scores, double[] outcomes, double[] weights) {
        Inputs.sameLength("outcomes", outcomes.length, "scores", scores.length);
        Inputs.finite("scores", scores);
        Inputs.finite("outcomes", outcomes);
        Inputs.weights(weights, scores.length);
        int[] order = Order.ascending(scores);
        double[] distinct = new double[scores.length];
        double[] means = new double[scores.length];
        double[] masses = new double[scores.length];
        int points = 0;
        for (int start = 0; start < order.length; ) {
            int end = Order.endOfTie(scores, order, start);
            Sum mass = new Sum();
            Sum total = new Sum();
            for (int k = start; k < end; k++) {
                mass.add(weights[order[k]]);
                total.add(weights[order[k]] * outcomes[order[k]]);
            }
            if (mass.value() > 0) {
                distinct[points] = scores[order[start]];
                masses[points] = mass.value();
                means[points++] = total.value() / mass.value();
            }
            start = end;
        }
        return new IsotonicRegression(Arrays.copyOf(distinct, points), pooled(means, masses, points));
    }

    /** Pools neighbours as long as a later block's mean is not above an earlier one's. */
    private static double[] pooled(double[] means, double[] masses, int points) {
        double[] blockMean = new double[points];
        double[] blockMass = new double[points];
        int[] blockEnd = new int[points];
        int blocks = 0;
        for (int i = 0; i < points; i++) {
            double mean = means[i];
            double mass = masses[i];
            while (blocks > 0 && blockMean[blocks - 1] >= mean) {
                blocks--;
                double together = blockMass[blocks] + mass;
                mean = (blockMean[blocks] * blockMass[blocks] + mean * mass) / together;
                mass = together;
            }
            blockMean[blocks] = mean;
            blockMass[blocks] = mass;
            blockEnd[blocks++] = i + 1;
        }
        double[] fitted = new double[points];
        int start = 0;
        for (int b = 0; b < blocks; b++) {
            Arrays.fill(fitted, start, blockEnd[b], blockMean[b]);
            start = blockEnd[b];
        }
        return fitted;
    }

    /** The fitted value of a score. O(log n). */
    public double of(double score) {
        int above = Quantile.countBelow(scores, Inputs.finite("score", score));
        if (above == 0) {
            return values[0];
        }
        if (above == scores.length) {
            return values[scores.length - 1];
        }
        double before = scores[above - 1];
        double after = scores[above];
        double scale = Double.isInfinite(after - before) ? 0.5 : 1;
        double share = (score * scale - before * scale) / (after * scale - before * scale);
        return values[above - 1] + share * (values[above] - values[above - 1]);
    }

    /** The fitted value of each score. */
    public double[] of(double[] scores) {
        double[] calibrated = new double[scores.length];
        for (int i = 0; i < calibrated.length; i++) {
            calibrated[i] = of(scores[i]);
        }
        return calibrated;
    }
}
