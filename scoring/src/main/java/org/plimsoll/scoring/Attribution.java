package org.plimsoll.scoring;

/** How much each column of x moved a row's margins away from the base. */
sealed interface Attribution permits TreeShap, LinearShap {

    /** What width x is in. */
    Precision precision();

    /** What the margins are before anything of a row is known, by output. */
    double[] base();

    /**
     * The contributions: with the base they add up to the margins.
     *
     * @param x row-major, as the engine takes it
     * @return row × output × column of x
     */
    double[] explain(double[] x, int rows);
}
