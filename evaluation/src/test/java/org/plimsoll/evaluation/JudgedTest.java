package org.plimsoll.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Verdict;
import org.plimsoll.evaluation.Measurement.Estimate;

class JudgedTest {

    private static final Metric AUC = Metric.parse("auc");
    private static final Metric LOSS = Metric.parse("log_loss");

    private static Measurement measured(Metric metric, double value, double error, boolean isPaired) {
        return measured(metric, value, error, isPaired, 1_000, 100);
    }

    private static Measurement measured(
            Metric metric, double value, double error, boolean isPaired, long rows, long rarer) {
        return new Measurement(
                metric,
                Scope.ALL,
                isPaired ? Optional.of(Reference.CHAMPION) : Optional.empty(),
                rows,
                14,
                rarer,
                Optional.of(new Estimate(
                        isPaired ? 0.7 + value : value,
                        isPaired ? Optional.of(0.7) : Optional.empty(),
                        value,
                        error,
                        Optional.empty())),
                "t by cluster",
                Optional.empty());
    }

    private static Verdict verdict(Bound bound, Metric metric, double value) {
        boolean isPaired = bound instanceof Bound.NotWorse || bound instanceof Bound.Better;
        return Judged.of(Claim.of(metric, Scope.ALL, bound), measured(metric, value, 0, isPaired))
                .verdict();
    }

    /** Without a standard error both bounds are the value, so each comparison can be held to the last bit. */
    @Test
    void notWorse_atExactlyTheMargin_isOpenAndDecidedOneBitBeside() {
        Bound bound = new Bound.NotWorse(Reference.CHAMPION, 0.25);

        assertThat(verdict(bound, AUC, -0.25)).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(verdict(bound, AUC, Math.nextUp(-0.25))).isEqualTo(Verdict.PASS);
        assertThat(verdict(bound, AUC, Math.nextDown(-0.25))).isEqualTo(Verdict.HARM);
        assertThat(verdict(bound, LOSS, 0.25)).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(verdict(bound, LOSS, Math.nextDown(0.25))).isEqualTo(Verdict.PASS);
        assertThat(verdict(bound, LOSS, Math.nextUp(0.25))).isEqualTo(Verdict.HARM);
    }

    @Test
    void better_atExactlyTheGain_isOpen_andHarmBeginsBelowZero() {
        Bound bound = new Bound.Better(Reference.CHAMPION, 0.25);

        assertThat(verdict(bound, AUC, 0.25)).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(verdict(bound, AUC, Math.nextUp(0.25))).isEqualTo(Verdict.PASS);
        assertThat(verdict(bound, AUC, 0)).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(verdict(bound, AUC, -Double.MIN_VALUE)).isEqualTo(Verdict.HARM);
        assertThat(verdict(bound, LOSS, -0.25)).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(verdict(bound, LOSS, Math.nextDown(-0.25))).isEqualTo(Verdict.PASS);
        assertThat(verdict(bound, LOSS, Double.MIN_VALUE)).isEqualTo(Verdict.HARM);
    }

    @Test
    void fixedLimits_atExactlyTheLimit_areKept() {
        assertThat(verdict(new Bound.AtLeast(0.75), AUC, 0.75)).isEqualTo(Verdict.PASS);
        assertThat(verdict(new Bound.AtLeast(0.75), AUC, Math.nextDown(0.75))).isEqualTo(Verdict.HARM);
        assertThat(verdict(new Bound.AtMost(0.75), LOSS, 0.75)).isEqualTo(Verdict.PASS);
        assertThat(verdict(new Bound.AtMost(0.75), LOSS, Math.nextUp(0.75))).isEqualTo(Verdict.HARM);
        // a ceiling for a metric that improves upward, as against results too good to be true
        assertThat(verdict(new Bound.AtMost(0.75), AUC, Math.nextUp(0.75))).isEqualTo(Verdict.HARM);
    }

