package org.plimsoll.scoring;

import java.util.stream.IntStream;
import org.plimsoll.core.Problem;

/**
 * An ensemble of decision trees in flat arrays. Immutable, safe for any number of threads.
 *
 * <p>The two children of a node lie side by side, so a step down is an addition and no branch: {@code next = left + (x >=
 * threshold)}. A leaf points to itself and its threshold is NaN, so that all trees of a group can be walked for the same number
 * of steps. Mispredicted branches are what costs in tree scoring, since a split is as good as a coin; without branches the cost
 * is the latency of two dependent loads a level, which is hidden by walking four trees (one row) or four rows (a batch) at once
 * [1].
 *
 * <p>Makers differ in the width they compare and add in, and so do the two kinds: {@link FloatTrees} as XGBoost does it and
 * ONNX graphs over floats, {@link DoubleTrees} as LightGBM does it. A margin is the base, then the leaves added in the order of
 * the trees, so that margins are equal to the maker's bit for bit (measured over random models of each objective). {@code x <=
 * t} is {@code x < nextUp(t)}.
 *
 * <p>Missing values (NaN) follow the node's own direction. Rows without any take the shorter step.
 *
 * <p>[1] Asadi, Lin, de Vries: Runtime Optimizations for Tree-Based Machine Learning Models, IEEE TKDE 26 (2014).
 */
abstract sealed class FlatTrees permits FloatTrees, DoubleTrees {

    /** Fewer rows than these are scored one by one, several trees at once; others several rows at once. */
    static final int FEW = 4;

    /** Rows that are scored together: their x stays in the cache while tree after tree passes over it. */
    private static final int BLOCK = 64;

    /** Values of x in a block at most, half a megabyte, however many features there are. */
    private static final int BLOCK_VALUES = 1 << 16;

    /** So many rows are worth a second core: some milliseconds of work. */
    private static final int SPREAD = 8_192;

    /** Rows that a core takes at a time. */
    private static final int PART = 1_024;

    /** Feature of the split; 0 in leaves. */
    final int[] feature;

    /** Index of the left child, the right one is next to it; a leaf's own index. */
    final int[] left;

    /** 1 where a missing value goes right, else 0. */
    final byte[] missingRight;

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
        this.feature = built.feature();
        this.left = built.left();
        this.missingRight = built.missingRight();
        this.roots = built.roots();
        this.depths = built.depths();
        this.groups = built.groups();
        this.sets = sets;
        this.several = several;
        this.leaves = several.any() ? built.leafPlaces() : new int[0];
        this.irregular = sets.any();
        this.width = width;
        this.features = features;
        for (int i = 0; i < feature.length; i++) {
            if (feature[i] >= features) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "a split asks for feature " + feature[i] + ", and the model has " + features + " features");
            }
        }
        for (int group : groups) {
            if (group < 0 || group >= width) {
                throw Problem.of(Problem.Kind.INVALID, "a tree adds to output " + group + " of " + width);
            }
        }
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
        return Math.clamp(BLOCK_VALUES / features, 1, BLOCK);
    }

    /** What the margins begin with, by output. */
    abstract double[] base();

    /** What a leaf adds. */
    abstract double leaf(int node);

    /** The child of a split that a row goes to; it begins in x at {@code at}. */
    abstract int child(int node, double[] x, int at);

    final boolean isLeaf(int node) {
        return left[node] == node;
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
        return left.length;
    }

    final void check(double[] x, int rows) {
        if (x.length != (long) rows * features) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "x has " + x.length + " values; " + rows + " rows of " + features + " features were expected");
        }
    }
}
