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
 * Computed in the maker's precision: LightGBM in double; XGBoost in float, whose {@code pred_contribs} are off the exact values
 * by more than 1e-6 where margins are great, so each operation here is the one that it does, in its order, and rounded as it does.
 *
 * <p>[1] Lundberg, Erion, Lee: Consistent Individualized Feature Attribution for Tree Ensembles, arXiv:1802.03888 (2018).
 */
final class TreeShap implements Attribution {

    /** Paths of this length take a few megabytes; no trained tree comes near. */
    private static final int DEEPEST = 512;

    private final FlatTrees trees;

    /** By node: how much of the training rows passed it. */
    private final double[] cover;

    /** By tree: what its contributions are multiplied by; empty where by nothing. */
    private final float[] weights;

    /** By output. */
    private final double[] base;

    private final Precision precision;

    /**
     * @param cover by node of these trees
     * @param weights by tree, which their leaves do not have in them; empty where all are 1
     * @throws Problem where a tree does not say what passed its splits
     */
    TreeShap(FlatTrees trees, double[] cover, float[] weights) {
        this.trees = trees;
        this.cover = cover;
        this.weights = weights;
        this.precision = trees.precision();
        this.base = new double[trees.width()];
        for (int tree = 0; tree < trees.trees(); tree++) {
            if (trees.depths[tree] > DEEPEST) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "tree " + tree + " is " + trees.depths[tree]
                                + " levels deep; contributions are computed for up to " + DEEPEST);
            }
            check(tree);
            int group = trees.groups[tree];
            base[group] = rounded(base[group] + weighted(tree, expected(trees.roots[tree])));
        }
        double[] first = trees.base();
        for (int output = 0; output < base.length; output++) {
            base[output] = rounded(base[output] + first[output]);
        }
    }

    private void check(int tree) {
        int root = trees.roots[tree];
        int end = tree + 1 < trees.trees() ? trees.roots[tree + 1] : trees.nodes();
        for (int node = trees.isLeaf(root) ? end : root; node < end; node++) {
            boolean isCovered = trees.isLeaf(node) ? cover[node] >= 0 : cover[node] > 0;
            if (!isCovered || Double.isInfinite(cover[node])) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "tree " + tree + " has a node with the cover " + cover[node]
                                + ", so contributions are not defined; the model's file must tell how much of the"
                                + " training rows passed each split");
            }
        }
    }

    /** What is expected below this node: both sides by their share of the training rows. */
    private double expected(int node) {
        if (trees.isLeaf(node)) {
            return trees.leaf(node);
        }
        int left = trees.left(node);
        int right = trees.right(node);
        double leftSum = rounded(expected(left) * cover[left]);
        double rightSum = rounded(expected(right) * cover[right]);
        return rounded(rounded(leftSum + rightSum) / cover[node]);
    }

    private double weighted(int tree, double value) {
        return weights.length == 0 ? value : rounded(value * weights[tree]);
    }

    /** What the maker's arithmetic gives instead of this result of one operation; exact, since a double holds more than twice the digits of a float. */
    private double rounded(double value) {
        return precision.rounded(value);
    }

    @Override
    public Precision precision() {
        return precision;
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
        double[] ofTree = new double[features];
        for (int row = 0; row < rows; row++) {
            for (int tree = 0; tree < trees.trees(); tree++) {
                Arrays.fill(ofTree, 0);
                new Walk(x, row * features, ofTree, path).down(trees.roots[tree], 0, 0, 1, 1, NONE);
                int into = (row * trees.width() + trees.groups[tree]) * features;
                for (int feature = 0; feature < features; feature++) {
                    values[into + feature] = rounded(values[into + feature] + weighted(tree, ofTree[feature]));
                }
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
        private final Path path;

        Walk(double[] x, int at, double[] values, Path path) {
            this.x = x;
            this.at = at;
            this.values = values;
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
                    double moved = rounded(path.one[from + i] - path.zero[from + i]);
                    double added = rounded(rounded(path.without(from, length, i) * moved) * leaf);
                    int moving = path.feature[from + i];
                    values[moving] = rounded(values[moving] + added);
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
            down(hot, next, last + 1, rounded(share(hot, node) * passingZero), passingOne, split);
            path.copy(from, next, last + 1);
            down(cold, next, last + 1, rounded(share(cold, node) * passingZero), 0, split);
        }

        private double share(int child, int node) {
            return rounded(cover[child] / cover[node]);
        }
    }

    /**
     * The features met so far, and for each number of them the weight of the sets of that size. Paths of all levels stand
     * behind each other, since the walk comes back to each of them.
     */
    private final class Path {

        private final int[] feature;
        private final double[] zero;
        private final double[] one;
        private final double[] weight;

        /** By length of the path and place: (length - place) / (length + 1). */
        private final double[][] shares;

        Path(int longest) {
            int size = longest * (longest + 1) / 2 + longest;
            this.feature = new int[size];
            this.zero = new double[size];
            this.one = new double[size];
            this.weight = new double[size];
            this.shares = new double[longest][];
            for (int length = 0; length < longest; length++) {
                shares[length] = new double[length];
                for (int place = 0; place < length; place++) {
                    shares[length][place] = rounded((double) (length - place) / (length + 1));
                }
            }
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
                double grown = rounded(rounded(rounded(oneShare * weight[from + i]) * (i + 1)) / (length + 1));
                weight[from + i + 1] = rounded(weight[from + i + 1] + grown);
                weight[from + i] =
                        rounded(rounded(rounded(zeroShare * weight[from + i]) * (length - i)) / (length + 1));
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
                    weight[from + i] = rounded(rounded(rest * (length + 1)) / rounded((i + 1) * oneShare));
                    double other = rounded(rounded(weight[from + i] * zeroShare) * (length - i));
                    rest = rounded(before - rounded(other / (length + 1)));
                } else {
                    weight[from + i] =
                            rounded(rounded(weight[from + i] * (length + 1)) / rounded(zeroShare * (length - i)));
                }
            }
            for (int i = place; i < length; i++) {
                feature[from + i] = feature[from + i + 1];
                zero[from + i] = zero[from + i + 1];
                one[from + i] = one[from + i + 1];
            }
        }

        /** The sum of the weights of all sets without the feature at this place, whose {@code one} is 0 or 1. */
        double without(int from, int length, int place) {
            double zeroShare = zero[from + place];
            double[] left = shares[length];
            double sum = 0;
            if (one[from + place] != 0) {
                double rest = weight[from + length];
                for (int i = length - 1; i >= 0; i--) {
                    double taken = rounded(rounded(rest * (length + 1)) / (i + 1));
                    sum = rounded(sum + taken);
                    rest = rounded(weight[from + i] - rounded(rounded(taken * zeroShare) * left[i]));
                }
            } else {
                for (int i = length - 1; i >= 0; i--) {
                    sum = rounded(sum + rounded(rounded(weight[from + i] / zeroShare) / left[i]));
                }
            }
            return sum;
        }
    }
}
