package org.plimsoll.scoring;

import java.util.Arrays;
import java.util.BitSet;
import org.plimsoll.core.Problem;

/**
 * Lays trees out for {@link FlatTrees}: level by level, children side by side. What comes in is not trusted: a child out of
 * range, a node reached twice (and so every cycle), a threshold or leaf that is not a number are refused.
 */
final class FlatTreesBuilder {

    /** A tree deeper than this is not one that anybody trained. */
    private static final int DEEPEST = 10_000;

    /** A tree as files hold it: node 0 is the root; a leaf has no left child (negative). */
    interface Tree {
        int nodes();

        int left(int node);

        int right(int node);

        int feature(int node);

        /** Values of at least this go right. */
        double threshold(int node);

        boolean missingLeft(int node);

        double leaf(int node);

        /** The set of values that go right, as {@link NodeSets} reads it; empty for a split by threshold. */
        long[] categories(int node);

        /** Whether a value between -1e-35 and 1e-35 is a missing one at this split by threshold. */
        default boolean zeroIsMissing(int node) {
            return false;
        }

        /** How much of the training rows passed this node; asked only of trees that are to be explained. */
        double cover(int node);
    }

    private final boolean withCover;

    private int[] feature = new int[64];
    private double[] threshold = new double[64];
    private int[] left = new int[64];
    private byte[] missingRight = new byte[64];
    private double[] leaf = new double[64];
    private double[] cover = new double[0];
    private long[][] sets = new long[0][];
    private final BitSet zeroIsMissing = new BitSet();
    private int[] roots = new int[8];
    private int[] depths = new int[8];
    private int[] groups = new int[8];
    private int nodes;
    private int trees;

    FlatTreesBuilder() {
        this(false);
    }

    /** @param withCover whether the trees' {@link #cover} is kept too */
    FlatTreesBuilder(boolean withCover) {
        this.withCover = withCover;
    }

    /**
     * Adds a tree.
     *
     * @param group the output it adds to
     * @param weight what its leaves are multiplied by, in float; 1 for all but dart
     */
    void add(Tree tree, int group, float weight) {
        int count = tree.nodes();
        if (count < 1) {
            throw wrong("has no nodes");
        }
        reserve(count);
        int base = nodes;
        int[] source = new int[count]; // by place: which node of the file stands there
        boolean[] seen = new boolean[count];
        int[] level = new int[count];
        seen[0] = true;
        int placed = 1;
        int deepest = 0;
        for (int place = 0; place < placed; place++) {
            int node = source[place];
            deepest = Math.max(deepest, level[place]);
            if (withCover) {
                cover[base + place] = tree.cover(node);
            }
            if (tree.left(node) < 0) {
                leaf(base + place, weight == 1 ? tree.leaf(node) : (float) tree.leaf(node) * weight);
                continue;
            }
            int first = tree.left(node);
            int second = tree.right(node);
            if (first >= count || second < 0 || second >= count || first == second || seen[first] || seen[second]) {
                throw wrong(
                        "is no tree: node " + node + " has the children " + first + " and " + second + " of " + count);
            }
            seen[first] = true;
            seen[second] = true;
            source[placed] = first;
            source[placed + 1] = second;
            level[placed] = level[place] + 1;
            level[placed + 1] = level[place] + 1;
            split(base + place, base + placed, tree, node);
            placed += 2;
        }
        if (deepest > DEEPEST) {
            throw wrong("is " + deepest + " levels deep");
        }
        if (trees == roots.length) {
            roots = Arrays.copyOf(roots, trees * 2);
            depths = Arrays.copyOf(depths, trees * 2);
            groups = Arrays.copyOf(groups, trees * 2);
        }
        roots[trees] = base;
        depths[trees] = deepest;
        groups[trees] = group;
        trees++;
        nodes += placed;
    }

    private void leaf(int place, double value) {
        if (!Double.isFinite(value)) {
            throw wrong("has the leaf " + value);
        }
        left[place] = place;
        threshold[place] = Double.NaN;
        feature[place] = 0;
        missingRight[place] = 0;
        leaf[place] = value;
    }

    private void split(int place, int child, Tree tree, int node) {
        long[] categories = tree.categories(node);
        double split = tree.threshold(node);
        if (categories.length == 0 && Double.isNaN(split)) {
            throw wrong("has a split at NaN");
        }
        if (tree.feature(node) < 0) {
            throw wrong("splits by feature " + tree.feature(node));
        }
        feature[place] = tree.feature(node);
        threshold[place] = split;
        left[place] = child;
        missingRight[place] = (byte) (tree.missingLeft(node) ? 0 : 1);
        if (tree.zeroIsMissing(node)) {
            zeroIsMissing.set(place);
        }
        if (categories.length > 0) {
            if (sets.length < feature.length) {
                int from = sets.length;
                sets = Arrays.copyOf(sets, feature.length);
                Arrays.fill(sets, from, sets.length, new long[0]);
            }
            sets[place] = categories;
        }
    }

    private void reserve(int more) {
        int needed = Math.addExact(nodes, more);
        if (withCover && needed > cover.length) {
            cover = Arrays.copyOf(cover, Math.max(needed, cover.length + (cover.length >> 1)));
        }
        if (needed > left.length) {
            int size = Math.max(needed, left.length + (left.length >> 1));
            feature = Arrays.copyOf(feature, size);
            threshold = Arrays.copyOf(threshold, size);
            left = Arrays.copyOf(left, size);
            missingRight = Arrays.copyOf(missingRight, size);
            leaf = Arrays.copyOf(leaf, size);
        }
    }

    private Problem wrong(String what) {
        return Problem.of(Problem.Kind.INVALID, "tree " + trees + " " + what);
    }

    int[] feature() {
        return Arrays.copyOf(feature, nodes);
    }

    double[] threshold() {
        return Arrays.copyOf(threshold, nodes);
    }

    int[] left() {
        return Arrays.copyOf(left, nodes);
    }

    byte[] missingRight() {
        return Arrays.copyOf(missingRight, nodes);
    }

    double[] leaf() {
        return Arrays.copyOf(leaf, nodes);
    }

    /** By node; empty where it was not kept. */
    double[] cover() {
        return Arrays.copyOf(cover, withCover ? nodes : 0);
    }

    int[] roots() {
        return Arrays.copyOf(roots, trees);
    }

    int[] depths() {
        return Arrays.copyOf(depths, trees);
    }

    int[] groups() {
        return Arrays.copyOf(groups, trees);
    }

    /** The splits that take zero for missing. */
    BitSet zeroIsMissing() {
        return (BitSet) zeroIsMissing.clone();
    }

    /** The leaves' values as what they are for trees whose leaves are numbered. */
    int[] leafPlaces() {
        int[] places = new int[nodes];
        for (int i = 0; i < nodes; i++) {
            places[i] = (int) leaf[i];
        }
        return places;
    }

    CategorySplits categories(boolean truncates) {
        return new CategorySplits(sets(), truncates);
    }

    /** The set of each node, empty where it has none; no array at all where no node has one. */
    long[][] sets() {
        if (sets.length == 0) {
            return new long[0][];
        }
        long[][] all = Arrays.copyOf(sets, nodes);
        for (int i = Math.min(sets.length, nodes); i < nodes; i++) {
            all[i] = new long[0];
        }
        return all;
    }
}
