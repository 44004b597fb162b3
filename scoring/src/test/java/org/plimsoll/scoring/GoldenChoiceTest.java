package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;

class GoldenChoiceTest {

    private static final Schema SCHEMA = Schema.of(
            Column.optional("distance", ColumnType.NUMBER),
            Column.optional("amount", ColumnType.NUMBER),
            Column.optional("hour", ColumnType.INTEGER),
            Column.optional("id", ColumnType.INTEGER),
            Column.optional("holiday", ColumnType.BOOLEAN),
            Column.optional("origin", ColumnType.CATEGORY),
            Column.optional("carrier", ColumnType.CATEGORY),
            Column.optional("departed_at", ColumnType.TIMESTAMP));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void chosenRows_showTheExtremesAMissingValueAndEachCategory_ofEveryColumn(long seed) {
        Columns all = rows(new Random(seed));
        Columns chosen = GoldenRows.choose(all, seed);
        assertThat(chosen.rows()).isBetween(64, 400);
        for (int column = 0; column < SCHEMA.size(); column++) {
            String name = SCHEMA.columns().get(column).name();
            boolean text = SCHEMA.columns().get(column).type().isText();
            assertThat(words(chosen, column).contains("missing"))
                    .as("seed %s: missing %s", seed, name)
                    .isEqualTo(words(all, column).contains("missing"));
            if (!text) {
                assertThat(extremes(chosen, column))
                        .as("seed %s: %s", seed, name)
                        .containsExactly(extremes(all, column));
            }
            if (text || name.equals("hour")) {
                assertThat(words(chosen, column)).as("seed %s: %s", seed, name).isEqualTo(words(all, column));
            }
        }
        // the same seed, the same rows: an artifact made again has the same digest
        assertThat(extremes(GoldenRows.choose(all, seed), 3)).containsExactly(extremes(chosen, 3));
    }

    private static Set<String> words(Columns rows, int column) {
        Set<String> words = new HashSet<>();
        for (int row = 0; row < rows.rows(); row++) {
            words.add(rows.written(column, row).orElse("missing"));
        }
        return words;
    }

    private static double[] extremes(Columns rows, int column) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        for (int row = 0; row < rows.rows(); row++) {
            if (!rows.isMissing(column, row)) {
                least = Math.min(least, rows.number(column, row));
                greatest = Math.max(greatest, rows.number(column, row));
            }
        }
        return new double[] {least, greatest};
    }

    /** Rare categories and rare missing values stand anywhere. */
    private static Columns rows(Random random) {
        int count = 3_000;
        ColumnsBuilder builder = Columns.builder(SCHEMA, count);
        int rareRow = random.nextInt(count);
        for (int row = 0; row < count; row++) {
            for (int column = 0; column < SCHEMA.size(); column++) {
                if (random.nextInt(1_000) == 0) {
                    continue; // missing
                }
                switch (column) {
                    case 0 -> builder.number(column, random.nextGaussian() * 1e3);
                    case 1 -> builder.number(column, Math.exp(5 * random.nextGaussian()));
                    case 2 -> builder.integer(column, random.nextInt(24));
                    case 3 -> builder.integer(column, random.nextInt(1_000_000_000));
                    case 4 -> builder.bool(column, random.nextInt(500) == 0);
                    case 5 ->
                        builder.text(
                                column,
                                row == rareRow ? "rare" : "airport " + (int) (90 * Math.pow(random.nextDouble(), 3)));
                    case 6 -> builder.text(column, "carrier " + random.nextInt(60));
                    default -> builder.integer(column, 978_307_200_000L + random.nextInt(1_000_000) * 60_000L);
                }
            }
            builder.endRow();
        }
        return builder.build();
    }
}
