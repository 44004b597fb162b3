package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** What must hold for any input: order of rows, sharding, invariances, symmetry. Failures print the seed. */
class PropertiesTest {

    private static final int RUNS = 40;

    private record Rows(double[] scores, double[] others, boolean[] positive, double[] weights, long[] keys) {

        static Rows random(SplittableRandom random) {
            int rows = random.nextInt(20, 200);
            boolean coarse = random.nextBoolean();
            double[] scores = new double[rows];
            double[] others = new double[rows];
            boolean[] positive = new boolean[rows];
            double[] weights = new double[rows];
            long[] keys = new long[rows];
            for (int i = 0; i < rows; i++) {
                positive[i] = i < 3 || i >= 6 && random.nextDouble() < 0.3;
                scores[i] = number(random, coarse, positive[i] ? 0.15 : 0);
                others[i] = number(random, coarse, positive[i] ? 0.1 : 0);
                weights[i] = random.nextInt(1, 5);
                keys[i] = random.nextInt(0, 15);
            }
            return new Rows(scores, others, positive, weights, keys);
        }

        private static double number(SplittableRandom random, boolean coarse, double shift) {
            double value = Math.min(1, 0.85 * random.nextDouble() + shift);
            return coarse ? Math.round(value * 10) / 10.0 : value;
        }

