package org.plimsoll.scoring;

/**
 * What leaves add where one leaf adds to several outputs: those of a forest of class shares, of trees with several targets.
 *
 * <pre>
 *  leaf   ends[leaf-1] ≤ i &lt; ends[leaf]:   outputs[targets[i]] += weights[i]
 * </pre>
 */
record LeafWeights(int[] ends, int[] targets, double[] weights) {

    /** Leaves add one value each, to the output of their tree. */
    static final LeafWeights NONE = new LeafWeights(new int[0], new int[0], new double[0]);

    boolean any() {
        return ends.length > 0;
    }

    int from(int leaf) {
        return leaf == 0 ? 0 : ends[leaf - 1];
    }

    int to(int leaf) {
        return ends[leaf];
    }
}
