package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.plimsoll.core.Json;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;
import tools.jackson.databind.JsonNode;

/** Our transforms beside scikit-learn's and pandas', on random columns; {@code src/test/python/reference_features.py} drew them. */
class FeaturesReferenceTest {

    private static final JsonNode REFERENCE = reference();

    private static JsonNode reference() {
        try (InputStream json = FeaturesReferenceTest.class.getResourceAsStream("features-reference.json")) {
            return Json.MAPPER.readTree(json.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<Integer> cases() {
        return IntStream.range(0, REFERENCE.get("cases").size()).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void features_fittedOnTheSameRows_areThoseOfScikitLearn(int number) {
        JsonNode reference = REFERENCE.get("cases").get(number);
        ColumnType type = ColumnType.valueOf(reference.get("type").asString().toUpperCase(java.util.Locale.ROOT));
        Features features = Features.fit(
                List.of(FeatureSpec.read("value", reference.get("declared"))),
                column(type, reference.get("train")),
                ZoneOffset.UTC);
        Columns asked = column(type, reference.get("asked"));
        double[] x = Features.read(features.write()).encode(asked, Precision.DOUBLE);
        JsonNode expected = reference.get("expected");
        assertThat(features.width()).isEqualTo(expected.get(0).size());
        for (int row = 0; row < expected.size(); row++) {
            for (int i = 0; i < features.width(); i++) {
                JsonNode value = expected.get(row).get(i);
                double wanted = value.isNull() ? Double.NaN : value.asDouble();
                double given = x[row * features.width() + i];
                boolean isEqual = Double.isNaN(wanted)
                        ? Double.isNaN(given)
                        : Math.abs(given - wanted) <= 1e-12 * Math.max(1, Math.abs(wanted));
                assertThat(isEqual)
                        .as(
                                "%s row %s (%s) output %s: %s, %s's %s",
                                reference.get("declared"),
                                row,
                                reference.get("asked").get(row),
                                i,
                                given,
                                REFERENCE.get("by"),
                                wanted)
                        .isTrue();
            }
        }
    }

    @Test
    void everyStep_isCompared() {
        // negative control: a step that nobody compares would pass
        String declared = REFERENCE.get("cases").findValues("declared").toString();
        assertThat(FeatureStep.WORDS.keySet().stream().filter(word -> !declared.contains('"' + word + '"')))
                .containsExactlyInAnyOrder("number", "required");
    }

    private static Columns column(ColumnType type, JsonNode values) {
        ColumnsBuilder builder = Columns.builder(Schema.of(Column.optional("value", type)), values.size());
        for (JsonNode value : values) {
            if (!value.isNull()) {
                switch (type) {
                    case NUMBER -> builder.number(0, value.asDouble());
                    case INTEGER, TIMESTAMP -> builder.integer(0, value.asLong());
                    case TEXT, CATEGORY -> builder.text(0, value.asString());
                    case BOOLEAN -> builder.bool(0, value.asBoolean());
                }
            }
            builder.endRow();
        }
        return builder.build();
    }
}
