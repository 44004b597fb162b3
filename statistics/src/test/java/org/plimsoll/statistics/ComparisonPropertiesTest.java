package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.plimsoll.statistics.Properties.Rows;
import static org.plimsoll.statistics.Properties.forAll;
import static org.plimsoll.statistics.Properties.median;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What must hold of comparisons and evidence for any rows: symmetry, order, sharding. */
class ComparisonPropertiesTest {

    @Test
    void comparison_modelsSwapped_flipsTheSign() {
        forAll(random -> {
            Rows rows = Rows.random(random);
            Clusters clusters = Clusters.of(rows.keys());
            PairedDifference there =
                    DeLong.clustered(rows.scores(), rows.others(), rows.positive(), rows.weights(), clusters);
            PairedDifference back =
                    DeLong.clustered(rows.others(), rows.scores(), rows.positive(), rows.weights(), clusters);
            assertSwapped(there, back);
            assertSwapped(
                    DeLong.compare(rows.scores(), rows.others(), rows.positive()),
                    DeLong.compare(rows.others(), rows.scores(), rows.positive()));
            Influence first = Influence.mean(Brier.rows(rows.scores(), rows.positive()), rows.weights());
            Influence second = Influence.mean(Brier.rows(rows.others(), rows.positive()), rows.weights());
            assertSwapped(
                    ClusterRobust.compare(first, second, rows.weights(), clusters),
                    ClusterRobust.compare(second, first, rows.weights(), clusters));
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
                    ConfusionInfluence.at(rows.scores(), rows.positive(), rows.weights(), median(rows.scores()));
            List<Influence> influences = List.of(
                    decisions.accuracy(),
                    decisions.precision(),
                    decisions.recall(),
                    decisions.balancedAccuracy(),
                    decisions.fBeta(0.7),
                    decisions.matthewsCorrelation(),
                    Placements.influence(rows.scores(), rows.positive(), rows.weights()),
                    Influence.rSquared(rows.scores(), rows.others(), rows.weights()));
            for (Influence influence : influences) {
                assertThat(Sum.ofProducts(influence.values(), rows.weights())).isCloseTo(0, within(1e-9));
            }
            Confusion confusion = Confusion.at(rows.scores(), rows.positive(), rows.weights(), median(rows.scores()));
            assertThat(decisions.accuracy().metric()).isCloseTo(confusion.accuracy(), within(1e-14));
            assertThat(decisions.balancedAccuracy().metric()).isCloseTo(confusion.balancedAccuracy(), within(1e-14));
            assertThat(decisions.separation().metric()).isCloseTo(confusion.separation(), within(1e-14));
            assertThat(decisions.fBeta(0.7).metric()).isCloseTo(confusion.fBeta(0.7), within(1e-14));
            assertThat(decisions.flaggedRate().metric()).isCloseTo(confusion.flaggedRate(), within(1e-14));
            assertThat(decisions.matthewsCorrelation().metric()).isEqualTo(confusion.matthewsCorrelation());
            assertThat(Placements.influence(rows.scores(), rows.positive(), rows.weights())
                            .metric())
                    .isEqualTo(Auc.of(rows.scores(), rows.positive(), rows.weights()));
            assertThat(Influence.rSquared(rows.scores(), rows.others(), rows.weights())
                            .metric())
                    .isCloseTo(Regression.rSquared(rows.scores(), rows.others(), rows.weights()), within(1e-12));
        });
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
    void bootstrap_rowsShuffledOrSharded_givesTheSameReplicates() {
        forAll(random -> {
            Rows rows = Rows.random(random);
            Rows shuffled = rows.shuffled(random.nextLong());
            PoissonBootstrap bootstrap = new PoissonBootstrap(42, 100);
            double[] ones = Inputs.ones(rows.scores().length);
            double[] zeros = new double[ones.length];
            BootstrapReplicates whole =
                    bootstrap.ofRatios(rows.scores(), ones, zeros, ones, rows.weights(), Clusters.of(rows.keys()));
            BootstrapReplicates again = bootstrap.ofRatios(
                    shuffled.scores(), ones, zeros, ones, shuffled.weights(), Clusters.of(shuffled.keys()));
            BootstrapReplicates general =
                    bootstrap.of(w -> Sum.mean(rows.scores(), w), rows.weights(), Clusters.of(rows.keys()));
            assertThat(again.estimate()).isCloseTo(whole.estimate(), within(1e-13));
            assertThat(general.estimate()).isCloseTo(whole.estimate(), within(1e-13));
            for (int r = 0; r < 100; r++) {
                assertThat(again.values()[r]).isCloseTo(whole.values()[r], within(1e-13));
                assertThat(general.values()[r]).isCloseTo(whole.values()[r], within(1e-13));
            }
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
