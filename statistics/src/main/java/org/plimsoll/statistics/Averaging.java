package org.plimsoll.statistics;

import java.util.function.ToDoubleFunction;

/** How numbers of single classes become one. */
public enum Averaging {
    /** Every class counts the same. */
    MACRO,
    /** Every row counts the same: the classes' cells are added first. */
    MICRO,
    /** Every class counts by its actual rows. */
    WEIGHTED;

    /** A rate over one-versus-rest confusions. */
    double of(Confusion[] classes, ToDoubleFunction<Confusion> rate) {
        if (this == MICRO) {
            Confusion all = classes[0];
            for (int k = 1; k < classes.length; k++) {
                all = all.merge(classes[k]);
            }
            return rate.applyAsDouble(all);
        }
        double[] values = new double[classes.length];
        double[] support = new double[classes.length];
        for (int k = 0; k < classes.length; k++) {
            support[k] = this == MACRO ? 1 : classes[k].positives();
            values[k] = support[k] == 0 ? 0 : rate.applyAsDouble(classes[k]);
        }
        return Sum.mean(values, support);
    }
}
