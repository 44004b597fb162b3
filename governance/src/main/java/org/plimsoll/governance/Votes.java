package org.plimsoll.governance;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.statement.StatementContext;
import org.plimsoll.access.Grant;
import org.plimsoll.access.Grants;
import org.plimsoll.access.Principal;
import org.plimsoll.access.Principals;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Resources;
import org.plimsoll.access.Role;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Actor.Proof;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;
import org.plimsoll.gates.Approvals;
import org.plimsoll.gates.Policies;
import org.plimsoll.registry.Tier;
import org.plimsoll.registry.Versions;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/**
 * Keeps approvals, and says who may give one: a person, signed in, in a role the policy asks for, with no part in what is
 * approved that the tier or the policy minds, once.
 */
public final class Votes {

    /** In the gravest tier a role counts only after somebody had the time to notice that it was given. */
    static final Duration SEASONING = Duration.ofHours(24);

    private static final String COLUMNS = """
            id, candidate, digest, approver, person, capacity, self_approved, reason, approved_at, expires_at,
            revoked_by, revoked_at, revoked_why""";

    /**
     * What somebody may say about a candidate.
     *
     * @param capacities roles that are still waited for, in which they may approve, in the policy's order
     * @param whyNot why there are none, in words to them
     */
    record Voice(List<Role> capacities, String whyNot) {}

    private final Versions versions;
    private final Policies policies;

    public Votes(Versions versions, Policies policies) {
        this.versions = versions;
        this.policies = policies;
    }

    /** All approvals of a candidate, oldest first. */
    public List<Approval> of(Reading db, Candidate candidate) {
        return db
                .sql()
                .createQuery("SELECT " + COLUMNS + " FROM approval WHERE candidate = :candidate ORDER BY id")
                .bind("candidate", candidate.number())
                .map(Votes::read)
                .list()
                .stream()
                .map(approval ->
                        approval.by(Principals.person(db, approval.approver()))) // accounts may be linked later
                .toList();
    }

    /** Whether enough people agree, asked now. */
    public Quorum quorum(Reading db, Candidate candidate) {
        List<Involvement> involved = involved(db, candidate);
        return Quorum.of(rules(candidate), of(db, candidate), approval -> objection(db, candidate, approval, involved));
    }

    /** How many people the policy asks for. */
    static int needed(Candidate candidate) {
        return rules(candidate).who().stream().mapToInt(Approvals.Rule::people).sum();
    }

    /** Who had which part in it. */
    List<Involvement> involved(Reading db, Candidate candidate) {
        return Involvements.of(
                db, versions, policies, versions.get(db, candidate.contents().version()), candidate.policy());
    }

    /** What this actor may say now. */
    Voice voice(Reading db, Actor actor, Candidate candidate) {
        if (actor.proof() != Proof.SESSION && actor.proof() != Proof.LOCAL) {
            return new Voice(List.of(), "only a person who signed in approves; an API token never does");
        }
        if (Principals.kind(db, actor.principal()) != Principal.Kind.PERSON) {
            return new Voice(List.of(), "a program never approves");
        }
        String person = Principals.person(db, actor.principal());
        if (of(db, candidate).stream()
                .anyMatch(given -> given.revoked().isEmpty() && given.person().equals(person))) {
            return new Voice(List.of(), "you approved it already");
        }
        List<Involvement> involved = involved(db, candidate);
        Quorum quorum = quorum(db, candidate);
        List<Role> capacities = new ArrayList<>();
        Set<String> against = new LinkedHashSet<>();
        for (Approvals.Rule rule : rules(candidate).who()) {
            Role role = Quorum.roleOf(rule);
            if (!quorum.waitingFor().containsKey(role)) {
                continue;
            }
            Optional<String> objection = unfit(db, candidate, actor.principal(), person, rule, involved);
            objection.ifPresentOrElse(against::add, () -> capacities.add(role));
        }
        if (capacities.isEmpty() && against.isEmpty()) {
            against.add("nobody else is waited for");
        }
        return new Voice(List.copyOf(capacities), String.join("; ", against));
    }

