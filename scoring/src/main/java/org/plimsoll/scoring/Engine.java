package org.plimsoll.scoring;

import java.util.List;

/**
 * What executes a model. Safe for any number of threads at once, closing included: a question that has begun is answered, a
 * later one is refused.
 *
 * <p>There are two ways to ask. A {@link MatrixEngine} takes the matrix x that {@link Features} make of the raw columns; trees
 * and linear models do. A {@link ColumnEngine} takes named columns and makes of them what it needs, tensors or a data frame;
 * ONNX graphs of any inputs, remote servers and Python do.
 */
public sealed interface Engine extends AutoCloseable permits MatrixEngine, ColumnEngine {

    /** What the model answers; first what the task is judged by. */
    List<Signature.Output> outputs();

    /** The version of the library that made the model, or of what executes it; empty where that is not known. */
    String version();

    /** Whether a row gives the same bits alone and in any batch; where not, it may differ in the last digits. */
    default boolean isExact() {
        return true;
    }

    /** Which engine this is, for people: {@code trees: 100 trees, 6,230 nodes}. */
    String describe();

    @Override
    void close();
}
