package org.plimsoll.scoring;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Exact contributions of 100 trees of depth 6, a hundred rows at once, one thread each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx1g", "-XX:+UseSerialGC", "-Xss4m", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class ReasonsBenchmark {

    private static final int ROWS = 100;

    private final float[] narrow = Rivals.rows(new Random(5), ROWS);
    private final double[] wide = Rivals.widened(narrow);
    private final Booster xgboost;
    private final TreeShap plimsoll;

    /** Trains one model for both. */
    public ReasonsBenchmark() {
        try {
            xgboost = new Rivals(100, 6, 1).booster();
            plimsoll = XgboostFile.explainer("model.json", xgboost.toByteArray("json"));
        } catch (XGBoostError e) {
            throw new IllegalStateException(e);
        }
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public double[] plimsoll() {
        return plimsoll.explain(wide, ROWS);
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public float[][] xgboost() throws XGBoostError {
        DMatrix matrix = new DMatrix(narrow, ROWS, Rivals.FEATURES, Float.NaN);
        try {
            return xgboost.predictContrib(matrix, 0);
        } finally {
            matrix.dispose();
        }
    }
}
