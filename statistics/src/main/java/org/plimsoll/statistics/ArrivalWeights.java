package org.plimsoll.statistics;

import org.plimsoll.core.Problem;

/**
 * Weights that make early labels speak for those still to come: each arrived row counts 1 over the chance that a row of its age
 * (and class) has its label by now.
 *
 * <p>Formula [1]: {@code w = 1/F(age)} with F the delay curve of the row's class. Needs curves in which late labels were already
 * seen; rows whose chance is below {@code floor} would dominate and are a Problem. O(n log n).
 *
 * <p>[1] D. Horvitz, D. Thompson, J. American Statistical Association 47, 1952.
 */
public final class ArrivalWeights {

    private ArrivalWeights() {}

    /**
     * Weights of rows whose labels have arrived.
     *
     * @param ages time from each row's prediction to now, not to its label
     * @param positive class of each row
     * @param ofPositives delay curve of positive rows
     * @param ofNegatives delay curve of negative rows; may be the same
     * @param floor smallest chance accepted, such as 0.05
     */
    public static double[] of(
            double[] ages, boolean[] positive, KaplanMeier ofPositives, KaplanMeier ofNegatives, double floor) {
        Inputs.sameLength("positive", positive.length, "ages", ages.length);
        Inputs.finite("ages", ages);
        Inputs.fraction("floor", floor);
        double[] weights = new double[ages.length];
        for (int i = 0; i < weights.length; i++) {
            double chance = (positive[i] ? ofPositives : ofNegatives).arrivedBy(ages[i]);
            if (chance < floor) {
                throw Problem.invalid(
                        "ages[" + i + "]", ages[i], "an age by which a share of " + floor + " has arrived");
            }
            weights[i] = 1 / chance;
        }
        return weights;
    }
}
