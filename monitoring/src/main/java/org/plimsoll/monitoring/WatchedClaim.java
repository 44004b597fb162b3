package org.plimsoll.monitoring;

import java.time.LocalDate;
import java.util.Optional;
import org.plimsoll.core.Verdict;
import org.plimsoll.registry.Obligation;

/**
 * One claim about live performance, judged on the mature rows of a stretch of days.
 *
 * @param origin who says what must hold
 * @param metric such as {@code auc}
 * @param segment the segment column; empty for all rows
 * @param value the value of that segment
 * @param from first day of the rows that it is judged on
 * @param until last day of them
 * @param rows rows of those days
 * @param labelled of these, rows whose truth is known and readable
 * @param maturity share of the rows whose truth is known
 * @param measured the metric on the labelled rows
 * @param lower one-sided 95 % bound below
 * @param upper one-sided 95 % bound above
 * @param limit what the metric must not be beyond
 * @param approved the metric at approval; empty where the report has none
 * @param estimated the metric as estimated without truths, from calibrated scores: never judged, only shown
 * @param verdict PASS keeps the claim; HARM is proved; ERROR cannot be judged
 * @param page who is to hear of harm
 * @param note why it could not be judged
 */
public record WatchedClaim(
        Origin origin,
        String metric,
        Optional<String> segment,
        Optional<String> value,
        LocalDate from,
        LocalDate until,
        long rows,
        long labelled,
        double maturity,
        Optional<Double> measured,
        Optional<Double> lower,
        Optional<Double> upper,
        Optional<Double> limit,
        Optional<Double> approved,
        Optional<Double> estimated,
        Verdict verdict,
        Optional<Obligation.Page> page,
        Optional<String> note) {

    /** Who says what must hold. */
    public enum Origin {
        /** The card promises it. */
        OBLIGATION,
        /** It was so when people approved. */
        APPROVAL
    }
}
