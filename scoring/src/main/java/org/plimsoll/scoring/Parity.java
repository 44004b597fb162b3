package org.plimsoll.scoring;

import java.util.List;

/**
 * Whether a model answers its golden rows as its maker did.
 *
 * @param rows how many were compared
 * @param maxDifference the greatest absolute difference of an answer
 * @param differences rows beyond the tolerance, in words; at most ten
 */
public record Parity(int rows, double maxDifference, List<String> differences) {

    public Parity {
        differences = List.copyOf(differences);
    }

    /** Rows were compared, and none differs. No rows prove nothing. */
    public boolean holds() {
        return rows > 0 && differences.isEmpty();
    }
}
