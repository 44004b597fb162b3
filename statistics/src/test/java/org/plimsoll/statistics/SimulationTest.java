package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.assertj.core.api.AbstractDoubleAssert;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Error rates by simulation, each beside a naive method that must fail the same test. Sized for every build: a rate passes when it is
 * within three standard errors of its nominal value; benchmarks/statistics runs the same at full size. Failures name the seed.
 */
@Tag("simulation")
class SimulationTest {

    private static final double LEVEL = 0.05;

    /** Runs of a simulation; -Dsimulation.scale=20 runs twenty times as many. */
    private static int scaled(int runs) {
        return runs * Integer.getInteger("simulation.scale", 1);
    }

    /** The share of runs in which an event happens; run r has its own generator from (seed, r). */
    private static double rate(long seed, int runs, Predicate<SplittableRandom> event) {
        int happened = 0;
        for (int r = 0; r < runs; r++) {
            happened += event.test(new SplittableRandom(seed * 1_000_003 + r)) ? 1 : 0;
        }
        return happened / (double) runs;
    }

    /** Prints what was measured, by method and seed, so that a run at full size leaves its figures; then it is held to its bound. */
    private static AbstractDoubleAssert<?> measured(double value, String what) {
        String method = StackWalker.getInstance()
                .walk(frames -> frames.skip(1).findFirst().orElseThrow().getMethodName());
        System.out.printf(Locale.ROOT, "%-72s %-52s %.5g%n", method, what, value);
        return assertThat(value).as(what);
    }

    private static double most(double nominal, int runs) {
        return nominal + 3 * Math.sqrt(nominal * (1 - nominal) / runs);
    }

    private static double least(double nominal, int runs) {
        return nominal - 3 * Math.sqrt(nominal * (1 - nominal) / runs);
    }

    /** Twenty rows each of forty customers, whose luck is shared; no true difference. */
    private static double[] correlated(SplittableRandom random) {
        double[] differences = new double[800];
        for (int entity = 0; entity < 40; entity++) {
            double luck = random.nextGaussian();
            for (int k = 0; k < 20; k++) {
                differences[entity * 20 + k] = 0.7 * luck + random.nextGaussian();
            }
        }
        return differences;
    }

    private static PairedDifference compared(double[] differences, Clusters clusters) {
        double[] ones = Inputs.ones(differences.length);
        return ClusterRobust.compare(
                Influence.mean(differences, ones),
                Influence.mean(new double[differences.length], ones),
                ones,
                clusters);
    }

    @Test
    void clusterT_twentyRowsPerCustomer_keepsItsSize() {
        int runs = scaled(3000);
        long[] customers = new long[800];
        Arrays.setAll(customers, i -> i / 20);
        Clusters clusters = Clusters.of(customers);
        double size =
                rate(11, runs, random -> compared(correlated(random), clusters).pValueAbove(0) <= LEVEL);
        double naive = rate(
                11,
                runs,
                random -> compared(correlated(random), Clusters.ofRows(800)).pValueAbove(0) <= LEVEL);
        measured(size, "seed 11").isBetween(least(LEVEL, runs), most(LEVEL, runs));
        measured(naive, "row-level t must fail, seed 11").isGreaterThan(0.2);
    }

    @Test
    void clusterT_interval_coversAtItsLevel() {
        int runs = scaled(3000);
        long[] customers = new long[800];
        Arrays.setAll(customers, i -> i / 20);
        Clusters clusters = Clusters.of(customers);
        double covered = rate(12, runs, random -> {
            PairedDifference difference = compared(correlated(random), clusters);
            return difference.lower(0.95) <= 0 && 0 <= difference.upper(0.95);
        });
        measured(covered, "seed 12").isBetween(least(0.9, runs), most(0.9, runs));
    }

    @Test
    void deLong_correlatedModels_coversAtItsLevel() {
        int runs = scaled(1500);
        double truth = NormalDistribution.of(0, 1).cumulativeProbability(1 / Math.sqrt(2 * 1.25))
                - NormalDistribution.of(0, 1).cumulativeProbability(0.8 / Math.sqrt(2 * 1.25));
        double covered = rate(13, runs, random -> {
            int rows = 400;
            double[] candidate = new double[rows];
            double[] champion = new double[rows];
            boolean[] positive = new boolean[rows];
            for (int i = 0; i < rows; i++) {
                positive[i] = i < 120;
                double shared = random.nextGaussian();
                candidate[i] = shared + 0.5 * random.nextGaussian() + (positive[i] ? 1 : 0);
                champion[i] = shared + 0.5 * random.nextGaussian() + (positive[i] ? 0.8 : 0);
            }
            PairedDifference difference = DeLong.compare(candidate, champion, positive);
            return difference.lower(0.95) <= truth && truth <= difference.upper(0.95);
        });
        measured(covered, "seed 13").isBetween(least(0.9, runs), most(0.9, runs));
    }

