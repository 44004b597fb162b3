package org.plimsoll.inference;

import java.util.List;

/**
 * One input as it came, flat and row-major.
 *
 * @param shape as the caller says; the product equals the number of values
 */
record Tensor(String name, Datatype datatype, List<Long> shape, Values values) {

    /** The values: whole numbers (and true as 1), floating numbers, or texts. */
    sealed interface Values {
        int count();

        /** Whether the caller sent null here. */
        boolean isNull(int index);
    }

    /** @param nulls empty where nothing is null */
    record Wholes(long[] values, boolean[] nulls) implements Values {
        @Override
        public int count() {
            return values.length;
        }

        @Override
        public boolean isNull(int index) {
            return nulls.length > 0 && nulls[index];
        }
    }

    /** @param nulls empty where nothing is null */
    record Floats(double[] values, boolean[] nulls) implements Values {
        @Override
        public int count() {
            return values.length;
        }

        @Override
        public boolean isNull(int index) {
            return nulls.length > 0 && nulls[index];
        }
    }

    /** @param nulls empty where nothing is null; there the text is empty */
    record Texts(String[] values, boolean[] nulls) implements Values {
        @Override
        public int count() {
            return values.length;
        }

        @Override
        public boolean isNull(int index) {
            return nulls.length > 0 && nulls[index];
        }
    }

    /** Rows: the first number of the shape. */
    long rows() {
        return shape.isEmpty() ? 0 : shape.getFirst();
    }
}
