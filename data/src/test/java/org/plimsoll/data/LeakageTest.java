package org.plimsoll.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What gives the target away is found; what merely tells much of it, or has many values, is not. */
class LeakageTest {

    private static final int ROWS = 2_000;

    private static Map<String, String> ofClasses() {
        Random random = new Random(11);
        ColumnsBuilder rows = Columns.builder(
                Schema.of(
                        Column.required("y", ColumnType.TEXT),
                        Column.required("recoded", ColumnType.INTEGER),
                        Column.optional("settled", ColumnType.TIMESTAMP),
                        Column.required("score", ColumnType.NUMBER),
                        Column.required("strong", ColumnType.NUMBER),
                        Column.required("many", ColumnType.TEXT),
                        Column.required("asked", ColumnType.TIMESTAMP),
                        Column.optional("later", ColumnType.TIMESTAMP),
                        Column.optional("earlier", ColumnType.TIMESTAMP)),
                ROWS);
        for (int row = 0; row < ROWS; row++) {
            boolean yes = random.nextInt(4) == 0;
            rows.textAhead(0, row, yes ? "yes" : "no");
            rows.integerAhead(1, row, yes ? 7 : 3);
            if (yes) {
                rows.integerAhead(2, row, 1_700_000_000_000L + row);
            }
            rows.numberAhead(3, row, (yes ? 1 : 0) + random.nextGaussian() / 10);
            rows.numberAhead(4, row, (yes ? 2 : 0) + random.nextGaussian());
            rows.textAhead(5, row, "v" + random.nextInt(1_500));
            rows.integerAhead(6, row, 1_600_000_000_000L + row);
            rows.integerAhead(7, row, 1_600_000_000_000L + row + 1 + random.nextInt(90));
            rows.integerAhead(8, row, 1_600_000_000_000L + row - 1 - random.nextInt(90));
        }
        rows.endRows(ROWS);
        return Leakage.suspects(rows.buildAsFound(), "y", true, Optional.of("asked"));
    }

    @Test
    void classes_givenAway_areFound() {
        Map<String, String> suspects = ofClasses();
        assertThat(suspects.get("recoded")).contains("one value for each of its own");
        assertThat(suspects.get("settled")).isNotNull();
        assertThat(suspects.get("score")).contains("y away");
        assertThat(suspects.get("later")).contains("known only afterwards").contains("100 %");
    }

    @Test
    void classes_merelyToldMuchOf_areNotSuspected() {
        assertThat(ofClasses()).doesNotContainKeys("strong", "many", "asked", "earlier", "y");
    }

    @Test
    void quantities_givenAway_areFound_andOthersAreNot() {
        Random random = new Random(12);
        ColumnsBuilder rows = Columns.builder(
                Schema.of(
                        Column.required("total", ColumnType.NUMBER),
                        Column.required("net", ColumnType.NUMBER),
                        Column.required("tax", ColumnType.NUMBER),
                        Column.required("cents", ColumnType.NUMBER),
                        Column.required("cubed", ColumnType.NUMBER),
                        Column.required("near", ColumnType.NUMBER),
                        Column.required("id", ColumnType.TEXT)),
                ROWS);
        for (int row = 0; row < ROWS; row++) {
            double net = 100 + 30 * random.nextGaussian();
            double tax = 5 + 40 * random.nextDouble();
            double total = net + tax;
            double[] values = {total, net, tax, 100 * total, total * total * total, total + 10 * random.nextGaussian()};
            for (int column = 0; column < values.length; column++) {
                rows.numberAhead(column, row, values[column]);
            }
            rows.textAhead(6, row, "id" + random.nextInt(1_800));
        }
        rows.endRows(ROWS);
        Map<String, String> suspects = Leakage.suspects(rows.buildAsFound(), "total", false, Optional.empty());
        assertThat(suspects.get("cents")).contains("a straight line explains 100.0 %");
        assertThat(suspects.get("cubed")).contains("its order explains 100.0 %");
        assertThat(suspects.get("net")).contains("total =").contains("+");
        assertThat(suspects.get("tax")).contains("total =").contains("+");
        assertThat(suspects).doesNotContainKeys("near", "id", "total");
    }

    @Test
    void fewRows_sayNothing() {
        ColumnsBuilder rows = Columns.builder(
                Schema.of(Column.required("y", ColumnType.TEXT), Column.required("copy", ColumnType.TEXT)), 10);
        for (int row = 0; row < 10; row++) {
            rows.textAhead(0, row, row % 2 == 0 ? "a" : "b");
            rows.textAhead(1, row, row % 2 == 0 ? "a" : "b");
        }
        rows.endRows(10);
        assertThat(Leakage.suspects(rows.buildAsFound(), "y", true, Optional.empty()))
                .isEmpty();
    }
}