    @Test
    void tango_fiftyRareRows_keepsItsSizeWhereWaldFails() {
        int runs = scaled(20_000);
        double margin = 0.02;
        List<Tango> samples = new ArrayList<>();
        for (int r = 0; r < runs; r++) {
            SplittableRandom random = new SplittableRandom(14_000_000L + r);
            int b = 0;
            int c = 0;
            for (int i = 0; i < 50; i++) {
                double u = random.nextDouble();
                b += u < 0.015 ? 1 : 0;
                c += u >= 0.015 && u < 0.05 ? 1 : 0;
            }
            samples.add(new Tango(b, c, 50));
        }
        double z = NormalDistribution.of(0, 1).inverseCumulativeProbability(0.95);
        double size =
                samples.stream().filter(s -> s.pValueAbove(-margin) <= LEVEL).count() / (double) runs;
        double wald = samples.stream()
                        .filter(s -> {
                            double d = s.difference();
                            double variance = ((s.candidateOnly() + s.championOnly()) / 50.0 - d * d) / 50;
                            return d + margin > z * Math.sqrt(variance);
                        })
                        .count()
                / (double) runs;
        measured(size, "seed 14").isLessThanOrEqualTo(most(LEVEL, runs));
        measured(wald, "Wald must fail, seed 14").isGreaterThan(0.1);
    }

    /** Looks after every ten rows at a stream on the edge of the null: harm of just one point, tenth of rows discordant. */
    @Test
    void pairedLosses_peekingAlways_keepsItsSizeWhereZFails() {
        int runs = scaled(1500);
        double harm = 0.01;
        double limit = Math.log(1 / LEVEL);
        double z = NormalDistribution.of(0, 1).inverseCumulativeProbability(1 - LEVEL);
        int[] alarms = new int[2];
        for (int r = 0; r < runs; r++) {
            SplittableRandom random = new SplittableRandom(15_000_000L + r);
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
            alarms[0] += stopped ? 1 : 0;
            alarms[1] += naive ? 1 : 0;
        }
        measured(alarms[0] / (double) runs, "seed 15").isLessThanOrEqualTo(most(LEVEL, runs));
        measured(alarms[1] / (double) runs, "naive z must fail, seed 15").isGreaterThan(0.3);
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
        int[] missed = new int[4];
        for (int r = 0; r < runs; r++) {
            SplittableRandom random = new SplittableRandom(21_000_000L + r);
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
            for (int k = 0; k < 4; k++) {
                missed[k] += out[k] ? 1 : 0;
            }
        }
        for (int k = 0; k < 3; k++) {
            measured(missed[k] / (double) runs, "sequence %d, seed 21".formatted(k))
                    .isLessThanOrEqualTo(most(0.1, runs));
        }
        measured(missed[3] / (double) runs, "Wilson looked at always must fail, seed 21")
                .isGreaterThan(0.3);
    }

    private static boolean misses(ConfidenceSequence sequence) {
        return sequence.lower() > 0.3 || sequence.upper() < 0.3;
    }

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

    private static long binomial(SplittableRandom random, int trials, double chance) {
        long successes = 0;
        for (int i = 0; i < trials; i++) {
            successes += random.nextDouble() < chance ? 1 : 0;
        }
        return successes;
    }

    @Test
    void bootstrap_clusteredSkewedRows_coversAtItsLevel() {
        int runs = scaled(250);
        double covered = rate(24, runs, random -> bootstrapCovers(random, true));
        double naive = rate(24, runs, random -> bootstrapCovers(random, false));
        measured(covered, "seed 24").isBetween(least(0.9, runs), 0.97);
        measured(naive, "rows drawn one by one must fail, seed 24").isLessThan(0.75);
    }

    /** Five rows each of 120 customers, exponential: does the 90 % interval of the mean hold the truth, 1? */
    private static boolean bootstrapCovers(SplittableRandom random, boolean byCustomer) {
        int rows = 600;
        double[] values = new double[rows];
        long[] keys = new long[rows];
        for (int g = 0; g < 120; g++) {
            double luck = -Math.log(random.nextDouble());
            for (int k = 0; k < 5; k++) {
                values[g * 5 + k] = luck;
                keys[g * 5 + k] = g;
            }
        }
        double[] ones = Inputs.ones(rows);
        Clusters clusters = byCustomer ? Clusters.of(keys) : Clusters.ofRows(rows);
        BootstrapReplicates replicates = new PoissonBootstrap(random.nextLong(), 400)
                .ofRatios(values, ones, new double[rows], ones, ones, clusters);
        PairedDifference found = new PairedDifference(
                replicates.estimate(),
                0,
                replicates.estimate(),
                replicates.standardError(),
                clusters.count() - 1,
                rows,
                clusters.count());
        return found.lower(0.95) <= 1 && 1 <= found.upper(0.95);
    }

