package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;
import org.plimsoll.store.FileBlobStore;
import org.plimsoll.store.Folders;
import tools.jackson.databind.JsonNode;

class ModelArtifactTest {

    private static final Task TASK = Json.read("{\"kind\":\"binary\",\"label\":\"late\"}", Task.class);

    @TempDir
    Path temporary;

    private Path folder;
    private ReferenceModelsTest.Reference reference;
    private Columns rows;
    private Features features;

    @BeforeEach
    void write() throws IOException, URISyntaxException {
        // of the reference models one that is binary:logistic
        Path made = Path.of(Objects.requireNonNull(getClass().getResource("models/xgboost-044"))
                .toURI());
        reference = ReferenceModelsTest.Reference.read(made);
        rows = columns(reference);
        features = numbers(rows);
        folder = temporary.resolve("artifact");
        Files.write(temporary.resolve(reference.file()), reference.model());
        ModelArtifact.write(folder, draft());
    }

    private ModelArtifact.Draft draft() {
        ModelArtifact.Maker xgboost = new ModelArtifact.Maker() {
            @Override
            public String name() {
                return "XGBoost 3.2.0";
            }

            @Override
            public double[] score(double[] x, int count) {
                return lookedUp(x, count);
            }
        };
        return new ModelArtifact.Draft(
                temporary.resolve(reference.file()), TASK, features, rows, 42, Optional.of(xgboost));
    }

    /** XGBoost's own answers, found again by the row's values. */
    private double[] lookedUp(double[] x, int count) {
        double[] answers = new double[count];
        for (int row = 0; row < count; row++) {
            double[] asked =
                    java.util.Arrays.copyOfRange(x, row * reference.features(), (row + 1) * reference.features());
            int found = 0;
            while (!java.util.Arrays.equals(reference.row(found), asked)) {
                found++;
            }
            answers[row] = reference.answers()[found];
        }
        return answers;
    }

    @Test
    void artifact_opened_answersRawRowsAsItsMakerDid() {
        ModelArtifact artifact = ModelArtifact.open(folder);
        assertThat(artifact.task()).isEqualTo(TASK);
        try (Scorer scorer = artifact.scorer()) {
            Scores scores = scorer.score(rows);
            assertThat(scores.encodedNames()).isEqualTo(features.names());
            assertThat(scores.encoded()).isEqualTo(reference.x());
            for (int row = 0; row < reference.rows(); row++) {
                assertThat(scores.primary()[row]).isCloseTo(reference.answers()[row], within());
            }
            Parity parity = artifact.golden().judge(scorer);
            assertThat(parity.holds()).isTrue();
            assertThat(parity.rows()).isGreaterThan(10);
            assertThat(parity.maxDifference()).isLessThan(1e-7);
        }
        assertThat(artifact.golden().by()).isEqualTo("XGBoost 3.2.0");
        assertThat(artifact.signature().outputs().toString()).isEqualTo("[probability FP32[rows]]");
    }

    @Test
    void explainer_ofAnArtifact_givesTheContributionsOfItsMaker() {
        Contributions contributions = ModelArtifact.open(folder).explainer().explain(rows);
        assertThat(contributions.columns()).isEqualTo(features.names());
        for (int row = 0; row < reference.rows(); row++) {
            assertThat(contributions.margin(row, 0))
                    .isCloseTo(reference.margins()[row], org.assertj.core.api.Assertions.within(1e-5));
            for (int c = 0; c < reference.features(); c++) {
                assertThat(contributions.of(row, 0, c))
                        .isCloseTo(
                                reference.contributions()[row * (reference.features() + 1) + c],
                                org.assertj.core.api.Assertions.within(1e-6));
            }
            List<Reason> reasons = contributions.reasons(row, 3);
            assertThat(reasons).hasSizeLessThanOrEqualTo(3).isNotEmpty();
            assertThat(Math.abs(reasons.getFirst().contribution()))
                    .isGreaterThanOrEqualTo(Math.abs(reasons.getLast().contribution()));
        }
    }

