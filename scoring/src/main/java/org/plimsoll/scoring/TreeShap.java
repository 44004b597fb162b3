package org.plimsoll.scoring;

import java.util.Arrays;
import org.plimsoll.core.Problem;

/**
 * Exact Shapley values of the margins of a tree ensemble, by the path-dependent TreeSHAP [1], algorithm 2.
 *
 * <p>For one tree, let v(S) be what it is expected to answer when only the features of a set S are known: at a split by another
 * feature, both ways are taken, weighted by the share of the training rows that went each way (the node's <em>cover</em>: the
 * sum of hessians in XGBoost's files, the count of rows in LightGBM's). A feature's contribution is the Shapley value of v:
 *
 * <pre>
 *  φ(i) = Σ over S without i of  |S|! (n - |S| - 1)! / n!  ·  (v(S + i) - v(S))
 * </pre>
 *
 * Only the features on the way to a leaf matter for that leaf. Walking down, the path keeps for each of them the share of
 * unknowing rows that flow on ({@code zero}), whether the row itself flows on ({@code one}), and for each size of S the sum of
 * the weights of all sets of that size. A feature met again is first taken out of the sums, then put back with the product of
 * its shares. That makes O(leaves × depth²) a tree instead of O(2^features).
 *
 * <p>Contributions and base add up to the margin: the base is the maker's base score and each tree's v of the empty set.
 * Computed in double; XGBoost computes the same in float.
 *
 * <p>[1] Lundberg, Erion, Lee: Consistent Individualized Feature Attribution for Tree Ensembles, arXiv:1802.03888 (2018).
 */
final class TreeShap implements Attribution {

    /** Paths of this length take a few megabytes; no trained tree comes near. */
    private static final int DEEPEST = 512;

    private final FlatTrees trees;

    /** By node: how much of the training rows passed it. */
    private final double[] cover;

    /** By output. */
    private final double[] base;

