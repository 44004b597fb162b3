package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.plimsoll.statistics.Simulation.LEVEL;
import static org.plimsoll.statistics.Simulation.indicator;
import static org.plimsoll.statistics.Simulation.means;
import static org.plimsoll.statistics.Simulation.measured;
import static org.plimsoll.statistics.Simulation.most;
import static org.plimsoll.statistics.Simulation.rate;
import static org.plimsoll.statistics.Simulation.scaled;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Error rates of evidence that is looked at again and again, each beside a naive method that must fail the same test. */
@Tag("simulation")
class SequentialSimulationTest {

    /** Looks after every ten rows at a stream on the edge of the null: harm of just one point, tenth of rows discordant. */
    @Test
    void pairedLosses_peekingAlways_keepsItsSizeWhereZFails() {
        int runs = scaled(1500);
        double harm = 0.01;
        double limit = Math.log(1 / LEVEL);
        double z = NormalDistribution.of(0, 1).inverseCumulativeProbability(1 - LEVEL);
        double[] alarms = means(15, runs, random -> {
            PairedLosses losses = PairedLosses.NONE;
            boolean stopped = false;
            boolean naive = false;
            for (int i = 1; i <= 10_000; i++) {
                double u = random.nextDouble();
                losses = losses.add(u < 0.055, u >= 0.055 && u < 0.1);
                if (i % 10 == 0 && i >= 50) {
                    stopped |= losses.logEvidenceOfHarm(harm) >= limit;
                    double mean = (losses.worse() - losses.better()) / (double) i;
                    double variance = (losses.worse() + losses.better()) / (double) i - mean * mean;
                    naive |= (mean - harm) * Math.sqrt(i) > z * Math.sqrt(variance);
                }
            }
            return new double[] {indicator(stopped), indicator(naive)};
        });
        measured(alarms[0], "seed 15").isLessThanOrEqualTo(most(LEVEL, runs));
        measured(alarms[1], "naive z must fail, seed 15").isGreaterThan(0.3);
    }

    /** Base rate falls while the canary ramps up; the true risk ratio is the tolerated one. */
    @Test
    void countProcess_rampAndFallingBaseRate_keepsItsSizeAndFindsHarm() {
        int runs = scaled(800);
        double[] shares = {0.05, 0.2, 0.5};
        CountProcess process = new CountProcess(CountProcess.Side.HARM, 1.1);
        double falseAlarms = rate(16, runs, random -> everAlarms(process, shares, 1.1, random));
        double found = rate(17, 200, random -> everAlarms(process, shares, 2.5, random));
        measured(falseAlarms, "seed 16").isLessThanOrEqualTo(most(LEVEL, runs));
        measured(found, "seed 17").isGreaterThan(0.95);
        double pooled = rate(16, runs, random -> everPooled(shares, 1.1, random));
        measured(pooled, "pooled z with peeking must fail, seed 16").isGreaterThan(0.1);
    }

