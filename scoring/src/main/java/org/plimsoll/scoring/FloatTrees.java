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
    private final boolean baseLast;

    /** @param base what the sum of each output begins with */
    FloatTrees(FlatTreesBuilder built, float[] base, int features) {
        this(built, built.categories(false), base, features, LeafWeights.NONE);
    }

    /** @param several what leaves add, where they add to several outputs */
    FloatTrees(FlatTreesBuilder built, NodeSets sets, float[] base, int features, LeafWeights several) {
        this(built, sets, base, false, features, several);
    }

    private FloatTrees(
            FlatTreesBuilder built, NodeSets sets, float[] base, boolean baseLast, int features, LeafWeights several) {
        super(built, sets, base.length, features, several);
        this.threshold = narrowed(built.threshold());
        this.leaf = several.any() ? new float[0] : narrowed(built.leaf());
        this.base = base.clone();
        this.baseLast = baseLast;
        for (float value : leaf) {
            if (Float.isInfinite(value)) {
                throw Problem.of(Problem.Kind.INVALID, "a leaf has a value beyond a 32-bit float");
            }
        }
    }

    /** Trees whose sums begin with zero and end with the base. */
    static FloatTrees withBaseLast(FlatTreesBuilder built, float[] base, int features) {
        return new FloatTrees(built, built.categories(false), base, true, features, LeafWeights.NONE);
    }

    @Override
    Precision precision() {
        return Precision.SINGLE;
    }

    @Override
    double[] margins(double[] given, int rows) {
        check(given, rows);
        double[] out = new double[Math.multiplyExact(rows, width())];
        spread(rows, (from, to) -> margins(given, from, to, out));
        return out;
    }

    /** Block by block, so that a block's x, as floats, stays in the cache while tree after tree passes over it. */
    private void margins(double[] given, int first, int end, double[] out) {
        int width = width();
        int features = features();
        int most = Math.min(block(), end - first);
        float[] x = new float[most * features];
        float[] sums = new float[most * width];
        int[] ends = new int[Math.max(most, end - first < FEW ? roots.length : 0)];
        for (int from = first; from < end; from += most) {
            int rows = Math.min(most, end - from);
            boolean missing = false;
            for (int i = 0, at = from * features; i < rows * features; i++, at++) {
                x[i] = (float) given[at];
                missing |= Float.isNaN(x[i]);
            }
            for (int i = 0; i < rows * width; i++) {
                sums[i] = baseLast ? 0 : base[i % width];
            }
            if (end - first < FEW) {
                few(x, rows, missing, ends, sums);
            } else {
                for (int tree = 0; tree < roots.length; tree++) {
                    block(x, rows, tree, missing, ends);
                    if (several.any()) {
                        for (int row = 0; row < rows; row++) {
                            add(sums, row * width, ends[row]);
                        }
                        continue;
                    }
                    for (int row = 0, into = groups[tree]; row < rows; row++, into += width) {
                        sums[into] += leaf[ends[row]];
                    }
                }
            }
            for (int i = 0, into = from * width; i < rows * width; i++, into++) {
                out[into] = baseLast ? sums[i] + base[i % width] : sums[i];
            }
        }
    }

    private void few(float[] x, int rows, boolean missing, int[] ends, float[] sums) {
        for (int row = 0; row < rows; row++) {
            one(x, row * features(), missing, ends);
            for (int tree = 0; tree < roots.length; tree++) {
                if (several.any()) {
                    add(sums, row * width(), ends[tree]);
                } else {
                    sums[row * width() + groups[tree]] += leaf[ends[tree]];
                }
            }
        }
    }

    /** Adds a leaf that adds to several outputs. */
    private void add(float[] sums, int into, int end) {
        int place = leaves[end];
        for (int i = several.from(place); i < several.to(place); i++) {
            sums[into + several.targets()[i]] += (float) several.weights()[i];
        }
    }

    @Override
    double[] base() {
        return widened(base);
    }

    @Override
    double leaf(int node) {
        return leaf[node];
    }

    @Override
    int child(int node, double[] x, int at) {
        float value = (float) x[at + feature[node]];
        if (sets.has(node)) {
            return left[node] + sets.right(node, value, missingRight[node]);
        }
        return left[node] + (atLeast(value, threshold[node]) | isMissing(value) & missingRight[node]);
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

    private static int atLeast(float value, float threshold) {
        return value >= threshold ? 1 : 0;
    }

    private static int isMissing(float value) {
        return Float.isNaN(value) ? 1 : 0;
    }

    /** Where one row ends in each tree: four trees at once. */
    private void one(float[] x, int at, boolean missing, int[] ends) {
        int tree = 0;
        if (!irregular) {
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

    /** Where the rows of a block end in one tree: four rows at once. */
    private void block(float[] x, int rows, int tree, boolean missing, int[] ends) {
        int row = 0;
        if (!irregular) {
            int features = features();
            int root = roots[tree];
            int steps = depths[tree];
            for (; row + 4 <= rows; row += 4) {
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
                ends[row] = a;
                ends[row + 1] = b;
                ends[row + 2] = c;
                ends[row + 3] = d;
            }
        }
        for (; row < rows; row++) {
            ends[row] = end(x, row * features(), tree);
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
