package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;
import tools.jackson.databind.JsonNode;

/**
 * Models trained on tables with categories, brought as people bring them: a file and raw rows. The program that drew them is
 * {@code src/test/python/table_models.py}; the system property {@code plimsoll.table.models} names a folder with more.
 */
class TableModelsTest {

    @TempDir
    Path temporary;

    static List<Path> models() throws IOException, URISyntaxException {
        String more = System.getProperty("plimsoll.table.models", "");
        Path folder = more.isEmpty()
                ? Path.of(Objects.requireNonNull(TableModelsTest.class.getResource("tables"))
                        .toURI())
                : Path.of(more);
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static JsonNode about(Path folder) throws IOException {
        return Json.MAPPER.readTree(Files.readAllBytes(folder.resolve("about.json")));
    }

    private static Path file(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(each -> each.getFileName().toString().startsWith("model."))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Task task(JsonNode about) {
        String kind = about.path("task").asString();
        List<String> classes = IntStream.range(0, about.path("classes").intValue())
                .mapToObj(i -> "class " + i)
                .toList();
        String group = kind.equals("ranking") ? ",\"group\":\"query\"" : "";
        return Json.read(
                "{\"kind\":\"" + kind + "\",\"label\":\"label\",\"classes\":" + Json.text(classes) + group + "}",
                Task.class);
    }

    @ParameterizedTest
    @MethodSource("models")
    void modelOfATable_askedWithRawRows_answersAsItsMaker(Path folder) throws IOException {
        JsonNode about = about(folder);
        Columns rows = OnnxModelsTest.rows(about);
        ModelArtifact artifact = ModelArtifact.from(file(folder), temporary.resolve("artifact"), task(about), rows, 1);
        try (Scorer scorer = ModelArtifact.open(artifact.folder()).scorer()) {
            double[] given = scorer.score(rows).values()[0];
            assertThat(given).hasSize(about.path("answers").size());
            for (int i = 0; i < given.length; i++) {
                double expected = about.path("answers").get(i).doubleValue();
                assertThat(given[i])
                        .as("answer %s of %s", i, about.path("drawn"))
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void categoryThatTrainingDidNotSee_isRefusedAsXgboostRefusesIt() throws IOException, URISyntaxException {
        Path folder = models().getFirst();
        JsonNode about = about(folder);
        Columns rows = OnnxModelsTest.rows(about);
        ModelArtifact artifact = ModelArtifact.from(file(folder), temporary.resolve("artifact"), task(about), rows, 1);
        Columns other = Columns.builder(Schema.of(Column.optional("word", ColumnType.CATEGORY)), 1)
                .text(0, "never seen")
                .endRow()
                .build();
        try (Scorer scorer = artifact.scorer()) {
            assertThatThrownBy(() -> scorer.score(other))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("input word is never seen in row 0");
        }
    }

    @Test
    void classesOfTheTask_thatAreNotThoseOfTheModel_areRefused() throws IOException, URISyntaxException {
        for (Path folder : models()) {
            JsonNode about = about(folder);
            if (about.path("classes").intValue() > 0) {
                Task other = Json.read(
                        "{\"kind\":\"multiclass\",\"label\":\"label\",\"classes\":[\"one\",\"two\"]}", Task.class);
                Columns rows = OnnxModelsTest.rows(about);
                assertThatThrownBy(
                                () -> ModelArtifact.from(file(folder), temporary.resolve("artifact"), other, rows, 1))
                        .isInstanceOf(Problem.class)
                        .hasMessageContaining("task.classes names one, two");
                return;
            }
        }
        throw new AssertionError("no model of several classes");
    }

    @Test
    void wordsForAModelThatKeepsNone_areRefusedWithWhatToDo() throws IOException, URISyntaxException {
        Path folder = models().stream()
                .filter(each -> Files.exists(each.resolve("model.json")))
                .findFirst()
                .orElseThrow();
        JsonNode about = about(folder);
        Columns rows = OnnxModelsTest.rows(about);
        Path file = temporary.resolve("model.json");
        String text = Files.readString(file(folder));
        Files.writeString(file, text.replace("\"cats\"", "\"dogs\""));
        assertThatThrownBy(() -> ModelArtifact.from(file, temporary.resolve("artifact"), task(about), rows, 1))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("column word")
                .hasMessageContaining("does not keep which number each word has");
    }
}
