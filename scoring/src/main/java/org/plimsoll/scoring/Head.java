package org.plimsoll.scoring;

import java.util.List;

/** From margins to what a model answers: its link, its class labels, its names. */
interface Head {

    /** What is answered, in order. */
    List<Signature.Output> outputs();

    /**
     * The answers.
     *
     * @param margins row-major, one sum for each group of trees or row of coefficients; may be written to
     * @return for each output its values, row-major
     */
    double[][] answers(double[] margins, int rows);
}
