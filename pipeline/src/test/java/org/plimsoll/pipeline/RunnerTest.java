package org.plimsoll.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.store.Folders;
import org.plimsoll.tracking.Edge;
import org.plimsoll.tracking.Port;
import org.plimsoll.tracking.Run;
import org.plimsoll.tracking.TrackingOperations.CreateRun;
import org.plimsoll.tracking.TrackingOperations.GetLineage;
import org.plimsoll.tracking.TrackingOperations.GetRun;
import org.plimsoll.tracking.Verification;

/** From rows to a model and back again, on real DuckDB and XGBoost. */
class RunnerTest {

    /** 3,000 flights of January; whether one is late depends on its hour and origin. */
    private static final String FLIGHTS = """
            SELECT i AS id,
                   TIMESTAMP '2001-01-01' + to_minutes(CAST(i * 14 AS INTEGER)) AS departed_at,
                   CAST(i * 7 % 24 AS INTEGER) AS hour,
                   CASE i % 3 WHEN 0 THEN 'ORD' WHEN 1 THEN 'ATL' ELSE 'DFW' END AS origin,
                   CAST(md5_number_lower(CAST(i AS VARCHAR)) % 100 AS INTEGER) AS luck
            FROM range(3000) AS t(i)""";

    private static final String PIPELINE = """
            pipeline: late-arrival
            parameters: {train_to: "2001-01-22", rounds: 5, bound: 60}
            task: {kind: binary, label: late, entity: flight, event_time: departed_at, maturity: 12h}
            segments: [origin]
            data: {raw: flights@latest}
            steps:
              features: {sql: features.sql, in: [raw], out: [rows]}
              split:
                split: {by: time, train: {to: $train_to}, test: {from: "2001-01-23"}}
                in: [features.rows]
                out: [train, test]
              train:
                trainer: xgboost
                in: [split.train]
                features: {origin: one_hot, hour: number} # not in the order of the alphabet, which canonical JSON has
                params: {max_depth: 3, rounds: $rounds}
                seed: 42
                out: [model]
            """;

    private static final String FEATURES = """
            SELECT _file, _row, 'f' || id AS flight, departed_at, hour, origin,
                   luck + hour + CASE origin WHEN 'ORD' THEN 20 ELSE 0 END > $bound AS late
            FROM raw ORDER BY departed_at""";

    @TempDir
    Path folder;

    @AutoClose
    Laboratory lab;

    @BeforeEach
    void open() {
        lab = new Laboratory(folder);
        lab.data("flights", FLIGHTS);
        lab.write("pipeline.yaml", PIPELINE);
        lab.write("features.sql", FEATURES);
    }

    @Test
    void pipeline_run_makesAModelThatScores() {
        RunReport report = lab.run();
        Run run = lab.recorded(report);
        assertThat(run.status()).isEqualTo(Run.Status.FINISHED);
        assertThat(run.parameters()).containsEntry("train.max_depth", "3").containsEntry("train_to", "2001-01-22");
        assertThat(run.metric("train/logloss").orElseThrow().step()).isEqualTo(4);
        assertThat(report.steps()).extracting(StepReport::name).containsExactly("features", "split", "train");
        assertThat(report.steps().get(1).sentences()).containsExactly("train 2,160 rows, test 737 rows");

        List<Run> steps = lab.steps(report);
        Port test = steps.get(1).output("test").orElseThrow();
        Columns rows = lab.query.read(List.of(lab.blobs.fetch(test.digest())));
        assertThat(rows.schema().hasRowIdentity()).isTrue();
        Path artifact = folder.resolve("artifact");
        Folders.restore(lab.blobs, steps.get(2).output("model").orElseThrow().digest(), artifact);
        ModelArtifact model = ModelArtifact.open(artifact);
        assertThat(model.task().segments()).containsExactly("origin");
        assertThat(model.features().orElseThrow().names())
                .containsExactly("origin=ATL", "origin=DFW", "origin=ORD", "hour");
        double[] scores = model.scorer().score(rows).primary();
        double[] labels = model.task().labels(rows);
        double late = 0;
        double punctual = 0;
        int n = 0;
        for (int i = 0; i < scores.length; i++) {
            late += labels[i] == 1 ? scores[i] : 0;
            punctual += labels[i] == 0 ? scores[i] : 0;
            n += labels[i] == 1 ? 1 : 0;
        }
        assertThat(late / n).isGreaterThan(punctual / (scores.length - n) + 0.02);
    }

