package org.plimsoll.statistics;

import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * By how much a candidate differs from a champion on the same rows, and how sure that is.
 *
 * <p>Bounds and p-values come from Student's t with {@code degreesOfFreedom}, or the normal law where that is infinite. A
 * standard error of zero means that every cluster differs by the same amount; bounds then coincide with the difference.
 * Each is O(1).
 *
 * @param candidate the candidate's metric
 * @param champion the champion's metric
 * @param difference candidate − champion, in the metric's unit
 * @param standardError its standard error, same unit
 * @param degreesOfFreedom clusters − 1, or infinity
 * @param rows rows compared
 * @param clusters independent units among them
 */
public record PairedDifference(
        double candidate,
        double champion,
        double difference,
        double standardError,
        double degreesOfFreedom,
        long rows,
        long clusters)
        implements Bounds {

    public PairedDifference {
        Inputs.finite("candidate", candidate);
        Inputs.finite("champion", champion);
        Inputs.finite("difference", difference);
        Inputs.notNegative("standard_error", standardError);
        if (!(degreesOfFreedom >= 1)) {
            throw Inputs.undefined("difference", "one cluster alone has no standard error");
        }
    }

    @Override
    public double lower(double confidence) {
        return difference - quantile(confidence) * standardError;
    }

    @Override
    public double upper(double confidence) {
        return difference + quantile(confidence) * standardError;
    }

    private double quantile(double confidence) {
        return law().inverseCumulativeProbability(Inputs.fraction("confidence", confidence));
    }

    @Override
    public double pValueAbove(double bound) {
        return pValue(difference - bound);
    }

    @Override
    public double pValueBelow(double bound) {
        return pValue(bound - difference);
    }

    /** Two-sided p-value of "no difference". */
    public double pValue() {
        return Math.min(1, 2 * pValue(Math.abs(difference)));
    }

    private double pValue(double distance) {
        Inputs.finite("distance to the bound", distance);
        if (standardError == 0) {
            return distance > 0 ? 0 : 1;
        }
        return law().survivalProbability(distance / standardError);
    }

    /** The same comparison seen from the other model. */
    public PairedDifference swapped() {
        return new PairedDifference(champion, candidate, -difference, standardError, degreesOfFreedom, rows, clusters);
    }

    private ContinuousDistribution law() {
        return Double.isInfinite(degreesOfFreedom) ? NormalDistribution.of(0, 1) : TDistribution.of(degreesOfFreedom);
    }
}
