package org.plimsoll.benchmarks.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.plimsoll.statistics.Auc;
import org.plimsoll.statistics.BoundedMeanProcess;
import org.plimsoll.statistics.DeLong;
import org.plimsoll.statistics.PairedDifference;
import org.plimsoll.statistics.TwoArmMeanProcess;

/** Warmed-up times of the hot functions. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class StatisticsBenchmark {

    private static final int ROWS = 1_000_000;

    private final double[] candidate = new double[ROWS];
    private final double[] champion = new double[ROWS];
    private final boolean[] positive = new boolean[ROWS];
    private final double[] losses = new double[1024];
    private final BoundedMeanProcess bounded = new BoundedMeanProcess(0.505);
    private final TwoArmMeanProcess arms = new TwoArmMeanProcess(0.01);
    private int next;

    /** Five positives in a hundred, two correlated scores. */
    public StatisticsBenchmark() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < ROWS; i++) {
            positive[i] = random.nextDouble() < 0.05;
            double shared = random.nextGaussian() + (positive[i] ? 1 : 0);
            candidate[i] = shared + 0.3 * random.nextGaussian();
            champion[i] = shared + 0.3 * random.nextGaussian();
        }
        Arrays.setAll(losses, i -> random.nextDouble());
    }

    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public double auc() {
        return Auc.of(candidate, positive);
    }

    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public PairedDifference deLong() {
        return DeLong.compare(candidate, champion, positive);
    }

    @Benchmark
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public void boundedMeanStep() {
        bounded.add(losses[next++ & 1023]);
    }

    @Benchmark
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public void twoArmMeanStep() {
        arms.add((next & 3) == 0, losses[next++ & 1023], 0.25);
    }
}
