package org.plimsoll.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.plimsoll.core.Problem;
import org.plimsoll.scoring.OnnxModel.Node;
import org.plimsoll.scoring.OnnxTree.Mode;

/**
 * A tree ensemble of the domain ai.onnx.ml: TreeEnsembleClassifier and TreeEnsembleRegressor of versions 1 to 3, TreeEnsemble of
 * version 5 [1], as flat trees.
 *
 * <p>Up to version 3 a node is named by its tree and its number, and a leaf's weights stand in lists of their own. Version 5
 * keeps splits and leaves apart, and names children by their place. What counts is ONNX Runtime's reading of both
 * ({@link OnnxTree}).
 *
 * <p>[1] onnx/defs/traditionalml; onnxruntime/core/providers/cpu/ml/tree_ensemble_common.h, version 1.28.
 */
final class OnnxTrees {

    private final OnnxModel model;
    private final Node node;
    private final Precision precision;
    private final FlatTreesBuilder flat = new FlatTreesBuilder();
    private int[] ends = new int[16];
    private int leaves;
    private int[] targets = new int[0];
    private double[] weights = new double[0];
    private int trees;

    private OnnxTrees(OnnxModel model, Node node, Precision precision) {
        this.model = model;
        this.node = node;
        this.precision = precision;
    }

    /**
     * The trees of this node.
     *
     * @param outputs how many sums there are
     * @param features columns of x
     * @throws Problem where its arrays do not fit each other, or it is no tree
     */
    static FlatTrees read(OnnxModel model, Node node, Precision precision, int outputs, int features) {
        OnnxTrees trees = new OnnxTrees(model, node, precision);
        if (node.is("TreeEnsemble")) {
            trees.version5(outputs);
        } else {
            trees.version3(node.is("TreeEnsembleClassifier") ? "class" : "target", outputs);
        }
        if (trees.trees == 0) {
            throw trees.wrong("has no trees");
        }
        LeafWeights weights = new LeafWeights(Arrays.copyOf(trees.ends, trees.leaves), trees.targets, trees.weights);
        MemberSets sets = new MemberSets(trees.flat.sets());
        return precision == Precision.SINGLE
                ? new FloatTrees(trees.flat, sets, new float[outputs], features, weights)
                : new DoubleTrees(trees.flat, sets, outputs, features, weights);
    }

    private Problem wrong(String what) {
        return model.problem(node.operator() + " " + what);
    }

    /** The numbers of an attribute that is floats, or in its variant for doubles a tensor. */
    private double[] numbers(String name) {
        double[] plain = node.numbers(name);
        return plain.length > 0 ? plain : node.numbers(name + "_as_tensor");
    }

    private long[] wholes(String name, int length) {
        long[] values = node.wholes(name);
        if (values.length != length) {
            throw wrong("has " + values.length + " of " + name + " for " + length + " nodes");
        }
        return values;
    }

    private static int place(long value) {
        return (int) Math.clamp(value, -1, Integer.MAX_VALUE);
    }

    private void version3(String prefix, int outputs) {
        long[] treeIds = node.wholes("nodes_treeids");
        int nodes = treeIds.length;
        long[] nodeIds = wholes("nodes_nodeids", nodes);
        long[] features = wholes("nodes_featureids", nodes);
        long[] yes = wholes("nodes_truenodeids", nodes);
        long[] no = wholes("nodes_falsenodeids", nodes);
        List<String> modes = node.words("nodes_modes");
        double[] values = numbers("nodes_values");
        if (modes.size() != nodes || values.length != nodes) {
            throw wrong("has " + modes.size() + " modes and " + values.length + " values for " + nodes + " nodes");
        }
        long[] tracks = node.wholes("nodes_missing_value_tracks_true");
        if (tracks.length != 0 && tracks.length != nodes) {
            throw wrong("tells of " + tracks.length + " nodes where missing values go, and has " + nodes);
        }
        int[] starts = weightsByNode(prefix, treeIds, nodeIds, outputs);
        for (int from = 0; from < nodes; ) {
            int to = from;
            while (to < nodes && treeIds[to] == treeIds[from]) {
                to++;
            }
            Map<Long, Integer> places = places(nodeIds, from, to);
            OnnxTree tree = new OnnxTree(to - from, precision);
            for (int i = from; i < to; i++) {
                if (modes.get(i).equals("LEAF")) {
                    tree.leafAt(i - from, leaf(starts, i));
                } else {
                    Mode mode = Mode.of(modes.get(i)).orElseThrow(unknown(modes.get(i)));
                    int first = places.getOrDefault(yes[i], Integer.MAX_VALUE);
                    int second = places.getOrDefault(no[i], Integer.MAX_VALUE);
                    boolean isMissingTrue = tracks.length > 0 && tracks[i] != 0;
                    tree.splitAt(
                            i - from,
                            mode,
                            place(features[i]),
                            compared(mode, values[i]),
                            first,
                            second,
                            isMissingTrue,
                            OnnxTree.NO_SET);
                }
            }
            tree.joinEqualities();
            add(tree);
            from = to;
        }
    }

