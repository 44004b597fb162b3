package org.plimsoll.access;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.statement.StatementContext;
import org.plimsoll.access.AccessOperations.AcceptInvitation;
import org.plimsoll.access.AccessOperations.ChangePassword;
import org.plimsoll.access.AccessOperations.CreateToken;
import org.plimsoll.access.AccessOperations.ListTokens;
import org.plimsoll.access.AccessOperations.NewToken;
import org.plimsoll.access.AccessOperations.PasswordChanged;
import org.plimsoll.access.AccessOperations.RevokeToken;
import org.plimsoll.access.AccessOperations.RoleWanted;
import org.plimsoll.access.AccessOperations.SetUp;
import org.plimsoll.access.AccessOperations.SignIn;
import org.plimsoll.access.AccessOperations.SignOut;
import org.plimsoll.access.AccessOperations.SignedIn;
import org.plimsoll.access.AccessOperations.SignedOut;
import org.plimsoll.access.AccessOperations.Token;
import org.plimsoll.access.Operation.Look;
import org.plimsoll.access.Principal.Kind;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Actor.Proof;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/**
 * Passwords, sessions and tokens. A secret is answered once and kept only as its hash; passwords are hashed before the
 * transaction begins, since that is slow on purpose.
 */
public final class Credentials {

    static final Duration SESSION_VALID = Duration.ofHours(12);
    private static final Duration TOKEN_VALID = Duration.ofDays(90);
    private static final Duration TOKEN_BY_TOKEN = Duration.ofDays(1);
    private static final String WRONG = "login or password is wrong";

    /** What the events about a credential tell. */
    record Told(String credential, String principal, List<String> scopes, Instant expiresAt) {}

    /** A login whose password was right, or a hash made for a new password. */
    record Checked(String principal, String hash) {}

    private final Principals principals;
    private final SecureRandom random;
    private final Passwords passwords = new Passwords();
    private final Lockout lockout;
    /** Checked instead of a login that does not exist, so that both take as long. Made when first needed. */
    private final AtomicReference<Optional<String>> decoy = new AtomicReference<>(Optional.empty());

    public Credentials(Principals principals, SecureRandom random, Clock clock) {
        this.principals = principals;
        this.random = random;
        this.lockout = new Lockout(clock);
    }

    // ---- the first administrator, and invitations ----

    String hashFirst(Look look, SetUp request) {
        look.up(db -> invited(db, request.token()));
        return passwords.hash(request.password(), request.login());
    }

    SignedIn setUp(Transaction tx, SetUp request, String hash) {
        if (invited(tx, request.token()).isPresent()) {
            throw wrongCode();
        }
        useUp(tx, request.token());
        String id = principals.create(
                tx,
                Kind.PERSON,
                request.login(),
                request.name(),
                Optional.empty(),
                List.of(new RoleWanted(Role.ADMINISTRATOR, Resource.ORGANISATION)));
        setPassword(tx, id, hash);
        return openSession(tx, id);
    }

    Checked hashInvited(Look look, AcceptInvitation request) {
        String id = look.up(db -> invited(db, request.code())).orElseThrow(Credentials::wrongCode);
        String login = look.up(db -> Principals.find(db, id)).login();
        return new Checked(id, passwords.hash(request.password(), login));
    }

    SignedIn accept(Transaction tx, AcceptInvitation request, Checked prepared) {
        String id = invited(tx, request.code()).orElseThrow(Credentials::wrongCode);
        useUp(tx, request.code());
        setPassword(tx, id, prepared.hash());
        return openSession(tx, id);
    }

    // ---- sessions ----

    Checked check(Look look, SignIn request) {
        lockout.mustBeOpen(request.login());
        Optional<Checked> known = look.up(db -> passwordOf(db, "identity.login", request.login()));
        String hash = known.map(Checked::hash).orElseGet(this::decoyHash);
        if (!passwords.isRight(request.password(), hash) || known.isEmpty()) {
            lockout.failed(request.login());
            throw Problem.of(Problem.Kind.UNAUTHENTICATED, WRONG);
        }
        lockout.succeeded(request.login());
        return known.get();
    }

    SignedIn signIn(Transaction tx, SignIn request, Checked checked) {
        boolean isStill = passwordOf(tx, "principal.id", checked.principal()).equals(Optional.of(checked));
        if (!isStill) {
            throw Problem.of(Problem.Kind.UNAUTHENTICATED, WRONG);
        }
        return openSession(tx, checked.principal());
    }

