package org.plimsoll.scoring;

import java.util.Arrays;

/**
 * The splits by category of an ensemble: the categories that go right, as bits; any other value goes left, also one that cannot
 * be a category (negative, 2^24 or more); a missing one follows the node's direction. That is XGBoost's rule. LightGBM's is the
 * same with its children exchanged, but for values between -1 and 0, which it truncates to category 0.
 */
final class CategorySplits implements NodeSets {

    /** Beyond it a float does not hold every whole number. */
    private static final double LARGEST = 1 << 24;

    private final long[][] sets;
    private final double below;

    /**
     * @param sets by node; empty for splits by threshold and leaves; no array at all where no node splits by category
     * @param truncates whether -0.5 is category 0
     */
    CategorySplits(long[][] sets, boolean truncates) {
        this.sets = sets;
        this.below = truncates ? Math.nextUp(-1.0) : 0;
    }

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
        if (value < below || value >= LARGEST) {
            return 0;
        }
        int category = (int) value;
        long[] set = sets[node];
        return category >>> 6 < set.length ? (int) (set[category >>> 6] >>> category & 1) : 0;
    }

    /** A set of these categories; at least one word, so that it is not taken for none. */
    static long[] set(int[] categories, int from, int to) {
        long[] bits = new long[1];
        for (int i = from; i < to; i++) {
            int word = categories[i] >>> 6;
            if (word >= bits.length) {
                bits = Arrays.copyOf(bits, word + 1);
            }
            bits[word] |= 1L << categories[i];
        }
        return bits;
    }
}
