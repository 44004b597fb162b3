package org.plimsoll.scoring;

import java.util.stream.IntStream;
import org.plimsoll.core.Problem;

/**
 * An ensemble of decision trees in flat arrays. Immutable, safe for any number of threads.
 *
 * <p>The two children of a node lie side by side, so a step down is an addition and no branch: {@code next = right - (x <
 * threshold)}. A leaf's step leads to itself, so that all trees of a group can be walked for the same number of steps.
 * Mispredicted branches are what costs in tree scoring, since a split is as good as a coin; without branches the cost is the
 * latency of two dependent loads a level, which is hidden by walking six trees at once [1],
 * and the number of instructions, so the right child and where x is looked up are one word.
 *
 * <p>Missing values (NaN) follow the node's own direction, which costs nothing on the way down: of each feature there are two
 * views, one in which a missing value is less than any threshold and one in which it is greater, and a node looks into the
 * one that leads its way. A row's view has {@code 2 * features + 1} places: the features for nodes that send missing values
 * left, the features for those that send them right, and one for leaves, that leads to themselves.
 *
 * <p>Makers differ in the width they compare and add in, and so do the two kinds: {@link FloatTrees} as XGBoost does it and
 * ONNX graphs over floats, {@link DoubleTrees} as LightGBM does it. A margin is the base, then the leaves added in the order of
 * the trees, so that margins are equal to the maker's bit for bit (measured over random models of each objective). {@code x <=
 * t} is {@code x < nextUp(t)}.
 *
 * <p>Ensembles with splits that are no comparison (categories) are walked step by step, one tree after the other.
 *
 * <p>[1] Asadi, Lin, de Vries: Runtime Optimizations for Tree-Based Machine Learning Models, IEEE TKDE 26 (2014).
 */
abstract sealed class FlatTrees permits FloatTrees, DoubleTrees {

    /** Trees that a row walks at once. */
    static final int TOGETHER = 6;

    /** Rows that are scored together: their x stays in the cache while tree after tree passes over it. */
    private static final int BLOCK = 64;

    /** Values of x in a block at most, half a megabyte, however many features there are. */
    private static final int BLOCK_VALUES = 1 << 16;

    /** So many rows are worth a second core: some milliseconds of work. */
    private static final int SPREAD = 8_192;

    /** Features at most, so that a row's view has an array's length. */
    private static final int MOST_FEATURES = 1 << 24;

    /** Rows that a core takes at a time. */
    private static final int PART = 1_024;

    /** By node: in the upper half the right child, in a leaf the leaf itself; in the lower half the place in a row's view. */
    final long[] nodes;

    final int[] roots;
    final int[] depths;

    /** The output that a tree adds to. */
    final int[] groups;

    /** The splits that are no comparison with a threshold. */
    final NodeSets sets;

    /** Whether there are such splits. */
    final boolean irregular;

    /** What leaves add where they add to several outputs. */
    final LeafWeights several;

    /** Which of them a leaf is; no array where each adds one value. */
    final int[] leaves;

    private final int width;
    private final int features;

    FlatTrees(FlatTreesBuilder built, NodeSets sets, int width, int features, LeafWeights several) {
        if (features > MOST_FEATURES) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the model has " + features + " features; " + MOST_FEATURES + " are the most that are scored");
        }
        this.roots = built.roots();
        this.depths = built.depths();
        this.groups = built.groups();
        this.sets = sets;
        this.several = several;
        this.leaves = several.any() ? built.leafPlaces() : new int[0];
        this.irregular = sets.any();
        this.width = width;
        this.features = features;
        this.nodes = nodes(built.feature(), built.left(), built.missingRight());
        for (int group : groups) {
            if (group < 0 || group >= width) {
                throw Problem.of(Problem.Kind.INVALID, "a tree adds to output " + group + " of " + width);
            }
        }
    }

    private long[] nodes(int[] feature, int[] left, byte[] missingRight) {
        long[] all = new long[left.length];
        for (int node = 0; node < all.length; node++) {
            if (feature[node] >= features) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "a split asks for feature " + feature[node] + ", and the model has " + features + " features");
            }
            boolean leaf = left[node] == node;
            int place = leaf ? 2 * features : feature[node] + missingRight[node] * features;
            all[node] = (long) (leaf ? node : left[node] + 1) << 32 | place;
        }
        return all;
    }

    /** In what width x is compared and leaves are added. */
    abstract Precision precision();

    /** The margins of these rows: x row-major, of this precision, NaN where missing. */
    abstract double[] margins(double[] x, int rows);

    /** Scores the rows from one to another, and writes their margins where they belong. */
    interface Part {
        void score(int from, int to);
    }

    /**
     * Scores all rows; very many on all cores. The cores' threads are those of the JVM's common pool: as many as there are
     * cores, shared by all engines and owned by none, so that nothing is left when an engine is closed. Rows do not depend on
     * each other: the bits are the same on any number of cores.
     */
    static void spread(int rows, Part part) {
        if (rows < SPREAD) {
            part.score(0, rows);
            return;
        }
        IntStream.range(0, (rows + PART - 1) / PART)
                .parallel()
                .forEach(i -> part.score(i * PART, Math.min(rows, (i + 1) * PART)));
    }

    /** Rows in a block. */
    final int block() {
        return Math.clamp(BLOCK_VALUES / places(), 1, BLOCK);
    }

    /** Values in the view of a row. */
    final int places() {
        return 2 * features + 1;
    }

    /** What the margins begin with, by output. */
    abstract double[] base();

    /** What a leaf adds. */
    abstract double leaf(int node);

    /** The child of a split that a row goes to; it begins in x at {@code at}. */
    abstract int child(int node, double[] x, int at);

    final boolean isLeaf(int node) {
        return place(node) == 2 * features;
    }

    /** The feature that a split asks for. */
    final int feature(int node) {
        return place(node) < features ? place(node) : place(node) - features;
    }

    /** The left child of a split; the right one is next to it. */
    final int left(int node) {
        return right(node) - 1;
    }

    /** 1 where a missing value goes right at a split, else 0. */
    final byte missingRight(int node) {
        return (byte) (place(node) < features ? 0 : 1);
    }

    final int right(int node) {
        return (int) (nodes[node] >>> 32);
    }

    private int place(int node) {
        return (int) nodes[node];
    }

    /** Where a row ends in a tree, step by step; the way of trees that split by a set. It begins in x at {@code at}. */
    final int end(int tree, double[] x, int at) {
        int node = roots[tree];
        while (!isLeaf(node)) {
            node = child(node, x, at);
        }
        return node;
    }

    /** The most steps to a leaf of some trees from this one on. */
    final int steps(int tree, int trees) {
        int most = 0;
        for (int i = tree; i < tree + trees; i++) {
            most = Math.max(most, depths[i]);
        }
        return most;
    }

    int features() {
        return features;
    }

    /** Values a row. */
    int width() {
        return width;
    }

    int trees() {
        return roots.length;
    }

    int nodes() {
        return nodes.length;
    }

    final void check(double[] x, int rows) {
        if (x.length != (long) rows * features) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "x has " + x.length + " values; " + rows + " rows of " + features + " features were expected");
        }
    }
}
