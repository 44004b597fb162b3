package org.plimsoll.scoring;

import org.plimsoll.core.Problem;

/**
 * Trees that compare and add in 32 bits, as XGBoost's predictor does, and ONNX Runtime's over floats.
 */
final class FloatTrees extends FlatTrees {

    /** The threshold; NaN in leaves. */
    private final float[] threshold;

    /** The leaf's value; 0 in splits. */
    private final float[] leaf;

    private final float[] base;

    /** @param base what the sum of each output begins with */
    FloatTrees(FlatTreesBuilder built, float[] base, int features) {
        this(built, built.categories(false), base, features);
    }

    FloatTrees(FlatTreesBuilder built, NodeSets sets, float[] base, int features) {
        super(built, sets, base.length, features);
        this.threshold = narrowed(built.threshold());
        this.leaf = narrowed(built.leaf());
        this.base = base.clone();
        for (float value : leaf) {
            if (Float.isInfinite(value)) {
                throw Problem.of(Problem.Kind.INVALID, "a leaf has a value beyond a 32-bit float");
            }
        }
    }

    @Override
    Precision precision() {
        return Precision.SINGLE;
    }

    @Override
    double[] margins(double[] given, int rows) {
        check(given, rows);
        float[] x = narrowed(given);
        int width = width();
        float[] out = new float[Math.multiplyExact(rows, width)];
        for (int from = 0; from < out.length; from += width) {
            System.arraycopy(base, 0, out, from, width);
        }
        int[] ends = new int[rows < 4 ? roots.length : BLOCK];
        if (rows < 4) {
            for (int row = 0; row < rows; row++) {
                one(x, row, ends);
                for (int tree = 0; tree < ends.length; tree++) {
                    out[row * width + groups[tree]] += leaf[ends[tree]];
                }
            }
            return widened(out);
        }
        for (int from = 0; from < rows; from += BLOCK) {
            int to = Math.min(rows, from + BLOCK);
            boolean missing = anyMissing(x, from, to);
            for (int tree = 0; tree < roots.length; tree++) {
                block(x, from, to, tree, missing, ends);
                for (int row = from, into = from * width + groups[tree]; row < to; row++, into += width) {
                    out[into] += leaf[ends[row - from]];
                }
            }
        }
        return widened(out);
    }

    private static float[] narrowed(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }

    private static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private boolean anyMissing(float[] x, int from, int to) {
        boolean missing = false;
        for (int i = from * features(); i < to * features(); i++) {
            missing |= Float.isNaN(x[i]);
        }
        return missing;
    }

    private static int atLeast(float value, float threshold) {
        return value >= threshold ? 1 : 0;
    }

    private static int isMissing(float value) {
        return Float.isNaN(value) ? 1 : 0;
    }

    /** Where one row ends in each tree: four trees at once. */
    private void one(float[] x, int row, int[] ends) {
        int at = row * features();
        int tree = 0;
        if (!irregular) {
            boolean missing = anyMissing(x, row, row + 1);
            for (; tree + 4 <= roots.length; tree += 4) {
                int a = roots[tree];
                int b = roots[tree + 1];
                int c = roots[tree + 2];
                int d = roots[tree + 3];
                int steps = Math.max(
                        Math.max(depths[tree], depths[tree + 1]), Math.max(depths[tree + 2], depths[tree + 3]));
                if (missing) {
                    for (int step = 0; step < steps; step++) {
                        a = down(x, at, a);
                        b = down(x, at, b);
                        c = down(x, at, c);
                        d = down(x, at, d);
                    }
                } else {
                    for (int step = 0; step < steps; step++) {
                        a = left[a] + atLeast(x[at + feature[a]], threshold[a]);
                        b = left[b] + atLeast(x[at + feature[b]], threshold[b]);
                        c = left[c] + atLeast(x[at + feature[c]], threshold[c]);
                        d = left[d] + atLeast(x[at + feature[d]], threshold[d]);
                    }
                }
                ends[tree] = a;
                ends[tree + 1] = b;
                ends[tree + 2] = c;
                ends[tree + 3] = d;
            }
        }
        for (; tree < roots.length; tree++) {
            ends[tree] = end(x, at, tree);
        }
    }

    /** One step, missing values allowed. */
    private int down(float[] x, int at, int node) {
        float value = x[at + feature[node]];
        return left[node] + (atLeast(value, threshold[node]) | isMissing(value) & missingRight[node]);
    }

    /** Where some rows end in one tree: four rows at once. */
    private void block(float[] x, int from, int to, int tree, boolean missing, int[] ends) {
        int row = from;
        if (!irregular) {
            int features = features();
            int root = roots[tree];
            int steps = depths[tree];
            for (; row + 4 <= to; row += 4) {
                int at = row * features;
                int at1 = at + features;
                int at2 = at1 + features;
                int at3 = at2 + features;
                int a = root;
                int b = root;
                int c = root;
                int d = root;
                if (missing) {
                    for (int step = 0; step < steps; step++) {
                        a = down(x, at, a);
                        b = down(x, at1, b);
                        c = down(x, at2, c);
                        d = down(x, at3, d);
                    }
                } else {
                    for (int step = 0; step < steps; step++) {
                        a = left[a] + atLeast(x[at + feature[a]], threshold[a]);
                        b = left[b] + atLeast(x[at1 + feature[b]], threshold[b]);
                        c = left[c] + atLeast(x[at2 + feature[c]], threshold[c]);
                        d = left[d] + atLeast(x[at3 + feature[d]], threshold[d]);
                    }
                }
                ends[row - from] = a;
                ends[row - from + 1] = b;
                ends[row - from + 2] = c;
                ends[row - from + 3] = d;
            }
        }
        for (; row < to; row++) {
            ends[row - from] = end(x, row * features(), tree);
        }
    }

    /** Where a row ends in a tree, step by step; the way of trees that split by a set. */
    private int end(float[] x, int at, int tree) {
        int node = roots[tree];
        while (left[node] != node) {
            node = sets.has(node)
                    ? left[node] + sets.right(node, x[at + feature[node]], missingRight[node])
                    : down(x, at, node);
        }
        return node;
    }
}