    private Map<Long, Integer> places(long[] nodeIds, int from, int to) {
        Map<Long, Integer> places = new HashMap<>();
        for (int i = from; i < to; i++) {
            if (places.put(nodeIds[i], i - from) != null) {
                throw wrong("names node " + nodeIds[i] + " of a tree twice");
            }
        }
        return places;
    }

    /** Puts the weights in the order of the nodes they belong to; where those of each node begin. */
    private int[] weightsByNode(String prefix, long[] treeIds, long[] nodeIds, int outputs) {
        double[] given = numbers(prefix + "_weights");
        int count = given.length;
        long[] ofTree = wholes(prefix + "_treeids", count);
        long[] ofNode = wholes(prefix + "_nodeids", count);
        long[] ofOutput = wholes(prefix + "_ids", count);
        Map<Long, Map<Long, Integer>> indexes = new HashMap<>();
        for (int i = 0; i < treeIds.length; i++) {
            indexes.computeIfAbsent(treeIds[i], _ -> new HashMap<>()).put(nodeIds[i], i);
        }
        int[] home = new int[count];
        int[] starts = new int[treeIds.length + 1];
        for (int i = 0; i < count; i++) {
            Integer index = indexes.getOrDefault(ofTree[i], Map.of()).get(ofNode[i]);
            if (index == null || ofOutput[i] < 0 || ofOutput[i] >= outputs) {
                throw wrong("gives the weight " + given[i] + " to node " + ofNode[i] + " of tree " + ofTree[i]
                        + ", output " + ofOutput[i] + ", which is not there");
            }
            home[i] = index;
            starts[index + 1]++;
        }
        for (int i = 1; i < starts.length; i++) {
            starts[i] += starts[i - 1];
        }
        int[] next = starts.clone();
        targets = new int[count];
        weights = new double[count];
        for (int i = 0; i < count; i++) {
            int at = next[home[i]]++;
            targets[at] = (int) ofOutput[i];
            weights[at] = finite(given[i]);
        }
        return starts;
    }

    private double finite(double weight) {
        if (!Double.isFinite(weight) || precision == Precision.SINGLE && Float.isInfinite((float) weight)) {
            throw wrong("has the leaf " + weight);
        }
        return weight;
    }

    /** Leaves come in the order of the nodes, and so do their weights. */
    private int leaf(int[] starts, int node) {
        return leafUpTo(starts[node + 1]);
    }

    private int leafUpTo(int end) {
        if (leaves == ends.length) {
            ends = Arrays.copyOf(ends, leaves * 2);
        }
        ends[leaves] = end;
        return leaves++;
    }

    private double compared(Mode mode, double value) {
        if (mode.isEquality() && Double.isNaN(value)) {
            throw wrong("has a split at NaN");
        }
        return value;
    }

    private Supplier<Problem> unknown(Object mode) {
        return () -> wrong("has a node of the mode " + mode);
    }

    private void add(OnnxTree tree) {
        flat.add(tree, 0, 1);
        trees++;
    }

