package org.plimsoll.governance;

import java.util.Optional;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.gates.RolloutPlan;
import org.plimsoll.registry.Tier;

/**
 * What exactly a person approves:
 *
 * <pre>
 *   artifact ── what would serve                    card ──── what is known of it
 *   report ──── the evidence, against this champion policy ── the rules it was judged by
 *   endpoint and environment ── where               plan ──── how it would get there
 *        └──────────────────────── one digest ────────────────────────┘
 * </pre>
 *
 * Change a byte of any of them and it is another candidate, with no approval.
 *
 * @param v the format's version
 * @param tier of the model when it was judged; another tier asks other people
 * @param report digest of the gate report
 * @param policy digest of the policy's text
 * @param champion what served when it was judged; empty for a first release
 */
public record CandidateContents(
        int v,
        VersionId version,
        Tier tier,
        Digest artifact,
        Digest card,
        Digest report,
        Digest policy,
        EndpointName endpoint,
        EnvironmentName environment,
        Optional<VersionId> champion,
        RolloutPlan plan) {

    /** The format this code writes. */
    public static final int FORMAT = 1;

    public CandidateContents {
        if (v != FORMAT) {
            throw Problem.invalid("v", v, "format " + FORMAT + ", the one this release reads");
        }
    }

    /** The canonical bytes. */
    public byte[] bytes() {
        return CanonicalJson.bytes(this);
    }

    /** The digest that approvals, promotion and permit name. */
    public Digest digest() {
        return Digest.of(bytes());
    }
}
