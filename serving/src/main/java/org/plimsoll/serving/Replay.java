package org.plimsoll.serving;

import java.util.Arrays;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.data.Columns;
import org.plimsoll.scoring.GoldenRows;
import org.plimsoll.scoring.Scorer;
import org.plimsoll.scoring.Scores;

/**
 * Requests sent once more through the scoring path of a candidate, one row each as callers do, before anyone depends on it.
 *
 * @param rows rows replayed
 * @param differing rows whose score, asked alone, is not the score of the same row in the batch: to the last bit, or within the
 *     tolerance of golden rows where the engine does not promise that
 * @param medianMicros of one row, encoded and scored
 * @param p99Micros of one row, encoded and scored
 */
record Replay(VersionId version, long rows, long differing, double medianMicros, double p99Micros) {

    /**
     * Replays these rows.
     *
     * @throws Problem REFUSED at the first row the candidate cannot answer with a number
     */
    static Replay of(LoadedVersion candidate, Columns rows) {
        candidate.model().signature().check(rows.schema());
        Scorer scorer = candidate.scorer();
        double[][] batch = finite(candidate, 0, scorer.score(rows)).values();
        double[] micros = new double[rows.rows()];
        long differing = 0;
        for (int row = 0; row < rows.rows(); row++) {
            Columns one = rows.slice(row, row + 1);
            long began = System.nanoTime();
            Scores alone = finite(candidate, row, scorer.score(one));
            micros[row] = (System.nanoTime() - began) / 1_000.0;
            if (!isRow(alone.values(), batch, row, scorer.isExact())) {
                differing++;
            }
        }
        Arrays.sort(micros);
        return new Replay(candidate.version(), rows.rows(), differing, quantile(micros, 0.5), quantile(micros, 0.99));
    }

    /** Whether this one answer is that row's of the batch; engines whose sums depend on how many rows there are may differ a little. */
    private static boolean isRow(double[][] alone, double[][] batch, int row, boolean isExact) {
        for (int output = 0; output < alone.length; output++) {
            int width = alone[output].length;
            for (int i = 0; i < width; i++) {
                if (!isSame(alone[output][i], batch[output][row * width + i], isExact)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isSame(double alone, double inBatch, boolean isExact) {
        return Double.doubleToLongBits(alone) == Double.doubleToLongBits(inBatch)
                || !isExact && Math.abs(alone - inBatch) <= GoldenRows.TOLERANCE * Math.max(1, Math.abs(inBatch));
    }

    /** Why the candidate may not go on; empty where it may. */
    Optional<String> refusal(int wanted) {
        if (rows < wanted) {
            return Optional.of("the replay needs " + wanted + " requests, and only " + rows + " are there");
        }
        return differing == 0
                ? Optional.empty()
                : Optional.of(differing + " of " + rows + " replayed rows score differently alone and in a batch");
    }

    private static Scores finite(LoadedVersion candidate, int row, Scores scores) {
        try {
            return Inference.finite(scores, candidate);
        } catch (Problem problem) {
            throw Problem.refused("replayed row " + row + ": " + problem.detail());
        }
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }
}