    SignedOut signOut(Transaction tx, SignOut request) {
        Token session = tx.sql()
                .createQuery("""
                        SELECT * FROM credential WHERE sha256 = :sha256 AND kind = 'SESSION' AND ended_at IS NULL
                        """)
                .bind("sha256", Secret.kept(request.token()))
                .map(Credentials::read)
                .findOne()
                .orElseThrow(() -> Problem.of(Problem.Kind.NOT_FOUND, "this session has ended already"));
        end(tx, session, "session.closed");
        return new SignedOut(session.principal());
    }

    // ---- passwords ----

    Checked hashNew(Look look, ChangePassword request) {
        String id = look.actor().principal();
        String login = look.up(db -> Principals.find(db, id)).login();
        check(look, new SignIn(login, request.oldPassword()));
        return new Checked(id, passwords.hash(request.newPassword(), login));
    }

    PasswordChanged changePassword(Transaction tx, ChangePassword request, Checked prepared) {
        setPassword(tx, prepared.principal(), prepared.hash());
        return new PasswordChanged(prepared.principal());
    }

    // ---- tokens ----

    NewToken createToken(Transaction tx, CreateToken request) {
        Actor actor = tx.actor();
        String principal = request.principal()
                .map(loginOrId -> Principals.find(tx, loginOrId).id())
                .orElse(actor.principal());
        if (!principal.equals(actor.principal())) {
            mustAdministerService(tx, actor, principal);
        }
        Duration validFor = request.validFor().orElse(actor.proof() == Proof.TOKEN ? TOKEN_BY_TOKEN : TOKEN_VALID);
        if (actor.proof() == Proof.TOKEN) {
            mustBeNarrower(actor, request.scopes(), validFor);
        }
        String secret = Secret.next(random);
        Token token = insert(tx, "TOKEN", principal, secret, request.name(), request.scopes(), validFor);
        tx.append("token.created", Principals.subject(principal), told(token));
        return new NewToken(token, secret);
    }

    List<Token> tokens(Reading db, Actor actor, ListTokens request) {
        String whose = request.principal()
                .map(loginOrId -> Principals.find(db, loginOrId).id())
                .orElse(actor.principal());
        if (!whose.equals(actor.principal()) && !isAdministrator(db, actor)) {
            throw Problem.of(Problem.Kind.DENIED, "only an administrator sees the tokens of others");
        }
        return db.sql()
                .createQuery("""
                        SELECT * FROM credential WHERE principal = :principal AND kind = 'TOKEN' ORDER BY created_at DESC
                        """)
                .bind("principal", whose)
                .map(Credentials::read)
                .list();
    }

    Token revoke(Transaction tx, RevokeToken request) {
        Token token = tx.sql()
                .createQuery("SELECT * FROM credential WHERE id = :id AND kind = 'TOKEN'")
                .bind("id", request.token())
                .map(Credentials::read)
                .findOne()
                .orElseThrow(() -> Problem.notFound("token", request.token()));
        if (!token.principal().equals(tx.actor().principal()) && !isAdministrator(tx, tx.actor())) {
            throw Problem.of(Problem.Kind.DENIED, "only its owner or an administrator revokes a token");
        }
        if (token.endedAt().isPresent()) {
            throw Problem.of(Problem.Kind.CONFLICT, "this token was revoked before");
        }
        end(tx, token, "token.revoked");
        return find(tx, token.id());
    }

    // ---- parts ----

    private SignedIn openSession(Transaction tx, String principal) {
        String secret = Secret.next(random);
        Token session = insert(tx, "SESSION", principal, secret, "session", List.of(), SESSION_VALID);
        tx.append("session.opened", Principals.subject(principal), told(session));
        return new SignedIn(secret, Principals.find(tx, principal), session.expiresAt());
    }

    private static Token insert(
            Transaction tx,
            String kind,
            String principal,
            String secret,
            String name,
            List<String> scopes,
            Duration validFor) {
        String id = Ids.next();
        tx.sql()
                .createUpdate("""
                        INSERT INTO credential (id, kind, principal, sha256, name, scopes, created_at, expires_at)
                        VALUES (:id, :kind, :principal, :sha256, :name, :scopes, :now, :expires)
                        """)
                .bind("id", id)
                .bind("kind", kind)
                .bind("principal", principal)
                .bind("sha256", Secret.kept(secret))
                .bind("name", name)
                .bind("scopes", String.join(" ", scopes))
                .bind("now", tx.now())
                .bind("expires", tx.now() + validFor.toMillis())
                .execute();
        Revision.raise(tx);
        return find(tx, id);
    }

