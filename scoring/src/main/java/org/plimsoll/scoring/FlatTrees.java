package org.plimsoll.scoring;

import org.plimsoll.core.Problem;

/**
 * An ensemble of decision trees in flat arrays, over rows of floats. Immutable, safe for any number of threads.
 *
 * <p>The two children of a node lie side by side, so a step down is an addition and no branch: {@code next = left + (x >=
 * threshold)}. A leaf points to itself and its threshold is NaN, so that all trees of a group can be walked for the same number
 * of steps. Mispredicted branches are what costs in tree scoring, since a split is as good as a coin; without branches the cost
 * is the latency of two dependent loads a level, which is hidden by walking four trees (one row) or four rows (a batch) at once
 * [1].
 *
 * <p>A margin is the base score, then the leaves added in the order of the trees: in float, as XGBoost's predictor adds, or in
 * double, as LightGBM's does, so that margins are equal bit for bit (measured over random models of each objective). LightGBM
 * compares in double, {@code x <= threshold}; for a float x that is {@code x < t} with the float t next above the threshold.
 *
 * <p>Missing values (NaN) follow the node's own direction. Rows without any take the shorter step.
 *
 * <p>[1] Asadi, Lin, de Vries: Runtime Optimizations for Tree-Based Machine Learning Models, IEEE TKDE 26 (2014).
 */
final class FlatTrees {

    /** Rows that are scored together: their x stays in the cache while tree after tree passes over it. */
    private static final int BLOCK = 64;

    /** Feature of the split; 0 in leaves. */
    private final int[] feature;

    /** The threshold; NaN in leaves. */
    private final float[] threshold;

    /** Index of the left child, the right one is next to it; a leaf's own index. */
    private final int[] left;

    /** 1 where a missing value goes right, else 0. */
    private final byte[] missingRight;

    /** The leaf's value, where leaves are added in float; 0 in splits. */
    private final float[] leaf;

    /** The leaf's value, where leaves are added in double. */
    private final double[] wideLeaf;

    private final int[] roots;
    private final int[] depths;

    /** The output that a tree adds to. */
    private final int[] groups;

    private final float[] base;
    private final int features;
    private final boolean categorical;
    private final CategorySplits categories;

    /** @param wide whether leaves are added in double, as LightGBM does, else in float, as XGBoost does */
    FlatTrees(FlatTreesBuilder built, float[] base, int features, boolean wide) {
        this.feature = built.feature();
        this.threshold = built.threshold();
        this.left = built.left();
        this.missingRight = built.missingRight();
        double[] leaves = built.leaf();
        this.wideLeaf = wide ? leaves : new double[0];
        this.leaf = wide ? new float[0] : narrowed(leaves);
        this.roots = built.roots();
        this.depths = built.depths();
        this.groups = built.groups();
        this.categories = built.categories(wide);
        this.categorical = categories.any();
        this.base = base.clone();
        this.features = features;
        for (int i = 0; i < feature.length; i++) {
            if (feature[i] >= features) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "a split asks for feature " + feature[i] + ", and the model has " + features + " features");
            }
        }
        for (int group : groups) {
            if (group < 0 || group >= base.length) {
                throw Problem.of(Problem.Kind.INVALID, "a tree adds to output " + group + " of " + base.length);
            }
        }
    }

    private static float[] narrowed(double[] leaves) {
        float[] narrow = new float[leaves.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) leaves[i];
            if (Float.isInfinite(narrow[i])) {
                throw Problem.of(Problem.Kind.INVALID, "a leaf has the value " + leaves[i]);
            }
        }
        return narrow;
    }

    /** Whether leaves are added in double. */
    boolean isWide() {
        return wideLeaf.length > 0;
    }

    int features() {
        return features;
    }

    /** Values a row. */
    int width() {
        return base.length;
    }

    int trees() {
        return roots.length;
    }

    int nodes() {
        return left.length;
    }

    /** The margins of these rows, added in float: x row-major, NaN where missing. */
    float[] margins(float[] x, int rows) {
        check(x, rows);
        int width = base.length;
        float[] out = new float[Math.multiplyExact(rows, width)];
        for (int from = 0; from < out.length; from += width) {
            System.arraycopy(base, 0, out, from, width);
        }
        if (rows < 4) {
            int[] ends = new int[roots.length];
            for (int row = 0; row < rows; row++) {
                one(x, row, ends);
                for (int tree = 0; tree < ends.length; tree++) {
                    out[row * width + groups[tree]] += leaf[ends[tree]];
                }
            }
            return out;
        }
        int[] ends = new int[BLOCK];
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
        return out;
    }

    /** The margins of these rows, added in double. */
    double[] wideMargins(float[] x, int rows) {
        check(x, rows);
        int width = base.length;
        double[] out = new double[Math.multiplyExact(rows, width)];
        for (int i = 0; i < out.length; i++) {
            out[i] = base[i % width];
        }
        int[] ends = new int[rows < 4 ? roots.length : BLOCK];
        if (rows < 4) {
            for (int row = 0; row < rows; row++) {
                one(x, row, ends);
                for (int tree = 0; tree < ends.length; tree++) {
                    out[row * width + groups[tree]] += wideLeaf[ends[tree]];
                }
            }
            return out;
        }
        for (int from = 0; from < rows; from += BLOCK) {
            int to = Math.min(rows, from + BLOCK);
            boolean missing = anyMissing(x, from, to);
            for (int tree = 0; tree < roots.length; tree++) {
                block(x, from, to, tree, missing, ends);
                for (int row = from, into = from * width + groups[tree]; row < to; row++, into += width) {
                    out[into] += wideLeaf[ends[row - from]];
                }
            }
        }
        return out;
    }

    private void check(float[] x, int rows) {
        if (x.length != (long) rows * features) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "x has " + x.length + " values; " + rows + " rows of " + features + " features were expected");
        }
    }

    private boolean anyMissing(float[] x, int from, int to) {
        boolean missing = false;
        for (int i = from * features; i < to * features; i++) {
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
        int at = row * features;
        int tree = 0;
        if (!categorical) {
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
        if (!categorical) {
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
            ends[row - from] = end(x, row * features, tree);
        }
    }

    /** Where a row ends in a tree, step by step; the way of trees that split by category. */
    private int end(float[] x, int at, int tree) {
        int node = roots[tree];
        while (left[node] != node) {
            node = categories.has(node)
                    ? left[node] + categories.right(node, x[at + feature[node]], missingRight[node])
                    : down(x, at, node);
        }
        return node;
    }
}
