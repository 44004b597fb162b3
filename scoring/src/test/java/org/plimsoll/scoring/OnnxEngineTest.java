package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;

/** A graph of embeddings, booleans, halves, whole numbers, doubles and words, written by {@code onnx_tensors.py}. */
class OnnxEngineTest {

    private static final Schema SCHEMA = Schema.of(
            Column.required("label", ColumnType.NUMBER),
            Column.required("embedding[0]", ColumnType.NUMBER),
            Column.required("embedding[1]", ColumnType.NUMBER),
            Column.required("embedding[2]", ColumnType.NUMBER),
            Column.required("embedding[3]", ColumnType.NUMBER),
            Column.required("flag", ColumnType.BOOLEAN),
            Column.required("half", ColumnType.NUMBER),
            Column.optional("count", ColumnType.INTEGER),
            Column.required("wide", ColumnType.NUMBER),
            Column.required("word", ColumnType.TEXT));

    @TempDir
    Path temporary;

    private static Path model() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(OnnxEngineTest.class.getResource("tensors/model.onnx"))
                .toURI());
    }

    private static Columns rows(int count) {
        ColumnsBuilder builder = Columns.builder(SCHEMA, count);
        for (int row = 0; row < count; row++) {
            builder.number(0, row);
            for (int k = 1; k <= 4; k++) {
                builder.number(k, row * k);
            }
            builder.bool(5, row % 2 == 1)
                    .number(6, 0.5)
                    .integer(7, row)
                    .number(8, 0.25)
                    .text(9, "w" + row)
                    .endRow();
        }
        return builder.build();
    }

    private ModelArtifact artifact() throws URISyntaxException {
        Task task = Task.of(Task.Kind.REGRESSION, "label");
        return ModelArtifact.from(model(), temporary.resolve("artifact"), task, rows(50), 3);
    }

    @Test
    void graphOfManyTensors_isAskedInRawColumns() throws URISyntaxException {
        ModelArtifact artifact = artifact();
        assertThat(artifact.features()).isEmpty();
        assertThat(artifact.signature().tensors().toString())
                .isEqualTo("[embedding FP32[-1, 2, 2], flag BOOL[-1, 1], half FP16[-1], count INT32[-1, 1],"
                        + " wide FP64[-1], word BYTES[-1, 1]]");
        assertThat(artifact.signature().outputs().toString()).isEqualTo("[prediction FP32[rows], pair FP32[rows, 2]]");
        try (Scorer scorer = artifact.scorer()) {
            Scores scores = scorer.score(rows(3));
            // 10 row + (row odd) + 0.5 + row + 0.25
            assertThat(scores.primary()).containsExactly(0.75, 12.75, 22.75);
            assertThat(scores.output("pair")).containsExactly(0.75, -0.75, 12.75, -12.75, 22.75, -22.75);
            assertThat(scores.encodedNames()).isEmpty();
        }
    }

    @Test
    void output_canBeOneValueOfSeveral_andAUnclearOneIsAskedFor() throws URISyntaxException {
        Task task = Task.of(Task.Kind.REGRESSION, "label");
        ModelArtifact second =
                ModelArtifact.from(model(), temporary.resolve("second"), task, rows(50), 3, Optional.of("pair[1]"));
        try (Scorer scorer = second.scorer()) {
            assertThat(scorer.score(rows(2)).primary()).containsExactly(-0.75, -12.75);
        }
        Task binary = Task.of(Task.Kind.BINARY, "label");
        assertThatThrownBy(() -> ModelArtifact.from(model(), temporary.resolve("unclear"), binary, rows(50), 3))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(
                        "several outputs of the model can be its answer: total FP32[rows], pair FP32[rows, 2]");
        assertThatThrownBy(() -> ModelArtifact.from(
                        model(), temporary.resolve("margin"), binary, rows(50), 3, Optional.of("total")))
                .hasMessageContaining("where a probability is needed");
        assertThatThrownBy(() ->
                        ModelArtifact.from(model(), temporary.resolve("none"), task, rows(50), 3, Optional.of("totl")))
                .hasMessageContaining("one of the model's: total");
    }

    @Test
    void valueThatTheTensorCannotHold_isRefusedByColumnAndRow() throws URISyntaxException {
        try (Scorer scorer = artifact().scorer()) {
            Columns rows = rows(4);
            assertThatThrownBy(() -> scorer.score(changed(rows, builder -> {})))
                    .hasMessageContaining("input count is missing in row 0");
            assertThatThrownBy(() -> scorer.score(changed(rows, builder -> builder.integer(7, 1L << 40))))
                    .hasMessageContaining("count in row 0")
                    .hasMessageContaining("INT32");
            assertThatThrownBy(() -> scorer.score(rows.select(List.of("word"))))
                    .hasMessageContaining("input flag is missing");
        }
    }

    /** The first row, its count set by this. */
    private static Columns changed(Columns rows, java.util.function.Consumer<ColumnsBuilder> count) {
        ColumnsBuilder builder = Columns.builder(rows.schema(), 1);
        for (int c : new int[] {0, 1, 2, 3, 4, 6, 8}) {
            builder.number(c, 1);
        }
        builder.bool(5, true).text(9, "w");
        count.accept(builder);
        return builder.endRow().build();
    }

    @Test
    void closing_whileThreadsScore_answersWhatBeganAndRefusesTheRest() throws Exception {
        ModelArtifact artifact = artifact();
        Columns rows = rows(200);
        for (int round = 0; round < 10; round++) {
            Scorer scorer = artifact.scorer();
            double[] expected = scorer.score(rows).primary();
            CountDownLatch begun = new CountDownLatch(4);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Integer>> askers = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    askers.add(threads.submit(asking(scorer, rows, expected, begun)));
                }
                assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
                scorer.close();
                scorer.close(); // twice is once
                for (Future<Integer> asker : askers) {
                    assertThat(asker.get()).isPositive();
                }
            }
        }
    }

    private static Callable<Integer> asking(Scorer scorer, Columns rows, double[] expected, CountDownLatch begun) {
        return () -> {
            int answered = 0;
            while (true) {
                try {
                    assertThat(scorer.score(rows).primary()).isEqualTo(expected);
                    if (answered++ == 0) {
                        begun.countDown();
                    }
                } catch (Problem closed) {
                    assertThat(closed).hasMessageContaining("unloaded");
                    return answered;
                }
            }
        };
    }

    @Test
    void interruptedCaller_getsItsAnswerAndStaysInterrupted() throws Exception {
        try (Scorer scorer = artifact().scorer();
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<Boolean> asker = thread.submit(() -> {
                Thread.currentThread().interrupt();
                double[] answers = scorer.score(rows(2)).primary();
                return answers.length == 2 && Thread.interrupted();
            });
            assertThat(asker.get()).isTrue();
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