    /** Refuses whoever has no say in this candidate: rejecting needs a role the policy asks for, but no independence. */
    void requireVoice(Transaction tx, Candidate candidate) {
        Set<Role> asked = EnumSet.noneOf(Role.class);
        asked.add(Role.OWNER);
        asked.add(Role.VALIDATOR);
        rules(candidate).who().forEach(rule -> asked.add(Quorum.roleOf(rule)));
        Set<Role> held = Grants.roles(tx, tx.actor().principal(), on(candidate));
        if (held.stream().noneMatch(asked::contains)) {
            throw Problem.of(
                    Problem.Kind.DENIED,
                    "you may not reject candidate " + candidate.number() + ": you are none of "
                            + String.join(
                                    ", ", asked.stream().map(Quorum::words).toList()));
        }
    }

    /** Writes an approval down. @throws Problem DENIED where this person may not */
    Approval give(Transaction tx, Candidate candidate, String reason, Optional<Role> wanted) {
        Voice voice = voice(tx, tx.actor(), candidate);
        Role capacity = voice.capacities().stream()
                .filter(role -> wanted.map(role::equals).orElse(true))
                .findFirst()
                .orElseThrow(() -> Problem.of(
                        Problem.Kind.DENIED,
                        "you may not approve candidate " + candidate.number() + ": " + why(voice, wanted)));
        String person = Principals.person(tx, tx.actor().principal());
        Duration valid =
                candidate.policy().policy().approvalsOrNone().validForOrUsual().length();
        Approval approval = new Approval(
                Ids.next(),
                candidate.number(),
                candidate.digest(),
                tx.actor().principal(),
                person,
                capacity,
                SeparationOfDuties.isSelfApproval(person, involved(tx, candidate)),
                reason,
                Instant.ofEpochMilli(tx.now()),
                Instant.ofEpochMilli(tx.now()).plus(valid),
                Optional.empty());
        insert(tx, approval);
        return approval;
    }

    private static String why(Voice voice, Optional<Role> wanted) {
        return voice.capacities().isEmpty()
                ? voice.whyNot()
                : "as " + Quorum.words(wanted.orElseThrow()) + " you may not; you may as "
                        + String.join(
                                " or ",
                                voice.capacities().stream().map(Quorum::words).toList());
    }

