package org.plimsoll.scoring;

/**
 * Trees that compare and add in 64 bits, as LightGBM does, and ONNX Runtime over doubles.
 *
 * <p>The same walk as that of {@link FloatTrees}, written out once more: it is what costs, and types of numbers cannot be
 * parameters.
 */
final class DoubleTrees extends FlatTrees {

    /** The threshold; NaN in leaves. */
    private final double[] threshold;

    /** The leaf's value; 0 in splits. */
    private final double[] leaf;

    /** Sums begin with 0. */
    DoubleTrees(FlatTreesBuilder built, int width, int features) {
        this(built, built.categories(true), width, features);
    }

    DoubleTrees(FlatTreesBuilder built, NodeSets sets, int width, int features) {
        this(built, sets, width, features, LeafWeights.NONE);
    }

    /** @param several what leaves add, where they add to several outputs */
    DoubleTrees(FlatTreesBuilder built, NodeSets sets, int width, int features, LeafWeights several) {
        super(built, sets, width, features, several);
        this.threshold = built.threshold();
        this.leaf = several.any() ? new double[0] : built.leaf();
    }

    @Override
    Precision precision() {
        return Precision.DOUBLE;
    }

    @Override
    double[] margins(double[] x, int rows) {
        check(x, rows);
        double[] out = new double[Math.multiplyExact(rows, width())];
        spread(rows, (from, to) -> margins(x, from, to, out));
        return out;
    }

    /** Block by block, so that a block's x stays in the cache while tree after tree passes over it. */
    private void margins(double[] x, int first, int end, double[] out) {
        int width = width();
        int most = Math.min(block(), end - first);
        int[] ends = new int[Math.max(most, end - first < FEW ? roots.length : 0)];
        if (end - first < FEW) {
            for (int row = first; row < end; row++) {
                one(x, row * features(), anyMissing(x, row, row + 1), ends);
                for (int tree = 0; tree < roots.length; tree++) {
                    if (several.any()) {
                        add(out, row * width, ends[tree]);
                    } else {
                        out[row * width + groups[tree]] += leaf[ends[tree]];
                    }
                }
            }
            return;
        }
        for (int from = first; from < end; from += most) {
            int to = Math.min(end, from + most);
            boolean missing = anyMissing(x, from, to);
            for (int tree = 0; tree < roots.length; tree++) {
                block(x, from, to, tree, missing, ends);
                if (several.any()) {
                    for (int row = from; row < to; row++) {
                        add(out, row * width, ends[row - from]);
                    }
                    continue;
                }
                for (int row = from, into = from * width + groups[tree]; row < to; row++, into += width) {
                    out[into] += leaf[ends[row - from]];
                }
            }
        }
    }

    /** Adds a leaf that adds to several outputs. */
    private void add(double[] sums, int into, int end) {
        int place = leaves[end];
        for (int i = several.from(place); i < several.to(place); i++) {
            sums[into + several.targets()[i]] += several.weights()[i];
        }
    }

    @Override
    double[] base() {
        return new double[width()];
    }

    @Override
    double leaf(int node) {
        return leaf[node];
    }

    @Override
    int child(int node, double[] x, int at) {
        return sets.has(node)
                ? left[node] + sets.right(node, x[at + feature[node]], missingRight[node])
                : down(x, at, node);
    }

    private boolean anyMissing(double[] x, int from, int to) {
        boolean missing = false;
        for (int i = from * features(); i < to * features(); i++) {
            missing |= Double.isNaN(x[i]);
        }
        return missing;
    }

    private static int atLeast(double value, double threshold) {
        return value >= threshold ? 1 : 0;
    }

    private static int isMissing(double value) {
        return Double.isNaN(value) ? 1 : 0;
    }

    /** Where one row ends in each tree: four trees at once. */
    private void one(double[] x, int at, boolean missing, int[] ends) {
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
    private int down(double[] x, int at, int node) {
        double value = x[at + feature[node]];
        return left[node] + (atLeast(value, threshold[node]) | isMissing(value) & missingRight[node]);
    }

    /** Where some rows end in one tree: four rows at once. */
    private void block(double[] x, int from, int to, int tree, boolean missing, int[] ends) {
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
    private int end(double[] x, int at, int tree) {
        int node = roots[tree];
        while (left[node] != node) {
            node = sets.has(node)
                    ? left[node] + sets.right(node, x[at + feature[node]], missingRight[node])
                    : down(x, at, node);
        }
        return node;
    }
}