    @Test
    void lineage_ofTheModel_leadsToTheSnapshotAndTheCode() {
        RunReport report = lab.run();
        var model = lab.steps(report).get(2).output("model").orElseThrow().digest();
        var graph = lab.ana.perform(new GetLineage(model));
        assertThat(graph.people()).containsExactly("ana");
        assertThat(graph.edges())
                .extracting(Edge::input)
                .containsExactlyInAnyOrder("raw", "code", "features.rows", "split.train");
    }

    @Test
    void pipeline_runAgain_isAnsweredFromTheCache() {
        RunReport first = lab.run();
        RunReport second = lab.run();
        assertThat(first.isRestored()).isFalse();
        assertThat(second.isRestored()).isTrue();
        assertThat(second.steps())
                .extracting(StepReport::outputs)
                .isEqualTo(first.steps().stream().map(StepReport::outputs).toList());
        assertThat(second.run()).isNotEqualTo(first.run());
        assertThat(lab.recorded(second).metric("train/logloss"))
                .isEqualTo(lab.recorded(first).metric("train/logloss"));
    }

    /** Only what depends on a change is executed: other rounds train anew, another bound changes everything. */
    @Test
    void parameter_changed_executesOnlyWhatDependsOnIt() {
        lab.run();
        assertThat(executed(lab.run(Map.of("rounds", "6")))).containsExactly("train");
        assertThat(executed(lab.run(Map.of("train_to", "2001-01-20")))).containsExactly("split", "train");
        assertThat(executed(lab.run(Map.of("bound", "61")))).containsExactly("features", "split", "train");
        lab.write("features.sql", FEATURES + " -- a comment changes the code, but not one byte of the rows");
        assertThat(executed(lab.run())).containsExactly("features");
        lab.data("flights", FLIGHTS.replace("range(3000)", "range(2999)"));
        assertThat(executed(lab.run())).containsExactly("features", "split", "train");
    }

    private static List<String> executed(RunReport report) {
        return report.steps().stream()
                .filter(step -> step.restoredFrom().isEmpty())
                .map(StepReport::name)
                .toList();
    }

    @Test
    void outputs_gone_areMadeAgain() throws IOException {
        RunReport first = lab.run();
        var rows = lab.steps(first).getFirst().output("rows").orElseThrow().digest();
        Files.delete(lab.blobs.fetch(rows));
        assertThat(executed(lab.run())).containsExactly("features");
    }

    @Test
    void rerun_executesEverythingAndComesOutWithTheSameBytes() {
        RunReport first = lab.run();
        RunReport again = lab.runner().rerun("latest", Watch.nobody());
        assertThat(again.origin()).contains(first.run());
        assertThat(again.steps()).allMatch(step -> step.restoredFrom().isEmpty());
        assertThat(again.steps())
                .flatExtracting(StepReport::verifications)
                .hasSize(4)
                .allMatch(it -> it.level() == Verification.Level.BYTES);
        assertThat(again.isRepeated()).isTrue();
        assertThat(again.differences()).isEmpty();
        Run run = lab.recorded(again);
        assertThat(run.purpose()).isEqualTo(Run.Purpose.RERUN);
        assertThat(run.verifications()).hasSize(4);
        assertThat(lab.runner().rerun(again.run(), Watch.nobody()).origin()).contains(first.run());
    }

    /** The files may be gone, the parameters others: a rerun takes everything from what was recorded. */
    @Test
    void rerun_needsNothingButTheRecord() throws IOException {
        lab.run(Map.of("rounds", "7"));
        Files.delete(folder.resolve("pipeline.yaml"));
        Files.delete(folder.resolve("features.sql"));
        RunReport again = lab.runner().rerun("run:latest", Watch.nobody());
        assertThat(again.isRepeated()).isTrue();
        assertThat(lab.recorded(again).parameters()).containsEntry("rounds", "7");
    }

