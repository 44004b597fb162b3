package org.plimsoll.scoring;

import java.util.List;
import org.plimsoll.scoring.Signature.Datatype;

/**
 * A tensor that a model asks for, and the columns it is made of.
 *
 * @param shape of a question; the first dimension, if there is one, is the rows, the others are fixed
 */
record TensorInput(String name, Datatype datatype, long[] shape, List<String> columns) {

    /** The shape of a question of so many rows. */
    long[] shape(int rows) {
        long[] asked = shape.clone();
        if (asked.length > 0) {
            asked[0] = rows;
        }
        return asked;
    }

    /** As the signature says it. */
    Signature.Tensor described() {
        List<Long> dimensions = new java.util.ArrayList<>();
        for (int i = 0; i < shape.length; i++) {
            dimensions.add(i == 0 ? -1L : shape[i]);
        }
        return new Signature.Tensor(name, datatype, dimensions, columns);
    }
}
