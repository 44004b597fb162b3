package org.plimsoll.serving;

import java.time.Instant;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.VersionId;

/**
 * Governance's statement that a version may shadow or take traffic on one endpoint. A node loads nothing without it, and
 * checks it without the database: signature, endpoint, version, the artifact's bytes, quarantine.
 *
 * @param v the format's version, 1
 * @param artifact the digest of the model folder that was judged and approved
 * @param candidate the digest of what was approved, whole
 * @param expiresAt the end of new rollouts under it; never of a load or a rollback of what already served
 */
public record Permit(
        int v,
        String id,
        EndpointName endpoint,
        VersionId version,
        Digest artifact,
        Digest candidate,
        String issuedBy,
        Instant issuedAt,
        Instant expiresAt) {

    /** The type under which permits are signed. */
    static final String TYPE = "permit";
}
