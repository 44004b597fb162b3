package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;

class LinearFileTest {

    @TempDir
    Path temporary;

    private static final LinearFile LOGISTIC =
            new LinearFile("logistic", List.of("a", "b"), List.of(List.of(0.5, -2.0)), List.of(0.25));

    @Test
    void logisticModel_becomesAnArtifactOfItsOwn() throws IOException {
        Schema schema = Schema.of(
                Column.required("b", ColumnType.NUMBER),
                Column.required("label", ColumnType.NUMBER),
                Column.required("a", ColumnType.NUMBER));
        ColumnsBuilder builder = Columns.builder(schema, 9);
        for (int row = 0; row < 9; row++) {
            builder.number(0, row * 0.1).number(1, row % 2).number(2, row).endRow();
        }
        Columns rows = builder.build();
        Path file = temporary.resolve("model.linear.json");
        Files.write(file, LOGISTIC.write());
        Task task = Task.of(Task.Kind.BINARY, "label");
        ModelArtifact artifact = ModelArtifact.from(file, temporary.resolve("artifact"), task, rows, 1);
        try (Scorer scorer = artifact.scorer()) {
            assertThat(scorer.engine()).isEqualTo("linear: 2 features, 1 output");
            double[] answers = scorer.score(rows).primary();
            for (int row = 0; row < 9; row++) {
                double margin = 0.25 + 0.5 * row - 2 * (row * 0.1);
                assertThat(answers[row]).isCloseTo(1 / (1 + Math.exp(-margin)), within(1e-15));
            }
            assertThat(artifact.golden().judge(scorer).holds()).isTrue();
        }
    }

    @Test
    void softmax_overSeveralOutputs_sumsToOne() {
        LinearFile file = new LinearFile(
                "softmax", List.of("a"), List.of(List.of(1.0), List.of(2.0), List.of(3.0)), List.of(0.0, 0.0, 0.0));
        double[] answers = LinearFile.read("m", file.write()).score(new double[] {1, Double.NaN}, 2)[0];
        // exp(1), exp(2), exp(3) over their sum
        assertThat(answers[0]).isCloseTo(0.09003057317038046, within(1e-15));
        assertThat(answers[2]).isCloseTo(0.6652409557748219, within(1e-15));
        assertThat(answers[3]).isNaN(); // nothing is made up for a missing value
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"format\":\"plimsoll.linear\"}",
                "{\"format\":\"plimsoll.linear\",\"v\":2,\"link\":\"identity\",\"features\":[\"a\"],\"coefficients\":[[1]],\"intercepts\":[1]}",
                "{\"format\":\"plimsoll.linear\",\"v\":1,\"link\":\"probit\",\"features\":[\"a\"],\"coefficients\":[[1]],\"intercepts\":[1]}",
                "{\"format\":\"plimsoll.linear\",\"v\":1,\"link\":\"identity\",\"features\":[\"a\"],\"coefficients\":[[1,2]],\"intercepts\":[1]}",
                "{\"format\":\"plimsoll.linear\",\"v\":1,\"link\":\"identity\",\"features\":[\"a\"],\"coefficients\":[[1],[2]],\"intercepts\":[1,2]}",
                "{\"format\":\"plimsoll.linear\",\"v\":1,\"link\":\"identity\",\"features\":[],\"coefficients\":[],\"intercepts\":[]}",
                "{\"format\":\"plimsoll.linear\",\"v\":1,\"link\":\"identity\",\"features\":[\"a\"],\"coefficients\":[[NaN]],\"intercepts\":[1]}"
            })
    void brokenFile_isRefused(String json) {
        assertThatThrownBy(() -> LinearFile.read("model.linear.json", json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Problem.class);
    }

    @Test
    void contributions_andTheIntercept_addUpToTheMargin() {
        LinearEngine engine = LinearFile.read("m", LOGISTIC.write());
        double[] x = {3, 4, -1, 0.5};
        Attribution attribution = engine.attribution();
        assertThat(attribution.base()).containsExactly(0.25);
        assertThat(attribution.explain(x, 2)).containsExactly(1.5, -8, -0.5, -1);
        assertThat(engine.margins(x, 2)).containsExactly(0.25 + 1.5 - 8, 0.25 - 0.5 - 1);
    }
}
