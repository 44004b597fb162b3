package org.plimsoll.scoring;

import java.util.Arrays;

/**
 * One tree as an XGBoost file holds it: parallel arrays over its nodes. A leaf's value stands in the place of the threshold;
 * categories of all splits stand in one array, with the nodes, the beginnings and the lengths of their parts beside it.
 */
final class XgboostTree implements FlatTreesBuilder.Tree {

    /** A tree whose arrays are no longer needed. */
    static final XgboostTree NONE = new XgboostTree();

    private static final long[] NO_CATEGORIES = new long[0];

    /** 64 categories each; a tree that needs more holds its few categories far apart, which no training does. */
    private static final long MOST_WORDS = 1 << 20;

    private int[] left = new int[0];
    private int[] right = new int[0];
    private int[] feature = new int[0];
    private float[] condition = new float[0];
    private int[] defaultLeft = new int[0];
    private int[] splitType = new int[0];
    private long[][] sets = new long[0][];
    private float[] cover = new float[0];
    private long words;

    private XgboostTree() {}

    /**
     * Reads the tree whose first token was just given.
     *
     * @param withCover whether the sums of hessians are read too
     */
    static XgboostTree read(ModelTokens tokens, boolean withCover) {
        XgboostTree tree = new XgboostTree();
        boolean covered = false;
        int[] categories = new int[0];
        int[] nodes = new int[0];
        int[] beginnings = new int[0];
        int[] lengths = new int[0];
        if (tokens.current() != ModelTokens.Kind.OBJECT) {
            throw tokens.problem("expected a tree");
        }
        while (tokens.hasName()) {
            switch (tokens.text()) {
                case "left_children" -> tree.left = tokens.readInts();
                case "right_children" -> tree.right = tokens.readInts();
                case "split_indices" -> tree.feature = tokens.readInts();
                case "split_conditions" -> tree.condition = tokens.readFloats();
                case "default_left" -> tree.defaultLeft = tokens.readInts();
                case "split_type" -> tree.splitType = tokens.readInts();
                case "categories" -> categories = tokens.readInts();
                case "categories_nodes" -> nodes = tokens.readInts();
                case "categories_segments" -> beginnings = tokens.readInts();
                case "categories_sizes" -> lengths = tokens.readInts();
                case "tree_param" -> tree.parameters(tokens);
                case "sum_hessian" -> {
                    if (withCover) {
                        tree.cover = tokens.readFloats();
                        covered = true;
                    } else {
                        tokens.skip();
                    }
                }
                default -> tokens.skip();
            }
        }
        if (withCover && (!covered || tree.cover.length != tree.left.length)) {
            throw tokens.problem("a tree has no sum_hessian for each node, so its scores cannot be explained");
        }
        tree.check(tokens);
        tree.gather(tokens, categories, nodes, beginnings, lengths);
        return tree;
    }

    private void parameters(ModelTokens tokens) {
        tokens.expect(ModelTokens.Kind.OBJECT, "tree_param");
        while (tokens.hasName()) {
            if (tokens.text().equals("size_leaf_vector")) {
                String size = tokens.readText();
                if (!size.equals("0") && !size.equals("1")) {
                    throw tokens.problem("trees with " + size + " values a leaf are not supported");
                }
            } else {
                tokens.skip();
            }
        }
    }

    private void check(ModelTokens tokens) {
        int nodes = left.length;
        boolean typed = splitType.length == 0 || splitType.length == nodes;
        if (right.length != nodes
                || feature.length != nodes
                || condition.length != nodes
                || defaultLeft.length != nodes
                || !typed) {
            throw tokens.problem("the arrays of a tree have different lengths");
        }
    }

    private void gather(ModelTokens tokens, int[] categories, int[] nodes, int[] beginnings, int[] lengths) {
        boolean any = Arrays.stream(splitType).anyMatch(type -> type != 0);
        if (!any) {
            return;
        }
        if (nodes.length != beginnings.length || nodes.length != lengths.length) {
            throw tokens.problem("the category arrays of a tree have different lengths");
        }
        sets = new long[left.length][];
        Arrays.fill(sets, NO_CATEGORIES);
        for (int i = 0; i < nodes.length; i++) {
            long end = (long) beginnings[i] + lengths[i];
            if (nodes[i] < 0
                    || nodes[i] >= sets.length
                    || beginnings[i] < 0
                    || lengths[i] < 0
                    || end > categories.length) {
                throw tokens.problem("a split by category points outside its arrays");
            }
            int greatest = 0;
            for (int k = beginnings[i]; k < end; k++) {
                if (categories[k] < 0 || categories[k] >= 1 << 24) {
                    throw tokens.problem(categories[k] + " is no category");
                }
                greatest = Math.max(greatest, categories[k]);
            }
            words += (greatest >>> 6) + 1;
            if (words > MOST_WORDS) {
                throw tokens.problem("a tree's categories are too great and too many");
            }
            sets[nodes[i]] = CategorySplits.set(categories, beginnings[i], (int) end);
        }
        for (int node = 0; node < sets.length; node++) {
            if (left[node] >= 0 && (splitType[node] != 0) != (sets[node].length > 0)) {
                throw tokens.problem("split " + node + " is by category and by threshold at once, or by neither");
            }
        }
    }

    /** How many 64-bit words its sets of categories take. */
    long words() {
        return words;
    }

    @Override
    public int nodes() {
        return left.length;
    }

    @Override
    public int left(int node) {
        return left[node];
    }

    @Override
    public int right(int node) {
        return right[node];
    }

    @Override
    public int feature(int node) {
        return feature[node];
    }

    @Override
    public double threshold(int node) {
        return condition[node];
    }

    @Override
    public boolean missingLeft(int node) {
        return defaultLeft[node] != 0;
    }

    @Override
    public double leaf(int node) {
        return condition[node];
    }

    @Override
    public double cover(int node) {
        return cover[node];
    }

    @Override
    public long[] categories(int node) {
        return sets.length == 0 ? NO_CATEGORIES : sets[node];
    }
}
