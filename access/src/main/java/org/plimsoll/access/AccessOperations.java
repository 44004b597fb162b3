package org.plimsoll.access;

import static org.plimsoll.access.Role.ADMINISTRATOR;
import static org.plimsoll.access.Room.room;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Problem;

/** What anyone can ask about people, programs and their credentials. */
public final class AccessOperations {

    private interface OnHome<R> extends Request<R> {
        @Override
        default Resource on() {
            return Resource.ORGANISATION;
        }
    }

    private interface OnPrincipal<R> extends Request<R> {
        String principal();

        @Override
        default Resource on() {
            return Resource.principal(principal());
        }
    }

    // ---- people and programs ----

    /** Founds a new home: its one person, who may do everything. Asked by the server itself, once. */
    public record FoundHome() implements OnHome<Principal> {}

    /** Opens the home to a team, for good. */
    public record OpenToTeam() implements OnHome<SetupToken> {}

    /** Makes the first administrator, by the setup token. */
    public record SetUp(String token, String login, String name, String password) implements OnHome<SignedIn> {
        public SetUp {
            Checks.login(login);
            Checks.personName(name);
        }
    }

    /** Makes a person, who sets a password with the invitation's code. */
    public record InvitePerson(String login, String name, Optional<String> email, List<RoleWanted> roles)
            implements OnHome<Invitation> {
        public InvitePerson {
            Checks.login(login);
            Checks.personName(name);
            roles = List.copyOf(roles);
        }
    }

    /** Gives a person a new code to set a password with, such as when it was forgotten. */
    public record ReinvitePerson(String principal) implements OnPrincipal<Invitation> {}

    /** Sets the password, by an invitation's code, and signs in. */
    public record AcceptInvitation(String code, String password) implements OnHome<SignedIn> {}

    /** Makes a program; it has tokens, never a password. */
    public record CreateService(String login, String name, List<RoleWanted> roles) implements OnHome<Principal> {
        public CreateService {
            Checks.login(login);
            Checks.personName(name);
            roles = List.copyOf(roles);
        }
    }

    public record ListPrincipals(Optional<Principal.Kind> kind) implements OnHome<List<Principal>> {}

    public record ShowPrincipal(String principal) implements OnPrincipal<PrincipalView> {}

    /** Who asks, and what that credential may. */
    public record WhoAmI() implements OnHome<Me> {}

    public record GiveRole(String principal, Role role, Optional<Resource> resource)
            implements OnPrincipal<PrincipalView> {}

    public record TakeRole(String principal, Role role, Optional<Resource> resource)
            implements OnPrincipal<PrincipalView> {}

    /** Says that an account is a person's second one, or that a person answers for a program: they count as one. */
    public record LinkAccount(String principal, String person) implements OnPrincipal<Principal> {}

    /** Ends every session and token of somebody who left. */
    public record DeactivatePrincipal(String principal) implements OnPrincipal<Principal> {}

    public record ActivatePrincipal(String principal) implements OnPrincipal<Principal> {}

    /** Erases name, login and e-mail of somebody deactivated; what they did stays under their id. */
    public record ErasePrincipal(String principal) implements OnPrincipal<Principal> {}

    /** A role, and where. */
    public record RoleWanted(Role role, Resource resource) {}

    public record PrincipalView(Principal principal, List<Grant> grants) {}

    /** @param team whether the home was opened to a team */
    public record Me(Principal principal, Actor.Proof proof, List<String> scopes, List<Grant> grants, boolean team) {}

    /** @param token makes the first administrator, once, until it expires */
    public record SetupToken(String token, Instant expiresAt) {}

    /** @param code sets the password, once, until it expires */
    public record Invitation(Principal principal, String code, Instant expiresAt) {}

    // ---- credentials ----

    public record SignIn(String login, String password) implements OnHome<SignedIn> {}

    /** Ends the session with this token; having the token is proof enough. */
    public record SignOut(String token) implements OnHome<SignedOut> {}

    public record ChangePassword(String oldPassword, String newPassword) implements OnHome<PasswordChanged> {}

    /**
     * Makes a token.
     *
     * @param principal whose it is: the caller's, or a service's where an administrator asks
     * @param scopes what it is only for, such as {@code infer:late-arrival}; none: everything its principal may
     * @param validFor at most 366 days; 90 where absent
     */
    public record CreateToken(String name, Optional<String> principal, List<String> scopes, Optional<Duration> validFor)
            implements OnHome<NewToken> {
        private static final Pattern SCOPE =
                Pattern.compile("(read|infer|[a-z-]+\\.(\\*|[a-z-]+))(:[\\p{Alnum}@._-]{1,120})?");
        private static final Duration LONGEST = Duration.ofDays(366);

        public CreateToken {
            Checks.personName(name);
            scopes = List.copyOf(scopes);
            for (String scope : scopes) {
                if (!SCOPE.matcher(scope).matches()) {
                    throw Problem.invalid(
                            "scopes", scope, "read, infer, noun.verb or noun.*, and :NAME after it if wanted");
                }
            }
            validFor.ifPresent(duration -> {
                if (!duration.isPositive() || duration.compareTo(LONGEST) > 0) {
                    throw Problem.invalid("valid_for", duration, "up to 366 days");
                }
            });
        }
    }

