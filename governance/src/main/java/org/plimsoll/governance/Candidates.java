package org.plimsoll.governance;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.statement.StatementContext;
import org.plimsoll.access.Principals;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Resources;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Json;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.gates.PolicyVersion;
import org.plimsoll.governance.Candidate.Outcome;
import org.plimsoll.governance.GovernanceOperations.ApprovalGiven;
import org.plimsoll.governance.GovernanceOperations.ApproveCandidate;
import org.plimsoll.governance.GovernanceOperations.CandidateLine;
import org.plimsoll.governance.GovernanceOperations.CandidateList;
import org.plimsoll.governance.GovernanceOperations.CandidateView;
import org.plimsoll.governance.GovernanceOperations.ListCandidates;
import org.plimsoll.governance.GovernanceOperations.RejectCandidate;
import org.plimsoll.governance.GovernanceOperations.RevokeApproval;
import org.plimsoll.governance.GovernanceOperations.ShowCandidate;
import org.plimsoll.registry.Version;
import org.plimsoll.registry.VersionState;
import org.plimsoll.registry.Versions;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** Keeps candidates and what people say about them. Whether one still stands is computed each time it is asked for. */
public final class Candidates {

    private static final String COLUMNS =
            "number, digest, body, policy, opened_by, opened_at, outcome, ended_by, ended_at, ended_reason";

    private final Versions versions;
    private final Freshness freshness;
    private final Votes votes;

    public Candidates(Versions versions, Freshness freshness, Votes votes) {
        this.versions = versions;
        this.freshness = freshness;
        this.votes = votes;
    }

    CandidateList list(Reading db, ListCandidates request) {
        List<CandidateLine> lines = new ArrayList<>();
        for (Candidate candidate : all(db, request.model(), request.endpoint())) {
            CandidateState state = state(db, candidate);
            boolean isOpen = state == CandidateState.OPEN || state == CandidateState.APPROVED;
            if (request.open().map(wanted -> wanted == isOpen).orElse(true)) {
                CandidateContents contents = candidate.contents();
                lines.add(new CandidateLine(
                        candidate.number(),
                        candidate.digest(),
                        contents.version(),
                        contents.endpoint(),
                        state,
                        candidate.openedAt()));
            }
        }
        return new CandidateList(lines);
    }

    CandidateView show(Reading db, Actor actor, ShowCandidate request) {
        return view(db, actor, get(db, request.candidate()));
    }

    ApprovalGiven approve(Transaction tx, ApproveCandidate request) {
        Candidate candidate = open(tx, request.candidate(), request.digest());
        refuseStale(tx, candidate);
        Approval approval = votes.give(tx, candidate, request.reason(), request.capacity());
        tx.append("candidate.approved", subject(candidate.number()), approval);
        Quorum quorum = votes.quorum(tx, candidate);
        if (quorum.isComplete()) {
            versions.enter(tx, candidate.contents().version(), VersionState.APPROVED);
        }
        int needed = Votes.needed(candidate);
        return new ApprovalGiven(approval, quorum.counted().size(), needed, waitingFor(quorum));
    }

    CandidateView reject(Transaction tx, RejectCandidate request) {
        Candidate candidate = open(tx, request.candidate(), request.digest());
        votes.requireVoice(tx, candidate);
        Candidate rejected = end(tx, candidate, Outcome.REJECTED, request.reason());
        versions.enter(tx, candidate.contents().version(), VersionState.REJECTED);
        tx.append(
                "candidate.rejected",
                subject(candidate.number()),
                rejected.ending().orElseThrow());
        return view(tx, tx.actor(), rejected);
    }

    CandidateView revoke(Transaction tx, RevokeApproval request) {
        Candidate candidate = get(tx, request.candidate());
        Approval revoked = votes.revoke(tx, candidate, request.approval(), request.reason());
        tx.append("approval.revoked", subject(candidate.number()), revoked);
        if (candidate.ending().isEmpty() && !votes.quorum(tx, candidate).isComplete()) {
            versions.enter(tx, candidate.contents().version(), VersionState.EVALUATED);
        }
        return view(tx, tx.actor(), candidate);
    }

