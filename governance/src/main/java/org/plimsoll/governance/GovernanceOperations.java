package org.plimsoll.governance;

import static org.plimsoll.access.Role.APPROVER;
import static org.plimsoll.access.Role.DATA_SCIENTIST;
import static org.plimsoll.access.Role.ML_ENGINEER;
import static org.plimsoll.access.Role.ON_CALL;
import static org.plimsoll.access.Role.OWNER;
import static org.plimsoll.access.Role.READERS;
import static org.plimsoll.access.Role.SERVICE;
import static org.plimsoll.access.Role.VALIDATOR;
import static org.plimsoll.access.Room.room;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.access.Request;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Role;
import org.plimsoll.access.Room;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.registry.Completeness;
import org.plimsoll.store.Job;

/** What anyone can ask of governance. */
public final class GovernanceOperations {

    private GovernanceOperations() {}

    private interface OnCandidate<R> extends Request<R> {
        long candidate();

        @Override
        default Resource on() {
            return Candidates.resource(candidate());
        }
    }

    private interface OnOrganisation<R> extends Request<R> {
        @Override
        default Resource on() {
            return Resource.ORGANISATION;
        }
    }

    /**
     * Measures a version beside what serves, and holds it against the policy of the endpoint's environment. Takes long: the
     * answer is a job, whose outcome is {@link Evaluated}.
     *
     * @param endpoint may be left out where the model has one endpoint
     * @param rows digest of a Parquet file to judge on; the run's test rows where it is left out
     */
    public record EvaluateVersion(ModelName model, long number, Optional<EndpointName> endpoint, Optional<Digest> rows)
            implements Request<Job> {
        @Override
        public Resource on() {
            return Resource.model(model);
        }

        VersionId id() {
            return new VersionId(model, number);
        }
    }

    /** Candidates, newest first. */
    public record ListCandidates(Optional<ModelName> model, Optional<EndpointName> endpoint, Optional<Boolean> open)
            implements Request<CandidateList> {
        @Override
        public Resource on() {
            return model.map(Resource::model)
                    .or(() -> endpoint.map(Resource::endpoint))
                    .orElse(Resource.ORGANISATION);
        }
    }

    /** One candidate with everything a decision needs. */
    public record ShowCandidate(long candidate) implements OnCandidate<CandidateView> {}

    /**
     * A person's approval.
     *
     * @param digest of the candidate as the person saw it; another one is refused
     * @param capacity the role in which they speak; may be left out
     */
    public record ApproveCandidate(long candidate, Digest digest, String reason, Optional<Role> capacity)
            implements OnCandidate<ApprovalGiven> {
        public ApproveCandidate {
            requireReason(reason);
        }
    }

    /** A person's refusal, which ends the candidate. */
    public record RejectCandidate(long candidate, Digest digest, String reason) implements OnCandidate<CandidateView> {
        public RejectCandidate {
            requireReason(reason);
        }
    }

    /** Takes one's own approval back, or, as owner or validator, anybody's. */
    public record RevokeApproval(long candidate, String approval, String reason) implements OnCandidate<CandidateView> {
        public RevokeApproval {
            requireReason(reason);
        }
    }

    /** Carries out what was approved: a permit is issued and the rollout starts. */
    public record PromoteVersion(EndpointName endpoint, VersionId version) implements Request<Promotion> {
        @Override
        public Resource on() {
            return Resource.endpoint(endpoint);
        }
    }

    /** Promotions, newest first. */
    public record ListPromotions(Optional<EndpointName> endpoint) implements OnOrganisation<PromotionList> {}

    /** What must be looked at: rollbacks that nobody reviewed. */
    public record ListFindings(Optional<Boolean> all) implements OnOrganisation<FindingList> {}

    /** Says that a finding was looked at, and what came of it. */
    public record ReviewFinding(String finding, EndpointName endpoint, String note) implements Request<Finding> {
        public ReviewFinding {
            requireReason(note);
        }

        @Override
        public Resource on() {
            return Resource.endpoint(endpoint);
        }
    }

    /** Ends a version for good; it must serve nowhere. */
    public record RetireVersion(ModelName model, long number, String reason) implements Request<Retired> {
        public RetireVersion {
            requireReason(reason);
        }

        @Override
        public Resource on() {
            return Resource.model(model);
        }
    }

    private static void requireReason(String reason) {
        if (reason.isBlank() || reason.length() > 4_000) {
            throw Problem.invalid("reason", reason.isBlank() ? "empty" : "very long", "1 to 4,000 characters");
        }
    }

