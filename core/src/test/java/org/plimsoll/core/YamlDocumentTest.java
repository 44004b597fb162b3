package org.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlDocumentTest {

    enum Kind {
        BINARY,
        NUMBER
    }

    record Step(Map<String, Long> params, Optional<Long> seed, List<String> in) {}

    record Pipeline(String pipeline, Kind kind, double share, ModelName model, Map<String, Step> steps) {}

    private static final String GOOD = """
            pipeline: late-arrival
            kind: BINARY
            share: 0.05
            model: late
            steps:
              train: {params: {max_depth: 6}, in: [rows, "7"]}
              no: {seed: 0x10}
            """;

    @Test
    void record_written_isRead() {
        Pipeline pipeline = YamlDocument.parse("p.yaml", GOOD).read(Pipeline.class);
        assertThat(pipeline)
                .isEqualTo(new Pipeline(
                        "late-arrival",
                        Kind.BINARY,
                        0.05,
                        new ModelName("late"),
                        Map.of(
                                "train",
                                new Step(Map.of("max_depth", 6L), Optional.empty(), List.of("rows", "7")),
                                "no",
                                new Step(Map.of(), Optional.of(16L), List.of()))));
    }

    /** The example of the first hour: place, line, caret and the likely word. */
    @Test
    void key_misspelt_isShownWithTheLikelyWord() {
        String text = GOOD.replace("params", "parms");
        assertThatThrownBy(() -> YamlDocument.parse("p.yaml", text).read(Pipeline.class))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.detail()).isEqualTo("""
                            p.yaml:6:11: `parms` is not a key here
                               6 |   train: {parms: {max_depth: 6}, in: [rows, "7"]}
                                 |           ^^^^^ did you mean `params`?""");
                    assertThat(problem.facts()).containsEntry("line", 6).containsEntry("column", 11);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "share: 0.05 | share: much | p.yaml:3:8: `much` is not a number",
                "kind: BINARY | kind: BINRY | p.yaml:2:7: `BINRY` is not one of BINARY, NUMBER",
                "share: 0.05 | shar: 0.05 | p.yaml:3:1: `share` is missing",
                "model: late | model: Late One | p.yaml:4:8: model is Late One; expected",
                "share: 0.05 | share: .nan | p.yaml:3:8: .nan is not a number that is used here",
                "kind: BINARY | pipeline: twice | p.yaml:2:1: `pipeline` stands here twice",
                "share: 0.05 | share: [ | p.yaml:",
                "share: 0.05 | share: &a 0.05 | p.yaml:3:8: anchors and aliases",
                "max_depth: 6 | max_depth: 99999999999999999999 | p.yaml:6:31: 99999999999999999999 is not a number",
            })
    void document_wrong_saysWhere(String right, String wrong, String message) {
        String text = GOOD.replace(right.strip(), wrong.strip());
        assertThatThrownBy(() -> YamlDocument.parse("p.yaml", text).read(Pipeline.class))
                .isInstanceOf(Problem.class)
                .hasMessageStartingWith(message.strip());
    }

    @Test
    void key_missing_isNamed() {
        assertThatThrownBy(() -> YamlDocument.parse("p.yaml", "pipeline: a\n").read(Pipeline.class))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# nothing\n",
                "a: 1\n---\nb: 2\n",
                "a: !!java.io.File [x]\n",
                "? [a]\n: 1\n",
                "\t- a",
                "a: \u0000"
            })
    void document_thatNobodyWritesByHand_isRefusedAsAProblem(String text) {
        assertThatThrownBy(() -> YamlDocument.parse("p.yaml", text)).isInstanceOf(Problem.class);
    }

    @Test
    void document_hostile_isRefusedBeforeItIsBuilt() {
        assertThatThrownBy(() -> YamlDocument.parse("deep", "[".repeat(100_000)))
                .hasMessageContaining("levels");
        assertThatThrownBy(() -> YamlDocument.parse("wide", "- a\n".repeat(60_000)))
                .hasMessageContaining("values");
        assertThatThrownBy(() -> YamlDocument.parse("large", "a".repeat(2 << 20)))
                .isInstanceOf(Problem.class);
    }

    @Test
    void part_isReadByItself() {
        YamlDocument document = YamlDocument.parse("p.yaml", GOOD);
        assertThat(document.read("/steps/train", Step.class).in()).containsExactly("rows", "7");
        assertThat(document.problemAtValue("/steps/train/in/1", "no such step"))
                .hasMessageStartingWith("p.yaml:6:46: no such step");
    }

    @ParameterizedTest
    @CsvSource({"parms,params", "prams,params", "sed,seed", "params,params"})
    void spelling_near_isOffered(String word, String meant) {
        assertThat(Spelling.nearest(word, Set.of("params", "seed", "in"))).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"learning_rate", "x", "sxxd"})
    void spelling_far_isNotOffered(String word) {
        assertThat(Spelling.nearest(word, Set.of("params", "seed", "in"))).isEmpty();
    }

    /** Golden distances: kitten/sitting is Levenshtein's textbook pair; ca/ac is one swap. */
    @ParameterizedTest
    @CsvSource({"kitten,sitting,3", "ca,ac,1", "'',abc,3", "same,same,0", "flaw,lawn,2"})
    void spelling_edits_areCounted(String a, String b, int edits) {
        assertThat(Spelling.edits(a, b)).isEqualTo(edits);
        assertThat(Spelling.edits(b, a)).isEqualTo(edits);
    }

    @ParameterizedTest
    @CsvSource({
        "90d,PT2160H,90d",
        "12h,PT12H,12h",
        "30m,PT30M,30m",
        "45s,PT45S,45s",
        "24h,PT24H,1d",
        "PT90M,PT90M,90m",
        "0s,PT0S,0s"
    })
    void span_isReadAndWritten(String text, String iso, String written) {
        assertThat(Spans.parse(text)).isEqualTo(Duration.parse(iso));
        assertThat(Spans.text(Spans.parse(text))).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12", "h", "-1h", "1.5h", "12 h", "1w", "12H"})
    void span_thatIsNone_isRefused(String text) {
        assertThatThrownBy(() -> Spans.parse(text)).isInstanceOf(Problem.class).hasMessageContaining("such as 12h");
    }

    /** A parameter's value may be wrong where it is used: the error must still show the line of the file. */
    @Test
    void value_changed_isReadAndAnErrorPointsIntoTheFile() {
        YamlDocument document = YamlDocument.parse("p.yaml", GOOD.replace("0x10", "$seed"));
        record Wide(String pipeline, Kind kind, double share, ModelName model, Map<String, Step> steps) {}
        Wide read = document.with(
                        (at, value) -> value.isString() && value.stringValue().equals("$seed")
                                ? tools.jackson.databind.node.JsonNodeFactory.instance.numberNode(7)
                                : value)
                .read(Wide.class);
        assertThat(read.steps().get("no").seed()).contains(7L);
        assertThatThrownBy(() -> document.read(Wide.class))
                .isInstanceOf(Problem.class)
                .hasMessageStartingWith("p.yaml:7:14: `$seed` is not a whole number");
    }

    @Test
    void span_asPeopleWriteIt_isReadIntoARecord() {
        record Waiting(Duration maturity) {}
        assertThat(YamlDocument.parse("p.yaml", "maturity: 12h")
                        .read(Waiting.class)
                        .maturity())
                .isEqualTo(Duration.ofHours(12));
        assertThatThrownBy(() -> YamlDocument.parse("p.yaml", "maturity: soon").read(Waiting.class))
                .isInstanceOf(Problem.class)
                .hasMessageStartingWith("p.yaml:1:11: span is soon; expected a whole number and d, h, m or s");
    }
}
