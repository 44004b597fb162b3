package org.plimsoll.data;

import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Inspection.Time;

/** Where the past ends: the instant that leaves about a fifth of the rows that can be learned from for testing. */
final class TimeInspection {

    private static final double TESTED = 0.2;

    private TimeInspection() {}

    /**
     * Looks at the column that says when the question was asked.
     *
     * @param rowsFile the table expression of the typed rows
     * @param target rows without it are tested on by nobody
     * @throws Problem where all rows have the same instant
     */
    static Time of(DuckSession session, String rowsFile, RawColumn column, RawColumn target) throws SQLException {
        String name = column.identifier();
        String known = rowsFile + " WHERE " + target.identifier() + " IS NOT NULL";
        List<Optional<String>> bounds = session.rows("SELECT epoch_ms(min(" + name + ")), epoch_ms(max(" + name
                        + ")), epoch_ms(quantile_disc(" + name + ", " + (1 - TESTED) + ")) FROM " + known)
                .getFirst();
        if (bounds.getFirst().isEmpty()) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "--time " + column.shown() + " is missing in every row"
                            + (target.missing() > 0 ? " that has " + target.shown() : "")
                            + "; leave --time out, or name another column");
        }
        long from = number(bounds.get(0));
        long until = number(bounds.get(1));
        long cut = LatestRows.begin(from, until, number(bounds.get(2)), ZoneOffset.UTC)
                .orElseThrow(() -> Problem.of(
                        Problem.Kind.INVALID,
                        "--time " + column.shown() + " is " + Instant.ofEpochMilli(from)
                                + " in every row, so nothing can be split by it; leave --time out"))
                .toEpochMilli();
        List<Optional<String>> after = session.rows("SELECT count(*), count(DISTINCT date_trunc('day', " + name
                        + ")) FROM " + known + " AND epoch_ms(" + name + ") >= " + cut)
                .getFirst();
        return new Time(
                column.name(),
                column.missing(),
                Instant.ofEpochMilli(from),
                Instant.ofEpochMilli(until),
                Instant.ofEpochMilli(cut),
                number(after.get(0)),
                number(after.get(1)));
    }

    private static long number(Optional<String> value) {
        return Long.parseLong(value.orElseThrow());
    }
}
