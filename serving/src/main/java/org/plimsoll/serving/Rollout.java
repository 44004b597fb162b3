package org.plimsoll.serving;

import java.time.Instant;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.VersionId;
import org.plimsoll.gates.RolloutPlan;

/**
 * How a candidate becomes champion of an endpoint.
 *
 * @param champion what answered when it began; empty for an endpoint's first
 * @param resumes while paused, the state it was in
 * @param step which of the plan's canary steps it is in, counting from 0; 0 before them
 * @param policy the digest of the policy whose plan this is
 * @param salt of its tables
 * @param startedAt by the clock
 * @param stepStartedAt when the step began, in the endpoint's time
 * @param receivedFrom only predictions received from here on, by the clock, are evidence
 * @param reason why it was paused, rolled back or failed
 */
public record Rollout(
        String id,
        EndpointName endpoint,
        VersionId candidate,
        Digest artifact,
        Optional<VersionId> champion,
        RolloutState state,
        Optional<RolloutState> resumes,
        int step,
        RolloutPlan plan,
        Digest policy,
        Optional<Digest> replayRows,
        long salt,
        String startedBy,
        Instant startedAt,
        Instant stepStartedAt,
        Instant receivedFrom,
        Optional<String> reason,
        long revision) {

    /** The share of entities the candidate answers for in its present step. */
    public double share() {
        return switch (resumes.orElse(state)) {
            case CANARY -> plan.canary().get(step).share().value();
            case BAKING, STABLE -> 1;
            case PREPARING, SHADOW, PAUSED, ROLLED_BACK, FAILED -> 0;
        };
    }

    Rollout to(RolloutState next, int nextStep, Instant stepStart) {
        return new Rollout(
                id,
                endpoint,
                candidate,
                artifact,
                champion,
                next,
                Optional.empty(),
                nextStep,
                plan,
                policy,
                replayRows,
                salt,
                startedBy,
                startedAt,
                stepStart,
                receivedFrom,
                Optional.empty(),
                revision + 1);
    }

    /** Evidence counts from here on. */
    Rollout receivingFrom(Instant from) {
        return new Rollout(
                id,
                endpoint,
                candidate,
                artifact,
                champion,
                state,
                resumes,
                step,
                plan,
                policy,
                replayRows,
                salt,
                startedBy,
                startedAt,
                stepStartedAt,
                from,
                reason,
                revision);
    }

    Rollout paused(String why) {
        return new Rollout(
                id,
                endpoint,
                candidate,
                artifact,
                champion,
                RolloutState.PAUSED,
                Optional.of(state),
                step,
                plan,
                policy,
                replayRows,
                salt,
                startedBy,
                startedAt,
                stepStartedAt,
                receivedFrom,
                Optional.of(why),
                revision + 1);
    }

    Rollout ended(RolloutState how, Optional<String> why) {
        return new Rollout(
                id,
                endpoint,
                candidate,
                artifact,
                champion,
                how,
                Optional.empty(),
                step,
                plan,
                policy,
                replayRows,
                salt,
                startedBy,
                startedAt,
                stepStartedAt,
                receivedFrom,
                why,
                revision + 1);
    }
}
