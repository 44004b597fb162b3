package org.plimsoll.statistics;

import java.util.function.DoublePredicate;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.plimsoll.core.Problem;

/**
 * Score interval and test for the difference of two paired proportions, right down to small samples.
 *
 * <p>Formula [1]: with b rows only the candidate got right, c only the champion, n in all, and a supposed difference δ:
 * {@code A = 2n; B = −b − c + (2n − b + c)δ; C = −cδ(1 − δ); q = (√(B² − 4AC) − B)/(2A); Z(δ) = (b − c − nδ)/√(n(2q + δ(1 − δ)))}.
 * The interval holds every δ that the test would not reject. Assumes independent rows. At 50 rows with 5 % discordance a Wald
 * interval is wrong 17 % of the time at nominal 5 %, this one 3 %. O(1).
 *
 * <p>[1] T. Tango, "Equivalence test and confidence interval for the difference in proportions for the paired-sample design",
 * Statistics in Medicine 17, 1998.
 *
 * @param candidateOnly rows the candidate got right and the champion wrong
 * @param championOnly rows the champion got right and the candidate wrong
 * @param rows all rows, also those both got right or wrong
 */
public record Tango(long candidateOnly, long championOnly, long rows) implements Bounds {

    public Tango {
        Inputs.count("candidate_only", candidateOnly);
        Inputs.count("champion_only", championOnly);
        if (rows == 0) {
            throw Inputs.undefined("Tango interval", "there are no rows");
        }
        Inputs.count("rows left", rows - candidateOnly - championOnly);
    }

    /** Counts discordant rows; all three arrays of the same length. */
    public static Tango of(boolean[] candidateRight, boolean[] championRight) {
        Inputs.sameLength("champion_right", championRight.length, "candidate_right", candidateRight.length);
        long candidateOnly = 0;
        long championOnly = 0;
        for (int i = 0; i < candidateRight.length; i++) {
            if (candidateRight[i] && !championRight[i]) {
                candidateOnly++;
            } else if (championRight[i] && !candidateRight[i]) {
                championOnly++;
            }
        }
        return new Tango(candidateOnly, championOnly, candidateRight.length);
    }

    /** Share of rows right, candidate − champion. */
    public double difference() {
        return (candidateOnly - championOnly) / (double) rows;
    }

    /** The score statistic of a supposed difference strictly between −1 and 1; normal if that were true. */
    public double statistic(double supposed) {
        if (!(supposed > -1 && supposed < 1)) {
            throw Problem.invalid("supposed", supposed, "a number strictly between -1 and 1");
        }
        double a = 2.0 * rows;
        double b = -candidateOnly - championOnly + (2.0 * rows - candidateOnly + championOnly) * supposed;
        double c = -championOnly * supposed * (1 - supposed);
        double root = Math.sqrt(Math.max(0, b * b - 4 * a * c));
        double championShare = b > 0 && c < 0 ? -2 * c / (root + b) : (root - b) / (2 * a);
        double variance = rows * (2 * championShare + supposed * (1 - supposed));
        double distance = candidateOnly - championOnly - rows * supposed;
        if (distance == 0) {
            return 0;
        }
        return distance / Math.sqrt(Math.max(variance, Double.MIN_NORMAL));
    }

    @Override
    public double pValueAbove(double bound) {
        if (isBeyond(bound)) {
            return difference() > bound ? 0 : 1;
        }
        return NormalDistribution.of(0, 1).survivalProbability(statistic(bound));
    }

    @Override
    public double pValueBelow(double bound) {
        if (isBeyond(bound)) {
            return difference() < bound ? 0 : 1;
        }
        return NormalDistribution.of(0, 1).cumulativeProbability(statistic(bound));
    }

    /** Whether a difference of shares is always or never there: such claims are certain, no matter how few rows. */
    private static boolean isBeyond(double bound) {
        return Math.abs(bound) >= 1;
    }

    @Override
    public double lower(double confidence) {
        double limit =
                NormalDistribution.of(0, 1).inverseCumulativeProbability(Inputs.fraction("confidence", confidence));
        return crossing(supposed -> statistic(supposed) > limit);
    }

    @Override
    public double upper(double confidence) {
        double limit =
                NormalDistribution.of(0, 1).inverseCumulativeProbability(Inputs.fraction("confidence", confidence));
        return crossing(supposed -> statistic(supposed) > -limit);
    }

    /** Where the falling statistic stops being above its limit, by bisection down to neighbouring doubles. */
    private static double crossing(DoublePredicate isBelow) {
        double low = -1;
        double high = 1;
        while (true) {
            double middle = (low + high) / 2;
            if (middle == low || middle == high) {
                return middle;
            }
            if (isBelow.test(middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
    }
}
