package org.plimsoll.data;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Inspection.Time;

/** Where the past ends: the instant that leaves about a fifth of the rows for testing. */
final class TimeInspection {

    private static final long DAY = 86_400_000;

    private TimeInspection() {}

    /**
     * Looks at the column that says when the question was asked.
     *
     * @param rowsFile the table expression of the typed rows
     * @throws Problem where all rows have the same instant
     */
    static Time of(DuckSession session, String rowsFile, RawColumn column) throws SQLException {
        String name = column.identifier();
        String quantile = "(SELECT quantile_disc(" + name + ", 0.8) FROM " + rowsFile + ")";
        List<Optional<String>> bounds = session.rows(
                        "SELECT epoch_ms(min(" + name + ")), epoch_ms(max(" + name + ")), epoch_ms(date_trunc('day', "
                                + quantile + ")), epoch_ms(" + quantile + ") FROM " + rowsFile)
                .getFirst();
        if (bounds.getFirst().isEmpty()) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "--time " + column.shown() + " is missing in every row; leave --time out, or name another column");
        }
        long from = number(bounds.get(0));
        long until = number(bounds.get(1));
        if (from == until) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "--time " + column.shown() + " is " + Instant.ofEpochMilli(from)
                            + " in every row, so nothing can be split by it; leave --time out");
        }
        long cut = number(bounds.get(2));
        if (cut <= from) {
            cut = cut + DAY <= until ? cut + DAY : Math.max(number(bounds.get(3)), from + 1);
        }
        List<Optional<String>> after = session.rows("SELECT count(*), count(DISTINCT date_trunc('day', " + name
                        + ")) FROM " + rowsFile + " WHERE epoch_ms(" + name + ") >= " + cut)
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
