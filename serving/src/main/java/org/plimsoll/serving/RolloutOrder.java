package org.plimsoll.serving;

import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.gates.RolloutPlan;

/**
 * What governance orders once a promotion is decided.
 *
 * @param permit for the candidate on its endpoint, just issued
 * @param plan and policy as they were approved
 * @param fromAny whether the policy lets an artifact in that was never champion one environment below
 * @param replayRows a Parquet blob whose rows are replayed where the plan asks for a replay and the endpoint has no requests yet
 */
public record RolloutOrder(
        Permit permit, RolloutPlan plan, Digest policy, boolean fromAny, Optional<Digest> replayRows) {}
