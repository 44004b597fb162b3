package org.plimsoll.scoring;

import java.util.Arrays;
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

/** One request at a time, one thread each; every call asks about other rows. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx2g", "-XX:+UseSerialGC", "-Xss4m", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class TreesBenchmark {

    private static final int QUESTIONS = 256;

    /** Trees and their depth. */
    @Param({"100x6", "1000x8"})
    public String model = "100x6";

    @Param({"1", "100"})
    public int rows = 1;

    private final double[][] wide = new double[QUESTIONS][];
    private final float[][] narrow = new float[QUESTIONS][];
    private Rivals rivals = new Rivals(1, 1, 1);
    private int next;

    /** Trains, converts, and checks that all answer the same. */
    @Setup(Level.Trial)
    public void train() {
        String[] parts = model.split("x", -1);
        rivals.close();
        rivals = new Rivals(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), 1);
        float[] all = Rivals.rows(new Random(3), QUESTIONS * rows);
        int size = rows * Rivals.FEATURES;
        for (int i = 0; i < QUESTIONS; i++) {
            narrow[i] = Arrays.copyOfRange(all, i * size, (i + 1) * size);
            wide[i] = Rivals.widened(narrow[i]);
        }
    }

    /** Frees what is not Java's. */
    @TearDown(Level.Trial)
    public void close() {
        rivals.close();
    }

    private int next() {
        next = next + 1 & QUESTIONS - 1;
        return next;
    }

    @Benchmark
    public double[] plimsoll() {
        return rivals.plimsoll(wide[next()], rows);
    }

    @Benchmark
    public double[] plimsollLightgbm() {
        return rivals.plimsollLightgbm(wide[next()], rows);
    }

    @Benchmark
    public float[][] xgboost() {
        return rivals.xgboost(narrow[next()], rows);
    }

    @Benchmark
    public float[] onnxRuntime() {
        return rivals.onnx(narrow[next()], rows);
    }

    @Benchmark
    public double[] lightgbm() {
        return rivals.lightgbm(wide[next()], rows);
    }
}
