package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.Test;

/** Two models on the same rows, by hand, at the borders where an operator turned round would show. */
class ComparisonTest {

    private static final double[] ONES = {1, 1, 1, 1};

    @Test
    void clusters_keys_decideWhoBelongsTogether() {
        Clusters clusters = Clusters.of(new long[] {7, -3, 7, 0});
        assertThat(clusters.count()).isEqualTo(3);
        assertThat(clusters.rows()).isEqualTo(4);
        assertThat(clusters.of(0)).isEqualTo(clusters.of(2)).isEqualTo(2);
        assertThat(clusters.keyOf(0)).isEqualTo(-3);
        assertThat(clusters.totals(new double[] {1, 2, 3, 4}, new double[] {1, 1, 2, 1}))
                .containsExactly(2, 4, 7);
        Clusters named = Clusters.of(new String[] {"a", "b", "a"});
        assertThat(named.count()).isEqualTo(2);
        assertThat(named.of(0)).isEqualTo(named.of(2)).isNotEqualTo(named.of(1));
        assertThat(named.keyOf(named.of(0))).isEqualTo(Clusters.key("a"));
        // FNV-1a of "a" is af63dc4c8601ec8c; the mixer is checked against Python in the reference cases.
        assertThat(Clusters.key("a")).isEqualTo(PoissonWeights.mix(0xaf63dc4c8601ec8cL));
        Clusters rows = Clusters.ofRows(3);
        assertThat(rows.count()).isEqualTo(3);
        assertThat(rows.of(2)).isEqualTo(2);
        assertThat(rows.keyOf(2)).isEqualTo(2);
        assertThat(clusters.totals(new double[] {1e16, 5, 1, 6}, ONES)).containsExactly(5, 6, 1e16 + 1);
        assertThat(Clusters.of(new long[] {1, 1, 1}).totals(new double[] {1e16, 1, -1e16}, new double[] {1, 1, 1}))
                .containsExactly(1);
        assertThat(Clusters.of(new long[] {1, 1, 1}).totals(new double[] {1, 1e16, -1e16}, new double[] {1, 1, 1}))
                .containsExactly(1);
    }

    @Test
    void influence_functions_followTheChainRule() {
        Influence four = Influence.mean(new double[] {3, 5}, new double[] {1, 1});
        assertThat(four.logarithm().metric()).isEqualTo(Math.log(4));
        assertThat(four.logarithm().values()).containsExactly(-0.25, 0.25);
        assertThat(four.squareRoot().metric()).isEqualTo(2);
        assertThat(four.squareRoot().values()).containsExactly(-0.25, 0.25);
        Influence sum = four.plus(-2, Influence.mean(new double[] {1, 0}, new double[] {1, 1}));
        assertThat(sum.metric()).isEqualTo(3);
        assertThat(sum.values()).containsExactly(-2, 2);
        assertThat(Influence.ratio(new double[] {3, 5}, new double[] {1, 3}, new double[] {1, 1})
                        .metric())
                .isEqualTo(2);
    }

    @Test
    void pairedDifference_counts_areCarried() {
        PairedDifference difference = ClusterRobust.compare(
                Influence.mean(new double[] {1, 2, 4}, new double[] {1, 1, 1}),
                Influence.mean(new double[] {1, 1, 1}, new double[] {1, 1, 1}),
                new double[] {1, 1, 1},
                Clusters.of(new long[] {1, 1, 2}));
        assertThat(difference.rows()).isEqualTo(3);
        assertThat(difference.clusters()).isEqualTo(2);
        assertThat(difference.degreesOfFreedom()).isEqualTo(1);
        PairedDifference auc = DeLong.compare(
                new double[] {1, 2, 3, 4}, new double[] {2, 1, 4, 3}, new boolean[] {true, false, true, false});
        assertThat(auc.rows()).isEqualTo(4);
        assertThat(auc.clusters()).isEqualTo(4);
        assertThat(auc.degreesOfFreedom()).isInfinite();
    }

    @Test
    void tango_rows_countDiscordance() {
        boolean[] candidate = {true, true, true, true, false, false, false, true, true, true};
        boolean[] champion = {true, true, true, false, true, true, false, true, false, false};
        assertThat(Tango.of(candidate, champion)).isEqualTo(new Tango(3, 2, 10));
        assertThat(new Tango(2, 1, 5).difference()).isEqualTo(0.2);
        assertThat(new Tango(3, 3, 6).statistic(0)).isZero();
        assertThat(new Tango(0, 5, 5).lower(0.95)).isEqualTo(-1, within(1e-15));
        assertThat(new Tango(5, 0, 5).upper(0.95)).isEqualTo(1, within(1e-15));
        assertThat(new Tango(0, 0, 5).statistic(0)).isZero();
    }

