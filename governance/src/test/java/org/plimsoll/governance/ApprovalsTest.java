package org.plimsoll.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.plimsoll.access.AccessOperations.LinkAccount;
import org.plimsoll.access.Grants;
import org.plimsoll.access.Operations;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Role;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Actor.Proof;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Problem.Kind;
import org.plimsoll.governance.GovernanceOperations.ApproveCandidate;
import org.plimsoll.governance.GovernanceOperations.CandidateView;
import org.plimsoll.governance.GovernanceOperations.Evaluated;
import org.plimsoll.governance.GovernanceOperations.PromoteVersion;
import org.plimsoll.governance.GovernanceOperations.RejectCandidate;
import org.plimsoll.governance.GovernanceOperations.RevokeApproval;
import org.plimsoll.governance.GovernanceOperations.ShowCandidate;
import org.plimsoll.registry.RegistryOperations.ChangeCard;
import org.plimsoll.registry.RegistryOperations.ChangeModel;
import org.plimsoll.registry.Tier;
import org.plimsoll.registry.Version;
import org.plimsoll.store.Databases;
import org.plimsoll.store.EachDatabase;

/** Who may approve what, and what becomes of an approval when something changes. */
@EachDatabase
class ApprovalsTest {

    /** Asks for little evidence, so that these tests are about people. */
    private static final String POLICY = """
            policy: people
            purpose: Golden rows, and people who agree.
            applies_to: {environments: [production]}
            from: any
            smoke: {golden_rows: true}
            approvals: {who: [{role: owner, not: []}, {role: validator, not: []}], valid_for: 14d}
            """;

    @Parameter
    Databases databases;

    @TempDir
    Path temp;

    @AutoClose
    House house;

    String anaId;
    String benId;
    String miraId;
    Operations ana;
    Operations ben;
    Operations mira;
    Operations paul;

    @BeforeEach
    void open() {
        house = new House(temp, databases::fresh);
        // Ana trains and holds every role one can approve with: her part in the model is what excludes her.
        anaId = house.team.person(
                "ana", Role.DATA_SCIENTIST, Role.ML_ENGINEER, Role.OWNER, Role.VALIDATOR, Role.APPROVER);
        benId = house.team.person("ben", Role.VIEWER);
        miraId = house.team.person("mira", Role.VALIDATOR);
        ana = house.team.signedIn(anaId);
        ben = house.team.signedIn(benId);
        mira = house.team.signedIn(miraId);
        paul = house.team.signedIn(house.team.person("paul", Role.VALIDATOR));
    }

    @Test
    void peopleWhoMayNot_underT1ToT3_areRefusedAndAudited() {
        String adam = house.team.person("adam", Role.ADMINISTRATOR);
        for (Tier tier : List.of(Tier.T1, Tier.T2, Tier.T3)) {
            CandidateView candidate = tier == Tier.T1 ? candidate(tier) : lowered(tier);
            house.clock.advance(Duration.ofHours(25)); // so that nobody's role is too young, and the tally begins anew
            refused(Kind.DENIED, () -> approve(ana, candidate), "trained it");
            refused(Kind.DENIED, () -> approve(as(adam, Proof.SESSION), candidate), "");
            refused(
                    Kind.UNAUTHENTICATED,
                    Kind.DENIED,
                    () -> approve(house.team.entrance.as(Actor.ANONYMOUS), candidate));
            refused(Kind.DENIED, () -> approve(as(benId, Proof.TOKEN), candidate), "token");
            refused(Kind.DENIED, () -> approve(as(anaId, Proof.TOKEN), candidate), "");
            assertThat(view(ben, candidate).approvals()).as("%s", tier).isEmpty();
            approve(ben, candidate); // the negative control: who may, can
        }
        assertThat(house.count("denied")).isEqualTo(15);
        assertThat(house.count("candidate.approved")).isEqualTo(3);
    }

    @Test
    void everybodyAsked_approving_makesItPromotable() {
        CandidateView candidate = candidate(Tier.T3);
        approve(ben, candidate);
        assertThat(view(ben, candidate).waitingFor()).containsExactly("validator");
        refused(Kind.REFUSED, this::promote, "missing: approval: validator");
        refused(Kind.DENIED, () -> approve(ben, candidate), "you approved it already");
        approve(mira, candidate);
        assertThat(view(ben, candidate).state()).isEqualTo(CandidateState.APPROVED);
        refused(Kind.DENIED, () -> approve(paul, candidate), "nobody else is waited for");
        promote();
        house.work();
        assertThat(house.champion(House.PRODUCTION))
                .contains(candidate.candidate().contents().version());
        refused(Kind.REFUSED, this::promote, "was promoted already");
    }

    /** Approving says which digest was seen; another one is another candidate. */
    @Test
    void digest_otherThanTheCandidates_isRefused() {
        CandidateView candidate = candidate(Tier.T3);
        refused(
                Kind.REFUSED,
                () -> ben.perform(new ApproveCandidate(
                        candidate.candidate().number(), Digest.of("another"), "fine", Optional.empty())),
                "look at it again");
    }