    /** The candidate. @throws Problem NOT_FOUND */
    public Candidate get(Reading db, long number) {
        return db.sql()
                .createQuery("SELECT " + COLUMNS + " FROM candidate WHERE number = :number")
                .bind("number", number)
                .map(Candidates::read)
                .findOne()
                .orElseThrow(() -> Problem.notFound("candidate", number));
    }

    /** The newest candidate of this version for this endpoint. */
    public Optional<Candidate> newest(Reading db, EndpointName endpoint, VersionId version) {
        return db.sql()
                .createQuery("SELECT " + COLUMNS + """
                         FROM candidate WHERE endpoint = :endpoint AND version = :version
                        ORDER BY number DESC LIMIT 1""")
                .bind("endpoint", endpoint)
                .bind("version", version)
                .map(Candidates::read)
                .findOne();
    }

    /** Candidates, newest first. */
    public List<Candidate> all(Reading db, Optional<ModelName> model, Optional<EndpointName> endpoint) {
        return db.sql()
                .createQuery("SELECT " + COLUMNS + """
                         FROM candidate WHERE (:model = '' OR model = :model) AND (:endpoint = '' OR endpoint = :endpoint)
                        ORDER BY number DESC LIMIT 1000""")
                .bind("model", model.map(ModelName::value).orElse(""))
                .bind("endpoint", endpoint.map(EndpointName::value).orElse(""))
                .map(Candidates::read)
                .list();
    }

    /** Puts a version forward. The same contents are the same candidate: one that stands already is handed back. */
    Candidate open(Transaction tx, CandidateContents contents, PolicyVersion policy, String openedBy) {
        Digest digest = contents.digest();
        Optional<Long> same = tx.sql()
                .createQuery("SELECT number FROM candidate WHERE digest = :digest")
                .bind("digest", digest)
                .mapTo(Long.class)
                .findOne();
        if (same.isPresent()) {
            return get(tx, same.get());
        }
        long number = tx.sql()
                .createQuery("SELECT coalesce(max(number), 0) + 1 FROM candidate")
                .mapTo(Long.class)
                .one();
        tx.sql()
                .createUpdate("""
                        INSERT INTO candidate (number, digest, model, version, endpoint, body, policy, opened_by, opened_at)
                        VALUES (:number, :digest, :model, :version, :endpoint, :body, :policy, :by, :now)""")
                .bind("number", number)
                .bind("digest", digest)
                .bind("model", contents.version().model())
                .bind("version", contents.version())
                .bind("endpoint", contents.endpoint())
                .bind("body", new String(contents.bytes(), StandardCharsets.UTF_8))
                .bind("policy", Json.text(policy))
                .bind("by", openedBy)
                .bind("now", tx.now())
                .execute();
        Resources.add(tx, resource(number), Resource.model(contents.version().model()));
        Candidate candidate = get(tx, number);
        tx.append("candidate.opened", subject(number), candidate);
        return candidate;
    }

    /** Ends it, once. @throws Problem CONFLICT where somebody else was faster */
    Candidate end(Transaction tx, Candidate candidate, Outcome outcome, String reason) {
        int ended = tx.sql()
                .createUpdate("""
                        UPDATE candidate SET outcome = :outcome, ended_by = :by, ended_at = :now, ended_reason = :reason
                        WHERE number = :number AND outcome IS NULL""")
                .bind("outcome", outcome.name())
                .bind("by", tx.actor().principal())
                .bind("now", tx.now())
                .bind("reason", reason)
                .bind("number", candidate.number())
                .execute();
        if (ended == 0) {
            throw ended(get(tx, candidate.number()));
        }
        return get(tx, candidate.number());
    }

    /** Where it stands now. */
    public CandidateState state(Reading db, Candidate candidate) {
        if (candidate.ending().isPresent()) {
            return switch (candidate.ending().get().outcome()) {
                case PROMOTED -> CandidateState.PROMOTED;
                case REJECTED -> CandidateState.REJECTED;
            };
        }
        if (!freshness.objections(db, candidate).isEmpty()) {
            return CandidateState.STALE;
        }
        return votes.quorum(db, candidate).isComplete() ? CandidateState.APPROVED : CandidateState.OPEN;
    }

