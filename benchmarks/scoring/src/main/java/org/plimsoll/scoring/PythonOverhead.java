package org.plimsoll.scoring;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;

/**
 * What asking a model in a Python process costs beside the bare call of that model in the same Python: one row of twenty columns,
 * a logistic regression of scikit-learn. {@code python_overhead.py} makes the models and times the bare calls.
 *
 * <p>A shared machine runs half as fast again from one moment to the next, so requests and bare calls take turns, some of each in a
 * round, and the overhead is the median, over some hundred rounds, of the difference of their medians. Where other processes took
 * more than {@link #OTHERS} of a processor over {@link #TOGETHER} rounds, these are left out, and counted: with them it is their work
 * that is measured.
 *
 * <pre>
 *  java … org.plimsoll.scoring.PythonOverhead PYTHON [SECONDS]      an interpreter with scikit-learn and pandas; of each kind
 * </pre>
 */
public final class PythonOverhead {

    private static final int FEATURES = 20;
    private static final int ROWS = 2_000;
    private static final int CALLS = 24;
    private static final int WARM_UP_ROUNDS = 200;
    private static final int TOGETHER = 20;
    private static final double OTHERS = 0.1;

    private PythonOverhead() {}

    /** @param arguments the interpreter; seconds for each kind, 60 if not given */
    public static void main(String[] arguments) throws IOException {
        Path home = Files.createTempDirectory("plimsoll-overhead");
        double seconds = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 60;
        for (String kind : List.of("matrix", "table")) {
            Path folder = home.resolve(kind);
            try (Bare bare = new Bare(arguments[0], folder, kind);
                    Engine engine = engine(arguments[0], 1, home, folder)) {
                measure(kind, bare, (ColumnEngine) engine, seconds);
            }
        }
    }

    private static void measure(String kind, Bare bare, ColumnEngine engine, double seconds) throws IOException {
        Columns rows = rows(engine.inputs(), ROWS);
        List<double[]> calm = new ArrayList<>(); // request, bare call, bare call of the same rows again
        int left = 0;
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            round(engine, rows, round, bare);
        }
        long until = System.nanoTime() + (long) (seconds * 1e9);
        for (int round = 0; System.nanoTime() < until; round += TOGETHER) {
            Others others = Others.now();
            List<double[]> together = new ArrayList<>();
            for (int i = 0; i < TOGETHER; i++) {
                together.add(round(engine, rows, round + i, bare));
            }
            if (others.share() > OTHERS) {
                left += TOGETHER;
            } else {
                calm.addAll(together);
            }
        }
        if (calm.isEmpty()) {
            System.out.println(
                    "model of a " + kind + ": no calm round of " + left + "; measure while nothing else runs");
            return;
        }
        System.out.println(String.format(
                Locale.ROOT,
                "model of a %s: request %.0f µs, bare call %.0f µs, overhead %.0f µs (%.0f to %.0f in the middle half of the rounds); "
                        + "bare call of the same 100 rows again %.0f µs, overhead %.0f µs; %d calm rounds, %d left out",
                kind,
                quantile(calm, round -> round[0], 0.5),
                quantile(calm, round -> round[1], 0.5),
                quantile(calm, round -> round[0] - round[1], 0.5),
                quantile(calm, round -> round[0] - round[1], 0.25),
                quantile(calm, round -> round[0] - round[1], 0.75),
                quantile(calm, round -> round[2], 0.5),
                quantile(calm, round -> round[0] - round[2], 0.5),
                calm.size(),
                left));
    }

    private static double[] round(ColumnEngine engine, Columns rows, int round, Bare bare) throws IOException {
        return new double[] {asked(engine, rows, round * CALLS), bare.micros("other", CALLS), bare.micros("same", CALLS)
        };
    }

    private static double quantile(List<double[]> rounds, ToDoubleFunction<double[]> of, double share) {
        double[] sorted = rounds.stream().mapToDouble(of).sorted().toArray();
        return sorted[(int) (share * (sorted.length - 1))];
    }

    private static double asked(ColumnEngine engine, Columns rows, int first) {
        Columns[] single = new Columns[CALLS];
        Arrays.setAll(single, i -> rows.slice((first + i) % ROWS, (first + i) % ROWS + 1));
        double[] micros = new double[CALLS];
        for (int i = 0; i < CALLS; i++) {
            long began = System.nanoTime();
            engine.score(single[i]);
            micros[i] = (System.nanoTime() - began) / 1e3;
        }
        Arrays.sort(micros);
        return micros[CALLS / 2];
    }

    /** What all other processes of this machine have used of its processors since; nothing where the system does not tell. */
    private record Others(double seconds, long nanos) {

        private static final Path ALL = Path.of("/proc/stat");
        private static final double TICKS_A_SECOND = 100;

        static Others now() throws IOException {
            return new Others(used(), System.nanoTime());
        }

        /** In processors. */
        double share() throws IOException {
            return (used() - seconds) / ((System.nanoTime() - nanos) / 1e9);
        }

        private static double used() throws IOException {
            if (!Files.exists(ALL)) {
                return 0;
            }
            String[] ticks = Files.readAllLines(ALL).getFirst().split(" +");
            double all = IntStream.of(1, 2, 3, 6, 7)
                            .mapToLong(i -> Long.parseLong(ticks[i]))
                            .sum()
                    / TICKS_A_SECOND;
            ProcessHandle here = ProcessHandle.current();
            return all
                    - Stream.concat(Stream.of(here), here.descendants())
                            .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                            .mapToDouble(used -> used.toNanos() / 1e9)
                            .sum();
        }
    }

    /** The Python process of the bare calls. */
    static final class Bare implements AutoCloseable {

        private final Process process;
        private final Writer questions;
        private final BufferedReader answers;

        /** Returns when the model is written. */
        Bare(String python, Path folder, String kind) throws IOException {
            process = new ProcessBuilder(python, "benchmarks/scoring/python_overhead.py", folder.toString(), kind)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            questions = process.outputWriter(StandardCharsets.UTF_8);
            answers = process.inputReader(StandardCharsets.UTF_8);
            if (!"ready".equals(answers.readLine())) {
                throw new IOException("python_overhead.py failed");
            }
        }

        double micros(String which, int calls) throws IOException {
            questions.write(which + " " + calls + "\n");
            questions.flush();
            return Double.parseDouble(Objects.requireNonNull(answers.readLine(), "python_overhead.py ended"));
        }

        @Override
        public void close() throws IOException {
            questions.close();
            process.destroy();
        }
    }

    /** The model that {@link Bare} wrote there, in so many processes. */
    static Engine engine(String python, int processes, Path home, Path folder) {
        ScoringConfig usual = ScoringConfig.DEFAULT;
        ScoringConfig config = new ScoringConfig(
                Optional.of(python),
                true,
                processes,
                8,
                Duration.ofSeconds(10),
                Duration.ofMinutes(1),
                usual.pythonMemoryMib(),
                usual.pythonThreads(),
                true,
                List.of());
        Schema schema = new Schema(IntStream.range(0, FEATURES)
                .mapToObj(i -> Column.required("c" + i, ColumnType.NUMBER))
                .toList());
        MlflowFolder mlflow = MlflowFolder.read(new String(Engines.bytes(folder, "MLmodel"), StandardCharsets.UTF_8));
        return Engines.open(new Engines.Asked(
                folder,
                mlflow,
                Task.of(Task.Kind.BINARY, "label"),
                schema,
                Optional.empty(),
                true,
                rows(schema, 100),
                Optional.of(Execution.in(home, config))));
    }

    static Columns rows(Schema schema, int count) {
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
