package org.plimsoll.scoring;

import java.util.List;

/** An engine over a matrix of numbers: no native code, no threads of its own. */
public sealed interface MatrixEngine extends Engine permits TreeEngine, LinearEngine {

    /** The number of columns of x. */
    int features();

    /** The names of x's columns as the model's file holds them; empty where it holds none. */
    List<String> names();

    /** The values of x's columns that the maker numbered. */
    CategoryCodes categories();

    /** What the maker compares and computes in; x is rounded to it before. */
    Precision precision();

    /**
     * The answers for these rows.
     *
     * @param x row-major, {@link #features} columns of this {@link #precision}, NaN where missing; not kept, not changed
     * @return for each output its values, row-major
     */
    double[][] score(double[] x, int rows);
}
