package org.plimsoll.statistics;

import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;

/**
 * Two-sample test on empirical characteristic functions (SciPy {@code epps_singleton_2samp}); also for discrete values.
 *
 * <p>Formula [1]: with t = 0.4 and 0.8 over half the pooled interquartile range, d the difference of the means of {@code (cos
 * t₁x, cos t₂x, sin t₁x, sin t₂x)}, S = (N/n)·cov_x + (N/m)·cov_y, {@code W = N·d'S⁺d} is χ² with rank(S) degrees of freedom;
 * below 25 rows W is scaled by {@code 1/(1 + N^−0.45 + 10.1(n^−1.7 + m^−1.7))}. Fewer than five rows on a side or a pooled
 * interquartile range of zero: a Problem. O(n log n).
 *
 * <p>[1] T. Epps, K. Singleton, "An omnibus test for the two-sample problem using the empirical characteristic function", J.
 * Statistical Computation and Simulation 26, 1986.
 */
public final class EppsSingleton {

    private static final double[] POINTS = {0.4, 0.8};

    private EppsSingleton() {}

    /** W and its p-value. */
    public static TestResult test(double[] reference, double[] current) {
        SortedPair pair = SortedPair.of(reference, current);
        double n = reference.length;
        double m = current.length;
        if (n < 5 || m < 5) {
            throw Inputs.undefined("Epps-Singleton test", "it needs five rows or more on each side");
        }
        double[] pooled = pair.pooled();
        double range = Quantile.ofSorted(pooled, 0.75) - Quantile.ofSorted(pooled, 0.25);
        if (range == 0) {
            throw Inputs.undefined("Epps-Singleton test", "the pooled interquartile range is zero");
        }
        double[][] first = features(pair.reference(), range / 2);
        double[][] second = features(pair.current(), range / 2);
        RealMatrix covariance = covariance(first)
                .scalarMultiply((n + m) / n)
                .add(covariance(second).scalarMultiply((n + m) / m));
        double[] difference = new double[4];
        for (int k = 0; k < 4; k++) {
            difference[k] = Sum.mean(first[k]) - Sum.mean(second[k]);
        }
        SingularValueDecomposition decomposition = new SingularValueDecomposition(covariance);
        if (decomposition.getRank() == 0) {
            throw Inputs.undefined(
                    "Epps-Singleton test", "the values do not differ at the scale of their interquartile range");
        }
        double statistic = (n + m)
                * new ArrayRealVector(difference)
                        .dotProduct(decomposition.getSolver().solve(new ArrayRealVector(difference)));
        if (Math.max(n, m) < 25) {
            statistic /= 1 + Math.pow(n + m, -0.45) + 10.1 * (Math.pow(n, -1.7) + Math.pow(m, -1.7));
        }
        double pValue = ChiSquaredDistribution.of(decomposition.getRank()).survivalProbability(statistic);
        return new TestResult(statistic, pValue);
    }

    /** cos t₁x, cos t₂x, sin t₁x, sin t₂x of each value; {@code [feature][row]}. */
    private static double[][] features(double[] values, double scale) {
        double[][] features = new double[4][values.length];
        for (int i = 0; i < values.length; i++) {
            for (int k = 0; k < 2; k++) {
                features[k][i] = Math.cos(POINTS[k] / scale * values[i]);
                features[k + 2][i] = Math.sin(POINTS[k] / scale * values[i]);
            }
        }
        return features;
    }

    private static RealMatrix covariance(double[][] features) {
        double[][] cells = new double[4][4];
        for (int a = 0; a < 4; a++) {
            double meanOfA = Sum.mean(features[a]);
            for (int b = 0; b < 4; b++) {
                double meanOfB = Sum.mean(features[b]);
                Sum sum = new Sum();
                for (int i = 0; i < features[a].length; i++) {
                    sum.add((features[a][i] - meanOfA) * (features[b][i] - meanOfB));
                }
                cells[a][b] = sum.value() / features[a].length;
            }
        }
        return new Array2DRowRealMatrix(cells, false);
    }
}
