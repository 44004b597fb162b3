package org.plimsoll.governance;

import java.time.Instant;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.VersionId;

/**
 * The decision, carried out, that a candidate may take the traffic of its endpoint.
 *
 * @param number counts up from 1
 * @param digest of the candidate
 * @param permit id of the permit that was issued
 * @param rollout id of the rollout that was started
 */
public record Promotion(
        long number,
        long candidate,
        Digest digest,
        VersionId version,
        EndpointName endpoint,
        String permit,
        String rollout,
        String promotedBy,
        Instant promotedAt) {}
