package org.plimsoll.scoring;

import java.util.List;

/** What executes a model: from the matrix x to its answers. Safe for any number of threads at once. */
public sealed interface Engine extends AutoCloseable permits TreeEngine {

    /** The number of columns of x. */
    int features();

    /** The names of x's columns as the model's file holds them; empty where it holds none. */
    List<String> names();

    /** What the model answers. */
    List<Signature.Output> outputs();

    /**
     * The answers for these rows.
     *
     * @param x row-major, {@link #features} columns, NaN where missing; not kept, not changed
     * @return for each output its values, row-major
     */
    double[][] score(float[] x, int rows);

    /** Which engine this is, for people: {@code trees: 100 trees, 6,230 nodes}. */
    String describe();

    @Override
    void close();
}