    @Test
    void cbpe_calibratedRows_intervalsCoverTheRealisedMetric() {
        int runs = scaled(1000);
        int[] covered = new int[4];
        int overconfident = 0;
        for (int r = 0; r < runs; r++) {
            SplittableRandom random = new SplittableRandom(25_000_000L + r);
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
            overconfident += tooSure[0] <= truth.accuracy() && truth.accuracy() <= tooSure[1] ? 1 : 0;
            double[] realised = {truth.accuracy(), truth.precision(), truth.recall(), truth.f1()};
            for (int k = 0; k < 4; k++) {
                covered[k] += intervals[k][0] <= realised[k] && realised[k] <= intervals[k][1] ? 1 : 0;
            }
        }
        for (int k = 0; k < 4; k++) {
            measured(covered[k] / (double) runs, "metric %d, seed 25".formatted(k))
                    .isBetween(least(0.9, runs), 0.94);
        }
        measured(overconfident / (double) runs, "overconfident chances must fail, seed 25")
                .isLessThan(0.5);
    }

    /** Labels arrive after exponential delays; rows are of different ages, so many still wait. */
    @Test
    void kaplanMeier_labelsStillToCome_coversWhereTheShareArrivedFails() {
        int runs = scaled(1000);
        double truth = 1 - Math.exp(-1);
        int covered = 0;
        int naive = 0;
        for (int r = 0; r < runs; r++) {
            SplittableRandom random = new SplittableRandom(34_000_000L + r);
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
            covered += interval[0] <= truth && truth <= interval[1] ? 1 : 0;
            ProportionInterval share = ProportionInterval.wilson(before, rows, 0.95);
            naive += share.lower() <= truth && truth <= share.upper() ? 1 : 0;
        }
        measured(covered / (double) runs, "seed 34").isBetween(least(0.95, runs) - 0.01, 1.0);
        measured(naive / (double) runs, "the share that has arrived must fail, seed 34")
                .isLessThan(0.5);
    }

    @Test
    void tango_fewDiscordantRows_coversWhereWaldFails() {
        int runs = scaled(10_000);
        int covered = 0;
        int wald = 0;
        for (int r = 0; r < runs; r++) {
            SplittableRandom random = new SplittableRandom(35_000_000L + r);
            long better = binomial(random, 40, 0.04);
            long worse = binomial(random, 40 - (int) better, 0.01 / 0.96);
            Tango tango = new Tango(better, worse, 40);
            covered += tango.lower(0.975) <= 0.03 && 0.03 <= tango.upper(0.975) ? 1 : 0;
            double d = tango.difference();
            double reach = 1.96 * Math.sqrt(((better + worse) / 40.0 - d * d) / 40);
            wald += d - reach <= 0.03 && 0.03 <= d + reach ? 1 : 0;
        }
        measured(covered / (double) runs, "seed 35").isGreaterThanOrEqualTo(least(0.95, runs));
        measured(wald / (double) runs, "Wald must fail, seed 35").isLessThan(0.9);
    }

