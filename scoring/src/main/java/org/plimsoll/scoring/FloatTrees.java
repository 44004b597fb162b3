package org.plimsoll.scoring;

import org.plimsoll.core.Problem;

/**
 * Trees that compare and add in 32 bits, as XGBoost's predictor does, and ONNX Runtime's over floats.
 *
 * <p>Thresholds and values are compared as whole numbers of the same order, since {@code (x - threshold) >> 63} is a comparison
 * in two instructions.
 */
final class FloatTrees extends FlatTrees {

    /** {@link #ordered} thresholds; 0 in leaves. */
    private final int[] threshold;

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
        this.threshold = ordered(built.threshold());
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

    /** Block by block, so that a block's views stay in the cache while group after group of trees passes over them. */
    private void margins(double[] given, int first, int end, double[] out) {
        int width = width();
        int most = Math.min(block(), end - first);
        int[][] views = new int[irregular ? 0 : most][];
        for (int row = 0; row < views.length; row++) {
            views[row] = new int[places()];
        }
        float[] sums = new float[most * width];
        for (int from = first; from < end; from += most) {
            int rows = Math.min(most, end - from);
            for (int i = 0; i < rows * width; i++) {
                sums[i] = baseLast ? 0 : base[i % width];
            }
            if (irregular) {
                stepByStep(given, from, rows, sums);
            } else {
                for (int row = 0; row < rows; row++) {
                    look(given, (from + row) * features(), views[row]);
                }
                together(views, rows, sums);
            }
            for (int i = 0, into = from * width; i < rows * width; i++, into++) {
                out[into] = baseLast ? sums[i] + base[i % width] : sums[i];
            }
        }
    }

    private void together(int[][] views, int rows, float[] sums) {
        int width = width();
        int[] ends = new int[TOGETHER];
        boolean alone = width == 1 && !several.any();
        for (int tree = 0; tree < roots.length; tree += TOGETHER) {
            int trees = Math.min(TOGETHER, roots.length - tree);
            int steps = steps(tree, trees);
            for (int row = 0, into = 0; row < rows; row++, into += width) {
                six(views[row], tree, steps, ends);
                if (alone) {
                    float sum = sums[into];
                    for (int i = 0; i < trees; i++) {
                        sum += leaf[ends[i]];
                    }
                    sums[into] = sum;
                } else {
                    for (int i = 0; i < trees; i++) {
                        add(sums, into, tree + i, ends[i]);
                    }
                }
            }
        }
    }

    private void stepByStep(double[] given, int first, int rows, float[] sums) {
        for (int tree = 0; tree < roots.length; tree++) {
            for (int row = 0; row < rows; row++) {
                add(sums, row * width(), tree, end(tree, given, (first + row) * features()));
            }
        }
    }

    /** Adds what a tree's leaf says of a row, whose sums begin at {@code into}. */
    private void add(float[] sums, int into, int tree, int end) {
        if (several.any()) {
            add(sums, into, end);
        } else {
            sums[into + groups[tree]] += leaf[end];
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
        float value = (float) x[at + feature(node)];
        if (sets.has(node)) {
            return left(node) + sets.right(node, value, missingRight(node));
        }
        if (Float.isNaN(value)) {
            return left(node) + missingRight(node);
        }
        return next(nodes[node], ordered(value), threshold[node]);
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

    private static int[] ordered(double[] thresholds) {
        int[] ordered = new int[thresholds.length];
        for (int i = 0; i < ordered.length; i++) {
            ordered[i] = Double.isNaN(thresholds[i]) ? 0 : ordered((float) thresholds[i]); // NaN in leaves
        }
        return ordered;
    }

    /** Whole numbers in the order of the floats that are numbers, all of them above the least and below the greatest; 0 for both zeros. */
    private static int ordered(float value) {
        int bits = Float.floatToRawIntBits(value + 0.0f); // the sum is +0 where the value is -0
        return bits ^ bits >> 31 & Integer.MAX_VALUE;
    }

    /** Makes the view of a row that begins in x at {@code at}. */
    private void look(double[] x, int at, int[] view) {
        int features = features();
        for (int i = 0; i < features; i++) {
            float value = (float) x[at + i];
            boolean missing = Float.isNaN(value);
            view[i] = missing ? Integer.MIN_VALUE : ordered(value);
            view[i + features] = missing ? Integer.MAX_VALUE : view[i];
        }
    }

    /** One step down from a node. */
    private static int next(long node, int value, int threshold) {
        return (int) (node >>> 32) + (int) ((long) value - threshold >> 63);
    }

    /** Where a row ends in six trees from this one on; the last tree's end again where there are fewer. */
    private void six(int[] view, int tree, int steps, int[] ends) {
        long[] nodes = this.nodes;
        int[] threshold = this.threshold;
        int last = roots.length - 1;
        int a = roots[tree];
        int b = roots[Math.min(tree + 1, last)];
        int c = roots[Math.min(tree + 2, last)];
        int d = roots[Math.min(tree + 3, last)];
        int e = roots[Math.min(tree + 4, last)];
        int f = roots[Math.min(tree + 5, last)];
        for (int step = 0; step < steps; step++) {
            a = next(nodes[a], view[(int) nodes[a]], threshold[a]);
            b = next(nodes[b], view[(int) nodes[b]], threshold[b]);
            c = next(nodes[c], view[(int) nodes[c]], threshold[c]);
            d = next(nodes[d], view[(int) nodes[d]], threshold[d]);
            e = next(nodes[e], view[(int) nodes[e]], threshold[e]);
            f = next(nodes[f], view[(int) nodes[f]], threshold[f]);
        }
        ends[0] = a;
        ends[1] = b;
        ends[2] = c;
        ends[3] = d;
        ends[4] = e;
        ends[5] = f;
    }
}
