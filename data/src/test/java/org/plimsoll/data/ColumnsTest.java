package org.plimsoll.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;

class ColumnsTest {

    private static final Schema MIXED = Schema.of(
            Column.optional("distance", ColumnType.NUMBER),
            Column.optional("hour", ColumnType.INTEGER),
            Column.optional("late", ColumnType.BOOLEAN),
            Column.optional("origin", ColumnType.CATEGORY),
            Column.optional("at", ColumnType.TIMESTAMP));

    @Test
    void value_notSet_isMissingWhateverItsType() {
        Columns rows = Columns.builder(MIXED, 1)
                .endRow()
                .number(0, 718)
                .integer(1, 7)
                .bool(2, true)
                .text(3, "ORD")
                .integer(4, 978_310_800_000L)
                .endRow()
                .build();
        for (int c = 0; c < MIXED.size(); c++) {
            assertThat(rows.isMissing(c, 0)).isTrue();
            assertThat(rows.written(c, 0)).isEmpty();
            assertThat(rows.isMissing(c, 1)).isFalse();
        }
        assertThat(rows.number(1, 0)).isNaN();
        assertThat(rows.written(0, 1)).contains("718");
        assertThat(rows.written(2, 1)).contains("true");
        assertThat(rows.text(3, 1)).contains("ORD");
        assertThat(rows.written(4, 1)).contains("2001-01-01T01:00:00Z");
    }

    @Test
    void missingValue_ofARequiredColumn_isRefusedWithColumnAndRow() {
        ColumnsBuilder builder = Columns.builder(Schema.of(Column.required("hour", ColumnType.INTEGER)), 2)
                .integer(0, 7)
                .endRow()
                .endRow();
        assertThatThrownBy(builder::build).isInstanceOf(Problem.class).hasMessageContaining("hour is missing in row 1");
    }

    @Test
    void unknownColumn_isRefusedWithTheLikelyName() {
        assertThatThrownBy(() -> MIXED.column("distnace"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("did you mean distance?");
    }

    @Test
    void columnThatIsMissing_isSaidOnOneLine_whateverTheOthersAreCalled() {
        Schema schema =
                Schema.of(Column.optional("in\ncome", ColumnType.NUMBER), Column.optional("age", ColumnType.NUMBER));
        assertThatThrownBy(() -> schema.index("bought"))
                .hasMessage("there is no column bought (columns: in\\ncome, age)");
    }

    @Test
    void pickAndConcat_ofRandomRows_giveTheSameValues() {
        long seed = 20_010_101;
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            int size = 1 + random.nextInt(200);
            Columns all = random(random, size);
            int cut = random.nextInt(size + 1);
            Columns joined = Columns.concat(List.of(all.slice(0, cut), all.slice(cut, size)));
            int[] order = random.ints(100, 0, size).toArray();
            Columns picked = joined.pick(order);
            for (int c = 0; c < MIXED.size(); c++) {
                for (int i = 0; i < order.length; i++) {
                    assertThat(picked.written(c, i))
                            .as("seed %s round %s column %s", seed, round, c)
                            .isEqualTo(all.written(c, order[i]));
                }
            }
        }
    }

    @Test
    void concat_ofOtherColumns_isRefused() {
        Columns one = Columns.builder(MIXED, 0).build();
        Columns other = one.select(List.of("hour", "distance"));
        assertThatThrownBy(() -> Columns.concat(List.of(one, other))).hasMessageContaining("columns differ");
        assertThatThrownBy(() -> Columns.concat(List.of(other, one))).hasMessageContaining("columns differ");
    }

    @Test
    void schema_asJson_isAListOfColumns() {
        String json = Json.text(Schema.of(Column.optional("origin", ColumnType.CATEGORY)));
        assertThat(json).isEqualTo("[{\"name\":\"origin\",\"type\":\"category\",\"optional\":true}]");
        assertThat(Json.read(json, Schema.class).find("origin"))
                .isEqualTo(Optional.of(Column.optional("origin", ColumnType.CATEGORY)));
    }

    private static Columns random(Random random, int size) {
        ColumnsBuilder builder = Columns.builder(MIXED, random.nextInt(2) * size);
        for (int row = 0; row < size; row++) {
            if (random.nextInt(4) > 0) {
                builder.number(0, random.nextGaussian());
            }
            if (random.nextInt(4) > 0) {
                builder.integer(1, random.nextLong());
            }
            if (random.nextInt(4) > 0) {
                builder.bool(2, random.nextBoolean());
            }
            if (random.nextInt(4) > 0) {
                builder.text(3, "word-" + random.nextInt(9));
            }
            if (random.nextInt(4) > 0) {
                builder.integer(4, random.nextInt());
            }
            builder.endRow();
        }
        return builder.build();
    }
}