    @Test
    void bootstrap_replicates_spreadIsTheStandardError() {
        assertThat(new BootstrapReplicates(2, new double[] {3, 1, 2, 4, 0}).standardError())
                .isCloseTo(Math.sqrt(2.5), within(1e-15));
        assertThat(new BootstrapReplicates(2, new double[] {2, 2, 2}).standardError())
                .isZero();
    }

    @Test
    void poissonWeights_uniformQuantiles_matchTheDistribution() {
        assertThat(PoissonWeights.quantile(0)).isZero();
        double half = Math.exp(-1);
        assertThat(PoissonWeights.quantile((long) (half * 0x1p63) * 2 - 4096)).isZero();
        assertThat(PoissonWeights.quantile((long) (half * 0x1p63) * 2 + 4096)).isEqualTo(1);
        double total = 0;
        double probability = half;
        for (int k = 0; k < 8; k++) {
            total += probability;
            probability /= k + 1;
            long threshold = (long) (total * 0x1p63) * 2;
            assertThat(PoissonWeights.quantile(threshold - 65536)).isEqualTo(k);
            assertThat(PoissonWeights.quantile(threshold + 65536)).isEqualTo(k + 1);
            assertThat(PoissonWeights.quantile((long) (total * 0x1p63) << 1)).isEqualTo(k + 1);
        }
        assertThat(PoissonWeights.quantile(-1)).isGreaterThan(15);
    }

