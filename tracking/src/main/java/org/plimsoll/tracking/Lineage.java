package org.plimsoll.tracking;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.StatementContext;
import org.plimsoll.core.Digest;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;
import org.plimsoll.tracking.TrackingOperations.GetLineage;
import org.plimsoll.tracking.TrackingOperations.LineageGraph;

/**
 * What was made from what, and by whom. Edges are only added: whoever once had something made from these bytes stays on its line.
 */
public final class Lineage {

    /** Everything {@code digest} was made from. */
    public LineageGraph get(Reading db, GetLineage request) {
        List<Edge> edges = upstream(db, request.digest());
        return new LineageGraph(request.digest(), edges, List.copyOf(people(edges)));
    }

    /** All edges on the lines that lead to {@code target}, oldest first. A digest no step made has none. */
    public static List<Edge> upstream(Reading db, Digest target) {
        return db.sql()
                .createQuery("""
                        WITH RECURSIVE line (digest) AS (
                            SELECT CAST(:target AS TEXT)
                            UNION
                            SELECT lineage.source FROM lineage JOIN line ON lineage.target = line.digest)
                        SELECT source, target, input, run, step, person, at FROM lineage
                        WHERE target IN (SELECT digest FROM line)
                        ORDER BY at, run, target, input""")
                .bind("target", target.value())
                .map(Lineage::row)
                .list();
    }

    /** Principals on the lines that lead to {@code target}: who had any part of it made. */
    public static Set<String> people(Reading db, Digest target) {
        return people(upstream(db, target));
    }

    private static Set<String> people(List<Edge> edges) {
        return edges.stream().map(Edge::person).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Adds the edges of an executed step: each output was made from every input. */
    static void add(Transaction tx, String run, String step, List<Port> inputs, List<Port> outputs) {
        var batch = tx.sql().prepareBatch("""
                INSERT INTO lineage (source, target, input, run, step, person, at)
                VALUES (:source, :target, :input, :run, :step, :person, :at) ON CONFLICT DO NOTHING""");
        for (Port output : outputs) {
            for (Port input : inputs) {
                batch.bind("source", input.digest().value())
                        .bind("target", output.digest().value())
                        .bind("input", input.name())
                        .bind("run", run)
                        .bind("step", step)
                        .bind("person", tx.actor().principal())
                        .bind("at", tx.now())
                        .add();
            }
        }
        if (batch.size() > 0) {
            batch.execute();
        }
    }

    private static Edge row(ResultSet row, StatementContext context) throws SQLException {
        return new Edge(
                new Digest(row.getString("source")),
                new Digest(row.getString("target")),
                row.getString("input"),
                row.getString("run"),
                row.getString("step"),
                row.getString("person"),
                Instant.ofEpochMilli(row.getLong("at")));
    }
}
