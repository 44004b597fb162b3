package org.plimsoll.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.hipparchus.special.Gamma;

/**
 * What windows of binned counts look like while nothing changes: shares of the bins and how much windows wobble around them.
 *
 * <p>Model: the counts of a window are Dirichlet-multinomial with parameter κ·p; small κ means that days differ by themselves. p are
 * the pooled reference shares, half a row added to each bin. κ is the lower end of its one-sided 90 % profile likelihood interval, so a
 * short reference errs towards wobble. Not knowing p exactly is covered by 24 further references, drawn as resampled windows: the
 * null likelihood of a window is the greatest of them all. {@link DriftDetector} turns that into alarms.
 *
 * <p>Formula: {@code ln DM(c | a) = lnΓ(A) − lnΓ(A + N) + Σ lnΓ(a_b + c_b) − lnΓ(a_b)}, A = Σa, N = Σc. O(bins·references) a window.
 * Assumes that reference windows are exchangeable with undisturbed ones: compare Mondays with Mondays where weekdays differ.
 * The likelihood is that of J. Mosimann, Biometrika 49, 1962 (SciPy {@code dirichlet_multinomial}); the rest is our own.
 *
 * @param concentration κ
 * @param shares p, summing to 1
 * @param resampled shares of the further references
 */
public record WindowNull(double concentration, double[] shares, double[][] resampled) {

    private static final int REFERENCES = 24;
    private static final double SMALLEST = 1;
    private static final double GREATEST = 1e7;
    /** Half the 80 % quantile of chi-square with one degree of freedom: a one-sided 90 % bound. */
    private static final double DROP = 0.8211872075749085;

    public WindowNull {
        Inputs.positive("concentration", concentration);
        positive("share", shares);
        for (double[] other : resampled) {
            Inputs.sameLength("resampled shares", other.length, "the bins", shares.length);
            positive("resampled share", other);
        }
    }

    private static void positive(String name, double[] shares) {
        for (double share : shares) {
            Inputs.positive(name, share);
        }
    }

    /**
     * Learns from reference windows.
     *
     * @param windows {@code counts[window][bin]}, two windows or more, two bins or more, no empty window
     * @param seed of the resampling
     */
    public static WindowNull fit(long[][] windows, long seed) {
        Inputs.atLeast("windows", windows.length, 2);
        int bins = Inputs.atLeast("bins", windows[0].length, 2);
        for (long[] window : windows) {
            Inputs.sameLength("bins of a window", window.length, "the bins", bins);
            if (total(window) == 0) {
                throw Inputs.undefined("reference window", "it is empty");
            }
        }
        double[] shares = shares(windows, identity(windows.length));
        SplittableRandom random = new SplittableRandom(seed);
        double[][] resampled = new double[REFERENCES][];
        for (int r = 0; r < REFERENCES; r++) {
            int[] drawn = new int[windows.length];
            Arrays.setAll(drawn, i -> random.nextInt(windows.length));
            resampled[r] = shares(windows, drawn);
        }
        return new WindowNull(concentration(windows, shares), shares, resampled);
    }

    /** The greatest ln likelihood of a window under the null. */
    public double logLikelihood(long[] window) {
        double greatest = logLikelihood(window, concentration, shares);
        for (double[] other : resampled) {
            greatest = Math.max(greatest, logLikelihood(window, concentration, other));
        }
        return greatest;
    }

    /** ln DM(window | concentration·shares), without the multinomial coefficient, which cancels in every ratio. */
    static double logLikelihood(long[] window, double concentration, double[] shares) {
        Inputs.sameLength("bins of a window", window.length, "the bins", shares.length);
        double sum = 0;
        double total = 0;
        for (int b = 0; b < window.length; b++) {
            double a = concentration * shares[b];
            if (Inputs.count("count", window[b]) > 0) {
                sum += Gamma.logGamma(a + window[b]) - Gamma.logGamma(a);
            }
            total += window[b];
        }
        return sum + Gamma.logGamma(concentration) - Gamma.logGamma(concentration + total);
    }

    /** The lower end of the profile interval of κ: grid of 20 steps a decade, then the first κ within the allowed drop. */
    private static double concentration(long[][] windows, double[] shares) {
        int steps = 140;
        double[] logs = new double[steps + 1];
        double greatest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k <= steps; k++) {
            double concentration = SMALLEST * Math.pow(GREATEST / SMALLEST, k / (double) steps);
            for (long[] window : windows) {
                logs[k] += logLikelihood(window, concentration, shares);
            }
            greatest = Math.max(greatest, logs[k]);
        }
        int first = 0;
        while (logs[first] < greatest - DROP) {
            first++;
        }
        return SMALLEST * Math.pow(GREATEST / SMALLEST, first / (double) steps);
    }

    private static double[] shares(long[][] windows, int[] drawn) {
        double[] shares = new double[windows[0].length];
        Arrays.fill(shares, 0.5);
        for (int w : drawn) {
            for (int b = 0; b < shares.length; b++) {
                shares[b] += windows[w][b];
            }
        }
        double total = Sum.of(shares);
        for (int b = 0; b < shares.length; b++) {
            shares[b] /= total;
        }
        return shares;
    }

    static long total(long[] window) {
        long total = 0;
        for (long count : window) {
            total += Inputs.count("count", count);
        }
        return total;
    }

    private static int[] identity(int length) {
        int[] identity = new int[length];
        Arrays.setAll(identity, i -> i);
        return identity;
    }
}
