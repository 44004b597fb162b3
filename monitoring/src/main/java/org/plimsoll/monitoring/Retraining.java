package org.plimsoll.monitoring;

import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Verdict;
import org.plimsoll.core.VersionId;

/**
 * A model made anew: the loop on one screen.
 *
 * <pre>
 *  performance proved below its promise ─▶ incident ─┐
 *                                                    ├─▶ ORDERED      what matured since becomes a snapshot; the plan's data and times
 *  a person: plimsoll retrain ───────────────────────┘       │        are fixed
 *                                                            ▼
 *                                                        TRAINING     the champion's own pipeline, in a process without keys or
 *                                                            │        database, with a token that writes this one run
 *                                                            ▼
 *                                                        EVALUATING   a version with the champion's card and what changed, held against
 *                                                            │        the same policy as every other version
 *                                                  ┌─────────┴────────┐
 *                                                  ▼                  ▼
 *                                              CANDIDATE           REFUSED          UNCHANGED: the model came out as before
 *                                    people approve, as always                      FAILED: and why
 * </pre>
 *
 * Input drift alone never orders one. Each step is a job with a fence and idempotency keys of its own: after a kill it goes on where
 * it was, and takes effect once.
 *
 * @param number counts up from 1
 * @param from the champion whose pipeline, card and plan are used
 * @param because why it was ordered, as people wrote it or as the incident says
 * @param incident that ordered it
 * @param orderedBy principal id
 * @param at the endpoint's time when it was ordered, from which the plan's times count
 * @param served snapshot of the matured predictions with their outcomes
 * @param data the pipeline's data as snapshots, by their names there
 * @param parameters with which the pipeline ran
 * @param run that executed it
 * @param version that came of it
 * @param evaluation the job that held it against the policy
 * @param report digest of the gate report
 * @param candidate number of the candidate that people may approve
 * @param reason why it ended without a candidate
 */
public record Retraining(
        long number,
        EndpointName endpoint,
        VersionId from,
        String because,
        Optional<Long> incident,
        State state,
        String orderedBy,
        Instant orderedAt,
        Instant at,
        Optional<Digest> served,
        Map<String, Digest> data,
        Map<String, String> parameters,
        Optional<String> run,
        Optional<VersionId> version,
        Optional<String> evaluation,
        Optional<Digest> report,
        Optional<Verdict> verdict,
        Optional<Long> candidate,
        Optional<Instant> endedAt,
        Optional<String> reason,
        long revision) {

    /** How far it came. */
    public enum State {
        ORDERED,
        TRAINING,
        EVALUATING,
        /** People decide now. */
        CANDIDATE,
        /** The gate found harm, or too little proof. */
        REFUSED,
        /** The model that came out exists already, byte for byte: there is nothing to judge. */
        UNCHANGED,
        /** It could not be carried out. */
        FAILED;

        /** Whether nothing more will happen by itself. */
        public boolean isEnd() {
            return compareTo(EVALUATING) > 0;
        }

        /** As people read it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Retraining {
        data = Collections.unmodifiableMap(new TreeMap<>(data));
        parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
    }

    String subject() {
        return "retraining/" + number;
    }

    Retraining training(Optional<Digest> snapshot, Map<String, Digest> snapshots, Map<String, String> values) {
        return next(State.TRAINING, it -> {
            it.served = snapshot;
            it.data = snapshots;
            it.parameters = values;
        });
    }

    Retraining evaluating(String trainedBy, VersionId made, String job) {
        return next(State.EVALUATING, it -> {
            it.run = Optional.of(trainedBy);
            it.version = Optional.of(made);
            it.evaluation = Optional.of(job);
        });
    }

    Retraining judged(Digest found, Verdict said, Optional<Long> opened, Instant now) {
        return next(opened.isPresent() ? State.CANDIDATE : State.REFUSED, it -> {
            it.report = Optional.of(found);
            it.verdict = Optional.of(said);
            it.candidate = opened;
            it.endedAt = Optional.of(now);
            it.reason = opened.isPresent() ? Optional.empty() : Optional.of("the gate says " + said);
        });
    }

    Retraining unchanged(String trainedBy, VersionId same, Instant now) {
        return next(State.UNCHANGED, it -> {
            it.run = Optional.of(trainedBy);
            it.endedAt = Optional.of(now);
            it.reason = Optional.of("the same model came out again: this artifact is " + same + " already");
        });
    }

    Retraining failed(Optional<String> in, String why, Instant now) {
        return next(State.FAILED, it -> {
            it.run = run.or(() -> in);
            it.endedAt = Optional.of(now);
            it.reason = Optional.of(why);
        });
    }

    /** The next revision, with what differs in it. */
    private Retraining next(State state, Consumer<Next> change) {
        Next next = new Next(this);
        change.accept(next);
        return new Retraining(
                number,
                endpoint,
                from,
                because,
                incident,
                state,
                orderedBy,
                orderedAt,
                at,
                next.served,
                next.data,
                next.parameters,
                next.run,
                next.version,
                next.evaluation,
                next.report,
                next.verdict,
                next.candidate,
                next.endedAt,
                next.reason,
                revision + 1);
    }

    /** What may differ in the next revision, besides the state. */
    private static final class Next {
        private Optional<Digest> served;
        private Map<String, Digest> data;
        private Map<String, String> parameters;
        private Optional<String> run;
        private Optional<VersionId> version;
        private Optional<String> evaluation;
        private Optional<Digest> report;
        private Optional<Verdict> verdict;
        private Optional<Long> candidate;
        private Optional<Instant> endedAt;
        private Optional<String> reason;

        private Next(Retraining before) {
            served = before.served;
            data = before.data;
            parameters = before.parameters;
            run = before.run;
            version = before.version;
            evaluation = before.evaluation;
            report = before.report;
            verdict = before.verdict;
            candidate = before.candidate;
            endedAt = before.endedAt;
            reason = before.reason;
        }
    }
}
