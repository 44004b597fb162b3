package org.plimsoll.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Random rows, and what must hold for all of them; a failure prints its seed. */
final class Properties {

    static final int RUNS = 40;

    private Properties() {}

    record Rows(double[] scores, double[] others, boolean[] positive, double[] weights, long[] keys) {

        static Rows random(SplittableRandom random) {
            int rows = random.nextInt(20, 200);
            boolean coarse = random.nextBoolean();
            double[] scores = new double[rows];
            double[] others = new double[rows];
            boolean[] positive = new boolean[rows];
            double[] weights = new double[rows];
            long[] keys = new long[rows];
            for (int i = 0; i < rows; i++) {
                positive[i] = i < 3 || i >= 6 && random.nextDouble() < 0.3;
                scores[i] = number(random, coarse, positive[i] ? 0.15 : 0);
                others[i] = number(random, coarse, positive[i] ? 0.1 : 0);
                weights[i] = random.nextInt(1, 5);
                keys[i] = random.nextInt(0, 15);
            }
            return new Rows(scores, others, positive, weights, keys);
        }

        private static double number(SplittableRandom random, boolean coarse, double shift) {
            double value = Math.min(1, 0.85 * random.nextDouble() + shift);
            return coarse ? Math.round(value * 10) / 10.0 : value;
        }

        Rows shuffled(long seed) {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < scores.length; i++) {
                order.add(i);
            }
            Collections.shuffle(order, new Random(seed));
            Rows shuffled = new Rows(scores.clone(), others.clone(), positive.clone(), weights.clone(), keys.clone());
            for (int i = 0; i < scores.length; i++) {
                int from = order.get(i);
                shuffled.scores[i] = scores[from];
                shuffled.others[i] = others[from];
                shuffled.positive[i] = positive[from];
                shuffled.weights[i] = weights[from];
                shuffled.keys[i] = keys[from];
            }
            return shuffled;
        }
    }

    static void forAll(Consumer<SplittableRandom> property) {
        for (long seed = 1; seed <= RUNS; seed++) {
            try {
                property.accept(new SplittableRandom(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
