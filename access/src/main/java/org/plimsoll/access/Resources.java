package org.plimsoll.access;

import java.util.ArrayList;
import java.util.List;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/**
 * The tree of everything a grant can be given on. Each room adds its noun's row in the transaction that creates the noun; what
 * has no row counts as a child of the organisation.
 */
public final class Resources {

    private Resources() {}

    /** Enters a new resource below its parent; one that is there already keeps its place. */
    public static void add(Transaction tx, Resource it, Resource parent) {
        int added = tx.sql()
                .createUpdate("""
                        INSERT INTO resource (resource, parent) VALUES (:resource, :parent)
                        ON CONFLICT (resource) DO NOTHING
                        """)
                .bind("resource", it.toString())
                .bind("parent", parent.toString())
                .execute();
        if (added == 1 && !it.kind().equals("run")) { // runs are many, and nothing kept in memory asks for them
            Revision.raise(tx);
        }
    }

    /** Itself, its parent, and so on up to the organisation. */
    public static List<Resource> lineOf(Reading db, Resource it) {
        List<Resource> line = new ArrayList<>();
        line.add(it);
        db.sql()
                .createQuery("""
                        WITH RECURSIVE line (parent, depth) AS (
                            SELECT parent, 1 FROM resource WHERE resource = :resource
                            UNION ALL
                            SELECT resource.parent, line.depth + 1
                            FROM resource JOIN line ON resource.resource = line.parent
                            WHERE line.depth < 32)
                        SELECT parent FROM line ORDER BY depth
                        """)
                .bind("resource", it.toString())
                .mapTo(String.class)
                .forEach(parent -> line.add(Resource.parse(parent)));
        if (!line.getLast().equals(Resource.ORGANISATION)) {
            line.add(Resource.ORGANISATION);
        }
        return List.copyOf(line);
    }
}
