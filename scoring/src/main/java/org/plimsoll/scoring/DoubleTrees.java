package org.plimsoll.scoring;

/**
 * Trees that compare and add in 64 bits, as LightGBM does, and ONNX Runtime over doubles.
 *
 * <p>The same walk as that of {@link FloatTrees}, written out once more: it is what costs, and types of numbers cannot be
 * parameters.
 */
final class DoubleTrees extends FlatTrees {

    /** The threshold; in leaves less than any view's value. */
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
        for (int node = 0; node < threshold.length; node++) {
            if (isLeaf(node)) {
                threshold[node] = Double.NEGATIVE_INFINITY;
            }
        }
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

    /** Block by block, so that a block's views stay in the cache while group after group of trees passes over them. */
    private void margins(double[] x, int first, int end, double[] out) {
        int width = width();
        if (irregular) {
            for (int tree = 0; tree < roots.length; tree++) {
                for (int row = first; row < end; row++) {
                    add(out, row * width, tree, end(tree, x, row * features()));
                }
            }
            return;
        }
        int most = Math.min(block(), end - first);
        double[][] views = new double[most][];
        for (int row = 0; row < views.length; row++) {
            views[row] = new double[places()];
        }
        for (int from = first; from < end; from += most) {
            int rows = Math.min(most, end - from);
            for (int row = 0; row < rows; row++) {
                look(x, (from + row) * features(), views[row]);
            }
            together(views, rows, out, from * width);
        }
    }

    /** Adds the leaves of some rows, whose sums begin at {@code at}. */
    private void together(double[][] views, int rows, double[] sums, int at) {
        int width = width();
        int[] ends = new int[TOGETHER];
        boolean alone = width == 1 && !several.any();
        for (int tree = 0; tree < roots.length; tree += TOGETHER) {
            int trees = Math.min(TOGETHER, roots.length - tree);
            int steps = steps(tree, trees);
            for (int row = 0, into = at; row < rows; row++, into += width) {
                six(views[row], tree, steps, ends);
                if (alone) {
                    double sum = sums[into];
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

    /** Adds what a tree's leaf says of a row, whose sums begin at {@code into}. */
    private void add(double[] sums, int into, int tree, int end) {
        if (several.any()) {
            add(sums, into, end);
        } else {
            sums[into + groups[tree]] += leaf[end];
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
        double value = x[at + feature(node)];
        if (sets.has(node)) {
            return left(node) + sets.right(node, value, missingRight(node));
        }
        return Double.isNaN(value) ? left(node) + missingRight(node) : next(nodes[node], value, threshold[node]);
    }

    /**
     * Makes the view of a row that begins in x at {@code at}: NaN is not at least a threshold, infinity is at least any.
     */
    private void look(double[] x, int at, double[] view) {
        int features = features();
        for (int i = 0; i < features; i++) {
            double value = x[at + i];
            view[i] = value;
            view[i + features] = Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
        }
    }

    /** One step down from a node. */
    private static int next(long node, double value, double threshold) {
        return (int) (node >>> 32) - 1 + (value >= threshold ? 1 : 0);
    }

    /** Where a row ends in six trees from this one on; the last tree's end again where there are fewer. */
    private void six(double[] view, int tree, int steps, int[] ends) {
        long[] nodes = this.nodes;
        double[] threshold = this.threshold;
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
