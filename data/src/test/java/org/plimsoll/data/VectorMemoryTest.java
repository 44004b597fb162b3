package org.plimsoll.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorMemoryTest {

    private static final int ROWS = 10_001;

    @TempDir
    Path folder;

    /** Where this fails, everything still works, more slowly: look how the new release of duckdb_jdbc keeps its values. */
    @Test
    void memory_ofThisRelease_isKnown() {
        assertThat(VectorMemory.isKnown()).isTrue();
    }

    @Test
    void numbers_someMissing_areThoseReadOneByOne() {
        SplittableRandom random = new SplittableRandom(11);
        ColumnsBuilder rows = Columns.builder(
                Schema.of(Column.optional("x", ColumnType.NUMBER), Column.required("n", ColumnType.INTEGER)), ROWS);
        for (int row = 0; row < ROWS; row++) {
            if (random.nextInt(7) > 0) {
                rows.number(0, random.nextInt(50) == 0 ? Double.POSITIVE_INFINITY : random.nextGaussian());
            }
            rows.integer(1, row).endRow();
        }
        Query query = Query.standard(folder.resolve("scratch"));
        Path file = folder.resolve("rows.parquet");
        query.write(rows.build(), file);
        try (TableFile table = query.open(file)) {
            double[] x = new double[ROWS];
            double[] n = new double[ROWS];
            table.numbers("x", x);
            table.numbers("n", n);
            assertThat(x).isEqualTo(table.read("x").numbers(0)).contains(Double.NaN, Double.POSITIVE_INFINITY);
            assertThat(n).isEqualTo(table.read("n").numbers(0)).endsWith(ROWS - 1.0);
        }
    }
}