    /** Takes an approval back: one's own, or anybody's as owner or validator. */
    Approval revoke(Transaction tx, Candidate candidate, String id, String reason) {
        Approval approval = of(tx, candidate).stream()
                .filter(given -> given.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("approval", id));
        Set<Role> held = Grants.roles(tx, tx.actor().principal(), on(candidate));
        boolean isOwn =
                approval.person().equals(Principals.person(tx, tx.actor().principal()));
        if (!isOwn && !held.contains(Role.OWNER) && !held.contains(Role.VALIDATOR)) {
            throw Problem.of(Problem.Kind.DENIED, "only the owner or a validator revokes another person's approval");
        }
        int revoked = tx.sql()
                .createUpdate("""
                        UPDATE approval SET revoked_by = :by, revoked_at = :now, revoked_why = :reason
                        WHERE id = :id AND revoked_at IS NULL""")
                .bind("by", tx.actor().principal())
                .bind("now", tx.now())
                .bind("reason", reason)
                .bind("id", id)
                .execute();
        if (revoked == 0) {
            throw Problem.of(Problem.Kind.CONFLICT, "this approval was revoked already");
        }
        return of(tx, candidate).stream()
                .filter(given -> given.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** Why an approval that was given does not count now; empty where it does. */
    private Optional<String> objection(Reading db, Candidate candidate, Approval approval, List<Involvement> involved) {
        if (approval.revoked().isPresent()) {
            return Optional.of("it was revoked: " + approval.revoked().get().reason());
        }
        if (!approval.digest().equals(candidate.digest())) {
            return Optional.of("it is for other contents");
        }
        if (db.now() >= approval.expiresAt().toEpochMilli()) {
            return Optional.of("it expired");
        }
        return rules(candidate).who().stream()
                .filter(rule -> Quorum.roleOf(rule) == approval.capacity())
                .findFirst()
                .flatMap(rule -> unfit(db, candidate, approval.approver(), approval.person(), rule, involved));
    }

    /** Why this account cannot speak in the role of this rule; empty where it can. */
    private Optional<String> unfit(
            Reading db,
            Candidate candidate,
            String principal,
            String person,
            Approvals.Rule rule,
            List<Involvement> involved) {
        Role role = Quorum.roleOf(rule);
        String words = Quorum.words(role);
        List<Resource> line = Resources.lineOf(db, on(candidate));
        List<Grant> grants = Grants.of(db, principal).stream()
                .filter(grant -> grant.role() == role && line.contains(grant.resource()))
                .toList();
        if (grants.isEmpty() || !Principals.find(db, principal).isActive()) {
            return Optional.of(
                    "not " + words + " of " + candidate.contents().version().model());
        }
        Tier tier = candidate.contents().tier();
        if (tier == Tier.T1 && grants.stream().noneMatch(grant -> isSeasoned(grant, db.now()))) {
            return Optional.of(words + " for less than 24 hours, too short for tier T1");
        }
        List<Involvement> against = SeparationOfDuties.against(person, tier, rule.not(), involved);
        return against.isEmpty()
                ? Optional.empty()
                : Optional.of(against.getFirst().words() + "; in tier " + tier + " nobody approves their own work");
    }

    private static boolean isSeasoned(Grant grant, long now) {
        return grant.since().toEpochMilli() + SEASONING.toMillis() <= now;
    }

    private static Approvals rules(Candidate candidate) {
        return candidate.policy().policy().approvalsOrNone();
    }

    private static Resource on(Candidate candidate) {
        return Resource.model(candidate.contents().version().model());
    }

    private static void insert(Transaction tx, Approval approval) {
        int given = tx.sql()
                .createUpdate("""
                        INSERT INTO approval (id, candidate, digest, approver, person, capacity, self_approved, reason,
                            approved_at, expires_at)
                        VALUES (:id, :candidate, :digest, :approver, :person, :capacity, :selfApproved, :reason,
                            :at, :expiresAt)
                        ON CONFLICT (candidate, person) WHERE revoked_at IS NULL DO NOTHING""")
                .bind("id", approval.id())
                .bind("candidate", approval.candidate())
                .bind("digest", approval.digest())
                .bind("approver", approval.approver())
                .bind("person", approval.person())
                .bind("capacity", approval.capacity().name())
                .bind("selfApproved", approval.selfApproved())
                .bind("reason", approval.reason())
                .bind("at", approval.at())
                .bind("expiresAt", approval.expiresAt())
                .execute();
        if (given == 0) {
            throw Problem.of(Problem.Kind.CONFLICT, "you approved candidate " + approval.candidate() + " already");
        }
    }

    private static Approval read(ResultSet row, StatementContext context) throws SQLException {
        Optional<Approval.Revocation> revoked = Optional.empty();
        String by = row.getString("revoked_by");
        if (by != null) {
            revoked = Optional.of(new Approval.Revocation(
                    by, Instant.ofEpochMilli(row.getLong("revoked_at")), row.getString("revoked_why")));
        }
        return new Approval(
                row.getString("id"),
                row.getLong("candidate"),
                new Digest(row.getString("digest")),
                row.getString("approver"),
                row.getString("person"),
                Role.valueOf(row.getString("capacity")),
                row.getBoolean("self_approved"),
                row.getString("reason"),
                Instant.ofEpochMilli(row.getLong("approved_at")),
                Instant.ofEpochMilli(row.getLong("expires_at")),
                revoked);
    }
}
