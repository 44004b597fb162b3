package org.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.plimsoll.core.Problem;

class OutputTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void table_alignsWordsLeftAndNumbersRight() {
        var table = new Output(stream, stream, false).table("CLAIM", "N", "AUC");
        table.row("all", 10, "0.7").row("grade A–C", 7_914, "").print();
        assertThat(printed()).isEqualTo("""
                CLAIM         N  AUC
                all          10  0.7
                grade A–C  7914    –
                """);
    }

    @Test
    void json_printsOneDocumentAndNothingElse() {
        var out = new Output(stream, stream, true);
        out.say("for people");
        out.table("A").row(1).print();
        out.next("plimsoll up");
        out.json(Map.of("answer", 42));
        assertThat(printed().replaceAll("\\s", "")).isEqualTo("{\"answer\":42}");
    }

    @Test
    void exitCodes_sayWhatKindOfEndItWas() {
        assertThat(Exit.of(Problem.refused("gate"))).isEqualTo(2);
        assertThat(Exit.of(Problem.of(Problem.Kind.DENIED, "role"))).isEqualTo(2);
        assertThat(Exit.of(Problem.of(Problem.Kind.UNREACHABLE, "server"))).isEqualTo(69);
        assertThat(Exit.of(Problem.notFound("model", "x"))).isEqualTo(1);
        assertThat(Plimsoll.run("rolbak")).isEqualTo(64);
        assertThat(Plimsoll.run("token", "create")).isEqualTo(64);
        assertThat(Plimsoll.run("--help")).isZero();
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
