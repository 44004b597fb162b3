package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.plimsoll.core.Problem;

/** Inputs that most functions refuse, and what a refusal is: a Problem, never a number. */
final class Refusals {

    static final double[] NONE = {};
    static final double[] TWO = {0.2, 0.7};
    static final double[] NAN = {0.2, Double.NaN};
    static final double[] INFINITE = {Double.POSITIVE_INFINITY, 0.7};
    static final double[] ONES = {1, 1};
    static final boolean[] BOTH = {false, true};
    static final boolean[] NEGATIVES = {false, false};
    static final boolean[] POSITIVES = {true, true};
    static final CostMatrix COSTS = new CostMatrix(0, 1, 5, 0);

    private Refusals() {}

    static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(Problem.class);
    }

    static void assertUndefined(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.facts()).containsKey("undefined"));
    }
}
