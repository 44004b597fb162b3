package org.plimsoll.governance;

import java.time.Instant;
import java.util.Optional;
import org.plimsoll.access.Role;
import org.plimsoll.core.Digest;

/**
 * A person's word for one candidate, in one capacity. Never changed; it can be revoked, and it expires.
 *
 * @param digest of the candidate as the person saw it
 * @param approver principal id of the account that was used
 * @param person id of the human behind it as far as is known, who counts once
 * @param capacity the role in which they spoke, one the policy asks for
 * @param selfApproved whether the person had a part in what they approved; only the lightest tier allows it, and it is shown
 * @param expiresAt from then on it does not count
 */
public record Approval(
        String id,
        long candidate,
        Digest digest,
        String approver,
        String person,
        Role capacity,
        boolean selfApproved,
        String reason,
        Instant at,
        Instant expiresAt,
        Optional<Revocation> revoked) {

    /** The same, given by a person whose accounts are better known by now. */
    Approval by(String human) {
        return new Approval(
                id, candidate, digest, approver, human, capacity, selfApproved, reason, at, expiresAt, revoked);
    }

    /** Who took it back, and why. */
    public record Revocation(String by, Instant at, String reason) {}
}
