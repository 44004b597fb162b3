package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;

class TaskTest {

    private static final String FLIGHTS = """
            {"kind":"binary","label":"late","entity":"flight","event_time":"departed_at","zone":"UTC","cluster":"day",
             "segments":["origin","part_of_day"],"maturity":"12h","costs":{"false_positive":1.0,"false_negative":4.0}}
            """;

    @Test
    void task_throughJson_staysTheSame() {
        Task task = Json.read(FLIGHTS, Task.class);
        assertThat(Json.read(Json.text(task), Task.class)).isEqualTo(task);
        assertThat(Json.text(task)).contains("\"maturity\":\"12h\"");
        assertThat(task.maturityOrZero()).isEqualTo(Duration.ofHours(12));
        assertThat(task.decisionThreshold()).isEqualTo(0.2);
        assertThat(task.clusterOrDefault()).contains("day");
    }

    @Test
    void task_thatContradictsItself_isRefused() {
        assertThatThrownBy(
                        () -> Json.read("{\"kind\":\"regression\",\"label\":\"delay\",\"threshold\":0.5}", Task.class))
                .hasMessageContaining("binary tasks only");
        assertThatThrownBy(() -> Json.read("{\"kind\":\"binary\",\"label\":\"late\",\"cluster\":\"day\"}", Task.class))
                .hasMessageContaining("event_time");
        assertThatThrownBy(
                        () -> Json.read("{\"kind\":\"binary\",\"label\":\"late\",\"segments\":[\"late\"]}", Task.class))
                .hasMessageContaining("known when the question is asked");
        assertThatThrownBy(() -> Json.read("{\"kind\":\"binary\",\"label\":\"late\",\"entitty\":\"f\"}", Task.class))
                .hasMessageContaining("entitty");
    }

    @Test
    void labels_ofEachWayToWriteThem_areZeroAndOne() {
        Schema schema = Schema.of(
                Column.optional("bool", ColumnType.BOOLEAN),
                Column.optional("number", ColumnType.NUMBER),
                Column.optional("word", ColumnType.TEXT));
        Columns rows = Columns.builder(schema, 3)
                .bool(0, true)
                .number(1, 1)
                .text(2, "yes")
                .endRow()
                .bool(0, false)
                .number(1, 0)
                .text(2, "no")
                .endRow()
                .endRow()
                .build();
        assertThat(Task.of(Task.Kind.BINARY, "bool").labels(rows)).containsExactly(1, 0, Double.NaN);
        assertThat(Task.of(Task.Kind.BINARY, "number").labels(rows)).containsExactly(1, 0, Double.NaN);
        Task worded = Json.read("{\"kind\":\"binary\",\"label\":\"word\",\"positive\":\"yes\"}", Task.class);
        assertThat(worded.labels(rows)).containsExactly(1, 0, Double.NaN);
        assertThatThrownBy(() -> Task.of(Task.Kind.BINARY, "word").labels(rows))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("task.positive");
    }

    /** So that another kind is one line of a pipeline. */
    @Test
    void kinds_leaveUnread_whatOnlyOthersHave() {
        String both = "{\"kind\":\"%s\",\"label\":\"y\",\"positive\":\"b\",\"classes\":[\"a\",\"b\",\"c\"]}";
        Task binary = Json.read(both.formatted("binary"), Task.class);
        Task multiclass = Json.read(both.formatted("multiclass"), Task.class);
        Task regression = Json.read(both.formatted("regression"), Task.class);

        assertThat(binary.positive()).contains("b");
        assertThat(binary.classes()).isEmpty();
        assertThat(multiclass.positive()).isEmpty();
        assertThat(multiclass.classes()).containsExactly("a", "b", "c");
        assertThat(regression).isEqualTo(Task.of(Task.Kind.REGRESSION, "y"));
        assertThatThrownBy(() -> Json.read("{\"kind\":\"regression\",\"label\":\"y\",\"threshold\":0.3}", Task.class))
                .hasMessageContaining("belong to binary tasks only");
    }

    @Test
    void regression_ofTexts_saysThatTheyAreClasses() {
        Columns rows = Columns.builder(Schema.of(Column.optional("word", ColumnType.TEXT)), 1)
                .text(0, "yes")
                .endRow()
                .build();
        assertThatThrownBy(() -> Task.of(Task.Kind.REGRESSION, "word").labels(rows))
                .hasMessage("the label word is text; expected a number, of a regression task; texts are classes (kind:"
                        + " binary or multiclass)");
    }

    @Test
    void check_ofAMissingColumn_namesTheLikelyOne() {
        Task task = Json.read(FLIGHTS, Task.class);
        Schema schema = Schema.of(
                Column.required("late", ColumnType.BOOLEAN),
                Column.required("flight_", ColumnType.TEXT),
                Column.required("departed_at", ColumnType.TIMESTAMP));
        assertThatThrownBy(() -> task.check(schema)).hasMessageContaining("did you mean flight_?");
    }

    @Test
    void signatures_thatDiffer_sayWhyInWords() {
        Signature.Output probability = new Signature.Output("probability", Signature.Datatype.FP32, 1);
        Signature champion = new Signature(
                Schema.of(Column.required("hour", ColumnType.INTEGER), Column.optional("origin", ColumnType.CATEGORY)),
                List.of(probability));
        Signature fewer = new Signature(Schema.of(Column.optional("hour", ColumnType.NUMBER)), List.of(probability));
        Signature other = new Signature(
                Schema.of(
                        Column.required("hour", ColumnType.TIMESTAMP),
                        Column.required("origin", ColumnType.CATEGORY),
                        Column.required("carrier", ColumnType.CATEGORY)),
                List.of(new Signature.Output("probability", Signature.Datatype.FP64, 1)));
        assertThat(champion.incompatibilities(champion)).isEmpty();
        assertThat(champion.incompatibilities(fewer)).isEmpty();
        assertThat(champion.incompatibilities(other))
                .containsExactly(
                        "input hour is timestamp, and callers send integer",
                        "input origin may be missing in callers' rows, and is required",
                        "input carrier category is needed, and callers do not send it",
                        "output probability FP32[rows] is answered as probability FP64[rows]");
    }
}