    /**
     * @param cover by node of these trees
     * @throws Problem where a tree does not say what passed its splits
     */
    TreeShap(FlatTrees trees, double[] cover) {
        this.trees = trees;
        this.cover = cover;
        this.base = trees.base();
        for (int tree = 0; tree < trees.trees(); tree++) {
            if (trees.depths[tree] > DEEPEST) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "tree " + tree + " is " + trees.depths[tree]
                                + " levels deep; contributions are computed for up to " + DEEPEST);
            }
            base[trees.groups[tree]] += expected(tree);
        }
    }

    /** What a tree answers on average over the training rows: its leaves by their share. */
    private double expected(int tree) {
        int root = trees.roots[tree];
        if (trees.isLeaf(root)) {
            return trees.leaf(root);
        }
        int end = tree + 1 < trees.trees() ? trees.roots[tree + 1] : trees.nodes();
        double sum = 0;
        for (int node = root; node < end; node++) {
            boolean isLeaf = trees.isLeaf(node);
            if (isLeaf) {
                sum += trees.leaf(node) * cover[node];
            }
            if (!(isLeaf ? cover[node] >= 0 : cover[node] > 0) || Double.isInfinite(cover[node])) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "tree " + tree + " has a node with the cover " + cover[node]
                                + ", so contributions are not defined; the model's file must tell how much of the"
                                + " training rows passed each split");
            }
        }
        return sum / cover[root];
    }

    @Override
    public Precision precision() {
        return trees.precision();
    }

    @Override
    public double[] base() {
        return base.clone();
    }

    @Override
    public double[] explain(double[] x, int rows) {
        trees.check(x, rows);
        int features = trees.features();
        double[] values = new double[Math.multiplyExact(Math.multiplyExact(rows, trees.width()), features)];
        int deepest = Arrays.stream(trees.depths).max().orElse(0);
        Path path = new Path(deepest + 2);
        for (int row = 0; row < rows; row++) {
            for (int tree = 0; tree < trees.trees(); tree++) {
                int into = (row * trees.width() + trees.groups[tree]) * features;
                new Walk(x, row * features, values, into, path).down(trees.roots[tree], 0, 0, 1, 1, NONE);
            }
        }
        return values;
    }

    /** In place of a feature, at the path's beginning. */
    private static final int NONE = -1;

    /** The way of one row through one tree: to all its leaves. */
    private final class Walk {

        private final double[] x;
        private final int at;
        private final double[] values;
        private final int into;
        private final Path path;

        Walk(double[] x, int at, double[] values, int into, Path path) {
            this.x = x;
            this.at = at;
            this.values = values;
            this.into = into;
            this.path = path;
        }

        /**
         * @param from where the path of this node begins; that of its parent ends here
         * @param length of the parent's path
         */
        void down(int node, int from, int length, double zero, double one, int feature) {
            if (zero == 0 && one == 0) {
                return; // nobody comes here, known or not
            }
            path.extend(from, length, zero, one, feature);
            if (trees.isLeaf(node)) {
                double leaf = trees.leaf(node);
                for (int i = 1; i <= length; i++) {
                    values[into + path.feature[from + i]] +=
                            path.without(from, length, i) * (path.one[from + i] - path.zero[from + i]) * leaf;
                }
                return;
            }
            int split = trees.feature(node);
            int hot = trees.child(node, x, at);
            int cold = 2 * trees.left(node) + 1 - hot;
            double passingZero = 1;
            double passingOne = 1;
            int last = length;
            int again = path.find(from, length, split);
            if (again > 0) {
                passingZero = path.zero[from + again];
                passingOne = path.one[from + again];
                path.take(from, length, again);
                last--;
            }
            int next = from + length + 1;
            path.copy(from, next, last + 1);
            down(hot, next, last + 1, passingZero * cover[hot] / cover[node], passingOne, split);
            path.copy(from, next, last + 1);
            down(cold, next, last + 1, passingZero * cover[cold] / cover[node], 0, split);
        }
    }

    /**
     * The features met so far, and for each number of them the weight of the sets of that size. Paths of all levels stand
     * behind each other, since the walk comes back to each of them.
     */
    private static final class Path {

        private final int[] feature;
        private final double[] zero;
        private final double[] one;
        private final double[] weight;

        Path(int longest) {
            int size = longest * (longest + 1) / 2 + longest;
            this.feature = new int[size];
            this.zero = new double[size];
            this.one = new double[size];
            this.weight = new double[size];
        }

        void copy(int from, int to, int count) {
            System.arraycopy(feature, from, feature, to, count);
            System.arraycopy(zero, from, zero, to, count);
            System.arraycopy(one, from, one, to, count);
            System.arraycopy(weight, from, weight, to, count);
        }

        /** Where on the path this feature stands; 0 where it does not. */
        int find(int from, int length, int wanted) {
            int i = length;
            while (i > 0 && feature[from + i] != wanted) {
                i--;
            }
            return i;
        }

        /** Puts a feature at the end: each set grows by it or does not. */
        void extend(int from, int length, double zeroShare, double oneShare, int added) {
            int end = from + length;
            feature[end] = added;
            zero[end] = zeroShare;
            one[end] = oneShare;
            weight[end] = length == 0 ? 1 : 0;
            for (int i = length - 1; i >= 0; i--) {
                weight[from + i + 1] += oneShare * weight[from + i] * (i + 1) / (length + 1);
                weight[from + i] *= zeroShare * (length - i) / (length + 1);
            }
        }

        /** Takes the feature at this place out again: the inverse of {@link #extend}. */
        void take(int from, int length, int place) {
            double oneShare = one[from + place];
            double zeroShare = zero[from + place];
            double rest = weight[from + length];
            for (int i = length - 1; i >= 0; i--) {
                if (oneShare != 0) {
                    double before = weight[from + i];
                    weight[from + i] = rest * (length + 1) / ((i + 1) * oneShare);
                    rest = before - weight[from + i] * zeroShare * (length - i) / (length + 1);
                } else {
                    weight[from + i] = weight[from + i] * (length + 1) / (zeroShare * (length - i));
                }
            }
            for (int i = place; i < length; i++) {
                feature[from + i] = feature[from + i + 1];
                zero[from + i] = zero[from + i + 1];
                one[from + i] = one[from + i + 1];
            }
        }

        /** The sum of the weights of all sets without the feature at this place. */
        double without(int from, int length, int place) {
            double oneShare = one[from + place];
            double zeroShare = zero[from + place];
            double rest = weight[from + length];
            double sum = 0;
            for (int i = length - 1; i >= 0; i--) {
                if (oneShare != 0) {
                    double taken = rest * (length + 1) / ((i + 1) * oneShare);
                    sum += taken;
                    rest = weight[from + i] - taken * zeroShare * (length - i) / (length + 1);
                } else {
                    sum += weight[from + i] * (length + 1) / (zeroShare * (length - i));
                }
            }
            return sum;
        }
    }
}
