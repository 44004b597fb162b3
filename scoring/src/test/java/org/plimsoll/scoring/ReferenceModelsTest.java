package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

    static List<Path> lightgbm() throws IOException, URISyntaxException {
        return models("lightgbm");
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("xgboost")
    void xgboostModel_anyObjective_hasTheMarginsOfXgboostBitForBit(Path folder) throws IOException {
        Reference reference = Reference.read(folder);
        try (TreeEngine engine = XgboostFile.read(reference.file, reference.model)) {
            assertMarginsEqual(engine, reference);
            double[] answers = engine.score(reference.x, reference.rows)[0];
            for (int i = 0; i < answers.length; i++) {
                float expected = (float) reference.answers[i];
                double difference =
                        answers[i] == expected ? 0 : Math.abs(answers[i] - expected); // both may be infinite
                assertThat(difference)
                        .as("answer %s: %s, XGBoost's %s, %s", i, answers[i], expected, reference.about)
                        .isZero();
            }
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("lightgbm")
    void lightgbmModel_anyObjective_hasTheMarginsOfLightgbmBitForBit(Path folder) throws IOException {
        Reference reference = Reference.read(folder);
        try (TreeEngine engine = LightgbmFile.read(reference.file, reference.model)) {
            assertMarginsEqual(engine, reference);
            double[] answers = engine.score(reference.x, reference.rows)[0];
            for (int i = 0; i < answers.length; i++) {
                double expected = reference.answers[i];
                assertThat(Math.abs(answers[i] - expected))
                        .as("answer %s: %s, LightGBM's %s, %s", i, answers[i], expected, reference.about)
                        .isLessThanOrEqualTo(tolerance(expected, reference));
            }
        }
    }

    /** Before 3.3, LightGBM computed ln(1 + e^x) from the sum, which loses what is below a unit of 1; its files do not tell these versions apart. */
    private static double tolerance(double expected, Reference reference) {
        boolean fromTheSum = reference.about.contains("cross_entropy_lambda")
                && (reference.about.contains("\"2.") || reference.about.contains("\"3.1"));
        return fromTheSum ? 4 * Math.ulp(Math.max(1, expected)) : 0;
    }

    /** Bit for bit; what they add up to is the margin but for XGBoost's own rounding, which it does in float. */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("xgboost")
    void xgboostModel_anyObjective_hasTheContributionsOfXgboost(Path folder) throws IOException {
        Reference reference = Reference.read(folder);
        assertContributionsEqual(XgboostFile.explainer(reference.file, reference.model), reference, 0, 2e-6);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("lightgbm")
    void lightgbmModel_anyObjective_hasTheContributionsOfLightgbm(Path folder) throws IOException {
        Reference reference = Reference.read(folder);
        assertContributionsEqual(LightgbmFile.explainer(reference.file, reference.model), reference, 1e-9, 1e-9);
    }

    private static void assertContributionsEqual(
            Attribution attribution, Reference reference, double tolerance, double marginTolerance) {
        double[] values = attribution.explain(reference.x, reference.rows);
        double[] base = attribution.base();
        int features = reference.features;
        for (int i = 0; i < reference.rows * reference.width; i++) {
            double[] expected = Arrays.copyOfRange(
                    reference.contributions, i * (features + 1), (i + 1) * (features + 1)); // the base last
            double[] given = Arrays.copyOf(Arrays.copyOfRange(values, i * features, (i + 1) * features), features + 1);
            given[features] = base[i % reference.width];
            double added = Math.max(1, Arrays.stream(expected).map(Math::abs).sum());
            assertThat(given)
                    .as("row %s, %s", i / reference.width, reference.about)
                    .containsExactly(expected, within(tolerance * added));
            assertThat(Arrays.stream(given).sum())
                    .as("sum of row %s, %s", i / reference.width, reference.about)
                    .isCloseTo(reference.margins[i], within(marginTolerance * added));
        }
    }

    @Test
    void lightgbmModel_overNumbersThatFloatsDoNotHold_hasItsMarginsBitForBit() throws IOException, URISyntaxException {
        Path folder = Path.of(
                Objects.requireNonNull(getClass().getResource("doubles")).toURI());
        JsonNode about = Json.MAPPER.readTree(Files.readAllBytes(folder.resolve("about.json")));
        double[] x = new double[about.path("rows").size() * 4];
        double[] rounded = new double[x.length];
        double[] margins = new double[about.path("rows").size()];
        for (int i = 0; i < x.length; i++) {
            JsonNode value = about.path("rows").get(i / 4).get(i % 4);
            x[i] = value.isNull() ? Double.NaN : value.doubleValue();
            rounded[i] = (float) x[i];
            margins[i / 4] = about.path("margins").get(i / 4).doubleValue();
        }
        try (TreeEngine engine = LightgbmFile.read("model.txt", Files.readAllBytes(folder.resolve("model.txt")))) {
            assertThat(engine.precision()).isEqualTo(Precision.DOUBLE);
            assertThat(engine.margins(x, margins.length)).isEqualTo(margins);
            assertThat(engine.margins(rounded, margins.length)).isNotEqualTo(margins); // negative control
        }
    }

    private static void assertMarginsEqual(TreeEngine engine, Reference reference) {
        double[] margins = engine.margins(reference.x, reference.rows);
        assertThat(margins).as(reference.about).isEqualTo(reference.margins);
        for (int row = 0; row < reference.rows; row++) {
            assertThat(engine.margins(reference.row(row), 1))
                    .as("row %s alone, %s", row, reference.about)
                    .isEqualTo(
                            Arrays.copyOfRange(reference.margins, row * reference.width, (row + 1) * reference.width));
        }
    }

    @Test
    void referenceModels_areThere() throws IOException, URISyntaxException {
        if (System.getProperty("plimsoll.reference.models", "").isEmpty()) {
            assertThat(xgboost()).hasSizeGreaterThanOrEqualTo(60);
            assertThat(lightgbm()).hasSizeGreaterThanOrEqualTo(30);
        } else {
            assertThat(models()).as("a folder may hold one family alone").isNotEmpty();
        }
    }

    /** A model with its maker's answers. */
    record Reference(
            String file,
            byte[] model,
            String about,
            int rows,
            int features,
            int width,
            double[] x,
            double[] margins,
            double[] answers,
            double[] contributions) {

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
                    doubles(folder, "x", "f64"),
                    doubles(folder, "margins", about.path("kind").asString()),
                    doubles(folder, "answers", about.path("kind").asString()),
                    doubles(folder, "contributions", about.path("kind").asString()));
        }

        double[] row(int row) {
            return Arrays.copyOfRange(x, row * features, (row + 1) * features);
        }

        private static double[] widened(float[] narrow) {
            double[] values = new double[narrow.length];
            Arrays.setAll(values, i -> narrow[i]);
            return values;
        }

        private static double[] doubles(Path folder, String name, String kind) throws IOException {
            if (kind.equals("f32")) {
                return widened(floats(folder.resolve(name + ".f32")));
            }
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(folder.resolve(name + ".f64")))
                    .order(ByteOrder.LITTLE_ENDIAN);
            double[] values = new double[bytes.remaining() / 8];
            bytes.asDoubleBuffer().get(values);
            return values;
        }

        private static float[] floats(Path file) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            float[] values = new float[bytes.remaining() / 4];
            bytes.asFloatBuffer().get(values);
            return values;
        }
    }
}
