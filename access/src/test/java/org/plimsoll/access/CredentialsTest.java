package org.plimsoll.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.plimsoll.access.Gatehouse.on;
import static org.plimsoll.access.Resource.ORGANISATION;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.plimsoll.access.AccessOperations.AcceptInvitation;
import org.plimsoll.access.AccessOperations.ChangePassword;
import org.plimsoll.access.AccessOperations.CreateToken;
import org.plimsoll.access.AccessOperations.DeactivatePrincipal;
import org.plimsoll.access.AccessOperations.ErasePrincipal;
import org.plimsoll.access.AccessOperations.InvitePerson;
import org.plimsoll.access.AccessOperations.ListPrincipals;
import org.plimsoll.access.AccessOperations.ListTokens;
import org.plimsoll.access.AccessOperations.NewToken;
import org.plimsoll.access.AccessOperations.OpenToTeam;
import org.plimsoll.access.AccessOperations.RevokeToken;
import org.plimsoll.access.AccessOperations.SetUp;
import org.plimsoll.access.AccessOperations.SetupToken;
import org.plimsoll.access.AccessOperations.SignIn;
import org.plimsoll.access.AccessOperations.SignOut;
import org.plimsoll.access.AccessOperations.SignedIn;
import org.plimsoll.access.AccessOperations.TakeRole;
import org.plimsoll.access.AccessOperations.WhoAmI;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Actor.Proof;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Databases;
import org.plimsoll.store.MovableClock;

class CredentialsTest {

    private static final String GOOD = "four unrelated words here";
    private static final EndpointName LATE = new EndpointName("late-arrival");

    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-23T02:00:00Z"));
    private Gatehouse house;
    private Operations anyone;

