package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.plimsoll.core.Json;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;
import tools.jackson.databind.JsonNode;

/**
 * ONNX models trained at random in Python, with the answers of ONNX Runtime. The program that drew them is
 * {@code src/test/python/onnx_models.py}; the system property {@code plimsoll.onnx.models} names a folder with more.
 */
class OnnxModelsTest {

    @TempDir
    Path temporary;

    static List<Path> models() throws IOException, URISyntaxException {
        String more = System.getProperty("plimsoll.onnx.models", "");
        Path folder = more.isEmpty()
                ? Path.of(Objects.requireNonNull(OnnxModelsTest.class.getResource("onnx"))
                        .toURI())
                : Path.of(more);
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isDirectory).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void onnxModel_ofAnyMaker_answersAsOnnxRuntime(Path folder) throws IOException {
        JsonNode about = Json.MAPPER.readTree(Files.readAllBytes(folder.resolve("about.json")));
        Task task = Task.of(Task.Kind.of(about.path("task").asString()), "label");
        Columns rows = rows(about);
        ModelArtifact artifact =
                ModelArtifact.from(folder.resolve("model.onnx"), temporary.resolve("artifact"), task, rows, 7);
        assertThat(artifact.golden().by())
                .startsWith(about.path("native").booleanValue() ? "ONNX Runtime" : "Plimsoll");
        try (Scorer scorer = artifact.scorer()) {
            assertThat(scorer.engine().startsWith("ONNX"))
                    .as("%s executed by %s", about.path("made"), scorer.engine())
                    .isNotEqualTo(about.path("native").booleanValue());
            Scores scores = scorer.score(rows);
            double[] expected = expected(about, artifact.signature().outputs().getFirst());
            double[] given = scores.values()[0];
            assertThat(given).hasSameSizeAs(expected);
            for (int i = 0; i < given.length; i++) {
                assertThat(Math.abs(given[i] - expected[i]))
                        .as(
                                "%s %s value %s: %s, ONNX Runtime's %s",
                                folder.getFileName(), about.path("made"), i, given[i], expected[i])
                        .isLessThanOrEqualTo(1e-6 * Math.max(1, Math.abs(expected[i])));
            }
            assertAloneAsTogether(scorer, rows, scores);
            assertThat(artifact.golden().judge(scorer).holds()).isTrue();
        }
    }

    private static void assertAloneAsTogether(Scorer scorer, Columns rows, Scores scores) {
        for (int row = 0; row < rows.rows(); row++) {
            Scores alone = scorer.score(rows.slice(row, row + 1));
            for (int output = 0; output < scores.outputs().size(); output++) {
                int width = scores.outputs().get(output).width();
                for (int k = 0; k < width; k++) {
                    assertThat(alone.values()[output][k])
                            .as("row %s of %s", row, scores.outputs().get(output))
                            .isEqualTo(scores.values()[output][row * width + k]);
                }
            }
        }
    }

    /** What ONNX Runtime answered in Python: the positive class's column of two. */
    private static double[] expected(JsonNode about, Signature.Output output) {
        JsonNode answer = about.path("answers").path(output.from().orElse(output.name()));
        List<Double> values = new ArrayList<>();
        for (JsonNode row : answer) {
            if (!row.isArray()) {
                values.add(row.doubleValue());
            } else if (output.width() == 1) {
                values.add(row.get(row.size() - 1).doubleValue());
            } else {
                row.forEach(value -> values.add(value.doubleValue()));
            }
        }
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Test
    void modelsOfEveryMaker_areThere() throws IOException, URISyntaxException {
        assertThat(models()).hasSizeGreaterThanOrEqualTo(40);
    }

    static Columns rows(JsonNode about) {
        List<Column> columns = new ArrayList<>();
        about.path("columns")
                .forEach(column -> columns.add(Column.optional(
                        column.path("name").asString(),
                        ColumnType.of(column.path("type").asString()))));
        ColumnsBuilder builder =
                Columns.builder(new Schema(columns), about.path("rows").size());
        for (JsonNode row : about.path("rows")) {
            for (int c = 0; c < columns.size(); c++) {
                JsonNode value = row.get(c);
                if (value.isNull()) {
                    continue;
                }
                switch (columns.get(c).type()) {
                    case NUMBER -> builder.number(c, value.doubleValue());
                    case INTEGER -> builder.integer(c, value.longValue());
                    case BOOLEAN -> builder.bool(c, value.booleanValue());
                    default -> builder.text(c, value.asString());
                }
            }
            builder.endRow();
        }
        return builder.build();
    }
}
