package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.plimsoll.core.Verdict.ERROR;
import static org.plimsoll.core.Verdict.HARM;
import static org.plimsoll.core.Verdict.INCONCLUSIVE;
import static org.plimsoll.core.Verdict.PASS;

import org.junit.jupiter.api.Test;
import org.plimsoll.core.Problem;
import org.plimsoll.statistics.Judgement.Better;

class JudgementTest {

    @Test
    void nonInferiority_boundsAgainstTheMargin_areStrict() {
        assertThat(Judgement.nonInferiority(-0.009, 0.02, 0.01)).isEqualTo(PASS);
        assertThat(Judgement.nonInferiority(-0.01, 0.02, 0.01)).isEqualTo(INCONCLUSIVE);
        assertThat(Judgement.nonInferiority(-0.03, -0.01, 0.01)).isEqualTo(INCONCLUSIVE);
        assertThat(Judgement.nonInferiority(-0.03, -0.0101, 0.01)).isEqualTo(HARM);
        assertThat(Judgement.nonInferiority(0, 0, 0)).isEqualTo(INCONCLUSIVE);
        assertThat(Judgement.nonInferiority(0.001, 0.1, 0)).isEqualTo(PASS);
        assertThat(Judgement.nonInferiority(-0.1, -0.001, 0)).isEqualTo(HARM);
    }

    @Test
    void nonInferiority_noNumber_isErrorNeverPass() {
        assertThat(Judgement.nonInferiority(Double.NaN, 1, 0.1)).isEqualTo(ERROR);
        assertThat(Judgement.nonInferiority(0.5, Double.NaN, 0.1)).isEqualTo(ERROR);
        assertThatThrownBy(() -> Judgement.nonInferiority(0, 1, -0.1)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> Judgement.nonInferiority(0, 1, Double.NaN)).isInstanceOf(Problem.class);
    }

    @Test
    void nonInferiority_ofADifference_turnsLossesAround() {
        PairedDifference better = new PairedDifference(0.8, 0.7, 0.1, 0.01, 100, 500, 101);
        assertThat(Judgement.nonInferiority(better, Better.HIGHER, 0.01, 0.05, 0.05))
                .isEqualTo(PASS);
        assertThat(Judgement.nonInferiority(better, Better.LOWER, 0.01, 0.05, 0.05))
                .isEqualTo(HARM);
        assertThat(Judgement.nonInferiority(better.swapped(), Better.HIGHER, 0.01, 0.05, 0.05))
                .isEqualTo(HARM);
        assertThat(Judgement.nonInferiority(better.swapped(), Better.LOWER, 0.01, 0.05, 0.05))
                .isEqualTo(PASS);
        PairedDifference unsure = new PairedDifference(0.7, 0.7, 0, 0.02, 100, 500, 101);
        assertThat(Judgement.nonInferiority(unsure, Better.HIGHER, 0.01, 0.05, 0.05))
                .isEqualTo(INCONCLUSIVE);
        assertThat(Judgement.nonInferiority(unsure, Better.LOWER, 0.01, 0.05, 0.05))
                .isEqualTo(INCONCLUSIVE);
    }

