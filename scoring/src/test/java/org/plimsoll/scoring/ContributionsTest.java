package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;

class ContributionsTest {

    @Test
    void reasons_ofOneRow_comeByStrength_thenByName_withoutThoseThatMovedNothing() {
        Contributions one = new Contributions(
                1, List.of("origin", "hour", "distance", "carrier"), new double[] {-1}, new double[] {0.5, -2, 0, -0.5
                });
        assertThat(one.reasons(0, 10))
                .containsExactly(new Reason("hour", -2), new Reason("carrier", -0.5), new Reason("origin", 0.5));
        assertThat(one.reasons(0, 1)).containsExactly(new Reason("hour", -2));
        assertThat(one.margin(0, 0)).isEqualTo(-3);
        assertThatThrownBy(() -> one.reasons(0, 0)).isInstanceOf(Problem.class);
    }

    @Test
    void reasons_ofSeveralClasses_areThoseForTheMostProbableOne() {
        Contributions two = new Contributions(
                2, List.of("a", "b"), new double[] {0, 0.5}, new double[] {1, 2, -1, 0, /* second row */ 0, 0, 3, -1});
        assertThat(two.reasons(0, 1)).containsExactly(new Reason("b", 2)); // margins 3 and -0.5
        assertThat(two.reasons(1, 2)).containsExactly(new Reason("a", 3), new Reason("b", -1)); // 0 and 2.5
    }

    @Test
    void encodedColumns_ofOneRawColumn_countTogether() {
        Schema schema =
                Schema.of(Column.optional("origin", ColumnType.TEXT), Column.optional("distance", ColumnType.NUMBER));
        Columns rows = Columns.builder(schema, 3)
                .text(0, "ATL")
                .number(1, 1)
                .endRow()
                .text(0, "ORD")
                .number(1, 3)
                .endRow()
                .endRow()
                .build();
        Features features = Features.fit(
                List.of(
                        FeatureSpec.read("origin", Json.MAPPER.readTree("\"one_hot\"")),
                        FeatureSpec.read(
                                "distance",
                                Json.MAPPER.readTree("[{\"impute\":{\"with\":2,\"indicator\":true}},\"log\"]"))),
                rows,
                ZoneOffset.UTC);
        assertThat(features.names()).containsExactly("origin=ATL", "origin=ORD", "distance", "distance.missing");
        // origin=ATL?, then origin=ORD? and distance.missing?
        String tree = "{\"left_children\":[1,3,5,-1,-1,-1,-1],\"right_children\":[2,4,6,-1,-1,-1,-1],"
                + "\"split_indices\":[0,1,3,0,0,0,0],\"split_conditions\":[0.5,0.5,0.5,1,2,4,8],"
                + "\"default_left\":[1,1,1,0,0,0,0],\"sum_hessian\":[8,4,4,3,1,2,2]}";
        String model = "{\"learner\":{\"gradient_booster\":{\"model\":{\"tree_info\":[0],\"trees\":[" + tree
                + "]},\"name\":\"gbtree\"},\"learner_model_param\":{\"base_score\":\"0\",\"num_feature\":\"4\"},"
                + "\"objective\":{\"name\":\"reg:squarederror\"}},\"version\":[3,0,4]}";
        TreeShap shap = XgboostFile.explainer("model.json", model.getBytes(StandardCharsets.UTF_8));
        double[] encoded = shap.explain(features.encode(rows, Precision.SINGLE), 3);
        Contributions contributions = new Explainer(features, shap).explain(rows);
        assertThat(contributions.columns()).containsExactly("origin", "distance");
        for (int row = 0; row < 3; row++) {
            assertThat(contributions.of(row, 0, 0)).isEqualTo(encoded[4 * row] + encoded[4 * row + 1]);
            assertThat(contributions.of(row, 0, 1)).isEqualTo(encoded[4 * row + 2] + encoded[4 * row + 3]);
        }
        assertThat(contributions.base()).containsExactly(29.0 / 8); // (3 · 1 + 1 · 2 + 2 · 4 + 2 · 8) / 8
        assertThat(contributions.margin(0, 0)).isCloseTo(4, within(1e-12));
        assertThat(contributions.margin(1, 0)).isCloseTo(2, within(1e-12));
        assertThat(contributions.margin(2, 0)).isCloseTo(1, within(1e-12));
    }
}