    private void version5(int outputs) {
        long[] features = node.wholes("nodes_featureids");
        int nodes = features.length;
        double[] values = node.numbers("nodes_splits");
        double[] modes = node.numbers("nodes_modes");
        long[] yes = wholes("nodes_truenodeids", nodes);
        long[] yesIsLeaf = wholes("nodes_trueleafs", nodes);
        long[] no = wholes("nodes_falsenodeids", nodes);
        long[] noIsLeaf = wholes("nodes_falseleafs", nodes);
        long[] tracks = node.wholes("nodes_missing_value_tracks_true");
        double[] given = node.numbers("leaf_weights");
        long[] ofOutput = wholes("leaf_targetids", given.length);
        if (values.length != nodes || modes.length != nodes || tracks.length != 0 && tracks.length != nodes) {
            throw wrong("has arrays of other lengths than its " + nodes + " nodes");
        }
        targets = new int[given.length];
        weights = new double[given.length];
        for (int i = 0; i < given.length; i++) {
            if (ofOutput[i] < 0 || ofOutput[i] >= outputs) {
                throw wrong("has a leaf of output " + ofOutput[i] + " of " + outputs);
            }
            targets[i] = (int) ofOutput[i];
            weights[i] = finite(given[i]);
            leafUpTo(i + 1);
        }
        long[][] members = members(modes);
        boolean[] taken = new boolean[nodes];
        for (long root : node.wholes("tree_roots")) {
            Tree5 shape = new Tree5(yes, yesIsLeaf, no, noIsLeaf, taken, given.length);
            shape.walk(place(root));
            OnnxTree tree = new OnnxTree(shape.order.size() + shape.leafOf.size(), precision);
            for (int i = 0; i < shape.order.size(); i++) {
                int at = shape.order.get(i);
                Mode mode = Mode.of(modes[at]).orElseThrow(unknown(modes[at]));
                boolean isMissingTrue = tracks.length > 0 && tracks[at] != 0;
                tree.splitAt(
                        i,
                        mode,
                        place(features[at]),
                        compared(mode, values[at]),
                        shape.yes.get(i),
                        shape.no.get(i),
                        isMissingTrue,
                        members[at]);
            }
            for (int i = 0; i < shape.leafOf.size(); i++) {
                tree.leafAt(shape.order.size() + i, shape.leafOf.get(i));
            }
            add(tree);
        }
    }

    /** The sets of the nodes that have one, in order, each ended by NaN. */
    private long[][] members(double[] modes) {
        double[] all = node.numbers("membership_values");
        long[][] members = new long[modes.length][];
        int at = 0;
        for (int i = 0; i < modes.length; i++) {
            members[i] = OnnxTree.NO_SET;
            if (modes[i] == Mode.MEMBER.ordinal()) {
                List<Long> own = new ArrayList<>();
                while (at < all.length && !Double.isNaN(all[at])) {
                    own.add(Double.doubleToRawLongBits(all[at++]));
                }
                if (at++ >= all.length || own.isEmpty()) {
                    throw wrong("has fewer sets than nodes that ask for one");
                }
                members[i] = own.stream().mapToLong(Long::longValue).toArray();
            }
        }
        return members;
    }

    /** One tree of version 5, its splits in a row and a place for every mention of a leaf. */
    private final class Tree5 {
        private final long[] yesIds;
        private final long[] yesIsLeaf;
        private final long[] noIds;
        private final long[] noIsLeaf;
        private final boolean[] taken;
        private final int leafCount;
        private final List<Integer> order = new ArrayList<>();
        private final List<Integer> leafOf = new ArrayList<>();
        private final List<Integer> yes = new ArrayList<>();
        private final List<Integer> no = new ArrayList<>();

        Tree5(long[] yesIds, long[] yesIsLeaf, long[] noIds, long[] noIsLeaf, boolean[] taken, int leafCount) {
            this.yesIds = yesIds;
            this.yesIsLeaf = yesIsLeaf;
            this.noIds = noIds;
            this.noIsLeaf = noIsLeaf;
            this.taken = taken;
            this.leafCount = leafCount;
        }

        void walk(int root) {
            take(root);
            List<int[]> mentions = new ArrayList<>(); // split or ~leaf, for the true and the false branch
            for (int i = 0; i < order.size(); i++) {
                int at = order.get(i);
                mentions.add(
                        new int[] {mention(yesIds[at], yesIsLeaf[at] != 0), mention(noIds[at], noIsLeaf[at] != 0)});
            }
            for (int[] mention : mentions) {
                yes.add(mention[0] >= 0 ? mention[0] : order.size() + ~mention[0]);
                no.add(mention[1] >= 0 ? mention[1] : order.size() + ~mention[1]);
            }
        }

        private void take(int node) {
            if (node < 0 || node >= taken.length || taken[node]) {
                throw wrong("is no tree: it reaches node " + node + " of " + taken.length + " twice or not at all");
            }
            taken[node] = true;
            order.add(node);
        }

        private int mention(long id, boolean isLeaf) {
            if (!isLeaf) {
                take(place(id));
                return order.size() - 1;
            }
            if (id < 0 || id >= leafCount) {
                throw wrong("names leaf " + id + " of " + leafCount);
            }
            leafOf.add((int) id);
            return ~(leafOf.size() - 1);
        }
    }
}
