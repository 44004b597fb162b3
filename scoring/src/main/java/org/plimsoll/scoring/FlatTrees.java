package org.plimsoll.scoring;

import java.util.Arrays;
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
 * <p>A margin is the base score, then the leaves added in the order of the trees, in float: the order in which XGBoost's
 * predictor adds, so that margins are equal bit for bit (measured over random models of each objective).
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

    /** The leaf's value; 0 in splits. */
    private final float[] leaf;

    private final int[] roots;
    private final int[] depths;

    /** The output that a tree adds to. */
    private final int[] groups;

    private final float[] base;
    private final int features;
    private final boolean categorical;
    private final CategorySplits categories;

    FlatTrees(FlatTreesBuilder built, float[] base, int features) {
        this.feature = built.feature();
        this.threshold = built.threshold();
        this.left = built.left();
        this.missingRight = built.missingRight();
        this.leaf = built.leaf();
        this.roots = built.roots();
        this.depths = built.depths();
        this.groups = built.groups();
        this.categories = built.categories();
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

    /** The margins of these rows: x row-major, NaN where missing. */
    float[] margins(float[] x, int rows) {
        if (x.length != (long) rows * features) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "x has " + x.length + " values; " + rows + " rows of " + features + " features were expected");
        }
        float[] out = new float[Math.multiplyExact(rows, base.length)];
        for (int from = 0; from < out.length; from += base.length) {
            System.arraycopy(base, 0, out, from, base.length);
        }
        for (int from = 0; from < rows; from += BLOCK) {
            int to = Math.min(rows, from + BLOCK);
            if (categorical) {
                categorical(x, from, to, out);
            } else if (to - from < 4) {
                for (int row = from; row < to; row++) {
                    one(x, row, out);
                }
            } else {
                block(x, from, to, out);
            }
        }
        return out;
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

    /** One row: four trees at once, their leaves added in order. */
    private void one(float[] x, int row, float[] out) {
        boolean missing = anyMissing(x, row, row + 1);
        int at = row * features;
        int to = row * base.length;
        int tree = 0;
        for (; tree + 4 <= roots.length; tree += 4) {
            int a = roots[tree];
            int b = roots[tree + 1];
            int c = roots[tree + 2];
            int d = roots[tree + 3];
            int steps =
                    Math.max(Math.max(depths[tree], depths[tree + 1]), Math.max(depths[tree + 2], depths[tree + 3]));
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
            out[to + groups[tree]] += leaf[a];
            out[to + groups[tree + 1]] += leaf[b];
            out[to + groups[tree + 2]] += leaf[c];
            out[to + groups[tree + 3]] += leaf[d];
        }
        for (; tree < roots.length; tree++) {
            int node = roots[tree];
            for (int step = 0; step < depths[tree]; step++) {
                node = down(x, at, node);
            }
            out[to + groups[tree]] += leaf[node];
        }
    }

    /** One step, missing values allowed. */
    private int down(float[] x, int at, int node) {
        float value = x[at + feature[node]];
        return left[node] + (atLeast(value, threshold[node]) | isMissing(value) & missingRight[node]);
    }

    /** Some rows, tree by tree: four rows at once. */
    private void block(float[] x, int from, int to, float[] out) {
        boolean missing = anyMissing(x, from, to);
        int width = base.length;
        for (int tree = 0; tree < roots.length; tree++) {
            int root = roots[tree];
            int steps = depths[tree];
            int group = groups[tree];
            int row = from;
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
                int into = row * width + group;
                out[into] += leaf[a];
                out[into + width] += leaf[b];
                out[into + 2 * width] += leaf[c];
                out[into + 3 * width] += leaf[d];
            }
            for (; row < to; row++) {
                int node = root;
                for (int step = 0; step < steps; step++) {
                    node = down(x, row * features, node);
                }
                out[row * width + group] += leaf[node];
            }
        }
    }

    /** Ensembles with splits by category: such a split looks into a set of bits. */
    private void categorical(float[] x, int from, int to, float[] out) {
        for (int row = from; row < to; row++) {
            int at = row * features;
            for (int tree = 0; tree < roots.length; tree++) {
                int node = roots[tree];
                while (left[node] != node) {
                    node = categories.has(node)
                            ? left[node] + categories.right(node, x[at + feature[node]], missingRight[node])
                            : down(x, at, node);
                }
                out[row * base.length + groups[tree]] += leaf[node];
            }
        }
    }

    /** The index, among all nodes, of the leaf that each tree ends in for this row. */
    int[] leaves(float[] x, int row) {
        int[] ends = new int[roots.length];
        Arrays.setAll(ends, tree -> {
            int node = roots[tree];
            while (left[node] != node) {
                node = categories.has(node)
                        ? left[node] + categories.right(node, x[row * features + feature[node]], missingRight[node])
                        : down(x, row * features, node);
            }
            return node;
        });
        return ends;
    }
}
