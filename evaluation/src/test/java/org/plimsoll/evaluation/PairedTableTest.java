package org.plimsoll.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.plimsoll.core.Json;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;
import org.plimsoll.evaluation.Measurement.Estimate;
import org.plimsoll.scoring.Task;
import tools.jackson.databind.JsonNode;

/** Against scikit-learn and statsmodels; {@code src/test/python/paired_reference.py} made rows and numbers. */
class PairedTableTest {

    private static final Schema SCHEMA = Schema.of(
            Column.required(Schema.FILE, ColumnType.TEXT),
            Column.required(Schema.ROW, ColumnType.INTEGER),
            Column.required("cluster", ColumnType.TEXT),
            Column.required("label", ColumnType.NUMBER),
            Column.required("weight", ColumnType.NUMBER),
            Column.required("candidate", ColumnType.NUMBER),
            Column.required("champion", ColumnType.NUMBER),
            Column.required("segment.origin", ColumnType.TEXT));

    private static final Task TASK = Json.read("""
            {"kind":"binary","label":"late","segments":["origin"],"costs":{"false_positive":1,"false_negative":4}}
            """, Task.class);

    private static String resource(String name) {
        try (InputStream file = Objects.requireNonNull(PairedTableTest.class.getResourceAsStream(name))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static PairedTable table(int most) {
        ColumnsBuilder builder = Columns.builder(SCHEMA, 1_500);
        resource("paired.csv").lines().skip(1).limit(most).forEach(line -> {
            String[] cells = line.split(",");
            builder.text(0, cells[0])
                    .integer(1, Long.parseLong(cells[1]))
                    .text(2, cells[2])
                    .number(3, Double.parseDouble(cells[3]))
                    .number(4, Double.parseDouble(cells[4]))
                    .number(5, Double.parseDouble(cells[5]))
                    .number(6, Double.parseDouble(cells[6]))
                    .text(7, cells[7])
                    .endRow();
        });
        return new PairedTable(builder.build(), TASK);
    }

    @Test
    void measurements_equalScikitLearnAndStatsmodels() {
        PairedTable table = table(Integer.MAX_VALUE);
        JsonNode expected =
                Json.read(resource("paired_expected.json"), JsonNode.class).get("expected");
        for (JsonNode line : expected) {
            Metric metric = Metric.parse(line.get("metric").asString());
            String origin = line.get("origin").asString();
            Scope scope = origin.isEmpty() ? Scope.ALL : Scope.of("origin", origin);

            Measurement paired = table.measure(metric, scope, Optional.of(Reference.CHAMPION));
            Measurement alone = table.measure(metric, scope, Optional.empty());

            String what = metric + " of " + scope;
            Estimate estimate = paired.estimate().orElseThrow(() -> new AssertionError(what + ": " + paired.missing()));
            assertThat(estimate.candidate())
                    .as(what)
                    .isCloseTo(line.get("candidate").asDouble(), within(1e-12));
            assertThat(estimate.reference().orElseThrow())
                    .as(what)
                    .isCloseTo(line.get("champion").asDouble(), within(1e-12));
            assertThat(estimate.value())
                    .as(what)
                    .isCloseTo(line.get("difference").asDouble(), within(1e-12));
            assertThat(estimate.standardError())
                    .as(what)
                    .isCloseTo(line.get("standard_error").asDouble(), within(1e-10));
            assertThat(alone.estimate().orElseThrow().standardError())
                    .as(what)
                    .isCloseTo(line.get("own_error").asDouble(), within(1e-10));
            assertThat(paired.rows()).as(what).isEqualTo(line.get("rows").asLong());
            assertThat(paired.clusters())
                    .as(what)
                    .isEqualTo(line.get("clusters").asLong());
            assertThat(paired.rarer()).as(what).isEqualTo(line.get("rarer").asLong());
        }
        assertThat(expected.size()).isEqualTo(36);
    }

    @Test
    void metricWithoutClosedForm_isBootstrappedByCluster() {
        PairedTable table = table(Integer.MAX_VALUE);
        JsonNode values = Json.read(resource("paired_expected.json"), JsonNode.class)
                .get("values")
                .get("average_precision");

        Measurement measured =
                table.measure(Metric.parse("average_precision"), Scope.ALL, Optional.of(Reference.CHAMPION));

        Estimate estimate = measured.estimate().orElseThrow();
        assertThat(estimate.candidate()).isCloseTo(values.get(0).asDouble(), within(1e-12));
        assertThat(estimate.reference().orElseThrow()).isCloseTo(values.get(1).asDouble(), within(1e-12));
        assertThat(estimate.standardError()).isBetween(0.005, 0.1);
        assertThat(table.measure(Metric.parse("average_precision"), Scope.ALL, Optional.of(Reference.CHAMPION)))
                .as("the same draws each time")
                .isEqualTo(measured);
    }

    @Test
    void numberThatDoesNotExist_isAMeasurementWithoutEstimate() {
        PairedTable table = table(Integer.MAX_VALUE);
        Optional<Reference> champion = Optional.of(Reference.CHAMPION);

        assertThat(table.measure(Metric.parse("auc"), Scope.of("origin", "DEN"), champion)
                        .missing())
                .isPresent();
        assertThatThrownBy(() -> table.measure(Metric.parse("auc"), Scope.of("colour", "red"), champion))
                .hasMessageContaining("a segment of the task: origin");
        assertThat(table.measure(Metric.parse("auc"), Scope.ALL, Optional.of(Reference.ANCHOR))
                        .missing())
                .isPresent();
        assertThat(table.measure(Metric.parse("rmse"), Scope.ALL, champion).missing())
                .isPresent();
        assertThat(table(1).measure(Metric.parse("auc"), Scope.ALL, champion).missing())
                .isPresent();
        assertThat(table.measure(Metric.parse("auc"), Scope.ALL, champion).missing())
                .isEmpty();
    }

    @Test
    void segments_areThoseWithRows() {
        assertThat(table(Integer.MAX_VALUE).values("origin")).containsExactly("DFW", "LAX", "ORD");
        assertThat(table(Integer.MAX_VALUE).clusters()).isEqualTo(14);
        assertThat(List.copyOf(table(1).values("origin"))).hasSize(1);
    }

    /** Six rows, each its own cluster; decided at 1/(1 + 4) = 0.2. */
    private static PairedTable independent(double weight, int repeated) {
        double[][] rows = {
            {1, 0.9, 0.9}, {1, 0.3, 0.1}, {1, 0.1, 0.2}, {1, 0.1, 0.1}, {0, 0.1, 0.1}, {0, 0.3, 0.1},
        };
        ColumnsBuilder builder = Columns.builder(SCHEMA, rows.length * repeated);
        for (int i = 0; i < rows.length * repeated; i++) {
            double[] row = rows[i % rows.length];
            builder.text(0, "a")
                    .integer(1, i)
                    .text(2, "row " + i)
                    .number(3, row[0])
                    .number(4, weight)
                    .number(5, row[1])
                    .number(6, row[2])
                    .text(7, "LAX")
                    .endRow();
        }
        return new PairedTable(builder.build(), TASK);
    }

    @Test
    void sharesOfFewIndependentRows_areCounted() {
        PairedTable table = independent(1, 1);
        Optional<Reference> champion = Optional.of(Reference.CHAMPION);

        assertThat(counted(table, "accuracy", champion)).contains(new Counted(6, 1, 2));
        assertThat(counted(table, "recall", champion)).contains(new Counted(4, 1, 1));
        assertThat(counted(table, "specificity", champion)).contains(new Counted(2, 0, 1));
        assertThat(counted(table, "accuracy", Optional.empty())).contains(new Counted(6, 3, 0));
        assertThat(counted(table, "recall", Optional.empty())).contains(new Counted(4, 2, 0));
        assertThat(counted(table, "specificity", Optional.empty())).contains(new Counted(2, 1, 0));
        assertThat(table.measure(Metric.parse("recall"), Scope.ALL, champion).method())
                .isEqualTo("Tango's score interval, paired");
        assertThat(table.measure(Metric.parse("recall"), Scope.ALL, Optional.empty())
                        .method())
                .isEqualTo("exact binomial bounds");
    }

    @Test
    void otherMetricsAndRows_areNotCounted() {
        Optional<Reference> champion = Optional.of(Reference.CHAMPION);

        for (String metric : List.of("precision", "balanced_accuracy", "auc", "log_loss", "expected_cost")) {
            assertThat(counted(independent(1, 1), metric, champion)).as(metric).isEmpty();
        }
        assertThat(counted(table(Integer.MAX_VALUE), "accuracy", champion))
                .as("rows of a day share luck")
                .isEmpty();
        assertThat(counted(independent(2, 1), "accuracy", champion))
                .as("weighted")
                .isEmpty();
        assertThat(counted(independent(1, 333), "accuracy", champion))
                .as("1,998 rows")
                .isPresent();
        assertThat(counted(independent(1, 334), "accuracy", champion))
                .as("2,004 rows")
                .isEmpty();
        assertThat(counted(independent(1, 334), "recall", champion))
                .as("1,336 positive rows")
                .isPresent();
    }

    private static Optional<Counted> counted(PairedTable table, String metric, Optional<Reference> than) {
        return table.measure(Metric.parse(metric), Scope.ALL, than)
                .estimate()
                .orElseThrow()
                .counted();
    }
}
