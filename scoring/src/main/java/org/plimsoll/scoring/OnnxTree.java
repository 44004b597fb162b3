package org.plimsoll.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One tree of the domain ai.onnx.ml, as its nodes are told one after the other. ONNX Runtime's reading of a split:
 *
 * <pre>
 *  goes to the true branch where   x ≤ v   x &lt; v   x ≥ v   x &gt; v   x = v   x ≠ v   x in set
 *  a missing x                     only x ≠ v holds of it; any other goes true where the node's missing_value_tracks_true says so
 * </pre>
 */
final class OnnxTree implements FlatTreesBuilder.Tree {

    /** How a split compares, in the order of version 5's numbers. */
    enum Mode {
        LEQ,
        LT,
        GTE,
        GT,
        EQ,
        NEQ,
        MEMBER;

        private static final List<Mode> ALL = List.of(values());

        private static final Map<String, Mode> BY_WORD = ALL.subList(0, MEMBER.ordinal()).stream()
                .collect(Collectors.toMap(mode -> "BRANCH_" + mode, mode -> mode));

        /** Of the word that versions 1 to 3 write; empty where it is none of theirs. */
        static Optional<Mode> of(String word) {
            return Optional.ofNullable(BY_WORD.get(word));
        }

        /** Of the number that version 5 writes; empty where it means none. */
        static Optional<Mode> of(double number) {
            int place = (int) number;
            return place == number && place >= 0 && place < ALL.size() ? Optional.of(ALL.get(place)) : Optional.empty();
        }

        boolean isEquality() {
            return this == EQ || this == NEQ;
        }

        /** The greater values, and those of a set, are the right branch of our trees. */
        private boolean isTrueRight() {
            return this == GTE || this == GT || this == EQ || this == MEMBER;
        }
    }

    static final long[] NO_SET = new long[0];

    private final Precision precision;
    private final int[] left;
    private final int[] right;
    private final int[] feature;
    private final double[] threshold;
    private final boolean[] missingLeft;
    private final int[] leaf;
    private final boolean[] equality;
    private final long[][] sets;

    /** @param precision in which it compares */
    OnnxTree(int nodes, Precision precision) {
        this.precision = precision;
        left = new int[nodes];
        right = new int[nodes];
        feature = new int[nodes];
        threshold = new double[nodes];
        missingLeft = new boolean[nodes];
        leaf = new int[nodes];
        equality = new boolean[nodes];
        sets = new long[nodes][];
        Arrays.fill(left, -1);
        Arrays.fill(sets, NO_SET);
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
        return threshold[node];
    }

    @Override
    public boolean missingLeft(int node) {
        return missingLeft[node];
    }

    @Override
    public double leaf(int node) {
        return leaf[node];
    }

    @Override
    public long[] categories(int node) {
        return sets[node];
    }

    @Override
    public double cover(int node) {
        return 0; // ONNX keeps none
    }

    /** Node {@code at} is a leaf. @param place which one */
    void leafAt(int at, int place) {
        leaf[at] = place;
    }

    /**
     * Node {@code at} is a split.
     *
     * @param yes the true branch, as a node
     * @param members of the set, as bits of doubles
     */
    void splitAt(int at, Mode mode, int column, double value, int yes, int no, boolean isMissingTrue, long[] members) {
        left[at] = mode.isTrueRight() ? no : yes;
        right[at] = mode.isTrueRight() ? yes : no;
        feature[at] = column;
        threshold[at] = mode == Mode.LEQ || mode == Mode.GT ? above(value) : value;
        missingLeft[at] = mode.isTrueRight() ? !isMissingTrue : isMissingTrue || mode == Mode.NEQ;
        equality[at] = mode == Mode.EQ;
        if (mode.isEquality()) {
            sets[at] = new long[] {Double.doubleToRawLongBits(value)};
        } else if (mode == Mode.MEMBER) {
            sets[at] = members;
        }
    }

    /** The least number above this one, in the width that is compared in. */
    private double above(double value) {
        return precision == Precision.SINGLE ? Math.nextUp((float) value) : Math.nextUp(value);
    }

    /**
     * LightGBM's splits by category come as chains: x = 3, else x = 5, else x = 8, all with one and the same true branch. That is
     * no tree before the chain has become one split by the set 3, 5, 8.
     */
    void joinEqualities() {
        int nodes = nodes();
        boolean[] inside = new boolean[nodes];
        for (int i = 0; i < nodes; i++) {
            if (continues(i)) {
                inside[left[i]] = true;
            }
        }
        for (int head = 0; head < nodes; head++) {
            if (inside[head] || !continues(head)) {
                continue;
            }
            List<Long> members = new ArrayList<>(List.of(sets[head][0]));
            int last = head;
            while (continues(last) && members.size() < nodes) {
                last = left[last];
                members.add(sets[last][0]);
            }
            sets[head] = members.stream().mapToLong(Long::longValue).toArray();
            left[head] = left[last];
        }
    }

    /** Whether the false branch of this equality asks for another one of the same column, with the same true branch. */
    private boolean continues(int node) {
        int next = left[node];
        return equality[node]
                && next >= 0
                && next < nodes()
                && next != node
                && equality[next]
                && feature[next] == feature[node]
                && right[next] == right[node]
                && missingLeft[next] == missingLeft[node];
    }
}
