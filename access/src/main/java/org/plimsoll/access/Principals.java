package org.plimsoll.access;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.statement.StatementContext;
import org.plimsoll.access.AccessOperations.ActivatePrincipal;
import org.plimsoll.access.AccessOperations.CreateService;
import org.plimsoll.access.AccessOperations.DeactivatePrincipal;
import org.plimsoll.access.AccessOperations.ErasePrincipal;
import org.plimsoll.access.AccessOperations.FoundHome;
import org.plimsoll.access.AccessOperations.GiveRole;
import org.plimsoll.access.AccessOperations.Invitation;
import org.plimsoll.access.AccessOperations.InvitePerson;
import org.plimsoll.access.AccessOperations.LinkAccount;
import org.plimsoll.access.AccessOperations.ListPrincipals;
import org.plimsoll.access.AccessOperations.Me;
import org.plimsoll.access.AccessOperations.OpenToTeam;
import org.plimsoll.access.AccessOperations.PrincipalView;
import org.plimsoll.access.AccessOperations.ReinvitePerson;
import org.plimsoll.access.AccessOperations.RoleWanted;
import org.plimsoll.access.AccessOperations.SetupToken;
import org.plimsoll.access.AccessOperations.ShowPrincipal;
import org.plimsoll.access.AccessOperations.TakeRole;
import org.plimsoll.access.AccessOperations.WhoAmI;
import org.plimsoll.access.Principal.Kind;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** Keeps and finds people and programs, and opens a home to a team. */
public final class Principals {

    static final Duration SETUP_VALID = Duration.ofMinutes(15);
    private static final Duration INVITATION_VALID = Duration.ofDays(7);
    private static final String SELECT = """
            SELECT principal.id, principal.kind, identity.login, identity.name, identity.email,
                   principal.active, principal.created_at
            FROM principal LEFT JOIN identity ON identity.principal = principal.id
            """;

    /** What the events about a principal tell; never a name. */
    record Told(String principal, Kind kind) {}

    private final SecureRandom random;

    public Principals(SecureRandom random) {
        this.random = random;
    }

    // ---- finding ----

    /** The principal with this login or id. */
    public static Principal find(Reading db, String loginOrId) {
        return db.sql()
                .createQuery(SELECT + " WHERE identity.login = :wanted OR principal.id = :wanted")
                .bind("wanted", loginOrId)
                .map(Principals::read)
                .findFirst()
                .orElseThrow(() -> Problem.notFound("person or service", loginOrId));
    }

    /** The names of these principals for people to read; the id itself where a name was erased. */
    public static Map<String, String> names(Reading db, Collection<String> ids) {
        Map<String, String> names = new TreeMap<>();
        for (String id : ids) {
            names.put(id, name(db, id));
        }
        return Map.copyOf(names);
    }

    /** The name of this principal for people to read; the id itself where it was erased or never known. */
    public static String name(Reading db, String id) {
        return db.sql()
                .createQuery("SELECT name FROM identity WHERE principal = :id")
                .bind("id", id)
                .mapTo(String.class)
                .findOne()
                .orElse(id);
    }

    /**
     * The human who counts for this principal: the person a second account or a program was linked to, for other programs who
     * made them, else the principal itself. Two approvals need two of these.
     */
    public static String person(Reading db, String id) {
        require(db, id);
        return db.sql().createQuery("""
                        SELECT coalesce(linked.person, made.person, maker.id, principal.id)
                        FROM principal
                        LEFT JOIN same_person AS linked ON linked.account = principal.id
                        LEFT JOIN principal AS maker
                            ON principal.kind = 'SERVICE' AND maker.id = principal.created_by AND maker.kind = 'PERSON'
                        LEFT JOIN same_person AS made ON made.account = maker.id
                        WHERE principal.id = :id
                        """).bind("id", id).mapTo(String.class).one();
    }

    /** Whether it is a person or a program. */
    public static Kind kind(Reading db, String id) {
        return find(db, id).kind();
    }

    static boolean isActive(Reading db, String id) {
        return db.sql()
                .createQuery("SELECT active FROM principal WHERE id = :id")
                .bind("id", id)
                .mapTo(Boolean.class)
                .findOne()
                .orElse(false);
    }

    static void require(Reading db, String id) {
        boolean isThere = db.sql()
                .createQuery("SELECT 1 FROM principal WHERE id = :id")
                .bind("id", id)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
        if (!isThere) {
            throw Problem.notFound("person or service", id);
        }
    }

    /** Whether the home was opened to a team. */
    public static boolean isTeam(Reading db) {
        return db.sql()
                .createQuery("SELECT team FROM access_state")
                .mapTo(Boolean.class)
                .one();
    }

    // ---- operations ----

    Me whoAmI(Reading db, Actor actor, WhoAmI request) {
        return new Me(
                find(db, actor.principal()),
                actor.proof(),
                actor.scopes().stream().sorted().toList(),
                Grants.of(db, actor.principal()),
                isTeam(db));
    }

