package org.plimsoll.monitoring;

import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
        return new Retraining(
                number,
                endpoint,
                from,
                because,
                incident,
                State.TRAINING,
                orderedBy,
                orderedAt,
                at,
                snapshot,
                snapshots,
                values,
                run,
                version,
                evaluation,
                report,
                verdict,
                candidate,
                endedAt,
                reason,
                revision + 1);
    }

    Retraining evaluating(String trainedBy, VersionId made, String job) {
        return new Retraining(
                number,
                endpoint,
                from,
                because,
                incident,
                State.EVALUATING,
                orderedBy,
                orderedAt,
                at,
                served,
                data,
                parameters,
                Optional.of(trainedBy),
                Optional.of(made),
                Optional.of(job),
                report,
                verdict,
                candidate,
                endedAt,
                reason,
                revision + 1);
    }

    Retraining judged(Digest found, Verdict said, Optional<Long> opened, Instant now) {
        Optional<String> why = opened.isPresent() ? Optional.empty() : Optional.of("the gate says " + said);
        return new Retraining(
                number,
                endpoint,
                from,
                because,
                incident,
                opened.isPresent() ? State.CANDIDATE : State.REFUSED,
                orderedBy,
                orderedAt,
                at,
                served,
                data,
                parameters,
                run,
                version,
                evaluation,
                Optional.of(found),
                Optional.of(said),
                opened,
                Optional.of(now),
                why,
                revision + 1);
    }

    Retraining unchanged(String trainedBy, String why, Instant now) {
        return ended(State.UNCHANGED, Optional.of(trainedBy), "the same model came out again: " + why, now);
    }

    Retraining failed(Optional<String> in, String why, Instant now) {
        return ended(State.FAILED, in, why, now);
    }

    private Retraining ended(State how, Optional<String> in, String why, Instant now) {
        return new Retraining(
                number,
                endpoint,
                from,
                because,
                incident,
                how,
                orderedBy,
                orderedAt,
                at,
                served,
                data,
                parameters,
                run.or(() -> in),
                version,
                evaluation,
                report,
                verdict,
                candidate,
                Optional.of(now),
                Optional.of(why),
                revision + 1);
    }
}
