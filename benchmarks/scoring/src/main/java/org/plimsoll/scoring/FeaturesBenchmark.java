package org.plimsoll.scoring;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
import org.plimsoll.core.Json;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;

/** Twenty raw columns to x: ten numbers in three ways, eight of words in three ways, two instants; {@code originals.py} has the same in scikit-learn. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx1g", "-XX:+UseSerialGC"})
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class FeaturesBenchmark {

    private static final int ROWS = 1_000;
    private static final String[] NUMBERS = {
        "[{\"impute\":{\"with\":\"median\",\"indicator\":true}},\"standardise\"]",
        "[{\"clip\":{\"low\":0}},\"log\",\"min_max\"]",
        "{\"bins\":10}"
    };
    private static final String[] WORDS = {"{\"one_hot\":{}}", "{\"ordinal\":{}}", "{\"hashing\":16}"};

    private final Features features;
    private final Columns batch;
    private final List<Columns> single = new ArrayList<>();
    private int next;

    /** Fits, and draws rows to ask about. */
    public FeaturesBenchmark() {
        List<Column> columns = new ArrayList<>();
        List<FeatureSpec> specs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            boolean number = i < 10;
            ColumnType type = number ? ColumnType.NUMBER : i < 18 ? ColumnType.TEXT : ColumnType.TIMESTAMP;
            columns.add(Column.optional("c" + i, type));
            String step =
                    number ? NUMBERS[i % 3] : i < 18 ? WORDS[i % 3] : "{\"parts\":[\"hour\",\"weekday\",\"month\"]}";
            specs.add(FeatureSpec.read("c" + i, Json.MAPPER.readTree(step)));
        }
        Schema schema = new Schema(columns);
        features = Features.fit(specs, rows(schema, new Random(1), 5_000), ZoneOffset.UTC);
        batch = rows(schema, new Random(2), ROWS);
        for (int row = 0; row < ROWS; row++) {
            single.add(batch.slice(row, row + 1));
        }
    }

    private static Columns rows(Schema schema, Random random, int count) {
        ColumnsBuilder builder = Columns.builder(schema, count);
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < 20; i++) {
                if (random.nextInt(20) > 0) {
                    if (i < 10) {
                        builder.number(i, 10 * random.nextGaussian());
                    } else if (i < 18) {
                        builder.text(i, "word" + random.nextInt(12));
                    } else {
                        builder.integer(i, 978_307_200_000L + random.nextInt(1_000_000) * 60_000L);
                    }
                }
            }
            builder.endRow();
        }
        return builder.build();
    }

    @Benchmark
    public double[] oneRow() {
        next = (next + 1) % ROWS;
        return features.encode(single.get(next), Precision.SINGLE);
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public double[] rowInAThousand() {
        return features.encode(batch, Precision.SINGLE);
    }
}
