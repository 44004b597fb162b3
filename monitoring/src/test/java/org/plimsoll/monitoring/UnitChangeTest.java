package org.plimsoll.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitChangeTest {

    private final SplittableRandom random = new SplittableRandom(7);

    /** Like distances: long to the right. */
    private double[] lognormal(int n, double factor, double shift) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = factor * (200 + Math.exp(6 + 0.7 * random.nextGaussian())) + shift;
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.609344, 0.3048, 0.01, 1000, 1.3})
    void values_multiplied_areRecognisedFromASampleOfOtherRows(double factor) {
        double[] before = lognormal(20_000, 1, 0);
        double[] now = lognormal(3_000, factor, 0);
        now[5] = Double.NaN;
        now[6] = 1e12;

        UnitChange found = UnitChange.recognise(before, now).orElseThrow();

        assertThat(found.factor()).isBetween(factor * 0.97, factor * 1.03);
    }

    @Test
    void kilometres_areNamed() {
        assertThat(UnitChange.recognise(lognormal(20_000, 1, 0), lognormal(3_000, 1.609344, 0))
                        .orElseThrow()
                        .text())
                .contains("miles to kilometres");
    }

    @Test
    void whatIsNoMultiple_isNotRecognised() {
        double[] before = lognormal(20_000, 1, 0);

        assertThat(UnitChange.recognise(before, lognormal(3_000, 1, 0)))
                .as("the same")
                .isEmpty();
        assertThat(UnitChange.recognise(before, lognormal(3_000, 1.1, 0)))
                .as("a tenth more")
                .isEmpty();
        assertThat(UnitChange.recognise(before, lognormal(3_000, 1, 500)))
                .as("all by the same amount")
                .isEmpty();
        assertThat(UnitChange.recognise(
                        before,
                        Arrays.stream(lognormal(3_000, 1, 0))
                                .map(x -> x * x / 500)
                                .toArray()))
                .as("stretched at one end")
                .isEmpty();
        assertThat(UnitChange.recognise(before, new double[] {1, 2, 3}))
                .as("too few")
                .isEmpty();
        assertThat(UnitChange.recognise(before, new double[3_000]))
                .as("all nothing")
                .isEmpty();
    }
}
