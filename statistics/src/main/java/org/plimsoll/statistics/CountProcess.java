package org.plimsoll.statistics;

import java.util.Collection;
import org.plimsoll.core.Problem;

/**
 * Anytime-valid evidence about a risk ratio from counts of adverse events in two arms that share traffic.
 *
 * <p>Given an event while the canary has share w of the traffic, it is the canary's with chance {@code θ(R, w) = wR/(wR + 1 − w)}
 * at risk ratio R, whatever the base rate: time of day and ramps cancel out [1]. {@code E = mean over g of Π_strata (θ(gR₀,
 * w)/θ(R₀, w))^canary · ((1 − θ(gR₀, w))/(1 − θ(R₀, w)))^champion}. With g above 1 it grows when the ratio exceeds R₀ (HARM), with g
 * below 1 when it lies under R₀ (SAFE). A stratum is one constant share; its evidence is two integers, so anyone can recompute
 * it and merging is bit-equal once events of equal shares are added.
 *
 * <p>Needs: an event counted once per routed entity (bursts of one customer break it), arms running at the same time, share
 * logged. O(strata).
 *
 * <p>[1] M. Lindon, A. Malek, "Anytime-valid inference for multinomial count data", NeurIPS 2022.
 *
 * @param side what is to be proved
 * @param nullRatio R₀, the risk ratio at the edge of the null
 */
public record CountProcess(Side side, double nullRatio) {

    /** What growing evidence says. */
    public enum Side {
        /** The risk ratio is above R₀: roll back. */
        HARM(1.2, 1.35, 1.5, 1.75, 2, 2.5, 3, 4, 6, 10),
        /** The risk ratio is below R₀: advance. */
        SAFE(.95, .9, .85, .8, .75, .7, .6, .5);

        private final double[] grid;

        Side(double... grid) {
            this.grid = grid;
        }
    }

    /**
     * Events under one constant share of traffic.
     *
     * @param share the canary's share, strictly between 0 and 1
     */
    public record Stratum(double share, long canaryEvents, long championEvents) {

        public Stratum {
            Inputs.fraction("share", share);
            Inputs.count("canary_events", canaryEvents);
            Inputs.count("champion_events", championEvents);
        }

        public Stratum add(boolean canary) {
            return canary
                    ? new Stratum(share, canaryEvents + 1, championEvents)
                    : new Stratum(share, canaryEvents, championEvents + 1);
        }

        /** Adds events under the same share. */
        public Stratum merge(Stratum other) {
            if (other.share != share) {
                throw Problem.invalid("share", other.share, "the same share, " + share);
            }
            return new Stratum(share, canaryEvents + other.canaryEvents, championEvents + other.championEvents);
        }
    }

    public CountProcess {
        Inputs.positive("null_ratio", nullRatio);
    }

    /** ln E over all strata; 0 without any event. */
    public double logE(Collection<Stratum> strata) {
        double[] logs = new double[side.grid.length];
        for (Stratum stratum : strata) {
            double[] added = logLikelihoods(stratum.share(), stratum.canaryEvents(), stratum.championEvents());
            for (int j = 0; j < logs.length; j++) {
                logs[j] += added[j];
            }
        }
        return EValues.logMeanExp(logs);
    }

    /** The log likelihood ratio of each alternative of the grid. */
    double[] logLikelihoods(double share, double canaryEvents, double championEvents) {
        double supposed = canaryShare(nullRatio, share);
        double[] logs = new double[side.grid.length];
        for (int j = 0; j < logs.length; j++) {
            double alternative = canaryShare(side.grid[j] * nullRatio, share);
            logs[j] = canaryEvents * Math.log(alternative / supposed)
                    + championEvents * Math.log((1 - alternative) / (1 - supposed));
        }
        return logs;
    }

    /** θ(R, w): the chance that an event is the canary's. */
    static double canaryShare(double ratio, double share) {
        return share * ratio / (share * ratio + 1 - share);
    }
}
