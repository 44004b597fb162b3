package org.plimsoll.serving;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.gates.RolloutPlan;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** The rows of rollouts and of what their steps were judged by. */
final class RolloutRows {

    private static final String COLUMNS = """
            id, endpoint, candidate, artifact, champion, state, resumes, step, plan, policy, replay_rows, salt, started_by,
            started_at, step_started_at, received_from, reason, revision""";

    private RolloutRows() {}

    static void insert(Transaction tx, Rollout rollout) {
        int fresh = tx.sql()
                .createUpdate("""
                        INSERT INTO rollout (id, endpoint, candidate, artifact, champion, state, resumes, step, plan, policy,
                            replay_rows, salt, started_by, started_at, step_started_at, received_from, reason, revision)
                        VALUES (:id, :endpoint, :candidate, :artifact, :champion, :state, NULL, :step, :plan, :policy,
                            :replayRows, :salt, :startedBy, :startedAt, :stepStartedAt, :receivedFrom, NULL, :revision)
                        ON CONFLICT DO NOTHING""")
                .bind("id", rollout.id())
                .bind("endpoint", rollout.endpoint())
                .bind("candidate", rollout.candidate())
                .bind("artifact", rollout.artifact())
                .bind("champion", rollout.champion().map(VersionId::toString).orElse(null))
                .bind("state", rollout.state().name())
                .bind("step", rollout.step())
                .bind("plan", Json.text(rollout.plan()))
                .bind("policy", rollout.policy())
                .bind("replayRows", rollout.replayRows().map(Digest::value).orElse(null))
                .bind("salt", rollout.salt())
                .bind("startedBy", rollout.startedBy())
                .bind("startedAt", rollout.startedAt())
                .bind("stepStartedAt", rollout.stepStartedAt())
                .bind("receivedFrom", rollout.receivedFrom())
                .bind("revision", rollout.revision())
                .execute();
        if (fresh == 0) {
            throw Problem.of(
                    Problem.Kind.CONFLICT, "endpoint " + rollout.endpoint() + " has a rollout that is not over yet");
        }
    }

    /** Moves a rollout on, if nobody else did. */
    static void update(Transaction tx, Rollout next) {
        int moved = tx.sql()
                .createUpdate("""
                        UPDATE rollout SET state = :state, resumes = :resumes, step = :step,
                            step_started_at = :stepStartedAt, received_from = :receivedFrom, reason = :reason,
                            revision = :revision
                        WHERE id = :id AND revision = :revision - 1""")
                .bind("state", next.state().name())
                .bind("resumes", next.resumes().map(Enum::name).orElse(null))
                .bind("step", next.step())
                .bind("stepStartedAt", next.stepStartedAt())
                .bind("receivedFrom", next.receivedFrom())
                .bind("reason", next.reason().orElse(null))
                .bind("revision", next.revision())
                .bind("id", next.id())
                .execute();
        if (moved == 0) {
            throw Problem.of(
                    Problem.Kind.CONFLICT, "the rollout of " + next.candidate() + " changed meanwhile; look again");
        }
    }

    /** Ends a rollout and says so. */
    static Rollout end(Transaction tx, Rollout open, RolloutState how, String why, String event) {
        Rollout ended = open.ended(how, Optional.of(why));
        update(tx, ended);
        tx.append(event, Endpoints.subject(ended.endpoint()), ended);
        return ended;
    }

    static Optional<Rollout> find(Reading db, String id) {
        return db.sql()
                .createQuery("SELECT " + COLUMNS + " FROM rollout WHERE id = :id")
                .bind("id", id)
                .map(new RolloutMapper())
                .findOne();
    }

    static Optional<Rollout> open(Reading db, EndpointName endpoint) {
        return of(db, endpoint).stream()
                .filter(rollout -> rollout.state().isOpen())
                .findFirst();
    }

    /** All rollouts of an endpoint, newest first. */
    static List<Rollout> of(Reading db, EndpointName endpoint) {
        return db.sql()
                .createQuery("SELECT " + COLUMNS + " FROM rollout WHERE endpoint = :endpoint ORDER BY id DESC")
                .bind("endpoint", endpoint)
                .map(new RolloutMapper())
                .list();
    }

    static void keep(Transaction tx, Rollout rollout, StepEvidence evidence) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO step_evidence (rollout, step, judgement, judged_at)
                        VALUES (:rollout, :step, :judgement, :at)
                        ON CONFLICT (rollout, step) DO UPDATE SET judgement = :judgement, judged_at = :at""")
                .bind("rollout", rollout.id())
                .bind("step", evidence.step())
                .bind("judgement", Json.text(evidence))
                .bind("at", evidence.judgedAt())
                .execute();
    }

    static List<StepEvidence> evidence(Reading db, String rollout) {
        return db.sql()
                .createQuery("SELECT judgement FROM step_evidence WHERE rollout = :rollout ORDER BY step")
                .bind("rollout", rollout)
                .map((row, _) -> Json.read(row.getString("judgement"), StepEvidence.class))
                .list();
    }

    private static final class RolloutMapper implements RowMapper<Rollout> {

        @Override
        public Rollout map(java.sql.ResultSet row, StatementContext context) throws java.sql.SQLException {
            return new Rollout(
                    row.getString("id"),
                    new EndpointName(row.getString("endpoint")),
                    VersionId.parse(row.getString("candidate")),
                    new Digest(row.getString("artifact")),
                    Optional.ofNullable(row.getString("champion")).map(VersionId::parse),
                    RolloutState.valueOf(row.getString("state")),
                    Optional.ofNullable(row.getString("resumes")).map(RolloutState::valueOf),
                    row.getInt("step"),
                    Json.read(row.getString("plan"), RolloutPlan.class),
                    new Digest(row.getString("policy")),
                    Optional.ofNullable(row.getString("replay_rows")).map(Digest::new),
                    row.getLong("salt"),
                    row.getString("started_by"),
                    Instant.ofEpochMilli(row.getLong("started_at")),
                    Instant.ofEpochMilli(row.getLong("step_started_at")),
                    Instant.ofEpochMilli(row.getLong("received_from")),
                    Optional.ofNullable(row.getString("reason")),
                    row.getLong("revision"));
        }
    }
}
