package org.plimsoll.serving;

import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;

/**
 * Rows to be scored, already in the types of the signature. Columns the model does not take as input may come along where the
 * task names them: entity, event time, segments, cluster, weight.
 *
 * @param entity one entity for every row, where the rows do not carry it
 * @param eventTime one event time for every row, in epoch milliseconds, where the rows do not carry it
 * @param reasons so many reasons are wanted for each row; 0 for none
 */
public record Question(Columns rows, Optional<String> entity, Optional<Long> eventTime, int reasons) {

    /** Explaining a row takes a hundred times as long as scoring it. */
    private static final int MOST_EXPLAINED = 1_000;

    private static final int MOST_REASONS = 100;

    public Question {
        if (reasons < 0 || reasons > MOST_REASONS) {
            throw Problem.invalid("parameter reasons", reasons, "1 to " + MOST_REASONS);
        }
        if (reasons > 0 && rows.rows() > MOST_EXPLAINED) {
            throw Problem.invalid(
                    "rows of a request with reasons", rows.rows(), "at most " + MOST_EXPLAINED + " at once");
        }
    }

    /** A question without reasons. */
    public Question(Columns rows, Optional<String> entity, Optional<Long> eventTime) {
        this(rows, entity, eventTime, 0);
    }
}
