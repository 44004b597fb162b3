package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.plimsoll.statistics.Simulation.binomial;
import static org.plimsoll.statistics.Simulation.indicator;
import static org.plimsoll.statistics.Simulation.least;
import static org.plimsoll.statistics.Simulation.means;
import static org.plimsoll.statistics.Simulation.measured;
import static org.plimsoll.statistics.Simulation.rate;
import static org.plimsoll.statistics.Simulation.scaled;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Coverage of intervals for shares, estimated performance and label delay, each beside a naive one that must fail the same test. */
@Tag("simulation")
class IntervalSimulationTest {

    /** Exact coverage over all outcomes, no random numbers needed. */
    @Test
    void proportionIntervals_everyOutcome_coverWhereWaldFails() {
        double worstExact = 1;
        double worstWald = 1;
        double meanWilson = 0;
        int n = 40;
        for (int step = 1; step < 100; step++) {
            double p = step / 100.0;
            double[] covered = new double[3];
            for (int k = 0; k <= n; k++) {
                double chance = BinomialDistribution.of(n, p).probability(k);
                ProportionInterval wilson = ProportionInterval.wilson(k, n, 0.95);
                ProportionInterval exact = ProportionInterval.clopperPearson(k, n, 0.95);
                double share = k / (double) n;
                double reach = 1.96 * Math.sqrt(share * (1 - share) / n);
                covered[0] += wilson.lower() <= p && p <= wilson.upper() ? chance : 0;
                covered[1] += exact.lower() <= p && p <= exact.upper() ? chance : 0;
                covered[2] += share - reach <= p && p <= share + reach ? chance : 0;
            }
            meanWilson += covered[0] / 99;
            worstExact = Math.min(worstExact, covered[1]);
            worstWald = Math.min(worstWald, covered[2]);
        }
        assertThat(worstExact).isGreaterThanOrEqualTo(0.95);
        assertThat(meanWilson).isBetween(0.94, 0.965);
        measured(worstWald, "Wald must fail").isLessThan(0.5);
    }

    @Test
    void newcombe_smallSamples_coverAtTheirLevel() {
        int runs = scaled(4000);
        double independent = rate(22, runs, random -> {
            ProportionInterval interval =
                    ProportionInterval.newcombe(binomial(random, 30, 0.2), 30, binomial(random, 40, 0.1), 40, 0.95);
            return interval.lower() <= 0.1 && 0.1 <= interval.upper();
        });
        double paired = rate(23, runs, random -> {
            long[] cells = new long[4];
            for (int i = 0; i < 60; i++) {
                double u = random.nextDouble();
                cells[u < 0.3 ? 0 : u < 0.45 ? 1 : u < 0.5 ? 2 : 3]++;
            }
            ProportionInterval interval =
                    ProportionInterval.newcombePaired(cells[0], cells[1], cells[2], cells[3], 0.95);
            return interval.lower() <= 0.1 && 0.1 <= interval.upper();
        });
        measured(independent, "seed 22").isBetween(0.93, 0.98);
        measured(paired, "seed 23").isBetween(0.93, 0.98);
    }

    @Test
    void cbpe_calibratedRows_intervalsCoverTheRealisedMetric() {
        int runs = scaled(1000);
        double[] covered = means(25, runs, random -> {
            double[] p = random.doubles(200).toArray();
            boolean[] flagged = new boolean[200];
            boolean[] actual = new boolean[200];
            for (int i = 0; i < 200; i++) {
                flagged[i] = p[i] >= 0.4;
                actual[i] = random.nextDouble() < p[i];
            }
            double[] scores = new double[200];
            Arrays.setAll(scores, i -> flagged[i] ? 1 : 0);
            Confusion truth = Confusion.at(scores, actual, 0.5);
            double[][] intervals = {
                Cbpe.accuracyInterval(p, flagged, 0.9),
                Cbpe.precisionInterval(p, flagged, 0.9),
                Cbpe.recallInterval(p, flagged, 0.9),
                Cbpe.fBetaInterval(p, flagged, 1, 0.9)
            };
            double[] sure =
                    Arrays.stream(p).map(x -> x < 0.4 ? x * x : Math.sqrt(x)).toArray();
            double[] tooSure = Cbpe.accuracyInterval(sure, flagged, 0.9);
            return new double[] {
                covers(intervals[0], truth.accuracy()),
                covers(intervals[1], truth.precision()),
                covers(intervals[2], truth.recall()),
                covers(intervals[3], truth.f1()),
                covers(tooSure, truth.accuracy())
            };
        });
        for (int k = 0; k < 4; k++) {
            measured(covered[k], "metric %d, seed 25".formatted(k)).isBetween(least(0.9, runs), 0.94);
        }
        measured(covered[4], "overconfident chances must fail, seed 25").isLessThan(0.5);
    }

    /** Labels arrive after exponential delays; rows are of different ages, so many still wait. */
    @Test
    void kaplanMeier_labelsStillToCome_coversWhereTheShareArrivedFails() {
        int runs = scaled(1000);
        double truth = 1 - Math.exp(-1);
        double[] covered = means(34, runs, random -> {
            int rows = 300;
            double[] ages = new double[rows];
            boolean[] arrived = new boolean[rows];
            long before = 0;
            for (int i = 0; i < rows; i++) {
                double delay = -Math.log(random.nextDouble());
                double age = 3 * random.nextDouble();
                ages[i] = Math.min(delay, age);
                arrived[i] = delay <= age;
                before += arrived[i] && delay <= 1 ? 1 : 0;
            }
            double[] interval = KaplanMeier.fit(ages, arrived).arrivedInterval(1, 0.95);
            ProportionInterval share = ProportionInterval.wilson(before, rows, 0.95);
            return new double[] {covers(interval, truth), covers(new double[] {share.lower(), share.upper()}, truth)};
        });
        measured(covered[0], "seed 34").isBetween(least(0.95, runs) - 0.01, 1.0);
        measured(covered[1], "the share that has arrived must fail, seed 34").isLessThan(0.5);
    }

    private static double covers(double[] interval, double truth) {
        return indicator(interval[0] <= truth && truth <= interval[1]);
    }
}
