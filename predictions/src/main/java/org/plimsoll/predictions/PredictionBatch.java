package org.plimsoll.predictions;

import java.util.Arrays;
import java.util.List;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;

/**
 * The rows of one request with what they were answered: what the log takes and gives back. A prediction is one of its rows,
 * known by the batch's id and the row's number.
 *
 * <p>Arrays are handed over, not copied; nobody writes to them afterwards. A shadow's answers come later, in a batch of the same
 * id with {@link Arm#SHADOW} parts only and without raw columns.
 *
 * @param id {@link Ids#next()}, 32 hex digits
 * @param receivedAt when the request came, UTC milliseconds
 * @param table digest of the routing table that chose the versions
 * @param entities what each row is about, the unit of routing; empty text where the task names none
 * @param eventTimes when each row's question was asked, UTC milliseconds; {@code receivedAt} where the task has no event time
 * @param raw the rows as they came; without columns where they are not kept or were not asked for
 * @param parts who answered which rows
 */
public record PredictionBatch(
        String id, long receivedAt, Digest table, String[] entities, long[] eventTimes, Columns raw, List<Part> parts) {

    /**
     * The rows that one version answered.
     *
     * @param rows their numbers in the batch
     * @param x what the engine saw, in its own precision, rows × features; empty for engines that take raw columns
     * @param scores what it answered, rows × outputs
     */
    public record Part(Layout layout, Arm arm, int[] rows, double[] x, double[] scores) {

        public Part {
            if (scores.length != rows.length * layout.outputs().size()
                    || x.length != 0
                            && x.length != rows.length * layout.features().size()) {
                throw Problem.invalid(
                        "answers of " + layout.version(),
                        scores.length + " scores and " + x.length + " features for " + rows.length + " rows",
                        "rows × " + layout.outputs().size() + " and rows × "
                                + layout.features().size());
            }
        }

        /** Values of one row. */
        public int width() {
            return layout.outputs().size();
        }

        /** The part's i-th answer. */
        public double[] answer(int i) {
            return Arrays.copyOfRange(scores, i * width(), (i + 1) * width());
        }

        /** One score of the part's i-th row. */
        public double score(int i, int output) {
            return scores[i * layout.outputs().size() + output];
        }
    }

    /** Columns without a column, for batches that keep no raw rows. */
    public static final Columns NO_COLUMNS =
            Columns.builder(new Schema(List.of()), 0).build();

    public PredictionBatch {
        if (!Ids.isId(id)) {
            throw Problem.invalid("prediction", id, "32 hex digits");
        }
        if (entities.length != eventTimes.length) {
            throw Problem.invalid("event_times", eventTimes.length, "one for each of " + entities.length + " rows");
        }
        if (raw.schema().size() > 0 && raw.rows() != entities.length) {
            throw Problem.invalid("raw rows", raw.rows(), "one for each of " + entities.length + " rows");
        }
        parts = List.copyOf(parts);
        for (Part part : parts) {
            for (int row : part.rows) {
                if (row < 0 || row >= entities.length) {
                    throw Problem.invalid("row", row, "less than " + entities.length);
                }
            }
        }
    }

    /** How many rows the request had. */
    public int rows() {
        return entities.length;
    }

    /** What a shadow answered to the same rows. */
    public PredictionBatch shadow(Part part) {
        if (part.arm != Arm.SHADOW) {
            throw Problem.invalid("arm", part.arm.word(), "shadow");
        }
        return new PredictionBatch(id, receivedAt, table, entities, eventTimes, NO_COLUMNS, List.of(part));
    }
}