    /**
     * Bounds, p-values: R 4.3, {@code d + c(-1, 1) * qt(.95, 13) * se} and {@code pt((d + m)/se, 13, lower.tail=FALSE)} with d =
     * 0.016, se = 0.0074, m = 0.005; qt(.95, 13) = 1.770933395986873 (also scipy.stats.t.ppf).
     */
    @Test
    void bounds_ofKnownEstimate_equalStudentsT() {
        Claim claim = Claim.of(AUC, Scope.ALL, new Bound.NotWorse(Reference.CHAMPION, 0.005));

        Judged judged = Judged.of(claim, measured(AUC, 0.016, 0.0074, true));

        double reach = 1.770933395986873 * 0.0074;
        assertThat(judged.lower().orElseThrow()).isCloseTo(0.016 - reach, within(1e-12));
        assertThat(judged.upper().orElseThrow()).isCloseTo(0.016 + reach, within(1e-12));
        assertThat(judged.verdict()).isEqualTo(Verdict.PASS);
        assertThat(judged.chanceIfWorthless().orElseThrow()).isLessThan(0.05);
        assertThat(judged.chanceIfHarmless().orElseThrow()).isGreaterThan(0.95);
        assertThat(judged.rowsNeeded()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"auc,-0.03,HARM", "auc,0.03,PASS", "log_loss,-0.03,PASS", "log_loss,0.03,HARM", "auc,0,INCONCLUSIVE"})
    void chances_andVerdict_agreeOnWhichSideIsGood(String metric, double value, Verdict expected) {
        Claim claim = Claim.of(Metric.parse(metric), Scope.ALL, new Bound.NotWorse(Reference.CHAMPION, 0.005));

        Judged judged = Judged.of(claim, measured(Metric.parse(metric), value, 0.005, true));

        assertThat(judged.verdict()).isEqualTo(expected);
        assertThat(judged.chanceIfWorthless().orElseThrow() < 0.05).isEqualTo(expected == Verdict.PASS);
        assertThat(judged.chanceIfHarmless().orElseThrow() < 0.05).isEqualTo(expected == Verdict.HARM);
    }

    @Test
    void tooFewRows_areAnErrorFromTheFirstRowMissing() {
        Claim claim = Claim.of(AUC, Scope.ALL, new Bound.NotWorse(Reference.CHAMPION, 0.005));

        assertThat(Judged.of(claim, measured(AUC, 0.1, 0.001, true, 300, 30)).verdict())
                .isEqualTo(Verdict.PASS);
        assertThat(Judged.of(claim, measured(AUC, 0.1, 0.001, true, 299, 30)).verdict())
                .isEqualTo(Verdict.ERROR);
        assertThat(Judged.of(claim, measured(AUC, 0.1, 0.001, true, 300, 29)).verdict())
                .isEqualTo(Verdict.ERROR);
        assertThat(Judged.of(claim, measured(AUC, -0.1, 0.001, true, 299, 30)).verdict())
                .isEqualTo(Verdict.ERROR);
    }

    @Test
    void nothingMeasured_orSomethingElse_isAnError() {
        Claim claim = Claim.of(AUC, Scope.ALL, new Bound.NotWorse(Reference.CHAMPION, 0.005));
        Measurement missing = Measurement.missing(
                AUC, Scope.ALL, Optional.of(Reference.CHAMPION), 1_000, 14, 100, "all rows are of one class");

        assertThat(Judged.of(claim, missing).verdict()).isEqualTo(Verdict.ERROR);
        assertThat(Judged.of(claim, missing).reason()).isEqualTo("all rows are of one class");
        assertThat(Judged.of(claim, measured(LOSS, -1, 0.001, true)).verdict()).isEqualTo(Verdict.ERROR);
        assertThat(Judged.of(claim, measured(AUC, 0.9, 0.001, false)).verdict()).isEqualTo(Verdict.ERROR);
    }