    @Test
    void bootstrap_differenceOfRatios_equalsTheGeneralDoor() {
        double[] a = {1, 0, 2, 5, 3, 1, 2, 2, 4, 0, 1, 3};
        double[] b = {2, 1, 2, 6, 3, 4, 3, 2, 5, 1, 2, 4};
        double[] c = {0, 1, 1, 4, 2, 1, 1, 3, 2, 0, 2, 1};
        double[] d = {1, 3, 2, 5, 2, 2, 4, 3, 3, 1, 2, 2};
        double[] weights = {1, 2, 1, 1, 3, 1, 2, 1, 1, 1, 2, 1};
        Clusters clusters = Clusters.of(new long[] {1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
        PoissonBootstrap bootstrap = new PoissonBootstrap(7, 130);
        BootstrapReplicates fast = bootstrap.ofRatios(a, b, c, d, weights, clusters);
        BootstrapReplicates slow = bootstrap.of(
                w -> Sum.ofProducts(a, w) / Sum.ofProducts(b, w) - Sum.ofProducts(c, w) / Sum.ofProducts(d, w),
                weights,
                clusters);
        assertThat(fast.estimate()).isCloseTo(slow.estimate(), within(1e-14));
        assertThat(fast.values()).hasSameSizeAs(slow.values());
        for (int r = 0; r < fast.values().length; r++) {
            assertThat(fast.values()[r]).isCloseTo(slow.values()[r], within(1e-13));
        }
        // Two clusters are both drawn away in an eighth of the replicates.
        assertThatThrownBy(() -> bootstrap.ofRatios(
                        a, b, c, d, weights, Clusters.of(new long[] {1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1})))
                .hasMessageContaining("too many replicates");
    }

    @Test
    void power_borders() {
        assertThat(Power.deviationOfPairedProportions(0.1, 0.1)).isCloseTo(0.3, within(1e-15));
        assertThat(Power.standardErrorOfAuc(0.8, 0.8, 1, 50, 50)).isZero();
        assertThat(Power.standardErrorOfAuc(0.8, 0.8, -1, 50, 50))
                .isCloseTo(2 * Power.standardErrorOfAuc(0.8, 0.8, 0, 50, 50) / Math.sqrt(2), within(1e-12));
        assertThat(Power.growthOfPairs(0, 0, 0)).isZero();
        assertThat(Power.growthOfPairs(1, 0, 0)).isCloseTo(Math.log(1.9), within(1e-12));
        double share = 0.2 * 2.5 / (0.2 * 2.5 + 0.8);
        double edge = 0.2 * 1.1 / (0.2 * 1.1 + 0.8);
        double best = 0;
        for (double g : new double[] {1.2, 1.35, 1.5, 1.75, 2, 2.5, 3, 4, 6, 10}) {
            double other = 0.2 * 1.1 * g / (0.2 * 1.1 * g + 0.8);
            best = Math.max(best, share * Math.log(other / edge) + (1 - share) * Math.log((1 - other) / (1 - edge)));
        }
        assertThat(Power.growthOfCounts(CountProcess.Side.HARM, 0.2, 1.1, 2.5)).isCloseTo(best, within(1e-14));
        double bet = 0.9 / 0.505;
        double growth = 0;
        for (int k = 0; k < 9; k++) {
            double lambda = bet * Math.pow(2, -k);
            growth = Math.max(
                    growth,
                    0.09 * Math.log(1 + lambda * 0.495)
                            + 0.88 * Math.log(1 - lambda * 0.005)
                            + 0.03 * Math.log(1 - lambda * 0.505));
        }
        assertThat(Power.growthOfPairs(0.09, 0.03, 0.01)).isCloseTo(growth, within(1e-12));
    }

    /** The expected value has 60 digits' working (mpmath); the textbook root cancels here to 1e-5. */
    /** No difference of shares is beyond one: such claims are certain, and those at the end are too. */
    @Test
    void tango_claimBeyondEveryDifference_isCertain() {
        Tango some = new Tango(2, 1, 5);
        assertThat(some.pValueAbove(-1)).isZero();
        assertThat(some.pValueAbove(-1.5)).isZero();
        assertThat(some.pValueAbove(1)).isOne();
        assertThat(some.pValueBelow(1)).isZero();
        assertThat(some.pValueBelow(1.5)).isZero();
        assertThat(some.pValueBelow(-1)).isOne();
        assertThat(new Tango(0, 5, 5).pValueAbove(-1)).as("every row lost").isOne();
        assertThat(new Tango(5, 0, 5).pValueBelow(1)).as("every row won").isOne();
    }

    @Test
    void tango_supposedNearOne_losesNoDigits() {
        double statistic = new Tango(1, 8, 10).statistic(0.9999999999985411);
        assertThat(statistic / -3238369.4428615639098).isCloseTo(1, within(1e-13));
    }

    @Test
    void lift_influence_carriesTheLift() {
        double[] scores = {0.9, 0.8, 0.3, 0.2};
        boolean[] positive = {true, false, true, false};
        double[] weights = {1, 2, 3, 4};
        assertThat(ConfusionInfluence.at(scores, positive, weights, 0.5).lift().metric())
                .isEqualTo(Confusion.at(scores, positive, weights, 0.5).lift());
    }

    /** Six rows are away in one replicate of four hundred (e^−6), which is left out; one row is in a third of them, too many. */
    @Test
    void bootstrap_undefinedReplicates_areLeftOutUpToOneInAHundred() {
        PoissonBootstrap bootstrap = new PoissonBootstrap(3, 1000);
        Clusters rows = Clusters.ofRows(8);
        double[] scores = {1, 2, 3, 4, 5, 6, 7, 8};
        double[] weights = Inputs.ones(8);
        BootstrapReplicates kept = bootstrap.of(
                drawn -> {
                    if (drawn[0] + drawn[1] + drawn[2] + drawn[3] + drawn[4] + drawn[5] == 0) {
                        throw Inputs.undefined("mean", "six rows are away");
                    }
                    return Sum.mean(scores, drawn);
                },
                weights,
                rows);
        assertThat(kept.values().length).isBetween(990, 999);
        assertThatThrownBy(() -> bootstrap.of(
                        drawn -> {
                            if (drawn[0] == 0) {
                                throw Inputs.undefined("mean", "the first row is away");
                            }
                            return Sum.mean(scores, drawn);
                        },
                        weights,
                        rows))
                .hasMessageMatching(".*undefined in 3\\d\\d of 1000 replicates.*");
    }

    @Test
    void power_tinyExcess_noBetGains() {
        // The smallest bet, 0.9/256, loses at this excess; half of it would gain.
        assertThat(Power.growthOfPairs(0.5, 0.4988, 0)).isZero();
        assertThat(Power.growthOfPairs(0.5, 0.49, 0)).isPositive();
    }

    /** All outcomes of 687 pairs, each with its chance: what the normal approximation is worth. */
    @Test
    void power_ofPairedProportions_isExactForClusterTAndALittleLessForTango() {
        double deviation = Power.deviationOfPairedProportions(0.1, 0);
        int rows = (int) Power.unitsNeeded(deviation, 0.03, 0, 0.05, 0.8);
        double critical = TDistribution.of(rows - 1).inverseSurvivalProbability(0.05);
        BinomialDistribution discordant = BinomialDistribution.of(rows, 0.1);
        double ofT = 0;
        double ofTango = 0;
        for (int k = 30; k <= 120; k++) {
            BinomialDistribution worse = BinomialDistribution.of(k, 0.5);
            for (int b = 0; b <= k; b++) {
                double chance = discordant.probability(k) * worse.probability(b);
                double difference = (2.0 * b - k) / rows;
                double error = Math.sqrt((k / (double) rows - difference * difference) / (rows - 1));
                ofT += difference - critical * error > -0.03 ? chance : 0;
                ofTango += new Tango(b, k - b, rows).pValueAbove(-0.03) <= 0.05 ? chance : 0;
            }
        }
        assertThat(ofT).isCloseTo(0.79982, within(1e-5)); // SciPy 1.17.1, the same sum
        assertThat(ofTango).isBetween(0.79, 0.795);
    }
}
