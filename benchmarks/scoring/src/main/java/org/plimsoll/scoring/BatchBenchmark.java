package org.plimsoll.scoring;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** 100,000 rows in one call, two threads each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx3g", "-XX:+UseSerialGC", "-Xss4m", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class BatchBenchmark {

    private static final int ROWS = 100_000;

    /** Trees and their depth. */
    @Param({"100x6", "1000x8"})
    public String model = "100x6";

    private final float[] narrow = Rivals.rows(new Random(4), ROWS);
    private final double[] wide = Rivals.widened(narrow);
    private Rivals rivals = new Rivals(1, 1, 1);

    /** Trains, converts, and checks that all answer the same. */
    @Setup(Level.Trial)
    public void train() {
        String[] parts = model.split("x", -1);
        rivals.close();
        rivals = new Rivals(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), 2);
    }

    /** Frees what is not Java's. */
    @TearDown(Level.Trial)
    public void close() {
        rivals.close();
    }

    @Benchmark
    public double[] plimsoll() {
        return rivals.plimsoll(wide, ROWS);
    }

    @Benchmark
    public double[] plimsollLightgbm() {
        return rivals.plimsollLightgbm(wide, ROWS);
    }

    @Benchmark
    public float[][] xgboost() {
        return rivals.xgboost(narrow, ROWS);
    }

    @Benchmark
    public float[] onnxRuntime() {
        return rivals.onnx(narrow, ROWS);
    }

    @Benchmark
    public double[] lightgbm() {
        return rivals.lightgbm(wide, ROWS);
    }
}
