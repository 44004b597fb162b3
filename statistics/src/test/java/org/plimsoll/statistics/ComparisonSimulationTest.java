package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.plimsoll.statistics.Simulation.LEVEL;
import static org.plimsoll.statistics.Simulation.binomial;
import static org.plimsoll.statistics.Simulation.indicator;
import static org.plimsoll.statistics.Simulation.least;
import static org.plimsoll.statistics.Simulation.means;
import static org.plimsoll.statistics.Simulation.measured;
import static org.plimsoll.statistics.Simulation.most;
import static org.plimsoll.statistics.Simulation.rate;
import static org.plimsoll.statistics.Simulation.scaled;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Error rates of comparing two models, each beside a naive method that must fail the same test. */
@Tag("simulation")
class ComparisonSimulationTest {

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
        double z = NormalDistribution.of(0, 1).inverseCumulativeProbability(0.95);
        double[] sizes = means(14, runs, random -> {
            int b = 0;
            int c = 0;
            for (int i = 0; i < 50; i++) {
                double u = random.nextDouble();
                b += u < 0.015 ? 1 : 0;
                c += u >= 0.015 && u < 0.05 ? 1 : 0;
            }
            Tango sample = new Tango(b, c, 50);
            double d = sample.difference();
            double variance = ((b + c) / 50.0 - d * d) / 50;
            return new double[] {
                indicator(sample.pValueAbove(-margin) <= LEVEL), indicator(d + margin > z * Math.sqrt(variance))
            };
        });
        measured(sizes[0], "seed 14").isLessThanOrEqualTo(most(LEVEL, runs));
        measured(sizes[1], "Wald must fail, seed 14").isGreaterThan(0.1);
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
    void tango_fewDiscordantRows_coversWhereWaldFails() {
        int runs = scaled(10_000);
        double[] covered = means(35, runs, random -> {
            long better = binomial(random, 40, 0.04);
            long worse = binomial(random, 40 - (int) better, 0.01 / 0.96);
            Tango tango = new Tango(better, worse, 40);
            double d = tango.difference();
            double reach = 1.96 * Math.sqrt(((better + worse) / 40.0 - d * d) / 40);
            return new double[] {
                indicator(tango.lower(0.975) <= 0.03 && 0.03 <= tango.upper(0.975)),
                indicator(d - reach <= 0.03 && 0.03 <= d + reach)
            };
        });
        measured(covered[0], "seed 35").isGreaterThanOrEqualTo(least(0.95, runs));
        measured(covered[1], "Wald must fail, seed 35").isLessThan(0.9);
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
