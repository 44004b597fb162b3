package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Evidence that may be looked at any time, by hand, at the borders where an operator turned round would show. */
class SequentialTest {

    @Test
    void eValues_rules() {
        assertThat(EValues.average(new double[] {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY}))
                .isEqualTo(Double.NEGATIVE_INFINITY);
        double limit = Math.log(2) - Math.log(0.1);
        assertThat(EValues.bonferroni(new double[] {limit, limit - 1e-9}, 0.1)).containsExactly(true, false);
        assertThat(EValues.benjaminiHochberg(new double[] {limit - Math.log(2), limit - Math.log(2)}, 0.1))
                .containsExactly(true, true);
        assertThat(EValues.benjaminiHochberg(new double[] {0, Double.NEGATIVE_INFINITY}, 0.1))
                .containsExactly(false, false);
    }

    @Test
    void eDetector_alarm_restartsFromNothing() {
        EDetector start = EDetector.start(100);
        assertThat(start.alarms()).isFalse();
        EDetector once = start.next(Math.log(100));
        assertThat(once.logM()).isCloseTo(Math.log(100), within(1e-14));
        assertThat(once.windows()).isEqualTo(1);
        assertThat(new EDetector(100, Math.log(100), 1).alarms()).isTrue();
        assertThat(new EDetector(100, Math.log(99.9), 1).alarms()).isFalse();
        assertThat(once.restarted()).isEqualTo(start);
        assertThat(start.next(0).next(0).logM()).isCloseTo(Math.log(2), within(1e-14));
        assertThat(start.next(-2).next(0).logM()).isCloseTo(Math.log1p(Math.exp(-2)), within(1e-14));
        assertThat(start.next(Double.MAX_VALUE).next(Double.MAX_VALUE).logM()).isEqualTo(Double.MAX_VALUE);
        assertThat(start.next(Double.NEGATIVE_INFINITY).logM()).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void driftDetector_byHand() {
        long[][] windows = {{10, 10}, {12, 8}, {9, 11}, {10, 10}};
        WindowNull model = WindowNull.fit(windows, 3);
        assertThat(model.shares()).containsExactly(41.5 / 81, 39.5 / 81);
        assertThat(model.resampled()).hasNumberOfRows(24);
        assertThat(Sum.of(model.resampled()[5])).isCloseTo(1, within(1e-15));
        assertThat(WindowNull.fit(windows, 3).concentration()).isEqualTo(model.concentration());
        DriftDetector detector = DriftDetector.start(model, 50);
        long[] window = {3, 17};
        double kappa = model.concentration();
        double a = WindowNull.logLikelihood(window, kappa, model.shares());
        double b = WindowNull.logLikelihood(window, kappa / 4, model.shares());
        double greatest = a;
        for (double[] other : model.resampled()) {
            greatest = Math.max(greatest, WindowNull.logLikelihood(window, kappa, other));
        }
        assertThat(model.logLikelihood(window)).isEqualTo(greatest);
        double expected = Math.log((Math.exp(a) + Math.exp(b)) / 2) - greatest;
        assertThat(detector.logE(window)).isCloseTo(expected, within(1e-9));
        DriftDetector next = detector.next(window);
        assertThat(next.detector().logM()).isCloseTo(expected, within(1e-9));
        double p = model.shares()[0];
        assertThat(next.recent()[0]).isCloseTo(0.9 * (0.7 * p + 0.3 * 0.15) + 0.1 * p, within(1e-15));
        assertThat(Sum.of(next.recent())).isCloseTo(1, within(1e-15));
        assertThat(next.alarms()).isFalse();
        assertThat(next.restarted().recent()).containsExactly(model.shares());
        assertThat(next.restarted().detector()).isEqualTo(EDetector.start(50));
        // The middle share of quiet windows means a large κ; windows that differ wildly mean a small one.
        long[][] wild = {{20, 0}, {0, 20}, {15, 5}, {2, 18}};
        assertThat(WindowNull.fit(wild, 3).concentration()).isLessThan(3);
        assertThat(model.concentration()).isGreaterThan(20);
    }

    /** κ at the lower end of its profile interval: the log likelihood there is within the drop, one grid step below it is not. */
    @Test
    void windowNull_concentration_isTheLowerProfileBound() {
        long[][] windows = {{30, 10}, {12, 28}, {22, 18}, {15, 25}, {28, 12}};
        WindowNull model = WindowNull.fit(windows, 1);
        double step = Math.pow(10, 7 / 140.0);
        double best = Double.NEGATIVE_INFINITY;
        for (int k = 0; k <= 140; k++) {
            best = Math.max(best, total(windows, Math.pow(step, k), model.shares()));
        }
        double drop = 0.8211872075749085;
        assertThat(total(windows, model.concentration(), model.shares())).isGreaterThanOrEqualTo(best - drop - 1e-9);
        assertThat(total(windows, model.concentration() / step, model.shares())).isLessThan(best - drop);
    }

    private static double total(long[][] windows, double concentration, double[] shares) {
        return Arrays.stream(windows)
                .mapToDouble(window -> WindowNull.logLikelihood(window, concentration, shares))
                .sum();
    }

    @Test
    void wealth_logEvidence_settlesEverySixteenSteps() {
        BoundedMeanProcess process = new BoundedMeanProcess(1e-9);
        for (int i = 0; i < 100; i++) {
            process.add(1);
        }
        double[] expected = new double[9];
        Arrays.setAll(expected, k -> 100 * Math.log1p(0.9 * Math.pow(2, -k) * (1 - 1e-9) / 1e-9));
        for (int k = 0; k < 9; k++) {
            assertThat(process.logWealth()[k]).isCloseTo(expected[k], within(1e-8));
        }
        assertThat(process.logE()).isCloseTo(expected[0] - Math.log(9), within(1e-8));
    }

    @Test
    void moments_emptySides_changeNothing() {
        Moments some = Moments.of(new double[] {1, 3});
        assertThat(some).isEqualTo(new Moments(2, 2, 2));
        assertThat(some.merge(Moments.NONE)).isEqualTo(some);
        assertThat(Moments.NONE.merge(some)).isEqualTo(some);
        assertThat(some.merge(new Moments(2, 4, 0))).isEqualTo(new Moments(4, 3, 6));
        assertThat(some.sampleVariance()).isEqualTo(2);
        assertThat(some.populationVariance()).isEqualTo(1);
    }

    @Test
    void confidenceSequence_borders() {
        assertThat(ConfidenceSequence.bernoulli(0, 10, 0.05, 10).lower()).isZero();
        assertThat(ConfidenceSequence.bernoulli(10, 10, 0.05, 10).upper()).isEqualTo(1);
        assertThat(EmpiricalBernstein.start(0.1).interval()).isEqualTo(new ConfidenceSequence(0, 1));
        double[] constant = new double[100];
        Arrays.fill(constant, 3);
        assertThat(ConfidenceSequence.asymptotic(Moments.of(constant), 0.05, 100))
                .isEqualTo(new ConfidenceSequence(3, 3));
    }

    @Test
    void countProcess_strata_countAndMergeWhatHappened() {
        CountProcess.Stratum stratum = new CountProcess.Stratum(0.2, 5, 7);
        assertThat(stratum.add(true)).isEqualTo(new CountProcess.Stratum(0.2, 6, 7));
        assertThat(stratum.add(false)).isEqualTo(new CountProcess.Stratum(0.2, 5, 8));
        assertThat(stratum.merge(new CountProcess.Stratum(0.2, 10, 100)))
                .isEqualTo(new CountProcess.Stratum(0.2, 15, 107));
    }

    @Test
    void boundedMean_nullMeanAtItsBorders_isAccepted() {
        assertThat(new BoundedMeanProcess(1e-9).nullMean()).isEqualTo(1e-9);
        assertThat(new BoundedMeanProcess(1 - 1e-9).nullMean()).isEqualTo(1 - 1e-9);
        Wealth wealth = new Wealth();
        wealth.add(-1);
        wealth.add(1e12);
        assertThat(wealth.logs()[0]).isCloseTo(Math.log(0.1) + Math.log1p(0.9e12), within(1e-12));
    }

    /** ln E = ln mean Π(1 + 0.9·2^−k·g), g = (Y − δ)/(R + δ), with the champion's share the smaller one. */
    @Test
    void twoArmMean_shareAboveAHalf_byHand() {
        TwoArmMeanProcess process = new TwoArmMeanProcess(0.1);
        process.add(true, 0.9, 0.8);
        process.add(false, 0.2, 0.8);
        process.add(false, 1, 1 - 1e-6);
        process.add(true, 0, 1e-6);
        double[] payoffs = {
            (0.4 / 0.8 - 0.1) / (2.5 + 0.1), (0.3 / 0.2 - 0.1) / (2.5 + 0.1), -1, -1 // the rare arm, all against
        };
        double[] logs = new double[9];
        for (int k = 0; k < 9; k++) {
            for (double payoff : payoffs) {
                logs[k] += Math.log1p(0.9 * Math.pow(2, -k) * payoff);
            }
        }
        assertThat(process.logE()).isCloseTo(EValues.logMeanExp(logs), within(1e-6));
        assertThat(process.observations()).isEqualTo(4);
    }

    @Test
    void driftDetector_crossedLimit_alarms() {
        WindowNull model = WindowNull.fit(new long[][] {{10, 10}, {12, 8}, {9, 11}, {10, 10}}, 3);
        assertThat(new DriftDetector(model, model.shares(), new EDetector(50, Math.log(50), 4)).alarms())
                .isTrue();
        assertThat(new DriftDetector(model, model.shares(), new EDetector(50, Math.log(49), 4)).alarms())
                .isFalse();
    }

    /** Further references are pooled from windows drawn anew: each from these three, and not all from the same. */
    @Test
    void windowNull_resampled_areDrawnFromTheWindows() {
        long[][] windows = {{30, 10}, {10, 30}, {20, 20}};
        WindowNull model = WindowNull.fit(windows, 5);
        for (double[] shares : model.resampled()) {
            // Three windows of 40 and half a row a bin: the first bin holds 30.5 to 90.5 of 121, in steps of ten.
            double rows = shares[0] * 121 - 0.5;
            assertThat(rows / 10).isCloseTo(Math.rint(rows / 10), within(1e-9));
            assertThat(rows).isBetween(30 - 1e-9, 90 + 1e-9);
        }
        assertThat(Arrays.stream(model.resampled())
                        .mapToDouble(shares -> shares[0])
                        .distinct()
                        .count())
                .isGreaterThan(3);
    }

    /** The mean of these is no double; what its rounding adds to the squares is taken off again: 24/9, not 4. */
    @Test
    void moments_meanThatRounds_leavesTheSpread() {
        assertThat(Moments.of(new double[] {1e16, 1e16 + 2, 1e16 + 2}).squares())
                .isCloseTo(8 / 3.0, within(1e-12));
    }
}
