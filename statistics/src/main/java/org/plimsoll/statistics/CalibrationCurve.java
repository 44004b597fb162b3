package org.plimsoll.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How often rows came true, bin by bin of the forecast (scikit-learn {@code calibration_curve}).
 *
 * <p>Bin edges are equal steps of [0, 1] ({@link #equalWidth}) or quantiles of the forecasts with linear interpolation
 * ({@link #equalMass}); a forecast p belongs to the bin with {@code lower < p ≤ upper}, the first bin also holds its lower
 * edge. Tied forecasts stay together, so equal-mass bins may hold different numbers of rows. Empty bins are left out.
 * O(n log n). No rows, NaN or p outside [0, 1]: a Problem.
 *
 * @param bins the bins that hold rows, ascending
 */
public record CalibrationCurve(List<Bin> bins) {

    /**
     * One bin.
     *
     * @param rows number of rows
     * @param weight sum of their weights
     * @param meanProbability weighted mean forecast
     * @param positiveShare weighted share of positive rows
     */
    public record Bin(long rows, double weight, double meanProbability, double positiveShare) {}

    public CalibrationCurve {
        bins = List.copyOf(bins);
    }

    /** Edges are equal steps of [0, 1]. */
    public static CalibrationCurve equalWidth(double[] probabilities, boolean[] positive, double[] weights, int bins) {
        Inputs.atLeast("bins", bins, 1);
        double[] edges = new double[bins - 1];
        for (int i = 1; i < bins; i++) {
            edges[i - 1] = i * (1.0 / bins);
        }
        return over(edges, probabilities, positive, weights);
    }

    /** The same for unweighted rows. */
    public static CalibrationCurve equalWidth(double[] probabilities, boolean[] positive, int bins) {
        return equalWidth(probabilities, positive, Inputs.ones(probabilities.length), bins);
    }

    /** Edges are quantiles of the forecasts; weights weigh rows inside the bins and do not move the edges. */
    public static CalibrationCurve equalMass(double[] probabilities, boolean[] positive, double[] weights, int bins) {
        Inputs.atLeast("bins", bins, 1);
        Inputs.probabilities("probabilities", probabilities);
        double[] sorted = probabilities.clone();
        RadixSort.sort(sorted);
        double[] edges = new double[bins - 1];
        for (int i = 1; i < bins; i++) {
            edges[i - 1] = Quantile.ofSorted(sorted, i * (1.0 / bins) * 100 / 100); // rounds as numpy.percentile does
        }
        return over(edges, probabilities, positive, weights);
    }

    /** The same for unweighted rows. */
    public static CalibrationCurve equalMass(double[] probabilities, boolean[] positive, int bins) {
        return equalMass(probabilities, positive, Inputs.ones(probabilities.length), bins);
    }

    /** Bins between ascending inner edges. */
    private static CalibrationCurve over(double[] edges, double[] probabilities, boolean[] positive, double[] weights) {
        Inputs.sameLength("positive", positive.length, "probabilities", probabilities.length);
        Inputs.probabilities("probabilities", probabilities);
        Inputs.weights(weights, probabilities.length);
        int bins = edges.length + 1;
        long[] rows = new long[bins];
        Sum[][] sums = new Sum[bins][3];
        for (Sum[] bin : sums) {
            Arrays.setAll(bin, k -> new Sum());
        }
        for (int i = 0; i < probabilities.length; i++) {
            int bin = Quantile.countBelow(edges, probabilities[i]);
            rows[bin]++;
            sums[bin][0].add(weights[i]);
            sums[bin][1].add(weights[i] * probabilities[i]);
            sums[bin][2].add(positive[i] ? weights[i] : 0);
        }
        List<Bin> filled = new ArrayList<>();
        for (int k = 0; k < bins; k++) {
            double weight = sums[k][0].value();
            if (weight > 0) {
                filled.add(new Bin(rows[k], weight, sums[k][1].value() / weight, sums[k][2].value() / weight));
            }
        }
        return new CalibrationCurve(filled);
    }

    /** The mean of {@code value} over bins, each by its weight. */
    double mean(ToDoubleFunction<Bin> value) {
        Sum weighted = new Sum();
        Sum weight = new Sum();
        for (Bin bin : bins) {
            weighted.add(bin.weight() * value.applyAsDouble(bin));
            weight.add(bin.weight());
        }
        return weighted.value() / weight.value();
    }
}