    /**
     * What came of an evaluation.
     *
     * @param candidate the candidate that was opened; absent where the policy does not let one be made
     */
    public record Evaluated(
            VersionId version,
            EndpointName endpoint,
            Digest report,
            org.plimsoll.core.Verdict verdict,
            boolean promotable,
            Optional<Long> candidate) {}

    /** Candidates, newest first. */
    public record CandidateList(List<CandidateLine> candidates) {}

    /** A candidate in a list. */
    public record CandidateLine(
            long number,
            Digest digest,
            VersionId version,
            EndpointName endpoint,
            CandidateState state,
            Instant openedAt) {}

    /**
     * A candidate as the person who looks at it needs it.
     *
     * @param stale what is no longer as it was judged; empty where all is
     * @param approvals all that were given, also those that do not count
     * @param dropped why an approval does not count, by its id
     * @param waitingFor roles that have still to agree, as people say them
     * @param involved who had a part in it
     * @param mayApproveAs roles in which the caller may approve it now
     * @param whyNot why the caller may not, where that is so
     * @param names of the people named here, by principal id
     */
    public record CandidateView(
            Candidate candidate,
            CandidateState state,
            List<String> stale,
            List<Approval> approvals,
            Map<String, String> dropped,
            List<String> waitingFor,
            List<Involvement> involved,
            Completeness card,
            String policy,
            List<Role> mayApproveAs,
            Optional<String> whyNot,
            Map<String, String> names) {}

    /** An approval and what is still missing. */
    public record ApprovalGiven(Approval approval, int counted, int needed, List<String> waitingFor) {}

    /** Promotions, newest first. */
    public record PromotionList(List<Promotion> promotions) {}

    /** Findings, newest first. */
    public record FindingList(List<Finding> findings) {}

    /** A version that ended. */
    public record Retired(VersionId version, String reason) {}

    private static final Set<Role> EVALUATE = Set.of(DATA_SCIENTIST, ML_ENGINEER, OWNER, VALIDATOR, SERVICE);
    private static final Set<Role> DECIDE = Set.of(OWNER, VALIDATOR, APPROVER, ML_ENGINEER, DATA_SCIENTIST, ON_CALL);
    private static final Set<Role> PROMOTE = Set.of(ML_ENGINEER, OWNER, SERVICE);

    public static final Room<Judgements> JUDGEMENTS = room("governance", Judgements.class)
            .change(
                    "version.evaluate",
                    "POST /models/{model}/versions/{number}/evaluations",
                    EVALUATE,
                    EvaluateVersion.class,
                    Judgements::queue);

    public static final Room<Candidates> CANDIDATES = room("governance", Candidates.class)
            .read("candidate.list", "GET /candidates", READERS, ListCandidates.class, Candidates::list)
            .readAs("candidate.show", "GET /candidates/{candidate}", READERS, ShowCandidate.class, Candidates::show)
            .change(
                    "candidate.approve",
                    "POST /candidates/{candidate}/approvals",
                    DECIDE,
                    ApproveCandidate.class,
                    Candidates::approve)
            .inPerson()
            .change(
                    "candidate.reject",
                    "POST /candidates/{candidate}/rejection",
                    DECIDE,
                    RejectCandidate.class,
                    Candidates::reject)
            .inPerson()
            .change(
                    "approval.revoke",
                    "POST /candidates/{candidate}/approvals/{approval}/revocation",
                    DECIDE,
                    RevokeApproval.class,
                    Candidates::revoke)
            .inPerson();

    public static final Room<Promotions> PROMOTIONS = room("governance", Promotions.class)
            .change(
                    "endpoint.promote",
                    "POST /endpoints/{endpoint}/promotions",
                    PROMOTE,
                    PromoteVersion.class,
                    Promotions::promote)
            .read("promotion.list", "GET /promotions", READERS, ListPromotions.class, Promotions::list)
            .change(
                    "version.retire",
                    "POST /models/{model}/versions/{number}/retirement",
                    Set.of(OWNER),
                    RetireVersion.class,
                    Promotions::retire);

    public static final Room<Findings> FINDINGS = room("governance", Findings.class)
            .read("finding.list", "GET /findings", READERS, ListFindings.class, Findings::list)
            .change(
                    "finding.review",
                    "POST /endpoints/{endpoint}/findings/{finding}/review",
                    Set.of(OWNER, VALIDATOR),
                    ReviewFinding.class,
                    Findings::review)
            .inPerson();
}
