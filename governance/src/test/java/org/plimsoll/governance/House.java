package org.plimsoll.governance;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.access.Operations;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.core.Json;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.VersionId;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Query;
import org.plimsoll.evaluation.Evaluations;
import org.plimsoll.gates.GateReports;
import org.plimsoll.gates.GatesOperations;
import org.plimsoll.gates.GatesOperations.PublishPolicy;
import org.plimsoll.gates.Policies;
import org.plimsoll.governance.GovernanceOperations.EvaluateVersion;
import org.plimsoll.governance.GovernanceOperations.Evaluated;
import org.plimsoll.predictions.FilePredictionLog;
import org.plimsoll.registry.LittleModel;
import org.plimsoll.registry.Models;
import org.plimsoll.registry.RegistryOperations;
import org.plimsoll.registry.RegistryOperations.CreateModel;
import org.plimsoll.registry.RegistryOperations.RegisterVersion;
import org.plimsoll.registry.Team;
import org.plimsoll.registry.Tier;
import org.plimsoll.registry.Version;
import org.plimsoll.registry.Versions;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.ScoringConfig;
import org.plimsoll.serving.EndpointTime;
import org.plimsoll.serving.Endpoints;
import org.plimsoll.serving.LiveEndpoints;
import org.plimsoll.serving.LocalTables;
import org.plimsoll.serving.Node;
import org.plimsoll.serving.Permits;
import org.plimsoll.serving.RolloutJob;
import org.plimsoll.serving.Rollouts;
import org.plimsoll.serving.Seal;
import org.plimsoll.serving.ServingOperations;
import org.plimsoll.serving.ServingOperations.CreateEndpoint;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Database;
import org.plimsoll.store.FileBlobStore;
import org.plimsoll.store.Folders;
import org.plimsoll.store.Job;
import org.plimsoll.store.Jobs;
import org.plimsoll.store.MovableClock;
import org.plimsoll.store.Worker;
import org.plimsoll.tracking.Experiments;
import org.plimsoll.tracking.Port;
import org.plimsoll.tracking.Run;
import org.plimsoll.tracking.Runs;
import org.plimsoll.tracking.TrackingOperations;
import org.plimsoll.tracking.TrackingOperations.CloseRun;
import org.plimsoll.tracking.TrackingOperations.CreateExperiment;
import org.plimsoll.tracking.TrackingOperations.CreateRun;
import org.plimsoll.tracking.TrackingOperations.CreateStep;

/** Every room up to governance, around one database, as the server assembles them; work is done when a test says so. */
final class House implements AutoCloseable {

    static final ModelName LATE = new ModelName("late-arrival");
    static final EndpointName PRODUCTION = new EndpointName("late-arrival");
    static final EndpointName STAGING = new EndpointName("late-arrival-staging");
    static final Instant JANUARY = Instant.parse("2001-01-01T00:00:00Z");
    static final Instant FEBRUARY = Instant.parse("2001-02-01T00:00:00Z");

    static final String CARD = """
            purpose: Tell whether it will be late.
            intended_users: [gate team]
            out_of_scope: [compensation]
            limitations: [none is known but that these rows are made up]
            risks: [{harm: a gate is changed for nothing, mitigation: people decide}]
            data: Made up.
            oversight: People decide.
            retraining: {plan: monthly, when: the month ends}
            retirement: When it is replaced.
            obligations: [{metric: auc, at_least: 0.6, window: 7d, cadence: 1d, page: owner}]
            """;

    final MovableClock clock = new MovableClock();
    final Database database;
    final Path home;
    final BlobStore blobs;
    final Team team;
    final Candidates candidates;
    final Promotions promotions;
    final Findings findings;
    final Models models = new Models();
    final Versions versions;
    final Endpoints endpoints = new Endpoints();
    private final Query query;
    private final FilePredictionLog log;
    private final LiveEndpoints live;
    private final Node node;
    private final Worker worker;

    House(Path home, java.util.function.Function<MovableClock, Database> databases) {
        this.home = home;
        database = databases.apply(clock);
        blobs = new FileBlobStore(home.resolve("blobs"));
        query = Query.standard(home.resolve("query"));
        var execution = Execution.in(home, ScoringConfig.DEFAULT);
        versions = new Versions(models, blobs, home.resolve("scratch"), execution);
        Policies policies = new Policies();
        GateReports reports = new GateReports(blobs);
        Seal seal = Seal.loadOrCreate(home.resolve("keys"));
        Permits permits = new Permits(seal);
        LocalTables tables = new LocalTables(home.resolve("serving"), seal);
        log = new FilePredictionLog(home.resolve("predictions"), FilePredictionLog.Limits.USUAL, clock);
        live = new LiveEndpoints(home.resolve("serving"), tables, blobs, permits, log, clock, execution);
        Rollouts rollouts = new Rollouts(endpoints, live);
        node = new Node(database, endpoints, permits, live, tables);
        RolloutJob rolloutJob = new RolloutJob(database, endpoints, permits, rollouts, live, tables, log, blobs, query);
        live.boot();
        Freshness freshness = new Freshness(models, versions, endpoints, policies);
        Votes votes = new Votes(versions, policies);
        candidates = new Candidates(versions, freshness, votes);
        promotions = new Promotions(versions, endpoints, permits, rollouts, candidates, freshness, votes);
        findings = new Findings(models, endpoints);
        Judgements judgements = new Judgements(
                database,
                blobs,
                new Bench(models, versions, endpoints, policies, blobs, home.resolve("scratch")),
                new Evaluations(query, execution),
                versions,
                reports,
                candidates);
        team = new Team(
                database,
                clock,
                List.of(
                        TrackingOperations.EXPERIMENTS,
                        TrackingOperations.RUNS,
                        RegistryOperations.MODELS,
                        RegistryOperations.VERSIONS,
                        GatesOperations.POLICIES,
                        GatesOperations.REPORTS,
                        ServingOperations.ENDPOINTS,
                        GovernanceOperations.JUDGEMENTS,
                        GovernanceOperations.CANDIDATES,
                        GovernanceOperations.PROMOTIONS,
                        GovernanceOperations.FINDINGS),
                List.of(
                        new Experiments(),
                        new Runs(),
                        models,
                        versions,
                        policies,
                        reports,
                        endpoints,
                        judgements,
                        candidates,
                        promotions,
                        findings));
        worker = new Worker(database, "test", List.of(judgements.jobKind(), rolloutJob.kind()), 1);
    }

