package org.plimsoll.predictions;

import org.plimsoll.core.Digest;

/**
 * What happened under one routing table, that is, under one constant share of traffic: the whole evidence of a canary's step.
 * Whole numbers, so that anyone can recompute them from the log and merge them in any order.
 *
 * @param table digest of the routing table
 * @param championRows matured rows with a known truth that the champion answered
 * @param championEvents entities among them whose first adverse event this was
 * @param championLoss sum of the losses of its rows
 * @param waiting rows whose truth is not known for good yet
 * @param withoutOutcome rows that are old enough and still have no outcome: absence is never success
 * @param unreadable rows whose label is not one of the task's
 */
public record ArmCounts(
        Digest table,
        long championRows,
        long championEvents,
        double championLoss,
        long canaryRows,
        long canaryEvents,
        double canaryLoss,
        long waiting,
        long withoutOutcome,
        long unreadable) {

    static ArmCounts none(Digest table) {
        return new ArmCounts(table, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