    @Test
    void lightgbmModel_becomesAnArtifactOfItsFlavour() throws IOException, URISyntaxException {
        reference = ReferenceModelsTest.Reference.read(
                Path.of(Objects.requireNonNull(getClass().getResource("models/lightgbm-001"))
                        .toURI())); // binary
        rows = columns(reference);
        features = numbers(rows);
        Files.write(temporary.resolve(reference.file()), reference.model());
        ModelArtifact artifact = ModelArtifact.write(temporary.resolve("lightgbm"), draft());
        try (Scorer scorer = artifact.scorer()) {
            assertThat(artifact.golden().judge(scorer).holds()).isTrue();
            assertThat(artifact.signature().outputs().toString()).isEqualTo("[probability FP64[rows]]");
        }
        assertThat(artifact.folder().resolve("MLmodel")).content().contains("loader_module: mlflow.lightgbm");
    }

    @ParameterizedTest
    @ValueSource(strings = {"xgboost", "lightgbm"})
    void folderOfAnOwnScript_isCompletedAndAnswersAsInPython(String flavour) throws IOException, URISyntaxException {
        Path made =
                Path.of(Objects.requireNonNull(getClass().getResource("mlflow")).toURI());
        JsonNode answers = Json.MAPPER.readTree(Files.readAllBytes(made.resolve("answers.json")));
        Columns sample = people(answers);
        ModelArtifact artifact =
                ModelArtifact.from(made.resolve(flavour), temporary.resolve("completed"), TASK, sample, 7);
        assertThat(artifact.signature().inputs().names()).containsExactly("age", "income", "score");
        try (Scorer scorer = artifact.scorer()) {
            double[] given = scorer.score(sample).primary();
            for (int row = 0; row < given.length; row++) {
                assertThat(given[row]).isCloseTo(answers.path(flavour).get(row).doubleValue(), within());
            }
        }
    }

    @Test
    void folderThatCannotBeAnsweredAlike_isRefusedWithTheReason() throws IOException, URISyntaxException {
        Path made =
                Path.of(Objects.requireNonNull(getClass().getResource("mlflow")).toURI());
        Columns sample = people(Json.MAPPER.readTree(Files.readAllBytes(made.resolve("answers.json"))));
        Path target = temporary.resolve("completed");
        assertThatThrownBy(() -> ModelArtifact.from(made.resolve("xgboost-stopped"), target, TASK, sample, 7))
                .hasMessageContaining("stopped early");
        Columns fewer = sample.select(List.of("age", "income"));
        assertThatThrownBy(() -> ModelArtifact.from(made.resolve("xgboost"), target, TASK, fewer, 7))
                .hasMessageContaining("the model takes the columns age, income, score, and the data has no score");
        assertThat(target).doesNotExist();
    }

    private static Columns people(JsonNode answers) {
        Schema schema = Schema.of(
                Column.required("age", ColumnType.NUMBER),
                Column.required("income", ColumnType.NUMBER),
                Column.required("score", ColumnType.NUMBER));
        ColumnsBuilder builder = Columns.builder(schema, 5);
        for (JsonNode row : answers.path("rows")) {
            for (int c = 0; c < 3; c++) {
                builder.number(c, row.get(c).doubleValue());
            }
            builder.endRow();
        }
        return builder.build();
    }

    @Test
    void artifact_writtenTwice_hasOneDigest_theOneOfTheBlobStore() throws IOException {
        ModelArtifact again = ModelArtifact.write(temporary.resolve("again"), draft());
        assertThat(again.digest()).isEqualTo(ModelArtifact.open(folder).digest());
        FileBlobStore blobs = new FileBlobStore(temporary.resolve("blobs"));
        assertThat(Folders.add(blobs, folder)).isEqualTo(again.digest());
        assertThatThrownBy(() -> ModelArtifact.write(folder, draft())).hasMessageContaining("not empty");
    }

