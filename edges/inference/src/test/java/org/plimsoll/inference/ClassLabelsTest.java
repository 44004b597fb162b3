package org.plimsoll.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.plimsoll.core.Json;
import org.plimsoll.core.VersionId;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Schema;
import org.plimsoll.scoring.Signature;
import org.plimsoll.scoring.Signature.Output;
import org.plimsoll.scoring.Task;
import org.plimsoll.serving.Answer;
import tools.jackson.databind.JsonNode;

/** People read names, not places: what a model of several classes answers says which is which. */
class ClassLabelsTest {

    private static final Output THREE = new Output("probabilities", Signature.Datatype.FP32, 3);
    private static final Task SPECIES = Json.read(
            "{\"kind\":\"multiclass\",\"label\":\"species\",\"classes\":[\"Adelie\",\"a, \\\"b\\\"\",\"Gentoo\"]}"
                    .getBytes(StandardCharsets.UTF_8),
            Task.class);
    private static final VersionId VERSION = VersionId.parse("penguins@1");

    private static final Answer ANSWER = new Answer(
            "p",
            1,
            2,
            List.of(THREE),
            new double[][] {{0.1, 0.7, 0.2, 0.25, 0.25, 0.5}},
            new boolean[0],
            VERSION,
            VERSION,
            List.of(),
            0);

    private static InferRequest asked(InferRequest.WantedOutput... outputs) {
        return new InferRequest(Optional.empty(), Map.of(), List.of(), List.of(outputs));
    }

    @Test
    void answer_ofSeveralClasses_namesThem() {
        JsonNode reply = Json.MAPPER.readTree(
                ReplyWriter.write("penguins", SPECIES, asked(), ANSWER).bytes());
        JsonNode shares = reply.path("outputs").get(0);
        assertThat(shares.path("parameters").path("class_0").asString()).isEqualTo("Adelie");
        assertThat(shares.path("parameters").path("class_1").asString()).isEqualTo("a, \"b\"");
        JsonNode label = reply.path("outputs").get(1);
        assertThat(label.path("name").asString()).isEqualTo("label");
        assertThat(label.path("datatype").asString()).isEqualTo("BYTES");
        assertThat(label.path("data").get(0).asString()).isEqualTo("a, \"b\"");
        assertThat(label.path("data").get(1).asString()).isEqualTo("Gentoo");
    }

    @Test
    void answer_asRawTensors_namesThemToo() {
        ReplyWriter.Reply reply = ReplyWriter.write(
                "penguins",
                SPECIES,
                asked(
                        new InferRequest.WantedOutput("probabilities", Optional.of(true)),
                        new InferRequest.WantedOutput("label", Optional.of(true))),
                ANSWER);
        String json = new String(reply.bytes(), 0, reply.jsonBytes(), StandardCharsets.UTF_8);
        JsonNode outputs = Json.MAPPER.readTree(json).path("outputs");
        assertThat(outputs.size()).isEqualTo(2);
        assertThat(outputs.get(0).path("parameters").path("binary_data_size").asInt())
                .isEqualTo(24);
        assertThat(outputs.get(0).path("parameters").path("class_2").asString()).isEqualTo("Gentoo");
        String raw = new String(
                reply.bytes(), reply.jsonBytes(), reply.bytes().length - reply.jsonBytes(), StandardCharsets.UTF_8);
        assertThat(raw).contains("a, \"b\"").endsWith("Gentoo");
    }

    @Test
    void model_isDescribedWithItsClasses() {
        Schema inputs = Schema.of(Column.required("mass", ColumnType.NUMBER));
        ModelDescription described = ModelDescription.of(
                "penguins", List.of("penguins@1"), new Signature(inputs, List.of(THREE)), SPECIES, Map.of());
        assertThat(described.outputs())
                .extracting(ModelDescription.TensorDescription::name)
                .contains("label");
        assertThat(described.properties()).containsEntry("class_2", "Gentoo");
    }

    @Test
    void classes_withoutNames_areNumbered_andOtherTasksHaveNone() {
        Task numbered = Task.of(Task.Kind.MULTICLASS, "species");
        assertThat(ClassLabels.of(numbered, List.of(THREE)).orElseThrow().names())
                .containsExactly("0", "1", "2");
        assertThat(ClassLabels.of(
                        Task.of(Task.Kind.REGRESSION, "y"),
                        List.of(new Output("prediction", Signature.Datatype.FP32, 1))))
                .isEmpty();
        Output own = new Output("label", Signature.Datatype.BYTES, 1, List.of("x", "y", "z"), Optional.empty());
        assertThat(ClassLabels.of(numbered, List.of(THREE, own)))
                .as("the model's own")
                .isEmpty();
    }
}
