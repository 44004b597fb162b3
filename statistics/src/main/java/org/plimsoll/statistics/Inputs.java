package org.plimsoll.statistics;

import java.util.Arrays;
import java.util.Map;
import org.plimsoll.core.Problem;

/** What every function here refuses, said once: wrong lengths, no rows, numbers that are none. */
final class Inputs {

    private Inputs() {}

    static void sameLength(String name, int length, String other, int expected) {
        if (length != expected) {
            throw Problem.invalid(name + ".length", length, "the " + expected + " of " + other);
        }
    }

    static void notEmpty(String name, int length) {
        if (length == 0) {
            throw undefined(name, "there are no rows");
        }
    }

    /** Rows exist and every value is an ordinary number: NaN and infinities are named with their position. */
    static void finite(String name, double[] values) {
        notEmpty(name, values.length);
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw Problem.invalid(name + "[" + i + "]", values[i], "a finite number");
            }
        }
    }

    /** Every value is an ordinary number, none below the one before it; there may be none. */
    static void ascending(String name, double[] values) {
        double before = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < values.length; i++) {
            if (!(values[i] >= before && Double.isFinite(values[i]))) {
                throw Problem.invalid(
                        name + "[" + i + "]",
                        values[i],
                        "a finite number, and not below the one before, as they ascend");
            }
            before = values[i];
        }
    }

    static void probabilities(String name, double[] values) {
        notEmpty(name, values.length);
        for (int i = 0; i < values.length; i++) {
            if (!(values[i] >= 0 && values[i] <= 1)) {
                throw Problem.invalid(name + "[" + i + "]", values[i], "a probability from 0 to 1");
            }
        }
    }

    /** Weights are finite, not negative, some weight is there and their sum is a number. */
    static void weights(double[] weights, int rows) {
        sameLength("weights", weights.length, "the rows", rows);
        double total = 0;
        for (int i = 0; i < weights.length; i++) {
            if (!(weights[i] >= 0 && weights[i] < Double.POSITIVE_INFINITY)) {
                throw Problem.invalid("weights[" + i + "]", weights[i], "a finite number, 0 or more");
            }
            total += weights[i];
        }
        if (total == 0) {
            throw undefined("weights", "no row has any weight");
        }
        defined("sum of the weights", total);
    }

    /** A number strictly between 0 and 1, such as a confidence or an error level. */
    static double fraction(String name, double value) {
        if (!(value > 0 && value < 1)) {
            throw Problem.invalid(name, value, "a number strictly between 0 and 1");
        }
        return value;
    }

    static double positive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw Problem.invalid(name, value, "a finite number above 0");
        }
        return value;
    }

    static double notNegative(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw Problem.invalid(name, value, "a finite number, 0 or more");
        }
        return value;
    }

    static double finite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw Problem.invalid(name, value, "a finite number");
        }
        return value;
    }

    static int atLeast(String name, int value, int least) {
        if (value < least) {
            throw Problem.invalid(name, value, "a whole number, " + least + " or more");
        }
        return value;
    }

    static long count(String name, long value) {
        if (value < 0) {
            throw Problem.invalid(name, value, "a count, 0 or more");
        }
        return value;
    }

    /** The result itself must be a number: sums beyond 1e308 are refused rather than reported as infinite. */
    static double defined(String name, double value) {
        if (!Double.isFinite(value)) {
            throw undefined(name, "the result is beyond the range of numbers");
        }
        return value;
    }

    static Problem undefined(String name, String why) {
        return Problem.of(Problem.Kind.INVALID, name + " is undefined: " + why, Map.of("undefined", name, "why", why));
    }

    static double[] ones(int rows) {
        double[] ones = new double[rows];
        Arrays.fill(ones, 1);
        return ones;
    }
}