    @Test
    void changedModel_isFoundByItsGoldenRows() throws IOException {
        // negative control: parity can fail
        Path file = folder.resolve(reference.file());
        String text = Files.readString(file);
        Files.writeString(file, text.replaceFirst("\"base_score\":\"[^\"]*\"", "\"base_score\":\"[2E-1]\""));
        try (Scorer scorer = ModelArtifact.open(folder).scorer()) {
            Parity parity = ModelArtifact.open(folder).golden().judge(scorer);
            assertThat(parity.holds()).isFalse();
            assertThat(parity.differences())
                    .hasSizeBetween(1, 10)
                    .allSatisfy(each -> assertThat(each).contains("recorded"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MLmodel", "features.json", "golden.json", "task.json"})
    void artifact_withoutAPart_orWithABrokenOne_isRefusedByName(String part) throws IOException {
        Path file = folder.resolve(part);
        byte[] whole = Files.readAllBytes(file);
        Files.delete(file);
        assertThatThrownBy(() -> ModelArtifact.open(folder))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(part);
        // a shorter MLmodel can still be one; the other parts end with a brace
        int[] lengths =
                part.equals("MLmodel") ? new int[] {0, 1, 20} : new int[] {0, 1, whole.length / 2, whole.length - 2};
        for (int length : lengths) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ModelArtifact.open(folder).scorer())
                    .as("%s bytes of %s", length, part)
                    .isInstanceOf(Problem.class);
        }
    }

    @Test
    void taskOfAnotherKind_thanTheModelAnswers_isRefused() {
        Task regression = Task.of(Task.Kind.REGRESSION, "delay");
        ModelArtifact.Draft wrong =
                new ModelArtifact.Draft(temporary.resolve(reference.file()), regression, features, rows, 42);
        assertThatThrownBy(() -> ModelArtifact.write(temporary.resolve("wrong"), wrong))
                .hasMessageContaining("the task is regression, and the model answers probability");
        assertThat(temporary.resolve("wrong")).doesNotExist();
    }

    @Test
    void goldenRows_coverExtremesMissingAndCategories() {
        Schema schema =
                Schema.of(Column.optional("number", ColumnType.NUMBER), Column.optional("word", ColumnType.CATEGORY));
        ColumnsBuilder builder = Columns.builder(schema, 5_000);
        for (int row = 0; row < 5_000; row++) {
            if (row != 4_321) {
                builder.number(0, row == 1_234 ? -1e9 : row == 2_345 ? 1e9 : row % 7);
            }
            builder.text(1, row == 3_456 ? "rare" : "frequent").endRow();
        }
        Columns chosen = GoldenRows.choose(builder.build(), 1);
        List<String> seen = new ArrayList<>();
        for (int row = 0; row < chosen.rows(); row++) {
            seen.add(chosen.written(0, row).orElse("missing"));
            seen.add(chosen.written(1, row).orElseThrow());
        }
        assertThat(seen).contains("-1000000000", "1000000000", "missing", "rare", "frequent");
        assertThat(chosen.rows()).isBetween(50, 400);
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.api.Assertions.within(1e-7);
    }

    private static Features numbers(Columns rows) {
        List<FeatureSpec> specs = rows.schema().names().stream()
                .map(name -> FeatureSpec.read(name, Json.MAPPER.stringNode("number")))
                .toList();
        return Features.fit(specs, rows, ZoneOffset.UTC);
    }

    private static Columns columns(ReferenceModelsTest.Reference reference) {
        Schema schema = new Schema(Stream.iterate(0, i -> i + 1)
                .limit(reference.features())
                .map(i -> Column.optional("f" + i, ColumnType.NUMBER))
                .toList());
        ColumnsBuilder builder = Columns.builder(schema, reference.rows());
        for (int row = 0; row < reference.rows(); row++) {
            for (int c = 0; c < schema.size(); c++) {
                builder.number(c, reference.row(row)[c]);
            }
            builder.endRow();
        }
        return builder.build();
    }
}
