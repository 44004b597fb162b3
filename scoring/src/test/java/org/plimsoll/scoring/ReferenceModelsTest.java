package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.plimsoll.core.Json;
import tools.jackson.databind.JsonNode;

/**
 * Models trained at random in Python, with their makers' own answers. The program that drew them is
 * {@code src/test/python/reference_models.py}; the system property {@code plimsoll.reference.models} names a folder with more.
 */
class ReferenceModelsTest {

    static List<Path> models() throws IOException, URISyntaxException {
        String more = System.getProperty("plimsoll.reference.models", "");
        Path folder = more.isEmpty()
                ? Path.of(Objects.requireNonNull(ReferenceModelsTest.class.getResource("models"))
                        .toURI())
                : Path.of(more);
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static List<Path> models(String family) throws IOException, URISyntaxException {
        return models().stream()
                .filter(model -> model.getFileName().toString().startsWith(family))
                .toList();
    }

    static List<Path> xgboost() throws IOException, URISyntaxException {
        return models("xgboost");
    }

    @ParameterizedTest
    @MethodSource("xgboost")
    void xgboostModel_anyObjective_hasTheMarginsOfXgboostBitForBit(Path folder) throws IOException {
        Reference reference = Reference.read(folder);
        try (TreeEngine engine = XgboostFile.read(reference.file, reference.model)) {
            float[] margins = engine.margins(reference.x, reference.rows);
            assertThat(bits(margins)).as(reference.about).isEqualTo(bits(reference.margins));
            for (int row = 0; row < reference.rows; row++) {
                assertThat(bits(engine.margins(reference.row(row), 1)))
                        .as("row %s alone, %s", row, reference.about)
                        .isEqualTo(bits(reference.of(reference.margins, row)));
            }
            double[] answers = engine.score(reference.x, reference.rows)[0];
            for (int i = 0; i < answers.length; i++) {
                float expected = reference.answers[i];
                assertThat(Math.abs(answers[i] - expected))
                        .as("answer %s: %s, XGBoost's %s, %s", i, answers[i], expected, reference.about)
                        .isLessThanOrEqualTo(Math.ulp(expected));
            }
        }
    }

    @Test
    void referenceModels_areThere() throws IOException, URISyntaxException {
        assertThat(xgboost()).hasSizeGreaterThanOrEqualTo(60);
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    /** A model with its maker's answers. */
    record Reference(
            String file,
            byte[] model,
            String about,
            int rows,
            int features,
            int width,
            float[] x,
            float[] margins,
            float[] answers) {

        static Reference read(Path folder) throws IOException {
            JsonNode about = Json.MAPPER.readTree(Files.readAllBytes(folder.resolve("about.json")));
            Path file;
            try (Stream<Path> files = Files.list(folder)) {
                file = files.filter(each -> each.getFileName().toString().startsWith("model."))
                        .findFirst()
                        .orElseThrow();
            }
            return new Reference(
                    file.getFileName().toString(),
                    Files.readAllBytes(file),
                    folder.getFileName() + " " + about,
                    about.path("rows").asInt(),
                    about.path("features").asInt(),
                    about.path("width").asInt(),
                    floats(folder.resolve("x.f32")),
                    floats(folder.resolve("margins.f32")),
                    floats(folder.resolve("answers.f32")));
        }

        float[] row(int row) {
            return java.util.Arrays.copyOfRange(x, row * features, (row + 1) * features);
        }

        float[] of(float[] values, int row) {
            return java.util.Arrays.copyOfRange(values, row * width, (row + 1) * width);
        }

        private static float[] floats(Path file) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            float[] values = new float[bytes.remaining() / 4];
            bytes.asFloatBuffer().get(values);
            return values;
        }
    }
}
