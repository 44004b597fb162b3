package org.plimsoll.tracking;

import java.sql.Types;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.access.Operation.Look;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Resources;
import org.plimsoll.core.Digest;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;
import org.plimsoll.tracking.TrackingOperations.CloseRun;
import org.plimsoll.tracking.TrackingOperations.CreateRun;
import org.plimsoll.tracking.TrackingOperations.CreateStep;
import org.plimsoll.tracking.TrackingOperations.FindSteps;
import org.plimsoll.tracking.TrackingOperations.GetMetricHistory;
import org.plimsoll.tracking.TrackingOperations.GetRun;
import org.plimsoll.tracking.TrackingOperations.GetSteps;
import org.plimsoll.tracking.TrackingOperations.LogBatch;
import org.plimsoll.tracking.TrackingOperations.Logged;
import org.plimsoll.tracking.TrackingOperations.MetricHistory;
import org.plimsoll.tracking.TrackingOperations.RunList;
import org.plimsoll.tracking.TrackingOperations.SearchRuns;

/**
 * Keeps and finds runs. Only the person who started a run writes to it, so that a run's edges of lineage name who did the work;
 * an abandoned run may be closed as killed by others. Logging only adds rows: writers of one run never wait for each other.
 */
public final class Runs {

    /** Tag of a run that makes a version anew: the version it was retrained from. It can only add people to those involved. */
    public static final String RETRAINED_FROM = "plimsoll.retrained-from";

    private static final int MOST_RUNS = 1_000;
    private static final int MOST_HISTORY = 25_000;
    private static final int SHORTEST_PREFIX = 4;

    /** Begins a run. */
    public Run create(Transaction tx, CreateRun request) {
        boolean known = tx.sql()
                .createQuery("SELECT 1 FROM experiment WHERE name = :name")
                .bind("name", request.experiment().value())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
        if (!known) {
            throw Problem.notFound("experiment", request.experiment());
        }
        Optional<String> origin = request.origin().map(it -> find(tx, it).id());
        Run run = insert(
                tx,
                request.experiment(),
                request.name(),
                origin,
                Optional.empty(),
                Optional.empty(),
                request.parameters(),
                request.tags(),
                List.of());
        Resources.add(tx, Resource.of("run", run.id()), Resource.of("experiment", run.experiment()));
        tx.append("run.started", "run/" + run.id(), run);
        return run;
    }

    /** Begins a step of a run. */
    public Run begin(Transaction tx, CreateStep request) {
        Run parent = find(tx, RunHeader.writable(tx, request.run()).id());
        if (parent.parent().isPresent()) {
            throw Problem.invalid("run", parent.id(), "a run that is not a step itself");
        }
        Port.refuseDoubles("inputs", request.inputs());
        Run step = insert(
                tx,
                parent.experiment(),
                Optional.of(request.step()),
                parent.origin(),
                Optional.of(parent.id()),
                Optional.of(new Step(request.step(), request.key(), Optional.empty())),
                Map.of(),
                Map.of(),
                request.inputs());
        Resources.add(tx, Resource.of("run", step.id()), Resource.of("run", parent.id()));
        tx.append("step.started", "run/" + step.id(), step);
        return step;
    }

    private static Run insert(
            Transaction tx,
            ExperimentName experiment,
            Optional<String> name,
            Optional<String> origin,
            Optional<String> parent,
            Optional<Step> step,
            Map<String, String> parameters,
            Map<String, String> tags,
            List<Port> inputs) {
        String id = Ids.next();
        tx.sql()
                .createUpdate("""
                        INSERT INTO run (id, experiment, name, purpose, origin, parent, step, step_key, status,
                                         started_by, started_at)
                        VALUES (:id, :experiment, :name, :purpose, :origin, :parent, :step, :key, 'RUNNING',
                                :person, :now)""")
                .bind("id", id)
                .bind("experiment", experiment.value())
                .bind("name", name)
                .bind("purpose", origin.isPresent() ? "RERUN" : "RUN")
                .bind("origin", origin)
                .bind("parent", parent)
                .bind("step", step.map(Step::name))
                .bind("key", step.map(it -> it.key().value()))
                .bind("person", tx.actor().principal())
                .bind("now", tx.now())
                .execute();
        addParameters(tx, id, parameters);
        setTags(tx, id, tags);
        addPorts(tx, id, "IN", inputs);
        return find(tx, id);
    }

