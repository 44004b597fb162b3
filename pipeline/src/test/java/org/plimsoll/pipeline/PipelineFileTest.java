package org.plimsoll.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.core.Problem;

class PipelineFileTest {

    private static final String GOOD = """
            pipeline: late-arrival
            parameters:
              train_to: 2001-01-25
              depth: 6
            task:
              kind: binary
              label: late
              positive: "true"
              entity: flight
              event_time: departed_at
              zone: America/Chicago
              maturity: 12h
            segments: [origin]
            data: {raw: flights@latest}
            steps:
              train: {trainer: xgboost, in: [split.train], features: {hour: number}, params: {max_depth: $depth}, seed: 42, out: [model]}
              split:
                split: {by: time, train: {from: 2001-01-01, to: $train_to}, test: {from: "2001-01-26T00:00:00Z"}}
                in: [features.rows]
                out: [train, test]
              features: {sql: features.sql, in: [raw], out: [rows]}
              own: {run: [python3, train.py, "--d=${depth}", 1.5], in: [split.train], code: [train.py], out: [model]}
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("features.sql"), "SELECT * FROM raw WHERE d < $train_to -- $nothing");
        Files.writeString(folder.resolve("train.py"), "pass");
    }

    private Pipeline read(String text, Map<String, String> set) {
        try {
            return PipelineFile.read(Files.writeString(folder.resolve("pipeline.yaml"), text), set);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(String text) {
        return assertThatThrownBy(() -> read(text, Map.of())).isInstanceOf(Problem.class);
    }

    @Test
    void pipeline_written_isReadInTheOrderOfItsInputs() {
        Pipeline pipeline = read(GOOD, Map.of());
        assertThat(pipeline.name()).isEqualTo(new ExperimentName("late-arrival"));
        assertThat(pipeline.steps())
                .extracting(PipelineStep::name)
                .containsExactly("features", "split", "train", "own");
        assertThat(pipeline.task().orElseThrow().segments()).containsExactly("origin");
        assertThat(pipeline.task().orElseThrow().maturity()).contains(Duration.ofHours(12));
        assertThat(pipeline.data()).isEqualTo(Map.of("raw", "flights@latest"));
        PipelineStep features = pipeline.steps().get(0);
        assertThat(((Work.Sql) features.work()).parameters()).containsOnlyKeys("train_to");
        var rule = (SplitRule.Ranges) ((Work.Split) pipeline.steps().get(1).work()).rule();
        assertThat(rule.trainFrom()).contains(Instant.parse("2001-01-01T06:00:00Z")); // Chicago's midnight
        assertThat(rule.trainTo()).isEqualTo(Instant.parse("2001-01-25T06:00:00Z"));
        assertThat(rule.testTo()).isEmpty();
        PipelineStep train = pipeline.steps().get(2);
        assertThat(((Work.Train) train.work()).params().get("max_depth").intValue())
                .isEqualTo(6);
        assertThat(train.seed()).isEqualTo(42);
        assertThat(((Work.Command) pipeline.steps().get(3).work()).argv())
                .containsExactly("python3", "train.py", "--d=6", "1.5");
    }

    @Test
    void parameter_set_replacesTheDefaultWithItsType() {
        Pipeline pipeline = read(GOOD, Map.of("depth", "8", "train_to", "2001-01-10"));
        assertThat(((Work.Train) pipeline.steps().get(2).work())
                        .params()
                        .get("max_depth")
                        .intValue())
                .isEqualTo(8);
        assertThat(pipeline.parameters().get("train_to").stringValue()).isEqualTo("2001-01-10");
        assertThatThrownBy(() -> read(GOOD, Map.of("dept", "8")))
                .hasMessage("there is no parameter dept to set; did you mean depth?");
        assertThatThrownBy(() -> read(GOOD, Map.of("depth", "deep")))
                .hasMessageContaining("a number like its default 6");
    }

    @Test
    void key_misspelt_isShownWithTheLikelyWord() {
        refused(GOOD.replace("params:", "parms:")).hasMessage("""
                pipeline.yaml:16:83: `parms` is not a key here
                  16 |   train: {trainer: xgboost, in: [split.train], features: {hour: number}, parms: {max_depth: $depth}, seed: 42, out: [model]}
                     |                                                                          ^^^^^ did you mean `params`?""".replace("16:83", "16:74"));
        refused(GOOD.replace("trainer:", "traner:")).hasMessageContaining("did you mean `trainer`?");
        refused(GOOD.replace("segments:", "segment:"))
                .hasMessageContaining("pipeline.yaml:13:1")
                .hasMessageContaining("did you mean `segments`?");
        refused(GOOD.replace("max_depth:", "maxdepth:"))
                .hasMessageContaining("`maxdepth` is not a parameter of XGBoost")
                .hasMessageContaining("did you mean `max_depth`?");
        refused(GOOD.replace("max_depth: $depth", "nthread: 2"))
                .hasMessageContaining("it is a key of the step, called threads");
        refused(GOOD.replace("label: late", "lable: late")).hasMessageContaining("pipeline.yaml:7:3");
    }

    /** Whatever is wrong is said before anything runs, where it stands. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            $train_to}, test             | $train_too}, test          | 18:53 | did you mean $train_to?
            in: [features.rows]          | in: [feature.rows]         | 19:10 | did you mean `features.rows`?
            in: [raw], out               | in: [], out                | 21:3  | has no inputs
            in: [raw], out               | in: [split.train], out     | 16:3  | steps wait for each other
            sql: features.sql            | sql: other.sql             | 21:19 | there is no file
            sql: features.sql            | sql: ../features.sql       | 21:19 | is not a file inside the pipeline's folder
            sql: features.sql            | sql: /etc/passwd           | 21:19 | is not a file inside the pipeline's folder
            trainer: xgboost             | trainer: magic             | 16:20 | is not a trainer; there are xgboost
            out: [train, test]           | out: [train]               | 20:10 | expected 2: training rows and test rows
            by: time                     | by: luck                   | 18:12 | expected time, entity or row
            event_time: departed_at      | threshold: 0.5             | 18:12 | task.event_time is missing; expected the column that a split by time divides by
            seed: 42                     | seed: soon                 | 16:109 | `soon` is not a whole number
            seed: 42                     | threads: 0                 | 16:112 | expected a whole number from 1 to 1024
            {hour: number}               | {hour: numbr}              | 16:65 | numbr
            data: {raw: flights@latest}  | data: {code: x@latest}     | 14:8  | cannot be the name of data
            kind: binary                 | kind: guess                | 6:9   | expected binary, multiclass, regression or ranking
            "2001-01-26T00:00:00Z"       | 2001-01-24                 | 18:12 | an instant not after the test's beginning
            "2001-01-26T00:00:00Z"       | soon                       | 18:12 | expected a date such as 2001-01-25
            run: [python3, train.py      | run: [[a], train.py        | 22:14 | a program and its arguments are needed
            """)
    void pipeline_wrong_isRefusedAtItsPlace(String right, String wrong, String place, String why) {
        assertThat(GOOD).contains(right);
        refused(GOOD.replace(right, wrong))
                .hasMessageContaining(why)
                .hasMessageStartingWith("pipeline.yaml:" + place + ":");
    }

    @Test
    void sql_withAParameterNobodyDeclared_isRefused() throws IOException {
        Files.writeString(folder.resolve("features.sql"), "SELECT * FROM raw WHERE d < $trainto");
        refused(GOOD)
                .hasMessageContaining("features.sql uses $trainto, which is not a parameter; did you mean $train_to?");
    }

    @Test
    void split_ofTheLastDaysOrByEntity_isRead() {
        String ranges = "{by: time, train: {from: 2001-01-01, to: $train_to}, test: {from: \"2001-01-26T00:00:00Z\"}}";
        assertThat(((Work.Split) read(GOOD.replace(ranges, "{by: time, test: last 7 days}"), Map.of())
                                .steps()
                                .get(1)
                                .work())
                        .rule())
                .isEqualTo(new SplitRule.LastDays(7));
        assertThat(((Work.Split) read(GOOD.replace(ranges, "{by: entity, test: 0.2}"), Map.of())
                                .steps()
                                .get(1)
                                .work())
                        .rule())
                .isEqualTo(new SplitRule.Entities(0.2));
        refused(GOOD.replace(ranges, "{by: entity, test: 1.2}")).hasMessageContaining("a share between 0 and 1");
        refused(GOOD.replace(ranges, "{by: time, test: 7 days}")).hasMessageContaining("`last 7 days`");
    }

    /** So that a time or an entity is given or taken back by one line, the task's. */
    @Test
    void split_thatOnlySaysItsShare_dividesByWhatTheTaskHas() {
        String ranges = "{by: time, train: {from: 2001-01-01, to: $train_to}, test: {from: \"2001-01-26T00:00:00Z\"}}";
        String timed = GOOD.replace(ranges, "{test: 0.2}");
        String entities = timed.replace("  event_time: departed_at\n", "");
        String rows = entities.replace("  entity: flight\n", "");

        assertThat(rule(timed)).isEqualTo(new SplitRule.Latest(0.2));
        assertThat(rule(entities)).isEqualTo(new SplitRule.Entities(0.2));
        assertThat(rule(rows)).isEqualTo(new SplitRule.Rows(0.2));
        assertThat(rule(timed.replace("{test: 0.2}", "{by: row, test: 0.2}"))).isEqualTo(new SplitRule.Rows(0.2));
        assertThat(rule(timed.replace("{test: 0.2}", "{test: last 7 days}"))).isEqualTo(new SplitRule.LastDays(7));
        refused(rows.replace("{test: 0.2}", "{by: entity, test: 0.2}"))
                .hasMessageContaining("task.entity is missing; expected the column that a split by entity divides by");
        refused(rows.replace("{test: 0.2}", "{test: last 7 days}")).hasMessageContaining("task.event_time is missing");
        refused(timed.replace("{test: 0.2}", "{column: day, test: 0.2}")).hasMessageContaining("`column`");
    }

    private SplitRule rule(String text) {
        return ((Work.Split) read(text, Map.of()).steps().get(1).work()).rule();
    }

    /** What nobody writes by hand is refused in bounded time and memory. */
    @Test
    void file_hostile_isRefused() throws IOException {
        refused("a: &a [x, x]\nb: [*a, *a]").hasMessageContaining("anchors and aliases are not used here");
        refused("[".repeat(100_000)).hasMessageContaining("levels");
        Path large = folder.resolve("large.yaml");
        Files.writeString(large, "pipeline: x\n" + "# filler\n".repeat(1_200_000)); // over 10 MB
        assertThatThrownBy(() -> PipelineFile.read(large, Map.of())).hasMessageContaining("at most 1 MiB is read");
        Files.write(large, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertThatThrownBy(() -> PipelineFile.read(large, Map.of())).hasMessageContaining("is not UTF-8 text");
        assertThatThrownBy(() -> PipelineFile.read(folder.resolve("none.yaml"), Map.of()))
                .hasMessageContaining("there is no file");
    }

    @Test
    void parametersOfSql_areFoundOutsideStringsAndComments() {
        assertThat(SqlText.parameters("""
                SELECT '$a', "$b", $c, x$d, $$ $e $$, $t$ $f $t$, 'it''s $g' -- $h
                /* $i */ FROM t WHERE y > $j AND z = $c""")).containsExactly("c", "j");
    }

    @Test
    void instant_ofADate_isItsBeginningInTheZone() {
        var chicago = java.time.ZoneId.of("America/Chicago");
        assertThat(List.of(
                        SplitKey.instant("2001-07-01", chicago),
                        SplitKey.instant("2001-07-01T10:00", chicago),
                        SplitKey.instant("2001-07-01T10:00:00Z", chicago),
                        SplitKey.instant("2001-07-01 10:00:00+02:00", chicago)))
                .containsExactly(
                        Instant.parse("2001-07-01T05:00:00Z"),
                        Instant.parse("2001-07-01T15:00:00Z"),
                        Instant.parse("2001-07-01T10:00:00Z"),
                        Instant.parse("2001-07-01T08:00:00Z"));
    }
}