    /** n = ((z.95 + z.80)·σ/m)² with σ = se·√rows: (1.6448536 + 0.8416212)² · (0.01²·1000) / 0.02² = 1545.6 (qnorm of R). */
    @Test
    void openClaim_saysHowManyRowsAreNeeded() {
        Claim claim = Claim.of(AUC, Scope.ALL, new Bound.NotWorse(Reference.CHAMPION, 0.02));

        Judged judged = Judged.of(claim, measured(AUC, -0.01, 0.01, true));

        assertThat(judged.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(judged.rowsNeeded()).contains(1_546L);
        assertThat(Judged.of(claim, measured(AUC, -0.015, 0.005, true)).rowsNeeded())
                .as("enough rows; it is the model that is open")
                .isEmpty();
        Judged atNoMargin = Judged.of(
                Claim.of(AUC, Scope.ALL, new Bound.NotWorse(Reference.CHAMPION, 0)), measured(AUC, 0, 0.01, true));
        assertThat(atNoMargin.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(atNoMargin.rowsNeeded()).as("no number of rows proves it").isEmpty();
        assertThat(judged.power().orElseThrow()).isCloseTo(0.6388, within(1e-3)); // pnorm(0.02/0.01 - 1.644854)
    }

    @Test
    void measurement_withoutCluster_isRefused() {
        assertThatThrownBy(() -> new Measurement(
                        AUC,
                        Scope.ALL,
                        Optional.empty(),
                        10,
                        1,
                        5,
                        Optional.of(new Estimate(0.7, Optional.empty(), 0.7, 0.1, Optional.empty())),
                        "t",
                        Optional.empty()))
                .isInstanceOf(Problem.class);
        assertThat(new Measurement(
                                AUC,
                                Scope.ALL,
                                Optional.empty(),
                                10,
                                2,
                                5,
                                Optional.of(new Estimate(0.7, Optional.empty(), 0.7, 0, Optional.empty())),
                                "t",
                                Optional.empty())
                        .difference())
                .isPresent();
        assertThatThrownBy(() -> new Estimate(0.7, Optional.empty(), 0.7, -Double.MIN_VALUE, Optional.empty()))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> new Estimate(0.7, Optional.empty(), Double.NaN, 0.1, Optional.empty()))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> new Estimate(0.7, Optional.empty(), 0.7, Double.NaN, Optional.empty()))
                .isInstanceOf(Problem.class);
    }

    private static Judged counted(Metric metric, Bound bound, Counted counted) {
        boolean isPaired = bound instanceof Bound.NotWorse;
        double share = counted.candidateOnly() / (double) counted.rows();
        return Judged.of(
                Claim.of(metric, Scope.ALL, bound),
                new Measurement(
                        metric,
                        Scope.ALL,
                        isPaired ? Optional.of(Reference.CHAMPION) : Optional.empty(),
                        counted.rows(),
                        counted.rows(),
                        counted.rows(),
                        Optional.of(new Estimate(
                                share,
                                isPaired ? Optional.of(share) : Optional.empty(),
                                isPaired ? 0 : share,
                                0,
                                Optional.of(counted))),
                        "counted",
                        Optional.empty()));
    }

    /** All of 300 found: no standard error, yet the share may be 0.05^(1/300), 0.99006; Student's t would call any floor proved. */
    @Test
    void floor_fewRowsAllRight_isJudgedByExactBounds() {
        Judged judged = counted(Metric.parse("recall"), new Bound.AtLeast(0.995), new Counted(300, 300, 0));

        assertThat(judged.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(judged.lower().orElseThrow()).isCloseTo(Math.pow(0.05, 1 / 300.0), within(1e-12));
        assertThat(judged.upper().orElseThrow()).isOne();
        assertThat(judged.chanceIfWorthless().orElseThrow()).isCloseTo(Math.pow(0.995, 300), within(1e-12));
        assertThat(counted(Metric.parse("recall"), new Bound.AtLeast(0.99), new Counted(300, 300, 0))
                        .verdict())
                .isEqualTo(Verdict.PASS);
        assertThat(counted(Metric.parse("recall"), new Bound.AtLeast(0.9), new Counted(300, 250, 0))
                        .verdict())
                .isEqualTo(Verdict.HARM);
    }

    /** Not one of 300 decided differently: −z²/(n + z²) is still possible; t would call any margin proved. */
    @Test
    void notWorse_noRowDecidedDifferently_isJudgedByTango() {
        Metric accuracy = Metric.parse("accuracy");
        Judged judged = counted(accuracy, new Bound.NotWorse(Reference.CHAMPION, 0.008), new Counted(300, 0, 0));

        assertThat(judged.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(judged.lower().orElseThrow()).isCloseTo(-2.705543 / 302.705543, within(1e-6));
        assertThat(counted(accuracy, new Bound.NotWorse(Reference.CHAMPION, 0.01), new Counted(300, 0, 0))
                        .verdict())
                .isEqualTo(Verdict.PASS);
        assertThat(counted(accuracy, new Bound.NotWorse(Reference.CHAMPION, 0.02), new Counted(300, 5, 40))
                        .verdict())
                .isEqualTo(Verdict.HARM);
        assertThat(counted(accuracy, new Bound.NotWorse(Reference.CHAMPION, 1), new Counted(300, 5, 40))
                        .verdict())
                .as("no difference is beyond one")
                .isEqualTo(Verdict.PASS);
    }
}
