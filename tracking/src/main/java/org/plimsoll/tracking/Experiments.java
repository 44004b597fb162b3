package org.plimsoll.tracking;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Resources;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;
import org.plimsoll.tracking.TrackingOperations.CreateExperiment;
import org.plimsoll.tracking.TrackingOperations.GetExperiment;
import org.plimsoll.tracking.TrackingOperations.ListExperiments;

/** Keeps and finds experiments. */
public final class Experiments {

    /** All experiments. */
    public record Listing(List<Experiment> experiments) {}

    /** Begins an experiment; a name is taken once. */
    public Experiment create(Transaction tx, CreateExperiment request) {
        Optional<Experiment> created = tx.sql()
                .createQuery("""
                        INSERT INTO experiment (name, number, created_by, created_at)
                        SELECT :name, COALESCE(MAX(number), 0) + 1, :person, :now FROM experiment WHERE TRUE
                        ON CONFLICT (name) DO NOTHING
                        RETURNING name, number, created_by, created_at""")
                .bind("name", request.experiment().value())
                .bind("person", tx.actor().principal())
                .bind("now", tx.now())
                .map(Experiments::row)
                .findOne();
        Experiment experiment = created.orElseThrow(
                () -> Problem.of(Problem.Kind.CONFLICT, "there is an experiment " + request.experiment() + " already"));
        Resources.add(tx, Resource.of("experiment", experiment.name()), Resource.ORGANISATION);
        tx.append("experiment.created", "experiment/" + experiment.name(), experiment);
        return experiment;
    }

    /** One experiment. */
    public Experiment get(Reading db, GetExperiment request) {
        return db.sql()
                .createQuery("SELECT name, number, created_by, created_at FROM experiment WHERE name = :name")
                .bind("name", request.experiment().value())
                .map(Experiments::row)
                .findOne()
                .orElseThrow(() -> Problem.notFound("experiment", request.experiment()));
    }

    /** All experiments, by name. */
    public Listing list(Reading db, ListExperiments request) {
        return new Listing(db.sql()
                .createQuery("SELECT name, number, created_by, created_at FROM experiment ORDER BY name")
                .map(Experiments::row)
                .list());
    }

    private static Experiment row(ResultSet row, StatementContext context) throws SQLException {
        return new Experiment(
                new ExperimentName(row.getString("name")),
                row.getLong("number"),
                row.getString("created_by"),
                Instant.ofEpochMilli(row.getLong("created_at")));
    }
}
