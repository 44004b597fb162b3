package org.plimsoll.tracking;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;
import org.plimsoll.core.Digest;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.store.Reading;

/** Reads runs whole, many at a time: one query for each table, whatever the number of runs. */
final class RunRows {

    private RunRows() {}

    /** The runs of these ids, in this order; ids that no run has are left out. */
    static List<Run> load(Reading db, List<String> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        Map<String, Map<String, String>> parameters = entries(db, "run_parameter", ids);
        Map<String, Map<String, String>> tags = entries(db, "run_tag", ids);
        Map<String, List<MetricPoint>> metrics = latest(db, ids);
        Map<String, List<Port>> inputs = ports(db, "IN", ids);
        Map<String, List<Port>> outputs = ports(db, "OUT", ids);
        Map<String, List<Verification>> verifications = verifications(db, ids);
        Map<String, Run> byId = new HashMap<>();
        db.sql()
                .createQuery("""
                        SELECT id, experiment, name, purpose, origin, parent, step, step_key, restored_from, status,
                               started_by, started_at, ended_at, reason, seal
                        FROM run WHERE id IN (<ids>)""")
                .bindList("ids", ids)
                .map((row, context) -> {
                    String id = row.getString("id");
                    return run(
                            row,
                            id,
                            parameters.getOrDefault(id, Map.of()),
                            tags.getOrDefault(id, Map.of()),
                            metrics.getOrDefault(id, List.of()),
                            inputs.getOrDefault(id, List.of()),
                            outputs.getOrDefault(id, List.of()),
                            verifications.getOrDefault(id, List.of()));
                })
                .forEach(run -> byId.put(run.id(), run));
        return ids.stream().filter(byId::containsKey).map(byId::get).toList();
    }

    private static Run run(
            ResultSet row,
            String id,
            Map<String, String> parameters,
            Map<String, String> tags,
            List<MetricPoint> metrics,
            List<Port> inputs,
            List<Port> outputs,
            List<Verification> verifications)
            throws SQLException {
        Optional<String> key = text(row, "step_key");
        Optional<Step> step = key.isEmpty()
                ? Optional.empty()
                : Optional.of(new Step(row.getString("step"), new Digest(key.get()), text(row, "restored_from")));
        long ended = row.getLong("ended_at");
        Optional<Instant> endedAt = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ended));
        return new Run(
                id,
                new ExperimentName(row.getString("experiment")),
                text(row, "name"),
                Run.Purpose.valueOf(row.getString("purpose")),
                text(row, "origin"),
                text(row, "parent"),
                step,
                Run.Status.valueOf(row.getString("status")),
                row.getString("started_by"),
                Instant.ofEpochMilli(row.getLong("started_at")),
                endedAt,
                text(row, "reason"),
                text(row, "seal").map(Digest::new),
                parameters,
                tags,
                metrics,
                inputs,
                outputs,
                verifications);
    }

    private static Map<String, Map<String, String>> entries(Reading db, String table, List<String> ids) {
        record Entry(String run, String key, String value) {}
        Map<String, Map<String, String>> found = new HashMap<>();
        db.sql()
                .createQuery("SELECT run, key, value FROM <table> WHERE run IN (<ids>) ORDER BY run, key")
                .define("table", table)
                .bindList("ids", ids)
                .map((row, context) -> new Entry(row.getString("run"), row.getString("key"), row.getString("value")))
                .forEach(entry -> found.computeIfAbsent(entry.run, run -> new LinkedHashMap<>())
                        .put(entry.key, entry.value));
        return found;
    }

    /** Of closed runs as written at their closing; of open ones from their points. */
    private static Map<String, List<MetricPoint>> latest(Reading db, List<String> ids) {
        record Latest(String run, MetricPoint point) {}
        Map<String, List<MetricPoint>> found = new HashMap<>();
        db.sql()
                .createQuery("""
                        SELECT run, key, step, at, value FROM metric_latest WHERE run IN (<ids>)
                        UNION ALL
                        SELECT run, key, step, at, value FROM (
                            SELECT metric.run, metric.key, metric.step, metric.at, metric.value,
                                   ROW_NUMBER() OVER (PARTITION BY metric.run, metric.key
                                       ORDER BY metric.step DESC, metric.at DESC, metric.value DESC NULLS LAST) AS place
                            FROM metric JOIN run ON run.id = metric.run
                            WHERE run.id IN (<ids>) AND run.seal IS NULL) AS points
                        WHERE place = 1
                        ORDER BY run, key""")
                .bindList("ids", ids)
                .map((row, context) -> new Latest(row.getString("run"), point(row, context)))
                .forEach(latest -> found.computeIfAbsent(latest.run, run -> new ArrayList<>())
                        .add(latest.point));
        return found;
    }

    static MetricPoint point(ResultSet row, StatementContext context) throws SQLException {
        double read = row.getDouble("value");
        double value = row.wasNull() ? Double.NaN : read; // asked at once: wasNull is about the column read last
        return new MetricPoint(
                row.getString("key"), value, row.getLong("step"), Instant.ofEpochMilli(row.getLong("at")));
    }

    private static Map<String, List<Port>> ports(Reading db, String direction, List<String> ids) {
        record Placed(String run, Port port) {}
        Map<String, List<Port>> found = new HashMap<>();
        db.sql()
                .createQuery("""
                        SELECT run, name, digest, form FROM run_port
                        WHERE direction = :direction AND run IN (<ids>) ORDER BY run, place""")
                .bind("direction", direction)
                .bindList("ids", ids)
                .map((row, context) -> new Placed(
                        row.getString("run"),
                        new Port(
                                row.getString("name"),
                                new Digest(row.getString("digest")),
                                Port.Form.valueOf(row.getString("form")))))
                .forEach(placed -> found.computeIfAbsent(placed.run, run -> new ArrayList<>())
                        .add(placed.port));
        return found;
    }

    private static Map<String, List<Verification>> verifications(Reading db, List<String> ids) {
        record Of(String run, Verification verification) {}
        Map<String, List<Verification>> found = new HashMap<>();
        db.sql()
                .createQuery("""
                        SELECT run, step, output, level, original, repeated FROM run_verification
                        WHERE run IN (<ids>) ORDER BY run, place""")
                .bindList("ids", ids)
                .map((row, context) -> new Of(row.getString("run"), verification(row, context)))
                .forEach(of ->
                        found.computeIfAbsent(of.run, run -> new ArrayList<>()).add(of.verification));
        return found;
    }

    static Verification verification(ResultSet row, StatementContext context) throws SQLException {
        return new Verification(
                row.getString("step"),
                row.getString("output"),
                Verification.Level.valueOf(row.getString("level")),
                new Digest(row.getString("original")),
                new Digest(row.getString("repeated")));
    }

    private static Optional<String> text(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }
}
