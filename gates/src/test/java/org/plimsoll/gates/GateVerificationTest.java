package org.plimsoll.gates;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Json;
import org.plimsoll.core.PolicyName;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;
import org.plimsoll.evaluation.Evaluation;
import org.plimsoll.evaluation.Measurement;
import org.plimsoll.evaluation.Measurement.Estimate;
import org.plimsoll.evaluation.Metric;
import org.plimsoll.evaluation.PairedTable;
import org.plimsoll.evaluation.Reference;
import org.plimsoll.evaluation.Scope;
import org.plimsoll.scoring.Task;

/** A report is verified with the rows it was computed from: every number is computed again, and none may differ. */
class GateVerificationTest {

    private static final Task TASK =
            Json.read("{\"kind\":\"binary\",\"label\":\"late\",\"segments\":[\"origin\"]}", Task.class);
    private static final Digest FILE = Digest.of("table");
    private static final Columns ROWS = rows(0);
    private static final String POLICY = """
            policy: mine
            applies_to: {tiers: [T3], environments: [production]}
            must_hold: [{metric: auc, not_worse_than: champion by 0.05}]
            """;

    /** Paired scores of 600 rows; one of them moved by so much. */
    private static Columns rows(double moved) {
        Schema schema = Schema.of(
                Column.required(Schema.FILE, ColumnType.TEXT),
                Column.required(Schema.ROW, ColumnType.INTEGER),
                Column.required("cluster", ColumnType.TEXT),
                Column.required("label", ColumnType.NUMBER),
                Column.required("weight", ColumnType.NUMBER),
                Column.required("candidate", ColumnType.NUMBER),
                Column.required("champion", ColumnType.NUMBER),
                Column.required("segment.origin", ColumnType.TEXT));
        ColumnsBuilder builder = Columns.builder(schema, 600);
        SplittableRandom random = new SplittableRandom(20_010_215);
        for (int row = 0; row < 600; row++) {
            double truth = random.nextDouble();
            double label = random.nextDouble() < truth ? 1 : 0;
            double noise = random.nextDouble();
            builder.text(0, "file")
                    .integer(1, row)
                    .text(2, "day " + row / 40)
                    .number(3, label)
                    .number(4, 1)
                    .number(5, 0.9 * truth + 0.1 * random.nextDouble() + (row == 7 ? moved : 0))
                    .number(6, 0.8 * truth + 0.2 * noise)
                    .text(7, row % 3 == 0 ? "ORD" : "DFW")
                    .endRow();
        }
        return builder.build();
    }

    private static GateReport report(UnaryOperator<Measurement> edited) {
        PairedTable table = new PairedTable(ROWS, TASK);
        List<Measurement> measurements = new ArrayList<>();
        for (Scope scope : List.of(Scope.ALL, Scope.of("origin", "ORD"))) {
            measurements.add(edited.apply(table.measure(Metric.parse("auc"), scope, Optional.of(Reference.CHAMPION))));
        }
        Evaluation evaluation = new Evaluation(
                1,
                new Evaluation.Model("late@2", Digest.of("candidate"), Optional.of(Digest.of("train"))),
                Optional.of(new Evaluation.Model("late@1", Digest.of("champion"), Optional.empty())),
                Optional.empty(),
                List.of(),
                TASK,
                new Evaluation.Rows(Digest.of("rows"), 600, 0, 600, 15, Optional.empty(), Optional.empty()),
                List.of(),
                Optional.of(FILE),
                measurements,
                List.of(),
                List.of());
        Facts facts = new Facts(Instant.EPOCH, Optional.empty(), Optional.empty(), Optional.empty(), 1);
        PolicyVersion policy = new PolicyVersion(
                new PolicyName("mine"), 1, Digest.of(POLICY), POLICY, Optional.of("mira"), Optional.of(Instant.EPOCH));
        return Gates.judge(policy, GatesTest.about(Optional.of("late@1")), facts, Optional.of(evaluation));
    }

    private static GateVerification verify(GateReport report, Digest file, Columns rows) {
        return GateVerification.verify(report.bytes(), Optional.of(new GateVerification.Table(file, rows)));
    }

    @Test
    void report_withItsOwnRows_holdsLineByLine() {
        GateVerification verification = verify(report(UnaryOperator.identity()), FILE, ROWS);

        assertThat(verification.lines())
                .allSatisfy(line -> assertThat(line.holds())
                        .as(line.what() + ": " + line.detail())
                        .isTrue());
        assertThat(verification.lines())
                .extracting(GateVerification.Line::what)
                .containsExactly("document", "policy", "verdict", "paired table", "numbers");
        assertThat(verification.lines().getLast().detail()).isEqualTo("2 measurements computed again from 600 rows");
    }

    @Test
    void anotherFile_isNotComputedFrom() {
        GateVerification verification = verify(report(UnaryOperator.identity()), Digest.of("another"), ROWS);

        assertThat(verification.holds()).isFalse();
        assertThat(verification.lines().getLast().detail()).startsWith("another file than the report names");
    }

    @Test
    void rowsThatWereChanged_giveOtherNumbers() {
        GateVerification verification = verify(report(UnaryOperator.identity()), FILE, rows(0.5));

        assertThat(verification.holds()).isFalse();
        assertThat(verification.lines().getLast().detail()).startsWith("computed again they differ: auc of ");
    }

    @Test
    void numberWrittenDifferently_isNoticed_whateverNumberItIs() {
        assertThat(verify(report(it -> counted(it, 1, 0, 0)), FILE, ROWS).holds())
                .as("rows")
                .isFalse();
        assertThat(verify(report(it -> counted(it, 0, 1, 0)), FILE, ROWS).holds())
                .as("clusters")
                .isFalse();
        assertThat(verify(report(it -> counted(it, 0, 0, 1)), FILE, ROWS).holds())
                .as("rarer")
                .isFalse();
        for (int number = 0; number < 4; number++) {
            int which = number;
            assertThat(verify(report(it -> moved(it, which, 2e-9)), FILE, ROWS).holds())
                    .as("number " + which + " beyond the tolerance")
                    .isFalse();
            assertThat(verify(report(it -> moved(it, which, 5e-10)), FILE, ROWS).holds())
                    .as("number " + which + " by rounding")
                    .isTrue();
        }
        assertThat(verify(report(GateVerificationTest::withoutEstimate), FILE, ROWS)
                        .holds())
                .as("no estimate")
                .isFalse();
    }

    private static Measurement counted(Measurement it, long rows, long clusters, long rarer) {
        return new Measurement(
                it.metric(),
                it.scope(),
                it.than(),
                it.rows() + rows,
                it.clusters() + clusters,
                it.rarer() + rarer,
                it.estimate(),
                it.method(),
                it.missing());
    }

    private static Measurement moved(Measurement it, int which, double by) {
        Estimate was = it.estimate().orElseThrow();
        Estimate now = new Estimate(
                was.candidate() + (which == 0 ? by : 0),
                was.reference().map(value -> value + (which == 1 ? by : 0)),
                was.value() + (which == 2 ? by : 0),
                was.standardError() + (which == 3 ? by : 0),
                was.counted());
        return with(it, Optional.of(now));
    }

    private static Measurement withoutEstimate(Measurement it) {
        return with(it, Optional.empty());
    }

    private static Measurement with(Measurement it, Optional<Estimate> estimate) {
        return new Measurement(
                it.metric(),
                it.scope(),
                it.than(),
                it.rows(),
                it.clusters(),
                it.rarer(),
                estimate,
                it.method(),
                estimate.isPresent() ? it.missing() : Optional.of("left out"));
    }
}