    private static void end(Transaction tx, Token credential, String event) {
        tx.sql().execute("UPDATE credential SET ended_at = ? WHERE id = ?", tx.now(), credential.id());
        tx.append(event, Principals.subject(credential.principal()), told(credential));
        Revision.raise(tx);
    }

    private void setPassword(Transaction tx, String principal, String hash) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO password (principal, hash, changed_at) VALUES (:principal, :hash, :now)
                        ON CONFLICT (principal) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at
                        """)
                .bind("principal", principal)
                .bind("hash", hash)
                .bind("now", tx.now())
                .execute();
        // Whoever knew the old password may hold a session.
        tx.sql()
                .createUpdate("""
                        UPDATE credential SET ended_at = :now
                        WHERE principal = :principal AND kind = 'SESSION' AND ended_at IS NULL
                        """)
                .bind("principal", principal)
                .bind("now", tx.now())
                .execute();
        tx.append("password.changed", Principals.subject(principal), Map.of("principal", principal));
        Revision.raise(tx);
    }

    private static Optional<Checked> passwordOf(Reading db, String column, String value) {
        return db.sql()
                .createQuery("""
                        SELECT principal.id, password.hash
                        FROM principal
                        JOIN identity ON identity.principal = principal.id
                        JOIN password ON password.principal = principal.id
                        WHERE principal.active AND %s = :value
                        """.formatted(column))
                .bind("value", value)
                .map((row, context) -> new Checked(row.getString(1), row.getString(2)))
                .findOne();
    }

    private String decoyHash() {
        Optional<String> made = decoy.get();
        if (made.isEmpty()) {
            made = Optional.of(passwords.hash(Secret.next(random), ""));
            decoy.set(made);
        }
        return made.get();
    }

    /** The principal that this code was made for; empty for the setup token. @throws Problem when it opens nothing */
    private static Optional<String> invited(Reading db, String code) {
        record Row(Optional<String> principal) {}
        return db.sql()
                .createQuery("SELECT principal FROM invitation WHERE sha256 = :sha256 AND expires_at > :now")
                .bind("sha256", Secret.kept(code))
                .bind("now", db.now())
                .map((row, context) -> new Row(Optional.ofNullable(row.getString(1))))
                .findOne()
                .orElseThrow(Credentials::wrongCode)
                .principal();
    }

    private static void useUp(Transaction tx, String code) {
        tx.sql().execute("DELETE FROM invitation WHERE sha256 = ?", Secret.kept(code));
    }

    private static Problem wrongCode() {
        return Problem.of(
                Problem.Kind.UNAUTHENTICATED, "this code is wrong, was used before, or has expired; ask for a new one");
    }

    private static boolean isAdministrator(Reading db, Actor actor) {
        return Grants.roles(db, actor.principal(), Resource.ORGANISATION).contains(Role.ADMINISTRATOR);
    }

    private static void mustAdministerService(Transaction tx, Actor actor, String principal) {
        if (!isAdministrator(tx, actor)) {
            throw Problem.of(Problem.Kind.DENIED, "only an administrator makes tokens for a service");
        }
        if (Principals.kind(tx, principal) != Kind.SERVICE) {
            throw Problem.refused("nobody makes a token for another person; they make their own");
        }
    }

    /** A token may hand on less than it has, for a day: such as one step of a pipeline, one run. */
    private static void mustBeNarrower(Actor actor, List<String> scopes, Duration validFor) {
        boolean isNarrower = actor.scopes().isEmpty()
                || !scopes.isEmpty()
                        && scopes.stream()
                                .allMatch(scope -> actor.scopes().contains(scope)
                                        || actor.scopes().contains(scope.replaceFirst(":.*", "")));
        if (!isNarrower || validFor.compareTo(TOKEN_BY_TOKEN) > 0) {
            throw Problem.of(
                    Problem.Kind.DENIED, "a token makes only tokens for less than it may itself, for a day at most");
        }
    }

    private static Token find(Reading db, String id) {
        return db.sql()
                .createQuery("SELECT * FROM credential WHERE id = :id")
                .bind("id", id)
                .map(Credentials::read)
                .one();
    }

    private static Told told(Token it) {
        return new Told(it.id(), it.principal(), it.scopes(), it.expiresAt());
    }

    static Token read(ResultSet row, StatementContext context) throws SQLException {
        String scopes = row.getString("scopes");
        long ended = row.getLong("ended_at");
        Optional<Instant> endedAt = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ended));
        return new Token(
                row.getString("id"),
                row.getString("principal"),
                row.getString("name"),
                scopes.isEmpty() ? List.of() : List.of(scopes.split(" ")),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("expires_at")),
                endedAt);
    }
}
