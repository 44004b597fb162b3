package org.plimsoll.scoring;

import java.util.List;

/**
 * One output: the margins through a link, in the maker's width.
 *
 * @param width margins a row
 * @param divisor the sums of the leaves are divided by it: the trees of a random forest
 * @param steepness margins are multiplied by it before the link: LightGBM's {@code sigmoid}
 */
record LinkHead(Link link, Precision precision, int width, double divisor, double steepness) implements Head {

    LinkHead(Link link, Precision precision, int width) {
        this(link, precision, width, 1, 1);
    }

    @Override
    public List<Signature.Output> outputs() {
        return link.outputs(width, precision == Precision.SINGLE ? Signature.Datatype.FP32 : Signature.Datatype.FP64);
    }

    @Override
    public double[][] answers(double[] margins, int rows) {
        if (precision == Precision.SINGLE) {
            float[] narrow = new float[margins.length];
            for (int i = 0; i < narrow.length; i++) {
                narrow[i] = (float) margins[i];
            }
            link.apply(narrow, width);
            for (int i = 0; i < narrow.length; i++) {
                margins[i] = narrow[i];
            }
        } else {
            if (divisor != 1 || steepness != 1) {
                for (int i = 0; i < margins.length; i++) {
                    margins[i] = margins[i] / divisor * steepness;
                }
            }
            link.apply(margins, width);
        }
        return new double[][] {margins};
    }
}
