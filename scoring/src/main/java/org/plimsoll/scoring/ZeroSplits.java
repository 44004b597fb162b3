package org.plimsoll.scoring;

import java.util.BitSet;

/**
 * Splits at which zero is a missing value and follows the node's direction, as LightGBM's {@code zero_as_missing} trains them;
 * zero is whatever lies between -1e-35 and 1e-35 [1].
 *
 * <p>[1] LightGBM, include/LightGBM/meta.h, kZeroThreshold: a float.
 *
 * @param others the splits by category
 * @param nodes which splits these are
 * @param threshold by node: values of at least this go right
 */
record ZeroSplits(NodeSets others, BitSet nodes, double[] threshold) implements NodeSets {

    /** What is not further than this from zero is zero: LightGBM's kZeroThreshold. */
    static final double ZERO = 1e-35f;

    @Override
    public boolean any() {
        return others.any() || !nodes.isEmpty();
    }

    @Override
    public boolean has(int node) {
        return nodes.get(node) || others.has(node);
    }

    @Override
    public int right(int node, double value, byte missingRight) {
        if (!nodes.get(node)) {
            return others.right(node, value, missingRight);
        }
        boolean isMissing = Double.isNaN(value) || Math.abs(value) <= ZERO;
        return isMissing ? missingRight : value >= threshold[node] ? 1 : 0;
    }
}
