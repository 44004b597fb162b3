package org.plimsoll.governance;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.gates.Policy;
import org.plimsoll.governance.Candidate.Outcome;
import org.plimsoll.governance.GovernanceOperations.ListPromotions;
import org.plimsoll.governance.GovernanceOperations.PromoteVersion;
import org.plimsoll.governance.GovernanceOperations.PromotionList;
import org.plimsoll.governance.GovernanceOperations.RetireVersion;
import org.plimsoll.governance.GovernanceOperations.Retired;
import org.plimsoll.governance.Judgements.Judgement;
import org.plimsoll.registry.Completeness;
import org.plimsoll.registry.Version;
import org.plimsoll.registry.VersionState;
import org.plimsoll.registry.Versions;
import org.plimsoll.serving.Endpoint;
import org.plimsoll.serving.EndpointView;
import org.plimsoll.serving.Endpoints;
import org.plimsoll.serving.Environments;
import org.plimsoll.serving.Holds;
import org.plimsoll.serving.Permit;
import org.plimsoll.serving.Permits;
import org.plimsoll.serving.Rollout;
import org.plimsoll.serving.RolloutOrder;
import org.plimsoll.serving.Rollouts;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/**
 * Carries out what people decided: asks every rule once more, issues the permit, starts the rollout. A refusal names all that is
 * missing and the command that goes on.
 */
public final class Promotions {

    private final Versions versions;
    private final Endpoints endpoints;
    private final Permits permits;
    private final Rollouts rollouts;
    private final Candidates candidates;
    private final Freshness freshness;
    private final Votes votes;

    public Promotions(
            Versions versions,
            Endpoints endpoints,
            Permits permits,
            Rollouts rollouts,
            Candidates candidates,
            Freshness freshness,
            Votes votes) {
        this.versions = versions;
        this.endpoints = endpoints;
        this.permits = permits;
        this.rollouts = rollouts;
        this.candidates = candidates;
        this.freshness = freshness;
        this.votes = votes;
    }

    Promotion promote(Transaction tx, PromoteVersion request) {
        Endpoint endpoint = endpoints.get(tx, request.endpoint());
        Version version = versions.get(tx, request.version());
        Candidate candidate = candidates
                .newest(tx, endpoint.name(), version.id())
                .orElseThrow(() -> noCandidate(tx, endpoint, version.id()));
        requireOpen(tx, endpoint, candidate);
        CandidateContents contents = candidate.contents();
        Policy policy = candidate.policy().policy();
        refuseMissing(candidate, missing(tx, endpoint, candidate));
        Duration valid = policy.approvalsOrNone().validForOrUsual().length();
        Permit permit = permits.issue(tx, endpoint.name(), version.id(), version.artifact(), candidate.digest(), valid);
        Rollout rollout = rollouts.start(
                tx,
                new RolloutOrder(
                        permit,
                        contents.plan(),
                        contents.policy(),
                        policy.fromOrPrevious() == Policy.From.ANY,
                        Judgements.of(tx, candidate.number()).flatMap(Judgement::rows)));
        candidates.end(tx, candidate, Outcome.PROMOTED, "rollout " + rollout.id());
        if (policy.approvalsOrNone().who().isEmpty() && version.state() == VersionState.EVALUATED) {
            versions.enter(tx, version.id(), VersionState.APPROVED);
        }
        Promotion promotion = insert(tx, candidate, permit, rollout);
        tx.append("candidate.promoted", Candidates.subject(candidate.number()), promotion);
        return promotion;
    }

    PromotionList list(Reading db, ListPromotions request) {
        return new PromotionList(db.sql()
                .createQuery("""
                        SELECT promotion.number, promotion.candidate, promotion.digest, candidate.version,
                            candidate.endpoint, promotion.permit, promotion.rollout, promotion.promoted_by,
                            promotion.promoted_at
                        FROM promotion JOIN candidate ON candidate.number = promotion.candidate
                        WHERE :endpoint = '' OR candidate.endpoint = :endpoint
                        ORDER BY promotion.number DESC LIMIT 1000""")
                .bind("endpoint", request.endpoint().map(EndpointName::value).orElse(""))
                .mapTo(Promotion.class)
                .list());
    }

    /** The newest promotion of this version on this endpoint: why it may serve there. */
    public Optional<Promotion> newest(Reading db, EndpointName endpoint, VersionId version) {
        return list(db, new ListPromotions(Optional.of(endpoint))).promotions().stream()
                .filter(promotion -> promotion.version().equals(version))
                .findFirst();
    }

    Retired retire(Transaction tx, RetireVersion request) {
        VersionId id = new VersionId(request.model(), request.number());
        Version version = versions.get(tx, id);
        if (version.state() == VersionState.RETIRED) {
            throw Problem.of(Problem.Kind.CONFLICT, id + " is retired already");
        }
        List<String> places = endpoints.of(tx, request.model()).stream()
                .filter(view -> isPlaced(view, id))
                .map(view -> view.endpoint().name().value())
                .toList();
        if (!places.isEmpty()) {
            throw Problem.refused(id + " serves on " + String.join(", ", places)
                    + "; promote another version there, or drain it, before it is retired");
        }
        versions.enter(tx, id, VersionState.RETIRED);
        Retired retired = new Retired(id, request.reason());
        tx.append("version.retired", "version/" + id, retired);
        return retired;
    }