        Rows shuffled(long seed) {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < scores.length; i++) {
                order.add(i);
            }
            Collections.shuffle(order, new Random(seed));
            Rows shuffled = new Rows(scores.clone(), others.clone(), positive.clone(), weights.clone(), keys.clone());
            for (int i = 0; i < scores.length; i++) {
                int from = order.get(i);
                shuffled.scores[i] = scores[from];
                shuffled.others[i] = others[from];
                shuffled.positive[i] = positive[from];
                shuffled.weights[i] = weights[from];
                shuffled.keys[i] = keys[from];
            }
            return shuffled;
        }
    }

    private static void forAll(Consumer<SplittableRandom> property) {
        for (long seed = 1; seed <= RUNS; seed++) {
            try {
                property.accept(new SplittableRandom(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    @Test
    void metrics_rowsShuffled_stayTheSame() {
        forAll(random -> {
            Rows rows = Rows.random(random);
            Rows shuffled = rows.shuffled(random.nextLong());
            assertThat(Auc.of(shuffled.scores, shuffled.positive)).isEqualTo(Auc.of(rows.scores, rows.positive));
            assertThat(Placements.of(shuffled.scores, shuffled.positive).auc())
                    .isEqualTo(Auc.of(rows.scores, rows.positive));
            List<DoubleOf> metrics = List.of(
                    r -> Auc.of(r.scores, r.positive, r.weights),
                    r -> AveragePrecision.of(r.scores, r.positive, r.weights),
                    r -> LogLoss.of(r.scores, r.positive, r.weights),
                    r -> Brier.of(r.scores, r.positive, r.weights),
                    r -> CalibrationError.expected(CalibrationCurve.equalMass(r.scores, r.positive, r.weights, 7)),
                    r -> OperatingPoint.atGreatestSeparation(r.scores, r.positive, r.weights)
                            .threshold(),
                    r -> ClusterRobust.compare(
                                    Influence.mean(LogLoss.rows(r.scores, r.positive), r.weights),
                                    Influence.mean(LogLoss.rows(r.others, r.positive), r.weights),
                                    r.weights,
                                    Clusters.of(r.keys))
                            .standardError(),
                    r -> DeLong.clustered(r.scores, r.others, r.positive, r.weights, Clusters.of(r.keys))
                            .standardError(),
                    r -> DeLong.compare(r.scores, r.others, r.positive).standardError(),
                    r -> IsotonicRegression.fit(r.scores, r.positive, r.weights).of(0.4),
                    r -> PlattScaling.fit(r.scores, r.positive, r.weights).of(0.4),
                    r -> Cbpe.auc(r.scores, r.others),
                    r -> EffectiveSampleSize.of(r.weights));
            for (DoubleOf metric : metrics) {
                assertThat(metric.of(shuffled)).isCloseTo(metric.of(rows), within(1e-12));
            }
        });
    }

    @FunctionalInterface
    private interface DoubleOf {
        double of(Rows rows);
    }

    @Test
    void weights_whole_equalRepeatedRows() {
        forAll(random -> {
            Rows rows = Rows.random(random);
            int total = (int) Sum.of(rows.weights);
            double[] scores = new double[total];
            boolean[] positive = new boolean[total];
            int k = 0;
            for (int i = 0; i < rows.scores.length; i++) {
                for (int times = 0; times < rows.weights[i]; times++) {
                    scores[k] = rows.scores[i];
                    positive[k++] = rows.positive[i];
                }
            }
            assertThat(Auc.of(rows.scores, rows.positive, rows.weights))
                    .isCloseTo(Auc.of(scores, positive), within(1e-13));
            assertThat(AveragePrecision.of(rows.scores, rows.positive, rows.weights))
                    .isCloseTo(AveragePrecision.of(scores, positive), within(1e-13));
            assertThat(Confusion.at(rows.scores, rows.positive, rows.weights, 0.5))
                    .isEqualTo(Confusion.at(scores, positive, 0.5));
        });
    }

    @Test
    void ranks_strictlyIncreasingMap_changesNothing() {
        List<DoubleUnaryOperator> maps = List.of(x -> 3 * x - 7, Math::exp, x -> x * x * x, x -> Math.atan(5 * x));
        forAll(random -> {
            Rows rows = Rows.random(random);
            for (DoubleUnaryOperator map : maps) {
                double[] scores = Arrays.stream(rows.scores).map(map).toArray();
                double[] others = Arrays.stream(rows.others).map(map).toArray();
                assertThat(Auc.of(scores, rows.positive)).isEqualTo(Auc.of(rows.scores, rows.positive));
                assertThat(AveragePrecision.of(scores, rows.positive))
                        .isEqualTo(AveragePrecision.of(rows.scores, rows.positive));
                assertThat(KolmogorovSmirnov.statistic(scores, others))
                        .isEqualTo(KolmogorovSmirnov.statistic(rows.scores, rows.others));
                ColumnDrift mapped = ColumnDrift.of(scores, others);
                ColumnDrift plain = ColumnDrift.of(rows.scores, rows.others);
                assertThat(mapped.psi()).isEqualTo(plain.psi());
                assertThat(mapped.jensenShannon()).isEqualTo(plain.jensenShannon());
                assertThat(mapped.totalVariation()).isEqualTo(plain.totalVariation());
                double[] negated = Arrays.stream(scores).map(x -> -x).toArray();
                assertThat(Auc.of(negated, rows.positive))
                        .isCloseTo(1 - Auc.of(rows.scores, rows.positive), within(1e-15));
            }
        });
    }

    @Test
    void scaledDistance_unitChanged_staysTheSame() {
        forAll(random -> {
            double[] reference = random.doubles(80).toArray();
            double[] current = random.doubles(60).map(x -> x * 1.3).toArray();
            double[] stretched =
                    Arrays.stream(reference).map(x -> 1000 * x - 40).toArray();
            double[] alike = Arrays.stream(current).map(x -> 1000 * x - 40).toArray();
            assertThat(Wasserstein.scaled(stretched, alike))
                    .isCloseTo(Wasserstein.scaled(reference, current), within(1e-10));
            assertThat(Wasserstein.distance(stretched, alike))
                    .isCloseTo(1000 * Wasserstein.distance(reference, current), within(1e-9));
        });
    }

    @Test
    void distances_sidesSwapped_areSymmetricAndZeroOnlyForEquals() {
        forAll(random -> {
            long[] a = random.longs(6, 0, 50).toArray();
            long[] b = random.longs(6, 0, 50).toArray();
            a[0]++;
            b[1]++;
            assertThat(Psi.of(a, b)).isCloseTo(Psi.of(b, a), within(1e-14));
            assertThat(JensenShannon.distance(a, b))
                    .isEqualTo(JensenShannon.distance(b, a))
                    .isBetween(0.0, 1.0);
            assertThat(Hellinger.distance(a, b))
                    .isEqualTo(Hellinger.distance(b, a))
                    .isBetween(0.0, 1.0);
            assertThat(TotalVariation.distance(a, b))
                    .isEqualTo(TotalVariation.distance(b, a))
                    .isBetween(0.0, 1.0);
            assertThat(LInfinity.distance(a, b))
                    .isEqualTo(LInfinity.distance(b, a))
                    .isLessThanOrEqualTo(1);
            assertThat(ChiSquare.homogeneity(a, b).statistic())
                    .isCloseTo(ChiSquare.homogeneity(b, a).statistic(), within(1e-10));
            long[] doubled = Arrays.stream(a).map(c -> 2 * c).toArray();
            assertThat(JensenShannon.distance(a, doubled)).isZero();
            assertThat(TotalVariation.distance(a, doubled)).isZero();
            double[] x = random.doubles(30).toArray();
            double[] y = random.doubles(40).toArray();
            assertThat(SortedPair.of(x, y).walk()).isEqualTo(SortedPair.of(y, x).walk());
            assertThat(SortedPair.of(x, x).walk()).isEqualTo(new SortedPair.Distances(0, 0, 0));
        });
    }

    @Test
    void comparison_modelsSwapped_flipsTheSign() {
        forAll(random -> {
            Rows rows = Rows.random(random);
            Clusters clusters = Clusters.of(rows.keys);
            PairedDifference there = DeLong.clustered(rows.scores, rows.others, rows.positive, rows.weights, clusters);
            PairedDifference back = DeLong.clustered(rows.others, rows.scores, rows.positive, rows.weights, clusters);
            assertSwapped(there, back);
            assertSwapped(
                    DeLong.compare(rows.scores, rows.others, rows.positive),
                    DeLong.compare(rows.others, rows.scores, rows.positive));
            Influence first = Influence.mean(Brier.rows(rows.scores, rows.positive), rows.weights);
            Influence second = Influence.mean(Brier.rows(rows.others, rows.positive), rows.weights);
            assertSwapped(
                    ClusterRobust.compare(first, second, rows.weights, clusters),
                    ClusterRobust.compare(second, first, rows.weights, clusters));
            Tango tango = new Tango(random.nextInt(0, 9), random.nextInt(0, 9), 40);
            Tango swapped = new Tango(tango.championOnly(), tango.candidateOnly(), 40);
            assertThat(tango.difference()).isEqualTo(-swapped.difference());
            assertThat(tango.lower(0.95)).isCloseTo(-swapped.upper(0.95), within(1e-9));
        });
    }

    private static void assertSwapped(PairedDifference there, PairedDifference back) {
        PairedDifference swapped = back.swapped();
        assertThat(there.difference()).isCloseTo(swapped.difference(), within(1e-14));
        assertThat(there.standardError()).isCloseTo(swapped.standardError(), within(1e-14));
        assertThat(there.candidate()).isEqualTo(swapped.candidate());
        assertThat(there.champion()).isEqualTo(swapped.champion());
        assertThat(there.degreesOfFreedom()).isEqualTo(swapped.degreesOfFreedom());
        assertThat(there.lower(0.9)).isCloseTo(-back.upper(0.9), within(1e-13));
        assertThat(there.pValueAbove(-0.01)).isCloseTo(back.pValueBelow(0.01), within(1e-12));
        assertThat(there.pValue()).isCloseTo(back.pValue(), within(1e-12));
        assertThat(there.rows()).isEqualTo(swapped.rows());
        assertThat(there.clusters()).isEqualTo(swapped.clusters());
    }

    @Test
    void influence_anyMetric_sumsToZeroByWeight() {
        forAll(random -> {
            Rows rows = Rows.random(random);
            ConfusionInfluence decisions =
                    ConfusionInfluence.at(rows.scores, rows.positive, rows.weights, median(rows.scores));
            List<Influence> influences = List.of(
                    decisions.accuracy(),
                    decisions.precision(),
                    decisions.recall(),
                    decisions.balancedAccuracy(),
                    decisions.fBeta(0.7),
                    decisions.matthewsCorrelation(),
                    Placements.influence(rows.scores, rows.positive, rows.weights),
                    Influence.rSquared(rows.scores, rows.others, rows.weights));
            for (Influence influence : influences) {
                assertThat(Sum.ofProducts(influence.values(), rows.weights)).isCloseTo(0, within(1e-9));
            }
            Confusion confusion = Confusion.at(rows.scores, rows.positive, rows.weights, median(rows.scores));
            assertThat(decisions.accuracy().metric()).isCloseTo(confusion.accuracy(), within(1e-14));
            assertThat(decisions.balancedAccuracy().metric()).isCloseTo(confusion.balancedAccuracy(), within(1e-14));
            assertThat(decisions.separation().metric()).isCloseTo(confusion.separation(), within(1e-14));
            assertThat(decisions.fBeta(0.7).metric()).isCloseTo(confusion.fBeta(0.7), within(1e-14));
            assertThat(decisions.flaggedRate().metric()).isCloseTo(confusion.flaggedRate(), within(1e-14));
            assertThat(decisions.matthewsCorrelation().metric()).isEqualTo(confusion.matthewsCorrelation());
            assertThat(Placements.influence(rows.scores, rows.positive, rows.weights)
                            .metric())
                    .isEqualTo(Auc.of(rows.scores, rows.positive, rows.weights));
            assertThat(Influence.rSquared(rows.scores, rows.others, rows.weights)
                            .metric())
                    .isCloseTo(Regression.rSquared(rows.scores, rows.others, rows.weights), within(1e-12));
        });
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    @Test
    void evidence_shardedAndMergedInAnyOrder_staysTheSame() {
        forAll(random -> {
            int rows = random.nextInt(50, 400);
            BoundedMeanProcess whole = new BoundedMeanProcess(0.4);
            TwoArmMeanProcess wholeArms = new TwoArmMeanProcess(0.05);
            PairedLosses wholePairs = PairedLosses.NONE;
            Moments wholeMoments = Moments.NONE;
            List<BoundedMeanProcess> shards = new ArrayList<>();
            List<TwoArmMeanProcess> armShards = new ArrayList<>();
            List<PairedLosses> pairShards = new ArrayList<>();
            List<Moments> momentShards = new ArrayList<>();
            for (int s = 0; s < 5; s++) {
                shards.add(new BoundedMeanProcess(0.4));
                armShards.add(new TwoArmMeanProcess(0.05));
                pairShards.add(PairedLosses.NONE);
                momentShards.add(Moments.NONE);
            }
            for (int i = 0; i < rows; i++) {
                double x = random.nextDouble();
                boolean canary = random.nextDouble() < 0.3;
                int shard = random.nextInt(5);
                whole.add(x);
                shards.get(shard).add(x);
                wholeArms.add(canary, x, 0.3);
                armShards.get(shard).add(canary, x, 0.3);
                wholePairs = wholePairs.add(x < 0.2, canary);
                pairShards.set(shard, pairShards.get(shard).add(x < 0.2, canary));
                wholeMoments = wholeMoments.add(x);
                momentShards.set(shard, momentShards.get(shard).add(x));
            }
            Collections.shuffle(shards, new Random(random.nextLong()));
            Collections.shuffle(pairShards, new Random(random.nextLong()));
            BoundedMeanProcess merged = new BoundedMeanProcess(0.4);
            shards.forEach(merged::merge);
            TwoArmMeanProcess mergedArms = new TwoArmMeanProcess(0.05);
            armShards.forEach(mergedArms::merge);
            assertThat(merged.logE()).isCloseTo(whole.logE(), within(1e-10));
            assertThat(merged.observations()).isEqualTo(rows);
            assertThat(mergedArms.logE()).isCloseTo(wholeArms.logE(), within(1e-10));
            assertThat(mergedArms.observations()).isEqualTo(rows);
            assertThat(pairShards.stream().reduce(PairedLosses.NONE, PairedLosses::merge))
                    .isEqualTo(wholePairs);
            assertThat(wholePairs.rows()).isEqualTo(rows);
            Moments moments = momentShards.stream().reduce(Moments.NONE, Moments::merge);
            assertThat(moments.count()).isEqualTo(rows);
            assertThat(moments.mean()).isCloseTo(wholeMoments.mean(), within(1e-13));
            assertThat(moments.sampleVariance()).isCloseTo(wholeMoments.sampleVariance(), within(1e-13));
            BoundedMeanProcess continued = new BoundedMeanProcess(0.4, whole.observations(), whole.logWealth());
            assertThat(continued.logE()).isEqualTo(whole.logE());
            assertThat(continued.nullMean()).isEqualTo(0.4);
            TwoArmMeanProcess continuedArms =
                    new TwoArmMeanProcess(0.05, wholeArms.observations(), wholeArms.logWealth());
            assertThat(continuedArms.logE()).isEqualTo(wholeArms.logE());
        });
    }

    @Test
    void pairedLosses_sameRows_equalTheBoundedMeanProcess() {
        forAll(random -> {
            double harm = random.nextDouble(-0.2, 0.2);
            PairedLosses losses = PairedLosses.NONE;
            BoundedMeanProcess process = new BoundedMeanProcess((1 + harm) / 2);
            BoundedMeanProcess reverse = new BoundedMeanProcess(1 - (1 + harm) / 2);
            for (int i = 0; i < 300; i++) {
                boolean candidate = random.nextDouble() < 0.2;
                boolean champion = random.nextDouble() < 0.15;
                losses = losses.add(candidate, champion);
                double x = (1 + (candidate ? 1 : 0) - (champion ? 1 : 0)) / 2.0;
                process.add(x);
                reverse.add(1 - x);
            }
            assertThat(losses.logEvidenceOfHarm(harm)).isCloseTo(process.logE(), within(1e-9));
            assertThat(losses.logEvidenceOfNonInferiority(harm)).isCloseTo(reverse.logE(), within(1e-9));
        });
    }

    @Test
    void binnedSample_shardsMerged_equalTheWholeBitForBit() {
        forAll(random -> {
            double[] values = random.doubles(300, -2, 5)
                    .map(x -> random.nextInt(4) == 0 ? Math.rint(x) : x)
                    .toArray();
            values[7] = Double.NaN;
            double[] reference = random.doubles(400, -1, 4)
                    .map(x -> random.nextInt(3) == 0 ? Math.rint(x) : x)
                    .toArray();
            QuantileBins bins = QuantileBins.of(reference, 64);
            BinnedSample whole = BinnedSample.of(bins, values);
            BinnedSample merged = BinnedSample.of(bins, Arrays.copyOfRange(values, 200, 300))
                    .merge(BinnedSample.of(bins, Arrays.copyOfRange(values, 0, 90)))
                    .merge(BinnedSample.of(bins, Arrays.copyOfRange(values, 90, 200)));
            assertThat(merged.counts()).isEqualTo(whole.counts());
            assertThat(merged.missing()).isEqualTo(1);
            assertThat(merged.present()).isEqualTo(299);
            assertThat(merged.minimum()).isEqualTo(whole.minimum());
            assertThat(merged.maximum()).isEqualTo(whole.maximum());
            for (int k = 0; k < whole.sums().length; k++) {
                assertThat(merged.sums()[k]).isCloseTo(whole.sums()[k], within(1e-12));
            }
            double[] present =
                    Arrays.stream(values).filter(x -> !Double.isNaN(x)).toArray();
            BinnedSample profile = BinnedSample.of(bins, reference);
            double exact = KolmogorovSmirnov.statistic(reference, present);
            assertThat(profile.kolmogorovSmirnov(whole))
                    .isBetween(exact - profile.kolmogorovSmirnovError(whole) - 1e-12, exact + 1e-12);
            double distance = Wasserstein.distance(reference, present);
            assertThat(profile.wasserstein(whole)).isBetween(0.8 * distance, distance + 1e-12);
            long[] counts = bins.counts(present);
            assertThat(Arrays.copyOf(whole.binned(), counts.length)).isEqualTo(counts);
            double[] sorted = present.clone();
            Arrays.sort(sorted);
            assertThat(bins.countsOfSorted(sorted)).isEqualTo(counts);
        });
    }

    @Test
    void order_anyNumbers_equalsAStableSort() {
        forAll(random -> {
            int rows = random.nextInt(1, 300);
            double[] values = new double[rows];
            for (int i = 0; i < rows; i++) {
                values[i] = switch (random.nextInt(5)) {
                    case 0 -> random.nextInt(-2, 3);
                    case 1 -> Math.scalb(random.nextDouble() - 0.5, random.nextInt(-1000, 1000));
                    case 2 -> 1 + Math.scalb(random.nextInt(8), -52);
                    case 3 -> random.nextBoolean() ? -0.0 : 0.0;
                    default -> random.nextDouble();
                };
            }
            Integer[] expected = new Integer[rows];
            Arrays.setAll(expected, i -> i);
            Arrays.sort(expected, (a, b) -> values[a] == values[b] ? 0 : Double.compare(values[a], values[b]));
            assertThat(Order.ascending(values)).containsExactly(expected);
            double[] ranks = Order.midranks(values);
            for (int i = 0; i < rows; i++) {
                int below = 0;
                int equal = 0;
                for (double other : values) {
                    below += other < values[i] ? 1 : 0;
                    equal += other == values[i] ? 1 : 0;
                }
                assertThat(ranks[i]).isEqualTo(below + (equal + 1) / 2.0);
            }
        });
    }

    /** Long arrays are sorted byte by byte; every bit must be where a comparing sort puts it. */
    @Test
    void radixSort_longArrays_equalsAComparingSortBitForBit() {
        for (int kind = 0; kind < 5; kind++) {
            SplittableRandom random = new SplittableRandom(kind);
            double[] values = new double[4_096 + kind * 700];
            for (int i = 0; i < values.length; i++) {
                values[i] = switch (kind) {
                    case 0 -> Math.scalb(random.nextDouble() - 0.5, random.nextInt(-1074, 1000));
                    case 1 -> random.nextInt(-3, 4) * 0.0;
                    case 2 -> random.nextInt(-100, 100);
                    case 3 -> random.nextInt(10) == 0 ? Double.NaN : -1 / random.nextDouble();
                    default -> random.nextBoolean() ? Double.NEGATIVE_INFINITY : Double.MIN_VALUE;
                };
            }
            double[] expected = values.clone();
            Arrays.sort(expected);
            RadixSort.sort(values);
            assertThat(values).as("kind %d", kind).containsExactly(expected);
            long[] keys = Arrays.stream(values)
                    .mapToLong(value -> Double.doubleToLongBits(value) * 0x9e3779b97f4a7c15L)
                    .toArray();
            long[] sorted = keys.clone();
            Arrays.sort(sorted);
            assertThat(RadixSort.sorted(keys, 0)).as("kind %d", kind).containsExactly(sorted);
        }
    }

    @Test
    void order_longArray_equalsAStableSort() {
        SplittableRandom random = new SplittableRandom(5);
        double[] values = new double[9_000];
        Arrays.setAll(values, i -> random.nextInt(3) == 0 ? random.nextInt(-2, 3) : random.nextDouble() - 0.5);
        Integer[] expected = new Integer[values.length];
        Arrays.setAll(expected, i -> i);
        Arrays.sort(expected, (a, b) -> values[a] == values[b] ? 0 : Double.compare(values[a], values[b]));
        assertThat(Order.ascending(values)).containsExactly(expected);
    }

    @Test
    void mean_equalValues_isExactlyThatValueAndHasNoSpread() {
        forAll(random -> {
            double value = Math.scalb(random.nextDouble() - 0.5, random.nextInt(-30, 30));
            double[] values = new double[random.nextInt(1, 60)];
            Arrays.fill(values, value);
            double[] weights = random.doubles(values.length, 0.1, 3).toArray();
            assertThat(Sum.mean(values)).isEqualTo(value);
            assertThat(Sum.mean(values, weights)).isEqualTo(value);
            assertThat(Moments.of(values).squares()).isZero();
        });
    }

    @Test
    void bootstrap_rowsShuffledOrSharded_givesTheSameReplicates() {
        forAll(random -> {
            Rows rows = Rows.random(random);
            Rows shuffled = rows.shuffled(random.nextLong());
            PoissonBootstrap bootstrap = new PoissonBootstrap(42, 100);
            double[] ones = Inputs.ones(rows.scores.length);
            double[] zeros = new double[ones.length];
            BootstrapReplicates whole =
                    bootstrap.ofRatios(rows.scores, ones, zeros, ones, rows.weights, Clusters.of(rows.keys));
            BootstrapReplicates again = bootstrap.ofRatios(
                    shuffled.scores, ones, zeros, ones, shuffled.weights, Clusters.of(shuffled.keys));
            BootstrapReplicates general =
                    bootstrap.of(w -> Sum.mean(rows.scores, w), rows.weights, Clusters.of(rows.keys));
            assertThat(again.estimate()).isCloseTo(whole.estimate(), within(1e-13));
            assertThat(general.estimate()).isCloseTo(whole.estimate(), within(1e-13));
            for (int r = 0; r < 100; r++) {
                assertThat(again.values()[r]).isCloseTo(whole.values()[r], within(1e-13));
                assertThat(general.values()[r]).isCloseTo(whole.values()[r], within(1e-13));
            }
        });
    }

    @Test
    void isotonic_anyRows_neverDecreasesAndKeepsTheMean() {
        forAll(random -> {
            Rows rows = Rows.random(random);
            IsotonicRegression fit = IsotonicRegression.fit(rows.scores, rows.positive, rows.weights);
            for (int k = 1; k < fit.values().length; k++) {
                assertThat(fit.values()[k]).isGreaterThanOrEqualTo(fit.values()[k - 1]);
                assertThat(fit.scores()[k]).isGreaterThan(fit.scores()[k - 1]);
            }
            double[] outcomes = new double[rows.positive.length];
            Arrays.setAll(outcomes, i -> rows.positive[i] ? 1 : 0);
            assertThat(Sum.mean(fit.of(rows.scores), rows.weights))
                    .isCloseTo(Sum.mean(outcomes, rows.weights), within(1e-12));
        });
    }

    @Test
    void shapley_anyOutcomes_addUpToTheTotal() {
        forAll(random -> {
            int factors = random.nextInt(1, 9);
            Shapley shapley = new Shapley(random.doubles(1 << factors).toArray());
            assertThat(Sum.of(shapley.values())).isCloseTo(shapley.total(), within(1e-12));
            assertThat(shapley.values()).hasSize(factors);
        });
    }

    @Test
    void multipleTesting_anyPValues_neverBelowTheRawOnes() {
        forAll(random -> {
            double[] p = random.doubles(random.nextInt(1, 30)).toArray();
            double[] holm = Holm.adjust(p);
            double[] discovery = BenjaminiHochberg.adjust(p);
            for (int i = 0; i < p.length; i++) {
                assertThat(discovery[i]).isGreaterThanOrEqualTo(p[i]);
                assertThat(holm[i]).isGreaterThanOrEqualTo(discovery[i]).isLessThanOrEqualTo(1);
            }
        });
    }
}
