package org.plimsoll.scoring;

/**
 * One tree of a LightGBM file: splits first, then leaves. Its children point into both: from 0 on splits, below 0 leaves.
 *
 * @param splitThreshold the least number that goes right
 * @param covers rows of the training that passed each split, then each leaf; empty where nobody asks
 */
record LightgbmTree(
        int[] splitLeft,
        int[] splitRight,
        int[] splitFeature,
        double[] splitThreshold,
        boolean[] splitMissingLeft,
        boolean[] splitZeroIsMissing,
        long[][] sets,
        double[] leaves,
        double[] covers)
        implements FlatTreesBuilder.Tree {

    static final long[] NO_CATEGORIES = new long[0];

    @Override
    public int nodes() {
        return splitLeft.length + leaves.length;
    }

    private boolean isLeaf(int node) {
        return node >= splitLeft.length;
    }

    /** A child as our trees count: leaves behind the splits; out of range where the file is wrong. */
    private int place(int child) {
        return child >= 0 ? (child < splitLeft.length ? child : Integer.MAX_VALUE) : splitLeft.length + ~child;
    }

    @Override
    public int left(int node) {
        return isLeaf(node) ? -1 : place(splitLeft[node]);
    }

    @Override
    public int right(int node) {
        return isLeaf(node) ? -1 : place(splitRight[node]);
    }

    @Override
    public int feature(int node) {
        return splitFeature[node];
    }

    @Override
    public double threshold(int node) {
        return splitThreshold[node];
    }

    @Override
    public boolean missingLeft(int node) {
        return splitMissingLeft[node];
    }

    @Override
    public double leaf(int node) {
        return leaves[node - splitLeft.length];
    }

    @Override
    public boolean zeroIsMissing(int node) {
        return splitZeroIsMissing[node];
    }

    @Override
    public double cover(int node) {
        return covers[node];
    }

    @Override
    public long[] categories(int node) {
        return isLeaf(node) ? NO_CATEGORIES : sets[node];
    }
}