    /** Adds points, parameters and tags. A parameter is written once; the same value again is no change. */
    public Logged log(Transaction tx, LogBatch request) {
        RunHeader run = RunHeader.of(tx, request.run());
        run.refuseStrangers(tx);
        if (!request.metrics().isEmpty() || !request.parameters().isEmpty()) {
            run.refuseClosed();
        }
        if (!request.metrics().isEmpty()) {
            var batch = tx.sql().prepareBatch("INSERT INTO metric (run, key, step, at, value) VALUES (?, ?, ?, ?, ?)");
            for (MetricPoint point : request.metrics()) {
                batch.bind(0, run.id())
                        .bind(1, point.key())
                        .bind(2, point.step())
                        .bind(3, point.at().toEpochMilli());
                if (Double.isNaN(point.value())) {
                    batch.bindNull(4, Types.DOUBLE);
                } else {
                    batch.bind(4, point.value());
                }
                batch.add();
            }
            batch.execute();
        }
        addParameters(tx, run.id(), request.parameters());
        setTags(tx, run.id(), request.tags());
        return new Logged(
                request.metrics().size(),
                request.parameters().size(),
                request.tags().size());
    }

    private static void addParameters(Transaction tx, String run, Map<String, String> parameters) {
        parameters.forEach((key, value) -> {
            int added = tx.sql()
                    .createUpdate("""
                            INSERT INTO run_parameter (run, key, value) VALUES (:run, :key, :value)
                            ON CONFLICT (run, key) DO NOTHING""")
                    .bind("run", run)
                    .bind("key", key)
                    .bind("value", value)
                    .execute();
            if (added == 0) {
                String kept = tx.sql()
                        .createQuery("SELECT value FROM run_parameter WHERE run = :run AND key = :key")
                        .bind("run", run)
                        .bind("key", key)
                        .mapTo(String.class)
                        .one();
                if (!kept.equals(value)) {
                    throw Problem.of(
                            Problem.Kind.CONFLICT,
                            "parameter " + key + " of run " + run + " is " + kept
                                    + " already; a parameter is written once");
                }
            }
        });
    }

    private static void setTags(Transaction tx, String run, Map<String, String> tags) {
        tags.forEach((key, value) -> tx.sql()
                .createUpdate("""
                        INSERT INTO run_tag (run, key, value) VALUES (:run, :key, :value)
                        ON CONFLICT (run, key) DO UPDATE SET value = excluded.value""")
                .bind("run", run)
                .bind("key", key)
                .bind("value", value)
                .execute());
    }

    static void addPorts(Transaction tx, String run, String direction, List<Port> ports) {
        for (int place = 0; place < ports.size(); place++) {
            Port port = ports.get(place);
            tx.sql()
                    .createUpdate("""
                            INSERT INTO run_port (run, direction, place, name, digest, form)
                            VALUES (:run, :direction, :place, :name, :digest, :form)""")
                    .bind("run", run)
                    .bind("direction", direction)
                    .bind("place", place)
                    .bind("name", port.name())
                    .bind("digest", port.digest().value())
                    .bind("form", port.form().name())
                    .execute();
        }
    }

    /** The long part of closing: reads and hashes every point, outside the transaction. */
    public RunClosing measure(Look look, CloseRun request) {
        return look.up(db -> RunClosing.measure(db, request.run()));
    }

    /** Ends a run. Steps that still run end with it, as killed; a run with such steps cannot have finished. */
    public Run close(Transaction tx, CloseRun request, RunClosing closing) {
        return closing.close(tx, request);
    }

    /** One run, by its id, the beginning of its id, or {@code latest}. */
    public Run get(Reading db, GetRun request) {
        String name = request.run().startsWith("run:") ? request.run().substring(4) : request.run();
        if (Ids.isId(name)) {
            return find(db, name);
        }
        List<String> ids;
        if (name.equals("latest")) {
            ids = db.sql()
                    .createQuery("SELECT id FROM run WHERE parent IS NULL ORDER BY id DESC LIMIT 1")
                    .mapTo(String.class)
                    .list();
        } else if (name.length() >= SHORTEST_PREFIX && name.matches("[0-9a-f]+")) {
            ids = db.sql()
                    .createQuery("""
                            SELECT id FROM run WHERE id >= :first AND id <= :last AND parent IS NULL
                            ORDER BY id LIMIT 2""")
                    .bind("first", name)
                    .bind("last", name + "f".repeat(32 - Math.min(32, name.length())))
                    .mapTo(String.class)
                    .list();
        } else {
            throw Problem.invalid(
                    "run", name, "an id, at least " + SHORTEST_PREFIX + " digits of its beginning, or latest");
        }
        if (ids.size() > 1) {
            throw Problem.invalid("run", name, "more digits: several runs begin so");
        }
        return ids.stream().map(id -> find(db, id)).findFirst().orElseThrow(() -> Problem.notFound("run", name));
    }