    /** A model with its people and its two endpoints. */
    void model(Operations by, Tier tier, String owner) {
        by.perform(new CreateModel(LATE, tier, "Late?", Optional.of(owner), Optional.empty(), List.of(owner)));
    }

    void endpoint(Operations by, EndpointName name, String environment) {
        by.perform(new CreateEndpoint(
                name, new EnvironmentName(environment), LATE, Optional.of(EndpointTime.REPLAY), Optional.empty()));
    }

    /** Rows as the split step of a pipeline leaves them. */
    Digest rows(Instant from, int days, long seed) {
        Path file = home.resolve("rows-" + from.toEpochMilli() + "-" + days + "-" + seed + ".parquet");
        if (!Files.exists(file)) {
            query.write(LittleModel.rows(from, days, 60, seed), file);
        }
        return blobs.add(file);
    }

    /** A run as the pipeline records it, with its split and its training, and the version registered from it. */
    Version version(Operations by, String column, double weight, Digest train, Digest test) {
        Columns training = query.read(List.of(blobs.fetch(train)));
        Path folder = home.resolve("model-" + column + weight);
        LittleModel.write(folder, training, column, weight);
        Digest artifact = Folders.add(blobs, folder);
        ExperimentName experiment = new ExperimentName("late");
        if (database.read(db -> db.sql()
                        .createQuery("SELECT count(*) FROM experiment")
                        .mapTo(Long.class)
                        .one()
                == 0)) {
            by.perform(new CreateExperiment(experiment));
        }
        Run run = by.perform(new CreateRun(experiment, Optional.empty(), Optional.empty(), Map.of(), Map.of()));
        Digest raw = text("raw");
        step(by, run, "split", List.of(file("raw", raw)), List.of(file("train", train), file("test", test)));
        step(
                by,
                run,
                "train",
                List.of(file("split.train", train), file(Port.CODE, text("code"))),
                List.of(new Port("model", artifact, Port.Form.FOLDER)));
        close(by, run.id(), List.of());
        return by.perform(new RegisterVersion(LATE, Optional.empty(), Optional.of(run.id()), CARD));
    }

    private void step(Operations by, Run run, String name, List<Port> inputs, List<Port> outputs) {
        Digest key = text(name + run.id());
        close(by, by.perform(new CreateStep(run.id(), name, key, inputs)).id(), outputs);
    }

    private static void close(Operations by, String run, List<Port> outputs) {
        by.perform(new CloseRun(run, Run.Status.FINISHED, Optional.empty(), outputs, Optional.empty(), List.of()));
    }

    private Digest text(String text) {
        return blobs.add(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Port file(String name, Digest digest) {
        return new Port(name, digest, Port.Form.FILE);
    }

    void publish(Operations by, String policy) {
        by.perform(new PublishPolicy(policy, Optional.empty()));
    }

    /** Evaluates and waits. */
    Evaluated evaluate(Operations by, VersionId version, EndpointName endpoint) {
        Job job = by.perform(
                new EvaluateVersion(version.model(), version.number(), Optional.of(endpoint), Optional.empty()));
        work();
        Job done = database.read(db -> Jobs.find(db, job.id())).orElseThrow();
        if (done.state() != Job.State.DONE) {
            throw new IllegalStateException("the evaluation did not end: " + done);
        }
        return Json.read(done.outcome().orElseThrow(), Evaluated.class);
    }

    /** Does every job that is due, and lets the node follow. */
    void work() {
        for (int i = 0; i < 50; i++) {
            boolean worked = worker.runOne();
            node.round();
            clock.advance(Duration.ofSeconds(1));
            if (!worked && i > 5) {
                return;
            }
        }
    }

    Optional<VersionId> champion(EndpointName endpoint) {
        return database.read(db -> endpoints.champion(db, endpoint));
    }

    List<String> events() {
        return database.read(db -> db.sql()
                .createQuery("SELECT type FROM event ORDER BY id")
                .mapTo(String.class)
                .list());
    }

    long count(String type) {
        return events().stream().filter(type::equals).count();
    }

    @Override
    public void close() {
        worker.close();
        node.close();
        live.close();
        log.close();
        team.close();
        database.close();
    }
}
