package org.plimsoll.monitoring;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Verdict;
import org.plimsoll.core.VersionId;
import org.plimsoll.monitoring.Crossing.Severity;

/**
 * A closed day of an endpoint, in the task's zone and the endpoint's time, and what was found in it.
 *
 * <pre>
 *  the day ends ──▶ CLOSED: what came in and went out is judged ──▶ its truths are mature ──▶ MATURE: performance is judged
 *                                                                                       late truths ──▶ MATURE, next revision
 * </pre>
 *
 * @param from the first instant of the day
 * @param until the first instant after it
 * @param version the version that answered most rows, which is the one judged; empty where nobody answered
 * @param answers who answered how many rows, most first
 * @param rows rows answered
 * @param late rows that came after the day had been judged; they count for performance only
 * @param revision counts up with each judgement, from 1
 * @param verdict PASS: nothing crossed but warnings; HARM: an alarm; ERROR: it could not be judged; INCONCLUSIVE: too little to tell
 * @param columns what came in and went out
 * @param performance live performance; empty until the truths are mature, but for estimates
 * @param crossings what lies beyond its bound, alarms first
 * @param judgedAt when, by the clock
 */
public record Window(
        EndpointName endpoint,
        LocalDate day,
        Instant from,
        Instant until,
        State state,
        long revision,
        Optional<VersionId> version,
        List<Answers> answers,
        long rows,
        long late,
        Verdict verdict,
        List<WatchedColumn> columns,
        List<WatchedClaim> performance,
        List<Crossing> crossings,
        Instant judgedAt) {

    /** How far a window has come. */
    public enum State {
        /** Its day is over; its truths are not all known yet. */
        CLOSED,
        /** Its truths are known for good. */
        MATURE
    }

    /** How many rows a version answered. */
    public record Answers(VersionId version, long rows) {}

    public Window {
        answers = List.copyOf(answers);
        columns = List.copyOf(columns);
        performance = List.copyOf(performance);
        crossings = List.copyOf(crossings);
    }

    /** What asks for somebody. */
    @JsonIgnore
    public List<Crossing> alarms() {
        return crossings.stream().filter(it -> it.severity() == Severity.ALARM).toList();
    }
}
