package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.plimsoll.statistics.Properties.forAll;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What must hold of distances for any samples: units, symmetry, sharding. */
class DriftPropertiesTest {

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
}