    /** The run of this id. */
    public static Run find(Reading db, String id) {
        return RunRows.load(db, List.of(id)).stream().findFirst().orElseThrow(() -> Problem.notFound("run", id));
    }

    /** The steps of a run, in the order they began. */
    public RunList steps(Reading db, GetSteps request) {
        return new RunList(steps(db, request.run()), Optional.empty());
    }

    /** The steps of a run, in the order they began. */
    public static List<Run> steps(Reading db, String run) {
        List<String> ids = db.sql()
                .createQuery("SELECT id FROM run WHERE parent = :run ORDER BY id")
                .bind("run", run)
                .mapTo(String.class)
                .list();
        return RunRows.load(db, ids);
    }

    /** The step that first made these bytes, where one of ours did. */
    public static Optional<Run> producer(Reading db, Digest output) {
        return db.sql()
                .createQuery("""
                        SELECT run.id FROM run_port JOIN run ON run.id = run_port.run
                        WHERE run_port.digest = :digest AND run_port.direction = 'OUT' AND run.restored_from IS NULL
                        ORDER BY run.id LIMIT 1""")
                .bind("digest", output.value())
                .mapTo(String.class)
                .findOne()
                .map(id -> find(db, id));
    }

    static boolean madeBefore(Reading db, Digest output, String byOtherThan) {
        return db.sql()
                .createQuery("SELECT 1 FROM lineage WHERE target = :digest AND run <> :run LIMIT 1")
                .bind("digest", output.value())
                .bind("run", byOtherThan)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /** How far repetitions of the step that made these bytes came out as the first time; the newest first. */
    public static List<Verification> verifications(Reading db, Digest output) {
        return db.sql()
                .createQuery("""
                        SELECT step, output, level, original, repeated FROM run_verification
                        WHERE original = :digest ORDER BY run DESC""")
                .bind("digest", output.value())
                .map(RunRows::verification)
                .list();
    }

    /** The steps that were executed under this key and finished, newest first. */
    public RunList executed(Reading db, FindSteps request) {
        List<String> ids = db.sql()
                .createQuery("""
                        SELECT id FROM run
                        WHERE step_key = :key AND status = 'FINISHED' AND restored_from IS NULL
                        ORDER BY id DESC LIMIT 100""")
                .bind("key", request.key().value())
                .mapTo(String.class)
                .list();
        return new RunList(RunRows.load(db, ids), Optional.empty());
    }

    /** Runs that a filter picks, in the order asked for. */
    public RunList search(Reading db, SearchRuns request) {
        int most = request.most().orElse(100);
        if (most < 1 || most > MOST_RUNS) {
            throw Problem.invalid("most", most, "a whole number from 1 to " + MOST_RUNS);
        }
        List<String> ids = RunSearch.ids(db, request, most + 1);
        boolean more = ids.size() > most;
        List<Run> page = RunRows.load(db, more ? ids.subList(0, most) : ids);
        return new RunList(page, more ? Optional.of(page.getLast().id()) : Optional.empty());
    }

    /** Points of one metric, by step, then time. */
    public MetricHistory history(Reading db, GetMetricHistory request) {
        int most = request.most().orElse(MOST_HISTORY);
        int skip = request.skip().orElse(0);
        if (most < 1 || most > MOST_HISTORY || skip < 0) {
            throw Problem.invalid("most", most, "a whole number from 1 to " + MOST_HISTORY + ", and skip 0 or more");
        }
        RunHeader run = RunHeader.of(db, request.run());
        return new MetricHistory(
                run.id(),
                db.sql()
                        .createQuery("""
                                SELECT key, step, at, value FROM metric WHERE run = :run AND key = :key
                                ORDER BY step, at, value NULLS LAST LIMIT :most OFFSET :skip""")
                        .bind("run", run.id())
                        .bind("key", request.key())
                        .bind("most", most)
                        .bind("skip", skip)
                        .map(RunRows::point)
                        .list());
    }
}
