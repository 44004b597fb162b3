package org.plimsoll.scoring;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;

/**
 * What asking a model in a Python process costs beside the bare call of that model in the same Python: one row of twenty columns,
 * a logistic regression of scikit-learn. {@code python_overhead.py} makes the models and measures the bare calls, before and after.
 *
 * <pre>
 *  java … org.plimsoll.scoring.PythonOverhead PYTHON      an interpreter with scikit-learn and pandas
 * </pre>
 */
public final class PythonOverhead {

    private static final int FEATURES = 20;
    private static final int CALLS = 4_000;
    private static final int ROUNDS = 5;

    private PythonOverhead() {}

    /** @param arguments the interpreter */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("plimsoll-overhead");
        Path program = Path.of("benchmarks/scoring/python_overhead.py");
        for (String kind : List.of("matrix", "table")) {
            Path folder = home.resolve(kind);
            double before = bare(arguments[0], program, folder, kind);
            double asked = asked(arguments[0], home, folder);
            double bare = Math.min(before, bare(arguments[0], program, folder, kind));
            System.out.println(String.format(
                    Locale.ROOT,
                    "model of a %s: bare call %.0f µs, request %.0f µs, overhead %.0f µs (medians; least of the"
                            + " rounds)",
                    kind,
                    bare,
                    asked,
                    asked - bare));
        }
    }

    private static double bare(String python, Path program, Path folder, String kind)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(python, program.toString(), folder.toString(), kind)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(program + " failed: " + said);
        }
        return Double.parseDouble(said.strip());
    }

    private static double asked(String python, Path home, Path folder) {
        ScoringConfig usual = ScoringConfig.DEFAULT;
        ScoringConfig config = new ScoringConfig(
                Optional.of(python),
                true,
                1,
                8,
                Duration.ofSeconds(10),
                Duration.ofMinutes(1),
                usual.pythonMemoryMib(),
                usual.pythonThreads(),
                true,
                List.of());
        Schema schema = new Schema(java.util.stream.IntStream.range(0, FEATURES)
                .mapToObj(i -> Column.required("c" + i, ColumnType.NUMBER))
                .toList());
        Columns sample = rows(schema, 100);
        MlflowFolder mlflow = MlflowFolder.read(new String(Engines.bytes(folder, "MLmodel"), StandardCharsets.UTF_8));
        Engines.Asked question = new Engines.Asked(
                folder,
                mlflow,
                Task.of(Task.Kind.BINARY, "label"),
                schema,
                Optional.empty(),
                true,
                sample,
                Optional.of(Execution.in(home, config)));
        double least = Double.POSITIVE_INFINITY;
        try (Engine engine = Engines.open(question)) {
            ColumnEngine columns = (ColumnEngine) engine;
            Columns[] single = new Columns[100];
            Arrays.setAll(single, row -> sample.slice(row, row + 1));
            double[] micros = new double[CALLS];
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < CALLS; i++) {
                    long began = System.nanoTime();
                    columns.score(single[i % single.length]);
                    micros[i] = (System.nanoTime() - began) / 1e3;
                }
                Arrays.sort(micros);
                least = Math.min(least, micros[CALLS / 2]);
            }
        }
        return least;
    }

    private static Columns rows(Schema schema, int count) {
        Random random = new Random(1);
        ColumnsBuilder builder = Columns.builder(schema, count);
        for (int row = 0; row < count; row++) {
            for (int column = 0; column < FEATURES; column++) {
                builder.number(column, random.nextGaussian());
            }
            builder.endRow();
        }
        return builder.build();
    }
}