    /** Windows of one normal number each; the e-value is the likelihood ratio of a shift of one. */
    @Test
    void eDetector_nothingChanges_runsAtLeastItsStatedLength() {
        int runs = scaled(400);
        double stated = 60;
        double detector = 0;
        double naive = 0;
        for (int r = 0; r < runs; r++) {
            SplittableRandom random = new SplittableRandom(26_000_000L + r);
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
            detector += (until == 0 ? 3000 : until) / (double) runs;
            naive += (untilNaive == 0 ? 3000 : untilNaive) / (double) runs;
        }
        measured(detector, "seed 26").isGreaterThan(stated);
        measured(naive, "p below 0.05 each window must fail, seed 26").isLessThan(stated / 2);
        double delay = 0;
        for (int r = 0; r < runs; r++) {
            SplittableRandom random = new SplittableRandom(27_000_000L + r);
            EDetector watch = EDetector.start(stated);
            while (!watch.alarms()) {
                watch = watch.next(random.nextGaussian() + 1 - 0.5);
            }
            delay += watch.windows() / (double) runs;
        }
        measured(delay, "a shift of one is found soon, seed 27").isLessThan(12);
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
        double falseShare = 0;
        double naiveShare = 0;
        double found = 0;
        for (int r = 0; r < runs; r++) {
            SplittableRandom random = new SplittableRandom(29_000_000L + r);
            double common = random.nextGaussian();
            double[] logs = new double[50];
            boolean[] naive = new boolean[50];
            for (int k = 0; k < 50; k++) {
                double z = 0.8 * common + 0.6 * random.nextGaussian() + (k < 5 ? 5 : 0);
                logs[k] = 3 * z - 4.5; // likelihood ratio of a shift of three: mean 1 under the null
                naive[k] = z > 1.6449;
            }
            boolean[] rejected = EValues.benjaminiHochberg(logs, 0.1);
            falseShare += falseDiscoveries(rejected) / runs;
            naiveShare += falseDiscoveries(naive) / runs;
            for (int k = 0; k < 5; k++) {
                found += rejected[k] ? 1 / (5.0 * runs) : 0;
            }
        }
        measured(falseShare, "seed 29").isLessThanOrEqualTo(0.1);
        measured(naiveShare, "uncorrected tests must fail, seed 29").isGreaterThan(most(0.1, runs));
        measured(found, "seed 29").isGreaterThan(0.8);
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
    void holm_dependentNulls_keepsFamilyWiseSize() {
        int runs = scaled(4000);
        double corrected = rate(30, runs, random -> anyBelow(Holm.adjust(dependentPValues(random))));
        double raw = rate(30, runs, random -> anyBelow(dependentPValues(random)));
        measured(corrected, "seed 30").isLessThanOrEqualTo(most(LEVEL, runs));
        measured(raw, "uncorrected must fail, seed 30").isGreaterThan(0.3);
    }

    private static boolean anyBelow(double[] pValues) {
        return Arrays.stream(pValues).anyMatch(p -> p <= LEVEL);
    }

    private static double[] dependentPValues(SplittableRandom random) {
        double common = 0.5 * random.nextGaussian();
        double[] pValues = new double[20];
        NormalDistribution normal = NormalDistribution.of(0, 1);
        Arrays.setAll(pValues, k -> normal.survivalProbability(common + Math.sqrt(0.75) * random.nextGaussian()));
        return pValues;
    }

    @Test
    void power_statedBeforehand_isWhatHappens() {
        int runs = scaled(3000);
        double deviation = Power.deviationOfPairedProportions(0.1, 0);
        int rows = (int) Power.unitsNeeded(deviation, 0.03, 0, LEVEL, 0.8);
        double proved = rate(31, runs, random -> {
            int b = 0;
            int c = 0;
            for (int i = 0; i < rows; i++) {
                double u = random.nextDouble();
                b += u < 0.05 ? 1 : 0;
                c += u >= 0.05 && u < 0.1 ? 1 : 0;
            }
            return new Tango(b, c, rows).pValueAbove(-0.03) <= LEVEL;
        });
        measured(proved, "seed 31").isBetween(0.75, 0.85);
        assertThat(Power.of(deviation / Math.sqrt(rows), 0.03, 0, LEVEL)).isBetween(0.8, 0.803);
    }

    @Test
    void growth_statedBeforehand_predictsTheStoppingTime() {
        double growth = Power.growthOfPairs(0.09, 0.03, 0.01);
        double expected = Math.log(20) / growth;
        double mean = 0;
        int runs = scaled(200);
        for (int r = 0; r < runs; r++) {
            SplittableRandom random = new SplittableRandom(32_000_000L + r);
            PairedLosses losses = PairedLosses.NONE;
            while (losses.logEvidenceOfHarm(0.01) < Math.log(20)) {
                double u = random.nextDouble();
                losses = losses.add(u < 0.09, u >= 0.09 && u < 0.12);
            }
            mean += losses.rows() / (double) runs;
        }
        measured(mean, "seed 32").isBetween(0.7 * expected, 2 * expected);
        assertThat(Power.growthOfPairs(0.05, 0.05, 0.01)).isZero();
        double ofEvents = Power.growthOfCounts(CountProcess.Side.HARM, 0.2, 1.1, 2.5);
        assertThat(ofEvents).isBetween(0.05, 0.3);
        assertThat(Power.growthOfCounts(CountProcess.Side.HARM, 0.2, 1.1, 1)).isZero();
    }

    @Test
    void poissonWeights_manyDraws_haveMeanAndVarianceOne() {
        PoissonWeights weights = new PoissonWeights(33);
        Moments moments = Moments.NONE;
        double together = 0;
        for (int key = 0; key < 200_000; key++) {
            int first = weights.of(0, key);
            moments = moments.add(first);
            together += (first - 1) * (weights.of(1, key) - 1) / 200_000.0;
        }
        measured(moments.mean(), "seed 33").isBetween(0.99, 1.01);
        measured(moments.sampleVariance(), "seed 33").isBetween(0.98, 1.02);
        measured(together, "replicates are uncorrelated, seed 33").isBetween(-0.01, 0.01);
    }
}
