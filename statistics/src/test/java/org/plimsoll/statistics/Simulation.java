package org.plimsoll.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import org.assertj.core.api.AbstractDoubleAssert;

/** Runs of simulations and the bounds that their rates are held to: within three standard errors of the nominal value. */
final class Simulation {

    static final double LEVEL = 0.05;

    private Simulation() {}

    /** Runs of a simulation; -Dsimulation.scale=20 runs twenty times as many. */
    static int scaled(int runs) {
        return runs * Integer.getInteger("simulation.scale", 1);
    }

    /** The share of runs in which an event happens; run r has its own generator from (seed, r). */
    static double rate(long seed, int runs, Predicate<SplittableRandom> event) {
        int happened = 0;
        for (int r = 0; r < runs; r++) {
            happened += event.test(new SplittableRandom(seed * 1_000_003 + r)) ? 1 : 0;
        }
        return happened / (double) runs;
    }

    /** The mean of each of several measures over the runs. */
    static double[] means(long seed, int runs, Function<SplittableRandom, double[]> measures) {
        double[] means = measures.apply(new SplittableRandom(seed * 1_000_000));
        for (int r = 1; r < runs; r++) {
            double[] measured = measures.apply(new SplittableRandom(seed * 1_000_000 + r));
            Arrays.setAll(means, k -> means[k] + measured[k]);
        }
        Arrays.setAll(means, k -> means[k] / runs);
        return means;
    }

    static double indicator(boolean happened) {
        return happened ? 1 : 0;
    }

    /** Prints what was measured, by method and seed, so that a run at full size leaves its figures; then it is held to its bound. */
    static AbstractDoubleAssert<?> measured(double value, String what) {
        String method = StackWalker.getInstance()
                .walk(frames -> frames.skip(1).findFirst().orElseThrow().getMethodName());
        System.out.printf(Locale.ROOT, "%-72s %-52s %.5g%n", method, what, value);
        return assertThat(value).as(what);
    }

    static double most(double nominal, int runs) {
        return nominal + 3 * Math.sqrt(nominal * (1 - nominal) / runs);
    }

    static double least(double nominal, int runs) {
        return nominal - 3 * Math.sqrt(nominal * (1 - nominal) / runs);
    }

    static long binomial(SplittableRandom random, int trials, double chance) {
        long successes = 0;
        for (int i = 0; i < trials; i++) {
            successes += random.nextDouble() < chance ? 1 : 0;
        }
        return successes;
    }
}
