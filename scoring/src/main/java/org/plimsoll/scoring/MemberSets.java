package org.plimsoll.scoring;

/**
 * The splits of an ONNX ensemble that ask for equality or membership: a value that is in the node's set goes right.
 *
 * @param sets by node, the members' bits ({@link Double#doubleToRawLongBits}); empty for splits by threshold and leaves; no array
 *     at all where no node has a set
 */
record MemberSets(long[][] sets) implements NodeSets {

    @Override
    public boolean any() {
        return sets.length > 0;
    }

    @Override
    public boolean has(int node) {
        return sets.length > 0 && sets[node].length > 0;
    }

    @Override
    public int right(int node, double value, byte missingRight) {
        if (Double.isNaN(value)) {
            return missingRight;
        }
        for (long member : sets[node]) {
            if (Double.longBitsToDouble(member) == value) {
                return 1;
            }
        }
        return 0;
    }
}