    @Test
    void card_changedAfterApproval_voidsIt() {
        CandidateView candidate = approved();
        Version version = house.database.read(
                db -> house.versions.get(db, candidate.candidate().contents().version()));
        ana.perform(new ChangeCard(
                House.LATE, 1, version.revision(), House.CARD.replace("people decide", "People decide")));
        assertThat(view(ben, candidate).state()).isEqualTo(CandidateState.STALE);
        refused(Kind.REFUSED, this::promote, "card: it was changed after the evaluation");
        Evaluated again = house.evaluate(ana, version.id(), House.PRODUCTION);
        assertThat(again.candidate().orElseThrow())
                .isNotEqualTo(candidate.candidate().number());
        refused(Kind.REFUSED, this::promote, "missing: approval: owner, validator");
    }

    @Test
    void policy_changedAfterApproval_voidsIt() {
        CandidateView candidate = approved();
        house.publish(mira, POLICY.replace("14d", "15d"));
        assertThat(view(ben, candidate).stale()).anyMatch(why -> why.startsWith("policy: people@2 applies now"));
        refused(Kind.REFUSED, this::promote, "policy: people@2 applies now");
        refused(Kind.REFUSED, () -> approve(paul, candidate), "is stale");
    }

    @Test
    void tier_raisedAfterApproval_voidsIt() {
        approved();
        ben.perform(new ChangeModel(
                House.LATE,
                1,
                Optional.of(Tier.T2),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
        refused(Kind.REFUSED, this::promote, "tier: the model was T3 and is T2 now");
    }

    /** Whoever owns the database still cannot make an approval hold for other contents: one byte is enough. */
    @Test
    void contents_editedInTheDatabase_areNotDecidedAbout() {
        approved();
        edit("UPDATE candidate SET body = replace(body, '\"tier\":\"T3\"', '\"tier\":\"T4\"')");
        refused(Kind.REFUSED, this::promote, "was edited in the database");
    }

    @Test
    void policyText_editedInTheDatabase_isNotDecidedBy() {
        CandidateView candidate = candidate(Tier.T3);
        edit("UPDATE candidate SET policy = replace(policy, 'role: validator', 'role: owner    ')");
        assertThatThrownBy(() -> approve(ben, candidate)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(this::promote).isInstanceOf(RuntimeException.class);
        assertThat(house.champion(House.PRODUCTION)).isEmpty();
        assertThat(house.count("candidate.promoted")).isZero();
    }

    @Test
    void approval_whoseGiverLostTheRole_doesNotCountWhenCarriedOut() {
        CandidateView candidate = approved();
        house.database.write(Actor.SYSTEM, tx -> {
            Grants.take(tx, miraId, Role.VALIDATOR, Resource.ORGANISATION);
            return true;
        });
        assertThat(view(ben, candidate).dropped()).hasSize(1);
        refused(Kind.REFUSED, this::promote, "missing: approval: validator");
    }

    @Test
    void approval_onItsLastDay_countsAndThenExpires() {
        CandidateView candidate = approved();
        house.clock.set(candidate.candidate().openedAt());
        house.clock.advance(Duration.ofDays(14).minusSeconds(1));
        assertThat(view(ben, candidate).state()).isEqualTo(CandidateState.APPROVED);
        house.clock.advance(Duration.ofMinutes(5));
        assertThat(view(ben, candidate).state()).isEqualTo(CandidateState.OPEN);
        refused(Kind.REFUSED, this::promote, "it expired");
    }

    @Test
    void approval_revoked_canBeGivenAnew() {
        CandidateView candidate = approved();
        Approval benApproval = view(ben, candidate).approvals().getFirst();
        refused(
                Kind.DENIED,
                () -> house.team
                        .signedIn(house.team.person("eve", Role.APPROVER))
                        .perform(new RevokeApproval(
                                candidate.candidate().number(), benApproval.id(), "not mine to take")),
                "only the owner or a validator");
        ben.perform(new RevokeApproval(candidate.candidate().number(), benApproval.id(), "a doubt"));
        refused(Kind.REFUSED, this::promote, "missing: approval: owner");
        approve(ben, candidate);
        promote();
    }

    @Test
    void candidate_rejected_isOver() {
        CandidateView candidate = candidate(Tier.T3);
        mira.perform(new RejectCandidate(
                candidate.candidate().number(), candidate.candidate().digest(), "not for the hubs"));
        refused(Kind.REFUSED, () -> approve(ben, candidate), "was rejected already");
        refused(Kind.REFUSED, this::promote, "was rejected already");
    }

    /** A role given in a hurry does not carry the gravest decisions. */
    @Test
    void role_youngerThanADay_doesNotApproveT1() {
        CandidateView candidate = candidate(Tier.T1);
        refused(Kind.DENIED, () -> approve(ben, candidate), "less than 24 hours");
        house.clock.advance(Duration.ofHours(25));
        approve(ben, candidate);
    }

    @Test
    void ownWork_inT4_isApprovedAndLabelled() {
        CandidateView candidate = candidate(Tier.T4);
        ana.perform(new ApproveCandidate(
                candidate.candidate().number(), candidate.candidate().digest(), "my sandbox", Optional.of(Role.OWNER)));
        approve(mira, candidate);
        assertThat(view(ben, candidate).approvals())
                .extracting(Approval::approver, Approval::selfApproved)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(anaId, true),
                        org.assertj.core.groups.Tuple.tuple(miraId, true)); // she published the policy
        promote();
    }

    /** Two accounts, one human: the second voice does not count, nor does the second account of who trained it. */
    @Test
    void account_linkedToAPerson_countsAsThatPerson() {
        String benAgain = house.team.person("ben.again", Role.VALIDATOR);
        String anaAgain = house.team.person("ana.again", Role.OWNER, Role.VALIDATOR);
        CandidateView candidate = candidate(Tier.T3);
        approve(ben, candidate);
        approve(house.team.signedIn(benAgain), candidate);
        assertThat(view(ben, candidate).state()).isEqualTo(CandidateState.APPROVED); // nobody knows yet
        Operations admin = house.team.signedIn(house.team.person("adam", Role.ADMINISTRATOR));
        admin.perform(new LinkAccount("ben.again", "ben"));
        admin.perform(new LinkAccount("ana.again", "ana"));
        assertThat(view(ben, candidate).dropped()).containsValue("the same person approved already");
        refused(Kind.REFUSED, this::promote, "missing: approval: validator");
        refused(Kind.DENIED, () -> approve(house.team.signedIn(anaAgain), candidate), "trained it");
        assertThat(house.count("principal.linked")).isEqualTo(2);
        approve(mira, candidate);
        promote();
    }

    @Test
    void approvals_atOnce_countEachPersonOnce() throws Exception {
        CandidateView candidate = candidate(Tier.T3);
        List<Future<Boolean>> tries = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                Operations who = i % 2 == 0 ? ben : mira;
                tries.add(threads.submit(() -> {
                    try {
                        approve(who, candidate);
                        return true;
                    } catch (Problem refused) {
                        return false;
                    }
                }));
            }
        }
        int given = 0;
        for (Future<Boolean> attempt : tries) {
            given += attempt.get() ? 1 : 0;
        }
        assertThat(given).isEqualTo(2);
        assertThat(view(ben, candidate).approvals()).hasSize(2);
        assertThat(view(ben, candidate).state()).isEqualTo(CandidateState.APPROVED);
    }