    private static boolean isPlaced(EndpointView view, VersionId id) {
        boolean serves = view.serving()
                .filter(published -> !published.drained())
                .map(published -> published.table())
                .filter(table -> table.champion().equals(id)
                        || table.canary().equals(Optional.of(id))
                        || table.shadows().contains(id))
                .isPresent();
        return serves || view.rollout().filter(it -> it.candidate().equals(id)).isPresent();
    }

    /** Everything that stands between this candidate and its endpoint. */
    private List<String> missing(Reading db, Endpoint endpoint, Candidate candidate) {
        List<String> missing = new ArrayList<>();
        CandidateContents contents = candidate.contents();
        Policy policy = candidate.policy().policy();
        Quorum quorum = votes.quorum(db, candidate);
        if (!quorum.isComplete()) {
            missing.add("approval: " + quorum.waiting());
            quorum.dropped().values().forEach(why -> missing.add("an approval that does not count: " + why));
        }
        if (policy.fromOrPrevious() == Policy.From.PREVIOUS_ENVIRONMENT) {
            below(db, endpoint, contents.artifact()).ifPresent(missing::add);
        }
        Completeness card = versions.completeness(db, versions.get(db, contents.version()));
        if (policy.documents().filter(Policy.Documents.COMPLETE::equals).isPresent()) {
            if (!card.isComplete()) {
                missing.add("card: " + card.text());
            }
        } else if (!card.missingPromises().isEmpty()) {
            missing.add("card: a version of tier " + card.tier() + " cannot do without "
                    + String.join(" and ", card.missingPromises()));
        }
        Holds.on(db, endpoint.name()).ifPresent(hold -> missing.add("a freeze holds: " + hold.reason()));
        rollouts.open(db, endpoint.name())
                .ifPresent(open -> missing.add("the end of the rollout of " + open.candidate() + ", which is "
                        + open.state().name().toLowerCase(java.util.Locale.ROOT)));
        return missing;
    }

    private Optional<String> below(Reading db, Endpoint endpoint, Digest artifact) {
        return Environments.below(db, endpoint.environment())
                .filter(environment -> !endpoints.wasChampion(db, environment.name(), artifact))
                .map(environment -> environment.name() + ": this artifact was never champion of an endpoint there");
    }

    private void requireOpen(Reading db, Endpoint endpoint, Candidate candidate) {
        candidate.ending().ifPresent(ending -> {
            throw Problem.refused("candidate " + candidate.number() + ", "
                    + candidate.contents().version()
                    + " for endpoint " + endpoint.name() + ", was " + ending.outcome() + " already.\nRun: "
                    + Candidates.evaluateCommand(candidate.contents()));
        });
        List<String> objections = freshness.objections(db, candidate);
        if (!objections.isEmpty()) {
            throw Problem.refused(candidate.contents().version() + " is not a candidate for endpoint "
                    + endpoint.name() + " any more: candidate " + candidate.number() + " is stale.\n  missing: "
                    + String.join("\n           ", objections) + "\nRun: "
                    + Candidates.evaluateCommand(candidate.contents()));
        }
    }

    private static void refuseMissing(Candidate candidate, List<String> missing) {
        if (!missing.isEmpty()) {
            throw Problem.refused("candidate " + candidate.number() + ", "
                    + candidate.contents().version()
                    + " for endpoint " + candidate.contents().endpoint() + ", cannot be promoted.\n  missing: "
                    + String.join("\n           ", missing) + "\nLook: plimsoll candidate show "
                    + candidate.number());
        }
    }

    private static Problem noCandidate(Reading db, Endpoint endpoint, VersionId version) {
        String found = Judgements.newest(db, endpoint.name(), version)
                .map(judgement ->
                        "evaluation: its newest report " + judgement.report().brief() + " says " + judgement.verdict()
                                + "; plimsoll gate show " + judgement.report().brief())
                .orElse("evaluation: there is none for this endpoint");
        return Problem.refused(version + " is not a candidate for endpoint " + endpoint.name() + ".\n  missing: "
                + found + "\nRun: plimsoll evaluate " + version + " --endpoint " + endpoint.name());
    }

    private static Promotion insert(Transaction tx, Candidate candidate, Permit permit, Rollout rollout) {
        long number = tx.sql()
                .createQuery("SELECT coalesce(max(number), 0) + 1 FROM promotion")
                .mapTo(Long.class)
                .one();
        Promotion promotion = new Promotion(
                number,
                candidate.number(),
                candidate.digest(),
                candidate.contents().version(),
                candidate.contents().endpoint(),
                permit.id(),
                rollout.id(),
                tx.actor().principal(),
                Instant.ofEpochMilli(tx.now()));
        tx.sql()
                .createUpdate("""
                        INSERT INTO promotion (number, candidate, digest, permit, rollout, promoted_by, promoted_at)
                        VALUES (:number, :candidate, :digest, :permit, :rollout, :by, :now)""")
                .bind("number", number)
                .bind("candidate", candidate.number())
                .bind("digest", candidate.digest())
                .bind("permit", permit.id())
                .bind("rollout", rollout.id())
                .bind("by", tx.actor().principal())
                .bind("now", tx.now())
                .execute();
        return promotion;
    }
}