    @BeforeEach
    void open() {
        house = new Gatehouse(Databases.SQLITE.fresh(clock), clock);
        anyone = house.entrance.as(Actor.ANONYMOUS);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void home_ofOnePerson_knowsItsTokenAndNeedsNoneForInferenceOnThisMachine() {
        Actor local = house.standing.actor(Optional.of(Gatehouse.HOME_TOKEN));
        assertThat(local.proof()).isEqualTo(Proof.LOCAL);
        assertThat(house.entrance.as(local).perform(new WhoAmI()).principal().id())
                .isEqualTo(Principal.LOCAL);
        assertThat(house.standing.inferring(caller("127.0.0.1"), LATE).proof()).isEqualTo(Proof.LOCAL);
        assertKind(Problem.Kind.UNAUTHENTICATED, () -> house.standing.inferring(caller("10.0.0.7"), LATE));
    }

    @Test
    void home_openedToATeam_closesForItsOldTokenForGood() {
        house.entrance.as(Actor.SYSTEM).perform(new OpenToTeam());
        assertThat(actor(Gatehouse.HOME_TOKEN)).isEqualTo(Actor.ANONYMOUS);
        assertKind(Problem.Kind.UNAUTHENTICATED, () -> house.standing.inferring(caller("127.0.0.1"), LATE));
        var local = new Actor(Principal.LOCAL, Proof.LOCAL, Set.of());
        assertKind(Problem.Kind.DENIED, () -> house.entrance.as(local).perform(new ListPrincipals(Optional.empty())));
    }

    @Test
    void setupToken_makesOneAdministrator_once() {
        SignedIn administrator = setUp();
        assertThat(house.entrance
                        .as(actor(administrator.token()))
                        .perform(new WhoAmI())
                        .grants())
                .extracting(Grant::role)
                .containsExactly(Role.ADMINISTRATOR);
        assertKind(Problem.Kind.CONFLICT, () -> house.entrance.as(Actor.SYSTEM).perform(new OpenToTeam()));
    }

    @Test
    void setupToken_usedAgainOrLate_opensNothing() {
        SetupToken setup = house.entrance.as(Actor.SYSTEM).perform(new OpenToTeam());
        clock.advance(Duration.ofMinutes(16));
        assertKind(Problem.Kind.UNAUTHENTICATED, () -> anyone.perform(new SetUp(setup.token(), "adm", "Adm", GOOD)));
        SetupToken second = house.entrance.as(Actor.SYSTEM).perform(new OpenToTeam());
        anyone.perform(new SetUp(second.token(), "adm", "Adm", GOOD));
        assertKind(Problem.Kind.UNAUTHENTICATED, () -> anyone.perform(new SetUp(second.token(), "eve", "Eve", GOOD)));
        assertKind(Problem.Kind.UNAUTHENTICATED, () -> anyone.perform(new SetUp("guess", "eve", "Eve", GOOD)));
    }

    @Test
    void invitation_setsThePasswordOnce_andTheAdministratorNeverKnowsIt() {
        Operations administrator = house.entrance.as(actor(setUp().token()));
        String code = invite(administrator, "ana");
        SignedIn ana = anyone.perform(new AcceptInvitation(code, GOOD));
        assertThat(actor(ana.token()).proof()).isEqualTo(Proof.SESSION);
        assertKind(Problem.Kind.UNAUTHENTICATED, () -> anyone.perform(new AcceptInvitation(code, GOOD)));
        assertThat(anyone.perform(new SignIn("ana", GOOD)).principal().login()).isEqualTo("ana");
    }

    @Test
    void password_thatIsShortOrWellKnown_isRefused() {
        String code = invite(house.entrance.as(actor(setUp().token())), "anastasia");
        for (String weak : List.of("", "short", "password1234", "aaaaaaaaaaaaaaaa", "anastasia123", "x".repeat(300))) {
            assertKind(Problem.Kind.INVALID, () -> anyone.perform(new AcceptInvitation(code, weak)));
        }
        anyone.perform(new AcceptInvitation(code, GOOD));
    }

    @Test
    void signIn_withAWrongPasswordOrLogin_saysTheSame() {
        setUp();
        String wrongPassword = detail(() -> anyone.perform(new SignIn("adm", "not the password")));
        String wrongLogin = detail(() -> anyone.perform(new SignIn("nobody", "not the password")));
        assertThat(wrongPassword).isEqualTo(wrongLogin);
        assertThat(house.events("denied")).isEqualTo(2);
    }

    @Test
    void signIn_afterFiveFailures_isLockedForAWhileEvenWithTheRightPassword() {
        setUp();
        for (int i = 0; i < 6; i++) {
            assertKind(Problem.Kind.UNAUTHENTICATED, () -> anyone.perform(new SignIn("adm", "wrong wrong wrong")));
        }
        assertKind(Problem.Kind.UNAUTHENTICATED, () -> anyone.perform(new SignIn("adm", GOOD)));
        clock.advance(Duration.ofMinutes(16));
        anyone.perform(new SignIn("adm", GOOD));
    }

    @Test
    void session_endsByLogoutByIdlenessAndByTheNewPassword() {
        SignedIn session = setUp();
        actor(session.token());
        clock.advance(Duration.ofMinutes(29));
        actor(session.token());
        clock.advance(Duration.ofMinutes(31));
        assertKind(Problem.Kind.UNAUTHENTICATED, () -> actor(session.token()));

        SignedIn second = anyone.perform(new SignIn("adm", GOOD));
        Operations theirs = house.entrance.as(actor(second.token()));
        theirs.perform(new ChangePassword(GOOD, "five other words over there"));
        assertKind(Problem.Kind.UNAUTHENTICATED, () -> {
            house.standing.start(); // looks again
            actor(second.token());
        });
        assertKind(Problem.Kind.UNAUTHENTICATED, () -> anyone.perform(new SignIn("adm", GOOD)));

        SignedIn third = anyone.perform(new SignIn("adm", "five other words over there"));
        anyone.perform(new SignOut(third.token()));
        assertKind(Problem.Kind.NOT_FOUND, () -> anyone.perform(new SignOut(third.token())));
    }

    @Test
    void token_isShownOnceKeptAsItsHashAndEndsWhenRevokedOrExpired() {
        Actor ana = house.somebody("ana", on(ORGANISATION, Role.DATA_SCIENTIST));
        Operations hers = house.entrance.as(ana);
        NewToken made = token(hers, "laptop", List.of(), Duration.ofDays(1));
        assertThat(made.secret()).startsWith("plm_").hasSize(53);
        assertThat(actor(made.secret())).isEqualTo(new Actor(ana.principal(), Proof.TOKEN, Set.of()));
        assertThat(hers.perform(new ListTokens(Optional.empty())).toString()).doesNotContain(made.secret());
        long kept = house.database.read(db -> db.sql()
                .createQuery("SELECT count(*) FROM credential WHERE sha256 = :secret OR name = :secret")
                .bind("secret", made.secret())
                .mapTo(Long.class)
                .one());
        assertThat(kept).isZero();

        hers.perform(new RevokeToken(made.token().id()));
        house.standing.start(); // looks again
        assertKind(Problem.Kind.UNAUTHENTICATED, () -> actor(made.secret()));

        NewToken brief = token(hers, "brief", List.of(), Duration.ofDays(1));
        actor(brief.secret());
        clock.advance(Duration.ofDays(1));
        assertKind(Problem.Kind.UNAUTHENTICATED, () -> actor(brief.secret()));
    }

    @Test
    void token_forInference_infersOnItsEndpointAndDoesNothingElse() {
        Actor app = house.somebody("app", on(ORGANISATION, Role.SERVICE));
        NewToken made = token(house.entrance.as(app), "app", List.of("infer:late-arrival"), Duration.ofDays(1));
        Actor actor = actor(made.secret());
        assertThat(house.standing.inferring(new Caller(actor, "10.0.0.7", "r"), LATE))
                .isEqualTo(actor);
        assertKind(
                Problem.Kind.DENIED,
                () -> house.standing.inferring(new Caller(actor, "10.0.0.7", "r"), new EndpointName("loans")));
        assertKind(Problem.Kind.DENIED, () -> house.entrance.as(actor).perform(new Notes.LogNote("late", 1)));
    }

    @Test
    void token_madeByAToken_mayDoLessAndNotForLonger() {
        Actor owner = house.somebody("ci", on(ORGANISATION, Role.SERVICE));
        var narrow = new Actor(owner.principal(), Proof.TOKEN, Set.of("run.*", "token.create"));
        Operations theirs = house.entrance.as(narrow);
        token(theirs, "step", List.of("run.*:0199"), Duration.ofHours(1));
        assertKind(Problem.Kind.DENIED, () -> token(theirs, "all", List.of(), Duration.ofHours(1)));
        assertKind(Problem.Kind.DENIED, () -> token(theirs, "other", List.of("infer"), Duration.ofHours(1)));
        assertKind(Problem.Kind.DENIED, () -> token(theirs, "long", List.of("run.*"), Duration.ofDays(2)));
    }

    @Test
    void deactivation_endsEverythingAndErasureLeavesOnlyTheId() {
        Operations administrator = house.entrance.as(actor(setUp().token()));
        SignedIn ana = anyone.perform(new AcceptInvitation(invite(administrator, "ana"), GOOD));
        String id = ana.principal().id();
        assertKind(Problem.Kind.REFUSED, () -> administrator.perform(new ErasePrincipal("ana")));
        administrator.perform(new DeactivatePrincipal("ana"));
        house.standing.start(); // looks again
        assertKind(Problem.Kind.UNAUTHENTICATED, () -> actor(ana.token()));
        assertKind(Problem.Kind.UNAUTHENTICATED, () -> anyone.perform(new SignIn("ana", GOOD)));
        assertThat(administrator.perform(new ErasePrincipal("ana")).name()).isEqualTo(id);
        String events = house.database.read(db -> String.join(
                "\n",
                db.sql()
                        .createQuery("SELECT detail FROM event")
                        .mapTo(String.class)
                        .list()));
        assertThat(events).contains(id).doesNotContain("Ana of flights").doesNotContain("ana@example.org");
    }

    @Test
    void lastAdministrator_cannotBeRemoved() {
        Operations administrator = house.entrance.as(actor(setUp().token()));
        assertKind(
                Problem.Kind.REFUSED,
                () -> administrator.perform(new TakeRole("adm", Role.ADMINISTRATOR, Optional.empty())));
        assertKind(Problem.Kind.REFUSED, () -> administrator.perform(new DeactivatePrincipal("adm")));
    }

    private SignedIn setUp() {
        SetupToken setup = house.entrance.as(Actor.SYSTEM).perform(new OpenToTeam());
        return anyone.perform(new SetUp(setup.token(), "adm", "Adm", GOOD));
    }

    private static String invite(Operations administrator, String login) {
        return administrator
                .perform(new InvitePerson(login, "Ana of flights", Optional.of("ana@example.org"), List.of()))
                .code();
    }

    private static NewToken token(Operations whose, String name, List<String> scopes, Duration validFor) {
        return whose.perform(new CreateToken(name, Optional.empty(), scopes, Optional.of(validFor)));
    }

    private Actor actor(String bearer) {
        return house.standing.actor(Optional.of(bearer));
    }

    private static Caller caller(String address) {
        return new Caller(Actor.ANONYMOUS, address, "request");
    }

    private static String detail(ThrowingCallable work) {
        try {
            work.call();
        } catch (Problem problem) {
            return problem.detail();
        } catch (Throwable other) {
            throw new AssertionError(other);
        }
        throw new AssertionError("not refused");
    }

    private static void assertKind(Problem.Kind kind, ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(kind));
    }
}