    public record ListTokens(Optional<String> principal) implements OnHome<List<Token>> {}

    public record RevokeToken(String token) implements OnHome<Token> {}

    /**
     * A token without its secret.
     *
     * @param endedAt when it was revoked
     */
    public record Token(
            String id,
            String principal,
            String name,
            List<String> scopes,
            Instant createdAt,
            Instant expiresAt,
            Optional<Instant> endedAt) {}

    /** @param secret shown this once */
    public record NewToken(Token token, String secret) {}

    /** @param token sent as {@code Authorization: Bearer}, or as the session's cookie */
    public record SignedIn(String token, Principal principal, Instant expiresAt) {}

    public record SignedOut(String principal) {}

    public record PasswordChanged(String principal) {}

    private static final Set<Role> ADMINISTRATORS = EnumSet.of(ADMINISTRATOR);
    private static final Set<Role> ALL = EnumSet.allOf(Role.class);

    public static final Room<Principals> PRINCIPALS = room("access", Principals.class)
            .change("home.found", "POST /home", ADMINISTRATORS, FoundHome.class, Principals::found)
            .change("home.open-to-team", "POST /home/team", ADMINISTRATORS, OpenToTeam.class, Principals::openToTeam)
            .secret()
            .readAs("principal.me", "GET /me", Set.of(), WhoAmI.class, Principals::whoAmI)
            .forSignedIn()
            .read("principal.list", "GET /principals", ALL, ListPrincipals.class, Principals::list)
            .read("principal.show", "GET /principals/{principal}", ALL, ShowPrincipal.class, Principals::show)
            .change("person.invite", "POST /people", ADMINISTRATORS, InvitePerson.class, Principals::invite)
            .secret()
            .change(
                    "person.reinvite",
                    "POST /people/{principal}/invitations",
                    ADMINISTRATORS,
                    ReinvitePerson.class,
                    Principals::reinvite)
            .secret()
            .change("service.create", "POST /services", ADMINISTRATORS, CreateService.class, Principals::createService)
            .change(
                    "principal.give-role",
                    "POST /principals/{principal}/roles",
                    ADMINISTRATORS,
                    GiveRole.class,
                    Principals::give)
            .change(
                    "principal.take-role",
                    "POST /principals/{principal}/roles/removal",
                    ADMINISTRATORS,
                    TakeRole.class,
                    Principals::take)
            .change(
                    "principal.link",
                    "POST /principals/{principal}/person",
                    ADMINISTRATORS,
                    LinkAccount.class,
                    Principals::link)
            .change(
                    "principal.deactivate",
                    "POST /principals/{principal}/deactivation",
                    ADMINISTRATORS,
                    DeactivatePrincipal.class,
                    Principals::deactivate)
            .change(
                    "principal.activate",
                    "POST /principals/{principal}/activation",
                    ADMINISTRATORS,
                    ActivatePrincipal.class,
                    Principals::activate)
            .change(
                    "principal.erase",
                    "POST /principals/{principal}/erasure",
                    ADMINISTRATORS,
                    ErasePrincipal.class,
                    Principals::erase);

    public static final Room<Credentials> CREDENTIALS = room("access", Credentials.class)
            .change("home.set-up", "POST /setup", Set.of(), SetUp.class, Credentials::hashFirst, Credentials::setUp)
            .secret()
            .forAnyone()
            .change(
                    "person.accept",
                    "POST /invitations/acceptance",
                    Set.of(),
                    AcceptInvitation.class,
                    Credentials::hashInvited,
                    Credentials::accept)
            .secret()
            .forAnyone()
            .change("session.open", "POST /sessions", Set.of(), SignIn.class, Credentials::check, Credentials::signIn)
            .secret()
            .forAnyone()
            .change("session.close", "POST /sessions/end", Set.of(), SignOut.class, Credentials::signOut)
            .secret()
            .forAnyone()
            .change(
                    "password.change",
                    "POST /password",
                    Set.of(),
                    ChangePassword.class,
                    Credentials::hashNew,
                    Credentials::changePassword)
            .secret()
            .inPerson()
            .forSignedIn()
            .change("token.create", "POST /tokens", Set.of(), CreateToken.class, Credentials::createToken)
            .secret()
            .forSignedIn()
            .readAs("token.list", "GET /tokens", Set.of(), ListTokens.class, Credentials::tokens)
            .forSignedIn()
            .change("token.revoke", "DELETE /tokens/{token}", Set.of(), RevokeToken.class, Credentials::revoke)
            .forSignedIn();

    private AccessOperations() {}
}
