package org.plimsoll.monitoring;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.LocalDate;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.registry.Obligation;

/**
 * Something in a window that lies beyond its bound, or is missing. A WARNING tells people; an ALARM asks for somebody.
 *
 * @param what the statistic or metric: {@code drift}, {@code missing}, {@code auc}
 * @param column the column it is about; empty where it is about rows or a claim
 * @param segment the segment column of a claim about a part of the rows
 * @param value the value of that segment
 * @param measured what was found; empty where nothing could be measured
 * @param bound what it should not be beyond; empty where there is no number for it
 * @param since the first day of the unbroken run of windows in which this crossed
 * @param share share of the window's predictions that are affected, from 0 to 1
 * @param page who is to hear, as the obligation says; empty: the people on call
 * @param text one sentence for people
 */
public record Crossing(
        Kind kind,
        Severity severity,
        String what,
        Optional<String> column,
        Optional<String> segment,
        Optional<String> value,
        Optional<Double> measured,
        Optional<Double> bound,
        LocalDate since,
        double share,
        Optional<Obligation.Page> page,
        String text) {

    /** What sort of thing crossed. */
    public enum Kind {
        /** The values of an input are not those of the training data any more. */
        INPUT_DRIFT,
        /** The answers are not spread as they were. */
        OUTPUT_DRIFT,
        /** Matured truths say that a promise, or what was proved at approval, does not hold. */
        PERFORMANCE,
        /** A column is missing, constant, infinite, or holds what training never saw. */
        DATA,
        /** Nothing was asked in the whole window. */
        NO_DATA,
        /** Truths that should be known by now are not. */
        NO_OUTCOMES
    }

    /** How loud it is. */
    public enum Severity {
        /** To be looked at: input drift alone, while performance is inside its bounds, is never more. */
        WARNING,
        /** Somebody must act. */
        ALARM
    }

    public Crossing {
        if (!(share >= 0 && share <= 1)) {
            throw Problem.invalid("share", share, "a number from 0 to 1");
        }
        measured = measured.filter(Double::isFinite);
        bound = bound.filter(Double::isFinite);
    }

    /** Whether somebody must act. */
    @JsonIgnore
    public boolean isAlarm() {
        return severity == Severity.ALARM;
    }

    /** What tells two crossings of different windows to be the same thing going on. */
    @JsonIgnore
    public String key() {
        return kind + " " + what + " " + column.orElse("") + " " + segment.orElse("") + "=" + value.orElse("");
    }

    /** The same, seen first on another day. */
    public Crossing since(LocalDate first) {
        return new Crossing(kind, severity, what, column, segment, value, measured, bound, first, share, page, text);
    }
}