    @Test
    void comparison_ofTwoRuns_namesWhatChanged() {
        RunReport first = lab.run();
        lab.data("flights", FLIGHTS.replace("range(3000)", "range(2900)"));
        lab.write("features.sql", FEATURES + " -- more");
        lab.write("pipeline.yaml", PIPELINE.replace("seed: 42", "seed: 43").replace("max_depth: 3", "max_depth: 4"));
        RunReport second = lab.run();
        Comparison comparison = Comparison.of(lab.ana, lab.blobs, first.run(), second.run());
        assertThat(comparison.causes())
                .extracting(Comparison.Difference::cause, Comparison.Difference::what)
                .containsExactly(
                        Tuple.tuple(Comparison.Cause.DATA, "raw"),
                        Tuple.tuple(Comparison.Cause.CODE, "features.sql"),
                        Tuple.tuple(Comparison.Cause.PARAMETERS, "params.max_depth"),
                        Tuple.tuple(Comparison.Cause.SEED, "seed"));
        assertThat(comparison.outputs()).hasSize(4).noneMatch(Comparison.OutputPair::isSame);
        assertThat(Comparison.of(lab.ana, lab.blobs, first.run(), first.run()).causes())
                .isEmpty();
    }

    @Test
    void step_thatFails_leavesTheRunFailedAndItsElders() {
        lab.write("features.sql", FEATURES.replace("hour, origin", "hour, orgin"));
        assertThatThrownBy(lab::run).isInstanceOf(Problem.class).hasMessageStartingWith("step features: features.sql");
        Run failed = lab.ana.perform(new GetRun("latest"));
        assertThat(failed.status()).isEqualTo(Run.Status.FAILED);
        assertThat(failed.reason().orElseThrow()).contains("features.sql");
        assertThat(folder.resolve("scratch").resolve("work")).isEmptyDirectory();
    }

    @Test
    void rows_withoutTheirOrigin_areNotSplit() {
        lab.write("features.sql", FEATURES.replace("_file, _row, ", ""));
        assertThatThrownBy(lab::run)
                .isInstanceOf(Problem.class)
                .hasMessageContaining("carry _file and _row through every SELECT");
    }

    @Test
    void label_missingOrOfOneClass_isNotTrainedOn() {
        lab.write("features.sql", FEATURES.replace("> $bound AS late", "> $bound + 1000 AS late"));
        assertThatThrownBy(lab::run).hasMessageContaining("the label late is negative in all 2,160 training rows");
        lab.write(
                "features.sql", "SELECT * REPLACE (CASE WHEN hour > 3 THEN late END AS late) FROM (" + FEATURES + ")");
        assertThatThrownBy(lab::run).hasMessageContaining("the label late is missing in 360 of 2,160 training rows");
        lab.write("features.sql", "SELECT * EXCLUDE late FROM (" + FEATURES + ") WHERE $bound > 0");
        assertThatThrownBy(lab::run).hasMessageContaining("there is no column late");
    }

    /** A training row whose truth came only after the test had begun must not be learned from. */
    @Test
    void trainingRows_notMatureWhenTheTestBegins_areLeftOut() {
        lab.write("pipeline.yaml", PIPELINE.replace("from: \"2001-01-23\"", "from: \"2001-01-22\""));
        RunReport report = lab.run();
        assertThat(report.steps().get(1).sentences())
                .containsExactly(
                        "train 2,109 rows, test 840 rows; left out 51 rows whose truth was not known yet when the test begins");
    }

    @Test
    void split_ofTheLastDays_countsCalendarDays() {
        String ranges = "{by: time, train: {to: $train_to}, test: {from: \"2001-01-23\"}}";
        lab.write("pipeline.yaml", PIPELINE.replace(ranges, "{by: time, test: last 7 days}"));
        RunReport report = lab.run();
        // the last row is at 2001-01-30 03:46; 2,366 rows are before the seventh day, 2001-01-24
        assertThat(report.steps().get(1).sentences().getFirst()).contains("test 634 rows");
    }

