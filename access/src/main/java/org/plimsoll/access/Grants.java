package org.plimsoll.access;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.StatementContext;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** Who has which role on what: one row a grant, one event a change. */
public final class Grants {

    /** What the events {@code grant.given} and {@code grant.taken} tell. */
    record Told(String principal, Role role, Resource resource) {}

    private Grants() {}

    /** Gives the role; nothing happens, and no event is appended, where it stands already. */
    public static void give(Transaction tx, String principal, Role role, Resource resource) {
        Principals.require(tx, principal);
        int given = tx.sql()
                .createUpdate("""
                        INSERT INTO role_grant (principal, role, resource, since, given_by)
                        VALUES (:principal, :role, :resource, :now, :by)
                        ON CONFLICT (principal, role, resource) DO NOTHING
                        """)
                .bind("principal", principal)
                .bind("role", role.name())
                .bind("resource", resource.toString())
                .bind("now", tx.now())
                .bind("by", tx.actor().principal())
                .execute();
        if (given == 1) {
            tx.append("grant.given", resource.toString(), new Told(principal, role, resource));
            Revision.raise(tx);
        }
    }

    /** Takes the role away; nothing happens where it was not given. */
    public static void take(Transaction tx, String principal, Role role, Resource resource) {
        int taken = tx.sql()
                .createUpdate("""
                        DELETE FROM role_grant WHERE principal = :principal AND role = :role AND resource = :resource
                        """)
                .bind("principal", principal)
                .bind("role", role.name())
                .bind("resource", resource.toString())
                .execute();
        if (taken == 1) {
            tx.append("grant.taken", resource.toString(), new Told(principal, role, resource));
            Revision.raise(tx);
        }
    }

    /** What this principal has, anywhere. */
    public static List<Grant> of(Reading db, String principal) {
        return db.sql()
                .createQuery("""
                        SELECT principal, role, resource, since, given_by FROM role_grant
                        WHERE principal = :principal ORDER BY resource, role
                        """)
                .bind("principal", principal)
                .map(Grants::read)
                .list();
    }

    /** Who has what on exactly this resource. */
    public static List<Grant> on(Reading db, Resource resource) {
        return db.sql()
                .createQuery("""
                        SELECT principal, role, resource, since, given_by FROM role_grant
                        WHERE resource = :resource ORDER BY role, since, principal
                        """)
                .bind("resource", resource.toString())
                .map(Grants::read)
                .list();
    }

    /** The active principals who have this role on the resource or above it, nearest and earliest first. */
    public static List<String> holders(Reading db, Role role, Resource resource) {
        return Resources.lineOf(db, resource).stream()
                .flatMap(above -> on(db, above).stream())
                .filter(grant -> grant.role() == role && Principals.isActive(db, grant.principal()))
                .map(Grant::principal)
                .distinct()
                .toList();
    }

    /** The roles this principal has on the resource, there or above it. */
    public static Set<Role> roles(Reading db, String principal, Resource resource) {
        List<Resource> line = Resources.lineOf(db, resource);
        return of(db, principal).stream()
                .filter(grant -> line.contains(grant.resource()))
                .map(Grant::role)
                .collect(Collectors.toUnmodifiableSet());
    }

    static Grant read(ResultSet row, StatementContext context) throws SQLException {
        return new Grant(
                row.getString("principal"),
                Role.valueOf(row.getString("role")),
                Resource.parse(row.getString("resource")),
                Instant.ofEpochMilli(row.getLong("since")),
                row.getString("given_by"));
    }
}
