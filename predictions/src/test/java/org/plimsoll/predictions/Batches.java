package org.plimsoll.predictions;

import java.util.List;
import java.util.SplittableRandom;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Ids;
import org.plimsoll.core.VersionId;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;
import org.plimsoll.predictions.PredictionBatch.Part;

/** Requests as a serving endpoint would log them. */
final class Batches {

    static final Digest TABLE = Digest.of("table 1");
    static final Layout FIRST =
            new Layout(VersionId.parse("late@1"), List.of("hour", "distance"), List.of("probability"));
    static final Layout SECOND =
            new Layout(VersionId.parse("late@2"), List.of("hour", "distance", "origin=ORD"), List.of("probability"));
    static final Schema RAW = Schema.of(
            Column.required("hour", ColumnType.INTEGER),
            Column.optional("distance", ColumnType.NUMBER),
            Column.optional("origin", ColumnType.CATEGORY),
            Column.optional("departed_at", ColumnType.TIMESTAMP),
            Column.optional("holiday", ColumnType.BOOLEAN));

    private Batches() {}

    static Columns raw(SplittableRandom random, int rows) {
        ColumnsBuilder builder = Columns.builder(RAW, rows);
        for (int row = 0; row < rows; row++) {
            builder.integer(0, random.nextInt(24));
            if (random.nextInt(4) > 0) {
                builder.number(1, random.nextDouble() * 2_000);
                builder.text(2, random.nextBoolean() ? "ORD" : "Zürich ✈");
                builder.integer(3, 978_307_200_000L + random.nextInt(1_000_000));
                builder.bool(4, random.nextBoolean());
            }
            builder.endRow();
        }
        return builder.build();
    }

    /** A request whose rows went by turns to the champion and to a canary. */
    static PredictionBatch random(SplittableRandom random, int rows, long receivedAt) {
        String[] entities = new String[rows];
        long[] times = new long[rows];
        for (int row = 0; row < rows; row++) {
            entities[row] = "flight " + random.nextInt(1_000);
            times[row] = receivedAt - random.nextInt(1_000);
        }
        int[] even = java.util.stream.IntStream.range(0, rows)
                .filter(row -> row % 2 == 0)
                .toArray();
        int[] odd = java.util.stream.IntStream.range(0, rows)
                .filter(row -> row % 2 == 1)
                .toArray();
        List<Part> parts = odd.length == 0
                ? List.of(part(random, FIRST, Arm.CHAMPION, even))
                : List.of(part(random, FIRST, Arm.CHAMPION, even), part(random, SECOND, Arm.CANARY, odd));
        return new PredictionBatch(Ids.next(), receivedAt, TABLE, entities, times, raw(random, rows), parts);
    }

    static Part part(SplittableRandom random, Layout layout, Arm arm, int[] rows) {
        double[] x = new double[rows.length * layout.features().size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextInt(5) == 0
                    ? Double.NaN
                    : layout.equals(SECOND) ? random.nextDouble() : (float) random.nextDouble();
        }
        double[] scores = random.doubles(rows.length).toArray();
        return new Part(layout, arm, rows, x, scores);
    }

    /** A request of one row with this score, received and asked at the same time. */
    static PredictionBatch one(String entity, long at, Digest table, Layout layout, Arm arm, double score) {
        return new PredictionBatch(
                Ids.next(),
                at,
                table,
                new String[] {entity},
                new long[] {at},
                PredictionBatch.NO_COLUMNS,
                List.of(new Part(layout, arm, new int[] {0}, new double[0], new double[] {score})));
    }
}