    /** The past trains, also where the latest rows have no label yet. */
    @Test
    void split_ofTheLatestShare_beginsWithADay() {
        String ranges = "{by: time, train: {to: $train_to}, test: {from: \"2001-01-23\"}}";
        lab.write("pipeline.yaml", PIPELINE.replace(ranges, "{test: 0.2, incomplete: leave_out}"));
        // of 3,000 rows, 14 minutes apart, the 2,400th is at 2001-01-24 07:46; 2,366 are before that day
        assertThat(lab.run().steps().get(1).sentences().getFirst())
                .startsWith("test from 2001-01-24 on; train 2,315 rows, test 634 rows;");

        lab.write("features.sql", FEATURES.replace("luck + hour", "CASE WHEN id < 2000 THEN luck END + hour"));
        // of the first 2,000 the 1,600th is at 2001-01-16 13:06
        assertThat(lab.run().steps().get(1).sentences().getFirst()).startsWith("test from 2001-01-16 on;");
    }

    @Test
    void split_ofTheLatestShare_ofRowsOfOneInstant_isRefused() {
        String ranges = "{by: time, train: {to: $train_to}, test: {from: \"2001-01-23\"}}";
        lab.write("pipeline.yaml", PIPELINE.replace(ranges, "{test: 0.2}"));
        lab.write("features.sql", FEATURES.replace("departed_at, hour", "TIMESTAMP '2001-01-01' AS departed_at, hour"));
        assertThatThrownBy(lab::run).hasMessageContaining("all rows have the same departed_at");
    }

    @Test
    void split_byEntity_keepsAnEntitysRowsTogether() {
        String ranges = "{by: time, train: {to: $train_to}, test: {from: \"2001-01-23\"}}";
        lab.write(
                "pipeline.yaml",
                PIPELINE.replace(ranges, "{by: entity, test: 0.25}")
                        .replace("in: [features.rows]", "in: [features.rows]\n    seed: 3"));
        lab.write("features.sql", FEATURES.replace("'f' || id", "'f' || (id % 200)"));
        List<Run> steps = lab.steps(lab.run());
        List<String> train = entities(steps.get(1).output("train").orElseThrow());
        List<String> test = entities(steps.get(1).output("test").orElseThrow());
        assertThat(train).doesNotContainAnyElementsOf(test);
        assertThat(test.size()).isBetween(30, 70); // 50 expected of 200
        assertThat(train.size() + test.size()).isEqualTo(200);
    }

    private List<String> entities(Port rows) {
        Columns read = lab.query.read(List.of(lab.blobs.fetch(rows.digest())), List.of("flight"));
        return Stream.iterate(0, i -> i < read.rows(), i -> i + 1)
                .map(i -> read.text(0, i).orElseThrow())
                .distinct()
                .toList();
    }

    @Test
    void dataset_thatIsNotThere_isNamedBeforeAnythingRuns() {
        lab.write("pipeline.yaml", PIPELINE.replace("flights@latest", "flihgts@latest"));
        assertThatThrownBy(lab::run)
                .hasMessageContaining("data `raw` is flihgts@latest")
                .hasMessageContaining("plimsoll data add flihgts FILE…");
        assertThatThrownBy(() -> lab.ana.perform(new GetRun("latest"))).isInstanceOf(Problem.class);
    }

    /** After kill -9 nobody is left to say so: the next run on the machine does, and leaves alone what still works. */
    @Test
    void run_whoseProcessIsGone_isEndedByTheNext() {
        String process = lab.recorded(lab.run()).tags().get("plimsoll.process");
        Run working = left(process);
        Run gone = left(process.replaceFirst("/.*", "/999999999/2001-01-01T00:00:00Z"));
        Run another = left(process.replaceFirst("/[^/]*$", "/2001-01-01T00:00:00Z")); // the number was given away again
        Run elsewhere = left("elsewhere/1/2001-01-01T00:00:00Z");
        lab.run();
        assertThat(Stream.of(working, gone, another, elsewhere)
                        .map(run -> lab.ana.perform(new GetRun(run.id())).status()))
                .containsExactly(Run.Status.RUNNING, Run.Status.KILLED, Run.Status.KILLED, Run.Status.RUNNING);
        assertThat(lab.ana.perform(new GetRun(gone.id())).reason().orElseThrow())
                .contains("its process ended without a word");
    }

    private Run left(String process) {
        return lab.ana.perform(new CreateRun(
                new ExperimentName("late-arrival"),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Map.of("plimsoll.process", process)));
    }
}