    private CandidateView approved() {
        CandidateView candidate = candidate(Tier.T3);
        approve(ben, candidate);
        approve(mira, candidate);
        return candidate;
    }

    private CandidateView candidate(Tier tier) {
        house.model(ana, tier, "ben");
        house.endpoint(ana, House.PRODUCTION, "production");
        house.publish(mira, POLICY);
        Digest train = house.rows(House.JANUARY, 5, 1);
        house.version(ana, "x", 0.2, train, train);
        return evaluated();
    }

    private CandidateView lowered(Tier tier) {
        long revision =
                house.database.read(db -> house.models.get(db, House.LATE)).revision();
        mira.perform(new ChangeModel(
                House.LATE,
                revision,
                Optional.of(tier),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
        return evaluated();
    }

    private CandidateView evaluated() {
        Evaluated evaluated =
                house.evaluate(ana, org.plimsoll.core.VersionId.parse("late-arrival@1"), House.PRODUCTION);
        return ben.perform(new ShowCandidate(evaluated.candidate().orElseThrow()));
    }

    private CandidateView view(Operations who, CandidateView candidate) {
        return who.perform(new ShowCandidate(candidate.candidate().number()));
    }

    private void approve(Operations who, CandidateView candidate) {
        who.perform(new ApproveCandidate(
                candidate.candidate().number(), candidate.candidate().digest(), "looked at it", Optional.empty()));
    }

    private void promote() {
        ana.perform(new PromoteVersion(House.PRODUCTION, org.plimsoll.core.VersionId.parse("late-arrival@1")));
    }

    private Operations as(String principal, Proof proof) {
        return house.team.entrance.as(new Actor(principal, proof, Set.of()));
    }

    private void edit(String sql) {
        int edited = house.database
                .write(Actor.SYSTEM, tx -> tx.sql().createUpdate(sql).execute())
                .value();
        assertThat(edited).isEqualTo(1);
    }

    private static void refused(Kind kind, ThrowingCallable call, String why) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.kind()).isEqualTo(kind))
                .hasMessageContaining(why);
    }

    private static void refused(Kind one, Kind other, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.kind()).isIn(one, other));
    }
}