    private CandidateView view(Reading db, Actor actor, Candidate candidate) {
        Version version = versions.get(db, candidate.contents().version());
        Quorum quorum = votes.quorum(db, candidate);
        CandidateState state = state(db, candidate);
        List<Approval> approvals = votes.of(db, candidate);
        List<Involvement> involved = votes.involved(db, candidate);
        Votes.Voice voice = votes.voice(db, actor, candidate);
        boolean isOpen = state == CandidateState.OPEN;
        Set<String> people = new TreeSet<>();
        people.add(candidate.openedBy());
        candidate.ending().ifPresent(ending -> people.add(ending.by()));
        approvals.forEach(approval -> people.add(approval.approver()));
        involved.forEach(involvement -> people.add(involvement.person()));
        return new CandidateView(
                candidate,
                state,
                candidate.ending().isPresent() ? List.of() : freshness.objections(db, candidate),
                approvals,
                quorum.dropped(),
                waitingFor(quorum),
                involved,
                versions.completeness(db, version),
                candidate.policy().toString(),
                isOpen ? voice.capacities() : List.of(),
                isOpen && voice.capacities().isEmpty() ? Optional.of(voice.whyNot()) : Optional.empty(),
                Principals.names(db, people));
    }

    private Candidate open(Reading db, long number, Digest seen) {
        Candidate candidate = get(db, number);
        if (!candidate.digest().equals(seen)) {
            throw Problem.refused("candidate " + number + " is " + candidate.digest() + ", not " + seen
                    + "; look at it again: plimsoll candidate show " + number);
        }
        if (candidate.ending().isPresent()) {
            throw ended(candidate);
        }
        return candidate;
    }

    private void refuseStale(Reading db, Candidate candidate) {
        List<String> objections = freshness.objections(db, candidate);
        if (!objections.isEmpty()) {
            throw Problem.refused("candidate " + candidate.number() + " is stale.\n  "
                    + String.join("\n  ", objections)
                    + "\nRun: " + evaluateCommand(candidate.contents()));
        }
    }

    static String evaluateCommand(CandidateContents contents) {
        return "plimsoll evaluate " + contents.version() + " --endpoint " + contents.endpoint();
    }

    private static Problem ended(Candidate candidate) {
        Outcome outcome = candidate.ending().orElseThrow().outcome();
        return Problem.refused("candidate " + candidate.number() + " was " + outcome + " already");
    }

    private static List<String> waitingFor(Quorum quorum) {
        return quorum.isComplete() ? List.of() : List.of(quorum.waiting().split(", "));
    }

    private static Candidate read(ResultSet row, StatementContext context) throws SQLException {
        Optional<Candidate.Ending> ending = Optional.empty();
        String outcome = row.getString("outcome");
        if (outcome != null) {
            ending = Optional.of(new Candidate.Ending(
                    Outcome.valueOf(outcome),
                    row.getString("ended_by"),
                    Instant.ofEpochMilli(row.getLong("ended_at")),
                    row.getString("ended_reason")));
        }
        long number = row.getLong("number");
        Digest digest = new Digest(row.getString("digest"));
        String body = row.getString("body");
        if (!Digest.of(body).equals(digest)) {
            throw Problem.refused("candidate " + number + " was edited in the database: its contents are not those of "
                    + digest + "; nothing can be decided about it");
        }
        CandidateContents contents = Json.read(body, CandidateContents.class);
        PolicyVersion policy = Json.read(row.getString("policy"), PolicyVersion.class); // checks its text's digest
        if (!policy.digest().equals(contents.policy())) {
            throw Problem.refused(
                    "candidate " + number + " was edited in the database: its policy is not the one it was"
                            + " judged by; nothing can be decided about it");
        }
        return new Candidate(
                number,
                digest,
                contents,
                policy,
                row.getString("opened_by"),
                Instant.ofEpochMilli(row.getLong("opened_at")),
                ending);
    }

    static Resource resource(long number) {
        return Resource.of("candidate", number);
    }

    static String subject(long number) {
        return "candidate/" + number;
    }
}
