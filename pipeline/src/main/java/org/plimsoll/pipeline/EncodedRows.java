package org.plimsoll.pipeline;

import java.util.Optional;
import org.plimsoll.scoring.Task;

/**
 * Training rows as a trainer takes them.
 *
 * @param width values of one row
 * @param x row-major, rows × width; NaN is missing
 * @param labels one per row: 0 or 1, a class from 0, a number, or a relevance
 * @param weights one per row
 * @param groups sizes of the queries that rows of a ranking task compete in, in row order
 */
record EncodedRows(
        Task task, int rows, int width, float[] x, float[] labels, Optional<float[]> weights, Optional<int[]> groups) {}