    @Test
    void nonInferiority_twoLevels_eachGovernsItsOwnSide() {
        PairedDifference slightlyBetter = new PairedDifference(0, 0, 0.02, 0.01, Double.POSITIVE_INFINITY, 9, 9);
        // lower bound at level 0.05 is 0.0036, at 0.001 it is -0.011
        assertThat(Judgement.nonInferiority(slightlyBetter, Better.HIGHER, 0.001, 0.05, 0.001))
                .isEqualTo(PASS);
        assertThat(Judgement.nonInferiority(slightlyBetter, Better.HIGHER, 0.001, 0.001, 0.05))
                .isEqualTo(INCONCLUSIVE);
        assertThat(Judgement.nonInferiority(slightlyBetter, Better.LOWER, 0.001, 0.001, 0.05))
                .isEqualTo(HARM);
        assertThat(Judgement.nonInferiority(slightlyBetter, Better.LOWER, 0.001, 0.05, 0.001))
                .isEqualTo(INCONCLUSIVE);
        assertThatThrownBy(() -> Judgement.nonInferiority(slightlyBetter, Better.HIGHER, 0.1, 0, 0.05))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> Judgement.nonInferiority(slightlyBetter, Better.HIGHER, 0.1, 0.05, 1))
                .isInstanceOf(Problem.class);
    }

    @Test
    void superiority_gainMustBeProved() {
        PairedDifference better = new PairedDifference(0.8, 0.7, 0.1, 0.01, Double.POSITIVE_INFINITY, 500, 500);
        assertThat(Judgement.superiority(better, Better.HIGHER, 0.08, 0.01, 0.05, 0.05))
                .isEqualTo(PASS);
        assertThat(Judgement.superiority(better, Better.HIGHER, 0.09, 0.01, 0.05, 0.05))
                .isEqualTo(INCONCLUSIVE);
        assertThat(Judgement.superiority(better, Better.LOWER, 0.01, 0.05, 0.05, 0.05))
                .isEqualTo(HARM);
        assertThat(Judgement.superiority(better.swapped(), Better.LOWER, 0.08, 0.05, 0.05, 0.05))
                .isEqualTo(PASS);
        assertThat(Judgement.superiority(better.swapped(), Better.HIGHER, 0.0, 0.2, 0.05, 0.05))
                .isEqualTo(INCONCLUSIVE);
        assertThatThrownBy(() -> Judgement.superiority(better, Better.HIGHER, -1, 0, 0.05, 0.05))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> Judgement.superiority(better, Better.HIGHER, 0, -1, 0.05, 0.05))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> Judgement.superiority(better, Better.HIGHER, 0, 0, 1, 0.05))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> Judgement.superiority(better, Better.HIGHER, 0, 0, 0.05, 0))
                .isInstanceOf(Problem.class);
    }

    @Test
    void bound_floorAndCeiling() {
        assertThat(Judgement.bound(0.78, 0.9, Better.HIGHER, 0.78)).isEqualTo(PASS);
        assertThat(Judgement.bound(0.77, 0.9, Better.HIGHER, 0.78)).isEqualTo(INCONCLUSIVE);
        assertThat(Judgement.bound(0.6, 0.78, Better.HIGHER, 0.78)).isEqualTo(INCONCLUSIVE);
        assertThat(Judgement.bound(0.6, 0.77, Better.HIGHER, 0.78)).isEqualTo(HARM);
        assertThat(Judgement.bound(0.1, 0.2, Better.LOWER, 0.2)).isEqualTo(PASS);
        assertThat(Judgement.bound(0.1, 0.21, Better.LOWER, 0.2)).isEqualTo(INCONCLUSIVE);
        assertThat(Judgement.bound(0.21, 0.3, Better.LOWER, 0.2)).isEqualTo(HARM);
        assertThat(Judgement.bound(Double.NaN, 0.3, Better.LOWER, 0.2)).isEqualTo(ERROR);
        assertThat(Judgement.bound(0.1, Double.NaN, Better.HIGHER, 0.2)).isEqualTo(ERROR);
        assertThatThrownBy(() -> Judgement.bound(0, 1, Better.LOWER, Double.NaN))
                .isInstanceOf(Problem.class);
    }

    @Test
    void pairedDifference_zeroError_boundsAreTheDifference() {
        PairedDifference same = new PairedDifference(0.7, 0.7, 0, 0, 10, 20, 11);
        assertThat(same.lower(0.95)).isZero();
        assertThat(same.upper(0.95)).isZero();
        assertThat(same.pValue()).isEqualTo(1);
        assertThat(same.pValueAbove(-0.01)).isZero();
        assertThat(same.pValueAbove(0)).isEqualTo(1);
        assertThat(same.pValueBelow(0.01)).isZero();
        assertThat(same.pValueBelow(0)).isEqualTo(1);
        PairedDifference constant = new PairedDifference(0.8, 0.7, 0.1, 0, 10, 20, 11);
        assertThat(constant.pValue()).isZero();
        PairedDifference middle = new PairedDifference(0.7, 0.7, 0, 1, 10, 20, 11);
        assertThat(middle.pValue()).isCloseTo(1, within(1e-12));
    }
}