    private static boolean everAlarms(CountProcess process, double[] shares, double ratio, SplittableRandom random) {
        List<CountProcess.Stratum> strata = new ArrayList<>();
        for (double share : shares) {
            CountProcess.Stratum stratum = new CountProcess.Stratum(share, 0, 0);
            strata.add(stratum);
            for (int i = 0; i < 6000; i++) {
                boolean canary = random.nextDouble() < share;
                double base = 0.04 + 0.02 * Math.sin(i / 300.0);
                if (random.nextDouble() < (canary ? ratio * base : base)) {
                    stratum = stratum.add(canary);
                    strata.set(strata.size() - 1, stratum);
                    if (process.logE(strata) >= Math.log(1 / LEVEL)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** A z-test of pooled rates against the tolerated ratio, looked at every hundred requests. */
    private static boolean everPooled(double[] shares, double ratio, SplittableRandom random) {
        double[] rows = new double[2];
        double[] events = new double[2];
        for (double share : shares) {
            for (int i = 0; i < 6000; i++) {
                int arm = random.nextDouble() < share ? 1 : 0;
                double base = 0.04 + 0.02 * Math.sin(i / 300.0);
                rows[arm]++;
                events[arm] += random.nextDouble() < (arm == 1 ? ratio * base : base) ? 1 : 0;
                if (i % 100 == 99 && events[0] > 5 && events[1] > 5) {
                    double p = events[1] / rows[1];
                    double q = events[0] / rows[0];
                    double error = Math.sqrt(p * (1 - p) / rows[1] + ratio * ratio * q * (1 - q) / rows[0]);
                    if (p - ratio * q > 1.6449 * error) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    @Test
    void meanProcesses_anyStoppingTime_keepTheirSize() {
        int runs = scaled(1000);
        double limit = Math.log(1 / LEVEL);
        double bounded = rate(18, runs, random -> {
            BoundedMeanProcess process = new BoundedMeanProcess(0.1);
            for (int i = 0; i < 2000; i++) {
                process.add(random.nextDouble() < 0.5 ? 0.2 * random.nextDouble() : 0.1);
                if (process.logE() >= limit) {
                    return true;
                }
            }
            return false;
        });
        double twoArms = rate(19, runs, random -> {
            TwoArmMeanProcess process = new TwoArmMeanProcess(0.02);
            for (int i = 0; i < 2000; i++) {
                double share = i < 1000 ? 0.1 : 0.5;
                boolean canary = random.nextDouble() < share;
                process.add(
                        canary, canary ? 0.04 + 0.9 * random.nextDouble() : 0.02 + 0.9 * random.nextDouble(), share);
                if (process.logE() >= limit) {
                    return true;
                }
            }
            return false;
        });
        double found = rate(20, 100, random -> {
            TwoArmMeanProcess process = new TwoArmMeanProcess(0.02);
            for (int i = 0; i < 4000; i++) {
                boolean canary = random.nextDouble() < 0.5;
                process.add(canary, canary ? 0.2 + 0.8 * random.nextDouble() : 0.8 * random.nextDouble(), 0.5);
            }
            return process.logE() >= limit;
        });
        measured(bounded, "seed 18").isLessThanOrEqualTo(most(LEVEL, runs));
        measured(twoArms, "seed 19").isLessThanOrEqualTo(most(LEVEL, runs));
        measured(found, "seed 20").isGreaterThan(0.95);
    }

    @Test
    void confidenceSequences_lookedAtAlways_coverWhereWilsonFails() {
        int runs = scaled(500);
        double[] missed = means(21, runs, random -> {
            EmpiricalBernstein bernstein = EmpiricalBernstein.start(0.1);
            Moments moments = Moments.NONE;
            boolean[] out = new boolean[4];
            int successes = 0;
            for (int n = 1; n <= 2000; n++) {
                boolean success = random.nextDouble() < 0.3;
                successes += success ? 1 : 0;
                bernstein = bernstein.add(success ? 1 : 0);
                moments = moments.add(success ? 1 : 0);
                out[0] |= n % 100 == 0 && misses(ConfidenceSequence.bernoulli(successes, n, 0.1, 500));
                if (n % 10 == 0) {
                    out[1] |= misses(bernstein.interval());
                    out[2] |= n >= 100 && misses(ConfidenceSequence.asymptotic(moments, 0.1, 500));
                    ProportionInterval wilson = ProportionInterval.wilson(successes, n, 0.9);
                    out[3] |= misses(new ConfidenceSequence(wilson.lower(), wilson.upper()));
                }
            }
            return new double[] {indicator(out[0]), indicator(out[1]), indicator(out[2]), indicator(out[3])};
        });
        for (int k = 0; k < 3; k++) {
            measured(missed[k], "sequence %d, seed 21".formatted(k)).isLessThanOrEqualTo(most(0.1, runs));
        }
        measured(missed[3], "Wilson looked at always must fail, seed 21").isGreaterThan(0.3);
    }

    private static boolean misses(ConfidenceSequence sequence) {
        return sequence.lower() > 0.3 || sequence.upper() < 0.3;
    }

    /** Windows of one normal number each; the e-value is the likelihood ratio of a shift of one. */
    @Test
    void eDetector_nothingChanges_runsAtLeastItsStatedLength() {
        int runs = scaled(400);
        double stated = 60;
        double[] lengths = means(26, runs, random -> {
            EDetector watch = EDetector.start(stated);
            int until = 0;
            int untilNaive = 0;
            for (int t = 1; t <= 3000 && (until == 0 || untilNaive == 0); t++) {
                double x = random.nextGaussian();
                if (until == 0) {
                    watch = watch.next(x - 0.5);
                    until = watch.alarms() ? t : 0;
                }
                untilNaive = untilNaive == 0 && x > 1.6449 ? t : untilNaive;
            }
            return new double[] {until == 0 ? 3000 : until, untilNaive == 0 ? 3000 : untilNaive};
        });
        measured(lengths[0], "seed 26").isGreaterThan(stated);
        measured(lengths[1], "p below 0.05 each window must fail, seed 26").isLessThan(stated / 2);
        double[] delay = means(27, runs, random -> {
            EDetector watch = EDetector.start(stated);
            while (!watch.alarms()) {
                watch = watch.next(random.nextGaussian() + 1 - 0.5);
            }
            return new double[] {watch.windows()};
        });
        measured(delay[0], "a shift of one is found soon, seed 27").isLessThan(12);
    }

    /** Days differ by themselves (0.05 standard deviations); 1,000 rows a window; NannyML's rule beside ours. */
    @Test
    void driftDetector_daysThatWobble_staysQuietWhereKsAlarmsAndFindsShifts() {
        QuantileBins bins = new QuantileBins(new double[] {-1.28, -0.84, -0.52, -0.25, 0, 0.25, 0.52, 0.84, 1.28});
        int falseAlarms = 0;
        int naiveAlarms = 0;
        int windows = 0;
        List<Long> delays = new ArrayList<>();
        int runs = scaled(12);
        for (int r = 0; r < runs; r++) {
            SplittableRandom random = new SplittableRandom(28_000_000L + r);
            long[][] reference = new long[30][];
            double[] pooled = new double[0];
            for (int w = 0; w < reference.length; w++) {
                double[] rows = window(random, 0);
                reference[w] = bins.counts(rows);
                pooled = w == 0 ? rows : pooled;
            }
            DriftDetector watch = DriftDetector.start(WindowNull.fit(reference, r), 2000);
            for (int w = 0; w < 60; w++) {
                double[] rows = window(random, 0);
                watch = watch.next(bins.counts(rows));
                naiveAlarms += KolmogorovSmirnov.asymptotic(pooled, rows).pValue() < 0.05 ? 1 : 0;
                windows++;
                if (watch.alarms()) {
                    falseAlarms++;
                    watch = watch.restarted();
                }
            }
            watch = watch.restarted();
            for (int w = 0; w < 60 && !watch.alarms(); w++) {
                watch = watch.next(bins.counts(window(random, 0.3)));
            }
            delays.add(watch.alarms() ? watch.detector().windows() : 60L);
        }
        delays.sort(null);
        measured(falseAlarms / (double) windows, "false alarms a window, seed 28")
                .isLessThanOrEqualTo(2 / 720.0);
        measured(naiveAlarms / (double) windows, "KS at 0.05 must fail, seed 28")
                .isGreaterThan(0.1);
        measured(delays.get(delays.size() / 2), "windows to find 0.3 deviations, seed 28")
                .isLessThanOrEqualTo(8);
    }

    private static double[] window(SplittableRandom random, double shift) {
        double wobble = 0.05 * random.nextGaussian();
        double[] rows = new double[1000];
        Arrays.setAll(rows, i -> random.nextGaussian() + wobble + shift);
        return rows;
    }

    /** Fifty overlapping segments share most of their luck; five are truly harmed. */
    @Test
    void eBenjaminiHochberg_dependentSegments_keepsFalseDiscoveriesRare() {
        int runs = scaled(800);
        double[] shares = means(29, runs, random -> {
            double common = random.nextGaussian();
            double[] logs = new double[50];
            boolean[] naive = new boolean[50];
            for (int k = 0; k < 50; k++) {
                double z = 0.8 * common + 0.6 * random.nextGaussian() + (k < 5 ? 5 : 0);
                logs[k] = 3 * z - 4.5; // likelihood ratio of a shift of three: mean 1 under the null
                naive[k] = z > 1.6449;
            }
            boolean[] rejected = EValues.benjaminiHochberg(logs, 0.1);
            double found = 0;
            for (int k = 0; k < 5; k++) {
                found += indicator(rejected[k]) / 5;
            }
            return new double[] {falseDiscoveries(rejected), falseDiscoveries(naive), found};
        });
        measured(shares[0], "seed 29").isLessThanOrEqualTo(0.1);
        measured(shares[1], "uncorrected tests must fail, seed 29").isGreaterThan(most(0.1, runs));
        measured(shares[2], "seed 29").isGreaterThan(0.8);
    }

    private static double falseDiscoveries(boolean[] rejected) {
        double wrong = 0;
        double all = 0;
        for (int k = 0; k < rejected.length; k++) {
            all += rejected[k] ? 1 : 0;
            wrong += rejected[k] && k >= 5 ? 1 : 0;
        }
        return all == 0 ? 0 : wrong / all;
    }

    @Test
    void growth_statedBeforehand_predictsTheStoppingTime() {
        double growth = Power.growthOfPairs(0.09, 0.03, 0.01);
        double expected = Math.log(20) / growth;
        double[] mean = means(32, scaled(200), random -> {
            PairedLosses losses = PairedLosses.NONE;
            while (losses.logEvidenceOfHarm(0.01) < Math.log(20)) {
                double u = random.nextDouble();
                losses = losses.add(u < 0.09, u >= 0.09 && u < 0.12);
            }
            return new double[] {losses.rows()};
        });
        measured(mean[0], "seed 32").isBetween(0.7 * expected, 2 * expected);
        assertThat(Power.growthOfPairs(0.05, 0.05, 0.01)).isZero();
        double ofEvents = Power.growthOfCounts(CountProcess.Side.HARM, 0.2, 1.1, 2.5);
        assertThat(ofEvents).isBetween(0.05, 0.3);
        assertThat(Power.growthOfCounts(CountProcess.Side.HARM, 0.2, 1.1, 1)).isZero();
    }
}