    List<Principal> list(Reading db, ListPrincipals request) {
        return db.sql()
                .createQuery(SELECT
                        + " WHERE principal.kind = :kind OR :kind = '' ORDER BY principal.created_at, principal.id")
                .bind("kind", request.kind().map(Kind::name).orElse(""))
                .map(Principals::read)
                .list();
    }

    PrincipalView show(Reading db, ShowPrincipal request) {
        Principal found = find(db, request.principal());
        return new PrincipalView(found, Grants.of(db, found.id()));
    }

    /** The first write into a new home: its one person, who may do everything. */
    Principal found(Transaction tx, FoundHome request) {
        if (tx.sql()
                        .createQuery("SELECT count(*) FROM principal")
                        .mapTo(Long.class)
                        .one()
                > 0) {
            throw Problem.of(Problem.Kind.CONFLICT, "this home was founded before");
        }
        insert(tx, Principal.LOCAL, Kind.PERSON, Principal.LOCAL, "owner of this home", Optional.empty());
        for (Role role : Role.values()) {
            Grants.give(tx, Principal.LOCAL, role, Resource.ORGANISATION);
        }
        Forgetting.begin(tx);
        return find(tx, Principal.LOCAL);
    }

    /** From here on every call needs a credential of its own; the answer's token makes the first administrator. */
    SetupToken openToTeam(Transaction tx, OpenToTeam request) {
        if (!Grants.holders(tx, Role.ADMINISTRATOR, Resource.ORGANISATION).stream()
                .allMatch(Principal.LOCAL::equals)) {
            throw Problem.of(
                    Problem.Kind.CONFLICT,
                    "this home has an administrator already; the setup token is not needed again");
        }
        tx.sql().execute("UPDATE access_state SET team = TRUE");
        tx.sql().execute("UPDATE principal SET active = FALSE WHERE id = ?", Principal.LOCAL);
        tx.sql().execute("DELETE FROM invitation WHERE principal IS NULL");
        String code = Secret.next(random);
        Instant expires = Instant.ofEpochMilli(tx.now()).plus(SETUP_VALID);
        invite(tx, code, Optional.empty(), expires);
        tx.append("home.opened-to-team", Resource.ORGANISATION.toString(), Map.of("setup_until", expires.toString()));
        Revision.raise(tx);
        return new SetupToken(code, expires);
    }

    Invitation invite(Transaction tx, InvitePerson request) {
        String id = create(tx, Kind.PERSON, request.login(), request.name(), request.email(), request.roles());
        return invitation(tx, id);
    }

    Invitation reinvite(Transaction tx, ReinvitePerson request) {
        Principal person = find(tx, request.principal());
        if (person.kind() != Kind.PERSON) {
            throw Problem.refused(person.login() + " is a service; it has tokens, not a password");
        }
        tx.append("principal.invited", subject(person.id()), new Told(person.id(), person.kind()));
        return invitation(tx, person.id());
    }

    Principal createService(Transaction tx, CreateService request) {
        return find(tx, create(tx, Kind.SERVICE, request.login(), request.name(), Optional.empty(), request.roles()));
    }

    PrincipalView give(Transaction tx, GiveRole request) {
        String id = find(tx, request.principal()).id();
        Grants.give(tx, id, request.role(), request.resource().orElse(Resource.ORGANISATION));
        if (tx.appended() == 0) {
            throw Problem.of(Problem.Kind.CONFLICT, request.principal() + " has this role already");
        }
        return show(tx, new ShowPrincipal(id));
    }

    PrincipalView take(Transaction tx, TakeRole request) {
        String id = find(tx, request.principal()).id();
        Grants.take(tx, id, request.role(), request.resource().orElse(Resource.ORGANISATION));
        if (tx.appended() == 0) {
            throw Problem.of(Problem.Kind.CONFLICT, request.principal() + " does not have this role there");
        }
        mustHaveAdministrator(tx);
        return show(tx, new ShowPrincipal(id));
    }

    Principal deactivate(Transaction tx, DeactivatePrincipal request) {
        Principal one = find(tx, request.principal());
        if (!one.isActive()) {
            throw Problem.of(Problem.Kind.CONFLICT, one.login() + " is not active as it is");
        }
        tx.sql().execute("UPDATE principal SET active = FALSE WHERE id = ?", one.id());
        tx.sql()
                .execute(
                        "UPDATE credential SET ended_at = ? WHERE principal = ? AND ended_at IS NULL",
                        tx.now(),
                        one.id());
        tx.sql().execute("DELETE FROM invitation WHERE principal = ?", one.id());
        mustHaveAdministrator(tx);
        tx.append("principal.deactivated", subject(one.id()), new Told(one.id(), one.kind()));
        Revision.raise(tx);
        return find(tx, one.id());
    }

    Principal activate(Transaction tx, ActivatePrincipal request) {
        Principal one = find(tx, request.principal());
        if (one.isActive() || one.id().equals(Principal.LOCAL)) {
            throw Problem.of(
                    Problem.Kind.CONFLICT,
                    one.login() + " cannot be activated: "
                            + (one.isActive() ? "it is active" : "this home was opened to a team, for good"));
        }
        tx.sql().execute("UPDATE principal SET active = TRUE WHERE id = ?", one.id());
        tx.append("principal.activated", subject(one.id()), new Told(one.id(), one.kind()));
        Revision.raise(tx);
        return find(tx, one.id());
    }

