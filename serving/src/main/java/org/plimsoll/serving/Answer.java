package org.plimsoll.serving;

import java.util.List;
import org.plimsoll.core.VersionId;
import org.plimsoll.scoring.Reason;
import org.plimsoll.scoring.Signature;

/**
 * The scores of some rows, logged before they are given.
 *
 * @param prediction the id under which outcomes are told later, together with the row's number, counting from 0
 * @param revision of the routing table that was followed
 * @param outputs what the numbers mean, in order
 * @param values by output; row by row, {@code width} numbers a row
 * @param byCanary which rows the canary answered; without a canary empty
 * @param reasons by row, where they were asked for: the columns that moved its score most, strongest first; else empty
 * @param now the endpoint's time, in epoch milliseconds
 */
public record Answer(
        String prediction,
        long revision,
        int rows,
        List<Signature.Output> outputs,
        double[][] values,
        boolean[] byCanary,
        VersionId champion,
        VersionId canary,
        List<List<Reason>> reasons,
        long now) {

    /** Whether the canary answered this row. */
    public boolean isCanary(int row) {
        return byCanary.length > 0 && byCanary[row];
    }

    /** The version that answered this row. */
    public VersionId version(int row) {
        return isCanary(row) ? canary : champion;
    }
}
