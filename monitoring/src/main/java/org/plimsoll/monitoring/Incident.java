package org.plimsoll.monitoring;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.VersionId;

/**
 * A crossed threshold under investigation:
 *
 * <pre>
 *   alarm in a window ──▶ OPEN ── acknowledged by a person ──▶ ACKNOWLEDGED ── reason ──▶ CLOSED
 *                          │ looked into, then the first of the ladder is paged; who does not answer in time
 *                          └─▶ the next is: people on call, in their order, deputy, owner
 * </pre>
 *
 * While it is open, further windows with the same cause add to it: one endpoint and cause has one open incident. Windows are days of
 * the endpoint's time; people's times are the clock's.
 *
 * @param number counts up from 1
 * @param version that answered when it opened
 * @param since first day of the unbroken run of windows that crossed
 * @param days the windows that belong to it, oldest first
 * @param recovered the first day after them that did not cross any more
 * @param crossings what crossed, as last measured, alarms first
 * @param share greatest share of a window's predictions that are affected, in [0, 1]
 * @param suspects likely causes, the likeliest first; empty until it was looked into
 * @param paged principal ids, in the order in which they were paged
 * @param answerBy when the next one is paged, unless somebody acknowledges
 * @param retraining number of the retraining it started
 * @param revision counts up with each change, from 1
 */
public record Incident(
        long number,
        EndpointName endpoint,
        ModelName model,
        Optional<VersionId> version,
        Cause cause,
        State state,
        LocalDate since,
        List<LocalDate> days,
        Optional<LocalDate> recovered,
        List<Crossing> crossings,
        double share,
        List<Suspect> suspects,
        List<String> paged,
        Optional<Instant> answerBy,
        Optional<Act> acknowledged,
        List<Act> notes,
        Optional<Act> closed,
        Optional<Long> retraining,
        Instant openedAt,
        long revision) {

    /** What sort of trouble it is; one open incident for each on an endpoint. */
    public enum Cause {
        /** A promise, or what was proved at approval, does not hold. */
        PERFORMANCE("performance"),
        /** What comes in is not what the model was trained on. */
        INPUTS("inputs"),
        /** The answers are spread differently, and no input says why. */
        ANSWERS("answers"),
        /** Nobody asked. */
        TRAFFIC("traffic"),
        /** Truths that should be known are not. */
        TRUTHS("truths");

        private final String word;

        Cause(String word) {
            this.word = word;
        }

        /** As people read it. */
        public String word() {
            return word;
        }
    }

    /** Where it stands. */
    public enum State {
        /** Nobody said yet that they look at it. */
        OPEN,
        /** Somebody looks at it. */
        ACKNOWLEDGED,
        /** Done with, for the reason given. */
        CLOSED;

        /** As people read it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a person did or wrote, and when. */
    public record Act(String by, Instant at, String text) {}

    public Incident {
        days = List.copyOf(days);
        crossings = List.copyOf(crossings);
        suspects = List.copyOf(suspects);
        paged = List.copyOf(paged);
        notes = List.copyOf(notes);
    }

    @JsonIgnore
    public boolean isOver() {
        return state == State.CLOSED;
    }

    /** {@code incident/17}. */
    @JsonIgnore
    public String subject() {
        return "incident/" + number;
    }

    /** One line: which endpoint, and the gravest thing that crossed. */
    @JsonIgnore
    public String title() {
        return "Incident " + number + " on " + endpoint + ": "
                + crossings.stream().findFirst().map(Crossing::text).orElse(cause.word());
    }

    /** What whoever is paged must know, without names of people. */
    @JsonIgnore
    public String brief() {
        StringBuilder text = new StringBuilder(title()).append('\n');
        text.append("Since ")
                .append(since)
                .append(String.format(Locale.ROOT, "; %.0f %% of predictions affected.%n", 100 * share));
        crossings.stream()
                .skip(1)
                .limit(9)
                .forEach(it -> text.append("Also: ").append(it.text()).append('\n'));
        suspects.stream()
                .limit(3)
                .forEach(it -> text.append("Suspected: ").append(it.text()).append('\n'));
        text.append("Next: plimsoll incidents show ").append(number);
        return text.toString();
    }

    Incident seen(
            LocalDate first, List<LocalDate> all, Optional<LocalDate> over, List<Crossing> crossed, double affected) {
        return next(it -> {
            it.since = first;
            it.days = all;
            it.recovered = over;
            it.crossings = crossed;
            it.share = affected;
        });
    }

    Incident suspecting(List<Suspect> found) {
        return next(it -> it.suspects = found);
    }

    Incident paging(List<String> everybody, Instant until) {
        return next(it -> {
            it.paged = everybody;
            it.answerBy = Optional.of(until);
        });
    }

    Incident acknowledging(Act act) {
        return next(it -> {
            it.state = State.ACKNOWLEDGED;
            it.answerBy = Optional.empty();
            it.acknowledged = Optional.of(act);
        });
    }

    Incident noting(List<Act> written) {
        return next(it -> it.notes = written);
    }

    Incident closing(Act act) {
        return next(it -> {
            it.state = State.CLOSED;
            it.answerBy = Optional.empty();
            it.closed = Optional.of(act);
        });
    }

    Incident retrainedBy(long order) {
        return next(it -> it.retraining = Optional.of(order));
    }

    /** The next revision, with what differs in it. */
    private Incident next(Consumer<Next> change) {
        Next next = new Next(this);
        change.accept(next);
        return new Incident(
                number,
                endpoint,
                model,
                version,
                cause,
                next.state,
                next.since,
                next.days,
                next.recovered,
                next.crossings,
                next.share,
                next.suspects,
                next.paged,
                next.answerBy,
                next.acknowledged,
                next.notes,
                next.closed,
                next.retraining,
                openedAt,
                revision + 1);
    }

    /** What may differ in the next revision. */
    private static final class Next {
        private State state;
        private LocalDate since;
        private List<LocalDate> days;
        private Optional<LocalDate> recovered;
        private List<Crossing> crossings;
        private double share;
        private List<Suspect> suspects;
        private List<String> paged;
        private Optional<Instant> answerBy;
        private Optional<Act> acknowledged;
        private List<Act> notes;
        private Optional<Act> closed;
        private Optional<Long> retraining;

        private Next(Incident before) {
            state = before.state;
            since = before.since;
            days = before.days;
            recovered = before.recovered;
            crossings = before.crossings;
            share = before.share;
            suspects = before.suspects;
            paged = before.paged;
            answerBy = before.answerBy;
            acknowledged = before.acknowledged;
            notes = before.notes;
            closed = before.closed;
            retraining = before.retraining;
        }
    }
}