    /** From here on both count as one person; what either did before counts too. There is no way back. */
    Principal link(Transaction tx, LinkAccount request) {
        String account = find(tx, request.principal()).id();
        Principal person = find(tx, person(tx, find(tx, request.person()).id()));
        if (person.kind() != Kind.PERSON) {
            throw Problem.invalid("person", request.person(), "a person, not a program");
        }
        if (person(tx, account).equals(person.id())) {
            throw Problem.of(Problem.Kind.CONFLICT, request.principal() + " counts as " + person.login() + " as it is");
        }
        tx.sql().execute("UPDATE same_person SET person = ? WHERE person = ?", person.id(), account);
        tx.sql()
                .createUpdate("""
                        INSERT INTO same_person (account, person, linked_by, linked_at)
                        VALUES (:account, :person, :by, :now)
                        ON CONFLICT (account) DO UPDATE SET person = :person, linked_by = :by, linked_at = :now
                        """)
                .bind("account", account)
                .bind("person", person.id())
                .bind("by", tx.actor().principal())
                .bind("now", tx.now())
                .execute();
        tx.append("principal.linked", subject(account), Map.of("account", account, "person", person.id()));
        return person;
    }

    /** Erases who it was; what it did stays, under its id. */
    Principal erase(Transaction tx, ErasePrincipal request) {
        Principal one = find(tx, request.principal());
        if (one.isActive()) {
            throw Problem.refused(one.login() + " is active; deactivate it before erasing who it was");
        }
        tx.sql().execute("DELETE FROM identity WHERE principal = ?", one.id());
        tx.sql().execute("DELETE FROM password WHERE principal = ?", one.id());
        tx.append("principal.erased", subject(one.id()), new Told(one.id(), one.kind()));
        Revision.raise(tx);
        return find(tx, one.id());
    }

    // ---- parts ----

    String create(
            Transaction tx, Kind kind, String login, String name, Optional<String> email, List<RoleWanted> roles) {
        boolean isTaken = tx.sql()
                .createQuery("SELECT 1 FROM identity WHERE login = :login")
                .bind("login", login)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
        if (isTaken) {
            throw Problem.of(Problem.Kind.CONFLICT, "the login " + login + " is taken", Map.of("field", "login"));
        }
        String id = Ids.next();
        insert(tx, id, kind, login, name, email);
        for (RoleWanted wanted : roles) {
            Grants.give(tx, id, wanted.role(), wanted.resource());
        }
        return id;
    }

    private static void insert(
            Transaction tx, String id, Kind kind, String login, String name, Optional<String> email) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO principal (id, kind, active, created_at, created_by)
                        VALUES (:id, :kind, TRUE, :now, :by)
                        """)
                .bind("id", id)
                .bind("kind", kind.name())
                .bind("now", tx.now())
                .bind("by", tx.actor().principal())
                .execute();
        tx.sql()
                .createUpdate("""
                        INSERT INTO identity (principal, login, name, email) VALUES (:id, :login, :name, :email)
                        """)
                .bind("id", id)
                .bind("login", login)
                .bind("name", name)
                .bind("email", email)
                .execute();
        tx.append("principal.created", subject(id), new Told(id, kind));
        Revision.raise(tx);
    }

    private Invitation invitation(Transaction tx, String principal) {
        tx.sql().execute("DELETE FROM invitation WHERE principal = ?", principal);
        String code = Secret.next(random);
        Instant expires = Instant.ofEpochMilli(tx.now()).plus(INVITATION_VALID);
        invite(tx, code, Optional.of(principal), expires);
        return new Invitation(find(tx, principal), code, expires);
    }

    private static void invite(Transaction tx, String code, Optional<String> principal, Instant expires) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO invitation (sha256, principal, expires_at) VALUES (:sha256, :principal, :expires)
                        """)
                .bind("sha256", Secret.kept(code))
                .bind("principal", principal)
                .bind("expires", expires.toEpochMilli())
                .execute();
    }

    /** A home that nobody can administer any more could not be repaired from inside. */
    private static void mustHaveAdministrator(Transaction tx) {
        if (Grants.holders(tx, Role.ADMINISTRATOR, Resource.ORGANISATION).isEmpty()) {
            throw Problem.refused("this is the last administrator; give somebody else the role first");
        }
    }

    static String subject(String id) {
        return Resource.principal(id).toString();
    }

    private static Principal read(ResultSet row, StatementContext context) throws SQLException {
        String id = row.getString("id");
        Optional<String> login = Optional.ofNullable(row.getString("login"));
        Optional<String> name = Optional.ofNullable(row.getString("name"));
        return new Principal(
                id,
                Kind.valueOf(row.getString("kind")),
                login.orElse(id),
                name.orElse(id),
                Optional.ofNullable(row.getString("email")),
                row.getBoolean("active"),
                Instant.ofEpochMilli(row.getLong("created_at")));
    }
}
