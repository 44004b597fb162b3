package org.plimsoll.server;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpService;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.access.AccessOperations.FoundHome;
import org.plimsoll.access.AuditOperations.AuditDesk;
import org.plimsoll.access.BlobOperations.Blobs;
import org.plimsoll.access.Caller;
import org.plimsoll.access.Credentials;
import org.plimsoll.access.Entrance;
import org.plimsoll.access.EventOperations.EventDesk;
import org.plimsoll.access.Forgetting;
import org.plimsoll.access.JobOperations.JobDesk;
import org.plimsoll.access.Principals;
import org.plimsoll.access.Standing;
import org.plimsoll.access.UrgentReplies;
import org.plimsoll.api.ApiEdge;
import org.plimsoll.api.ProblemJson;
import org.plimsoll.audit.AuditKey;
import org.plimsoll.audit.AuditLog;
import org.plimsoll.audit.Followers;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Query;
import org.plimsoll.data.Snapshots;
import org.plimsoll.evaluation.Evaluations;
import org.plimsoll.gates.GateReports;
import org.plimsoll.gates.Policies;
import org.plimsoll.governance.Bench;
import org.plimsoll.governance.Candidates;
import org.plimsoll.governance.Findings;
import org.plimsoll.governance.Freshness;
import org.plimsoll.governance.Judgements;
import org.plimsoll.governance.Promotions;
import org.plimsoll.governance.Votes;
import org.plimsoll.inference.InferenceEdge;
import org.plimsoll.monitoring.ApprovedVersions;
import org.plimsoll.monitoring.Incidents;
import org.plimsoll.monitoring.Investigation;
import org.plimsoll.monitoring.Response;
import org.plimsoll.monitoring.RetrainingJob;
import org.plimsoll.monitoring.Retrainings;
import org.plimsoll.monitoring.WindowJob;
import org.plimsoll.monitoring.Windows;
import org.plimsoll.predictions.ExportedPredictions;
import org.plimsoll.predictions.FilePredictionLog;
import org.plimsoll.predictions.Outcomes;
import org.plimsoll.predictions.Performances;
import org.plimsoll.predictions.SealedSegments;
import org.plimsoll.registry.Models;
import org.plimsoll.registry.Versions;
import org.plimsoll.reports.LeadershipPage;
import org.plimsoll.reports.LivePerformance;
import org.plimsoll.reports.Notifications;
import org.plimsoll.scoring.Execution;
import org.plimsoll.serving.Endpoints;
import org.plimsoll.serving.LiveEndpoints;
import org.plimsoll.serving.LocalTables;
import org.plimsoll.serving.Node;
import org.plimsoll.serving.Permits;
import org.plimsoll.serving.RolloutJob;
import org.plimsoll.serving.Rollouts;
import org.plimsoll.serving.Seal;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Database;
import org.plimsoll.store.FileBlobStore;
import org.plimsoll.store.JobKind;
import org.plimsoll.store.Jobs;
import org.plimsoll.store.PostgresDatabase;
import org.plimsoll.store.SqliteDatabase;
import org.plimsoll.store.Worker;
import org.plimsoll.tracking.Artifacts;
import org.plimsoll.tracking.Experiments;
import org.plimsoll.tracking.Lineage;
import org.plimsoll.tracking.Runs;
import org.plimsoll.web.Pages;

/**
 * One server on one home: every room, from the ground up, in constructor order. A room gets its collaborators from the lines
 * above it. What is slow to load (DuckDB, engines, trainers) is loaded by its room when first needed.
 *
 * <p>Closing it drains: requests under way end, then the rooms close in the opposite order.
 */
public final class Application implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Application.class.getName());

    /** Of the product, as the inference protocol says it. */
    private static final String VERSION = "0.1";

    private final Deque<AutoCloseable> opened = new ArrayDeque<>(); // last opened first
    private final String instance = Ids.next();
    private final ServerConfig config;
    private final Entrance entrance;
    private final Standing standing;
    private final BlobStore blobs;
    private final WebServer web;

    /**
     * Opens the rooms and serves.
     *
     * @param home the folder; the caller holds its lock
     * @param homeToken the token that goes into {@code server.json}
     * @throws Problem where a setting is wrong, the port is in use, or the home cannot be opened
     */
    public Application(Path home, Configuration configuration, Clock clock, String homeToken) {
        try {
            config = configuration.server();
            List<Object> keepers = new ArrayList<>();
            List<JobKind<?>> jobKinds = new ArrayList<>();
            List<HttpService> edges = new ArrayList<>();
            var random = new SecureRandom();

            // floor 1: store
            Database database = open(database(home, configuration.store(), clock));
            var files = new FileBlobStore(home.resolve("blobs"));
            files.sweep(clock.instant());
            blobs = files;
            keepers.add(new Blobs(blobs));
            keepers.add(new JobDesk());

            // floor 2: audit
            AuditLog audit =
                    open(new AuditLog(database, home.resolve("audit"), AuditKey.loadOrCreate(home.resolve("keys"))));
            keepers.add(new EventDesk());
            keepers.add(new AuditDesk(audit));

            // floor 3: access
            standing = open(new Standing(database, clock, Optional.of(homeToken)));
            var principals = new Principals(random);
            jobKinds.add(Forgetting.job());
            keepers.add(principals);
            keepers.add(new Credentials(principals, random, clock));

            // floor 4: data, tracking
            Query query = Query.standard(home.resolve("tmp/query"));
            keepers.add(new Snapshots(blobs, query));
            keepers.add(new Experiments());
            keepers.add(new Runs());
            keepers.add(new Artifacts(blobs));
            keepers.add(new Lineage());

            // floor 5: scoring
            var execution = Execution.in(home, configuration.scoring());

            // floor 6: predictions, evaluation
            var predictionLog =
                    open(new FilePredictionLog(home.resolve("predictions"), FilePredictionLog.Limits.USUAL, clock));
            var sealing = new SealedSegments(predictionLog, database);
            keepers.add(new Outcomes());
            var exportedPredictions = new ExportedPredictions(predictionLog, query, home.resolve("tmp/exports"));
            keepers.add(exportedPredictions);
            jobKinds.add(sealing.kind());

            // floor 7: pipeline, registry
            var models = new Models();
            var versions = new Versions(models, blobs, home.resolve("tmp/artifacts"), execution);
            keepers.addAll(List.of(models, versions));

            // floor 8: gates
            var policies = new Policies();
            var gateReports = new GateReports(blobs);
            keepers.addAll(List.of(policies, gateReports));

            // floor 9: serving
            Seal seal = Seal.loadOrCreate(home.resolve("keys"));
            var permits = new Permits(seal);
            Path serving = home.resolve("serving");
            var tables = new LocalTables(serving, seal);
            var live = open(new LiveEndpoints(serving, tables, blobs, permits, predictionLog, clock, execution));
            var endpoints = new Endpoints();
            var rollouts = new Rollouts(endpoints, live);
            var rolloutJob =
                    new RolloutJob(database, endpoints, permits, rollouts, live, tables, predictionLog, blobs, query);
            var node = open(new Node(database, endpoints, permits, live, tables));
            keepers.addAll(List.of(endpoints, live, rollouts));
            var performances = new Performances(predictionLog, (_, endpoint) -> live.task(endpoint));
            keepers.add(performances);
            jobKinds.add(rolloutJob.kind());

            // floor 10: governance
            var freshness = new Freshness(models, versions, endpoints, policies);
            var votes = new Votes(versions, policies);
            var candidates = new Candidates(versions, freshness, votes);
            var bench = new Bench(models, versions, endpoints, policies, blobs, home.resolve("tmp/evaluations"));
            var judgements = new Judgements(
                    database, blobs, bench, new Evaluations(query, execution), versions, gateReports, candidates);
            var promotions = new Promotions(versions, endpoints, permits, rollouts, candidates, freshness, votes);
            var findings = new Findings(models, endpoints);
            keepers.addAll(List.of(judgements, candidates, promotions, findings));
            jobKinds.add(judgements.jobKind());

            // floor 11: monitoring
            var retrainings = new Retrainings(endpoints, versions, live);
            var incidents = new Incidents(endpoints, retrainings);
            var approvals = new ApprovedVersions(endpoints, versions, candidates, gateReports, blobs, query);
            var windows = new Windows(endpoints, live, approvals, incidents);
            jobKinds.add(new WindowJob(database, endpoints, live, predictionLog, approvals, windows).kind());
            var investigation = new Investigation(
                    database,
                    windows,
                    versions,
                    predictionLog,
                    blobs,
                    query,
                    home.resolve("tmp/investigations"),
                    execution);
            var response = new Response(
                    database, models, versions, windows, incidents, investigation, configuration.incidents());
            keepers.addAll(List.of(windows, investigation, incidents, retrainings));
            jobKinds.addAll(List.of(response.investigate(), response.examine(), response.escalate()));

            // floor 12: reports
            var notifications = new Notifications(
                    database, configuration.notifications(), System.getenv(), clock, models, endpoints);
            jobKinds.add(notifications.jobKind());
            keepers.add(notifications);
            keepers.add(new LeadershipPage(
                    models,
                    versions,
                    endpoints,
                    promotions,
                    candidates,
                    votes,
                    findings,
                    gateReports,
                    new LivePerformance(performances),
                    retrainings));

            entrance = new Entrance(
                    database,
                    Rooms.CATALOGUE,
                    standing,
                    clock,
                    keepers,
                    UrgentReplies.in(home.resolve("urgent"), clock.instant()));
            jobKinds.add(new RetrainingJob(
                            database,
                            entrance,
                            endpoints,
                            versions,
                            retrainings,
                            exportedPredictions,
                            endpoint -> database.read(db -> approvals.task(db, endpoint.name()))
                                    .orElseThrow(() -> Problem.refused("nothing answers on " + endpoint.name())),
                            new ChildProcess(this::address, home.resolve("tmp/retraining")),
                            blobs,
                            query,
                            home.resolve("tmp/retraining"))
                    .kind());
            found(database);
            standing.start();
            audit.start();
            node.start();
            rolloutJob.carryOn();
            database.write(Actor.SYSTEM, SealedSegments::schedule);
            var followers = open(new Followers(database, instance));
            notifications.follow(followers);
            followers.start();
            database.write(Actor.SYSTEM, WindowJob::schedule);
            open(new Worker(database, instance, jobKinds, config.jobsAtOnce())).start();

            // floor 13: edges
            var traffic = new Traffic();
            edges.add(new InferenceEdge(live, standing, VERSION)); // first: routes are tried in this order
            edges.add(new Vitals(database, standing, traffic, instance));
            edges.add(new ApiEdge(entrance));
            edges.add(new Pages(entrance));

            web = listen(traffic, edges);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The one way in, without HTTP. */
    public Entrance entrance() {
        return entrance;
    }

    public Standing standing() {
        return standing;
    }

    public BlobStore blobs() {
        return blobs;
    }

    /** A random name by which a command knows that this is the server it looks for. */
    public String instance() {
        return instance;
    }

    /** Where it listens. */
    public int port() {
        return web.port();
    }

    /** Where it listens, for people and programs. */
    public String address() {
        String host = config.host().equals("0.0.0.0") || config.host().equals("::") ? "127.0.0.1" : config.host();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            AutoCloseable room = opened.pop();
            try {
                room.close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "closing " + room.getClass().getSimpleName() + " failed", e);
            }
        }
    }

    private static Database database(Path home, StoreConfig config, Clock clock) {
        if (config.url().isPresent()) {
            return PostgresDatabase.open(config.url().get(), clock);
        }
        Database own = SqliteDatabase.open(home.resolve("plimsoll.db"), clock);
        Jobs.freeAll(own); // the home's lock is ours: no other node lives
        return own;
    }

    /** A home that nobody is known in yet gets its one person. */
    private void found(Database database) {
        boolean isNew = database.read(db -> db.sql()
                        .createQuery("SELECT count(*) FROM principal")
                        .mapTo(Long.class)
                        .one()
                == 0);
        if (isNew) {
            entrance.as(Actor.SYSTEM).perform(new FoundHome());
        }
    }

    private WebServer listen(Traffic traffic, List<HttpService> edges) {
        HttpRouting.Builder routing = HttpRouting.builder();
        routing.addFilter(new FrontDoor(standing, traffic, config));
        edges.forEach(routing::register);
        routing.error(
                Throwable.class,
                (asked, answer, failure) -> ProblemJson.send(
                        answer,
                        failure,
                        asked.context().get(Caller.class).map(Caller::requestId).orElse("")));
        WebServer server = WebServer.builder()
                .host(config.host())
                .port(config.port())
                .shutdownHook(false)
                .shutdownGracePeriod(config.drain())
                .connectionOptions(options -> options.tcpNoDelay(true))
                .routing(routing)
                .build();
        mustBeAbleToListen();
        server.start();
        if (!server.isRunning()) {
            throw Problem.of(Problem.Kind.CONFLICT, "cannot listen on " + config.host() + ":" + config.port());
        }
        opened.push(server::stop);
        return server;
    }

    /** The web server tells the log, not its caller, when it cannot listen. */
    private void mustBeAbleToListen() {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(config.host(), config.port()));
        } catch (BindException e) {
            boolean isTaken = String.valueOf(e.getMessage()).contains("in use");
            String why = isTaken
                    ? "is in use by another process; choose another: --port " + (config.port() + 1)
                    : "cannot be listened at (" + e.getMessage() + ")";
            throw Problem.of(
                    Problem.Kind.CONFLICT,
                    "port " + config.port() + " on " + config.host() + " " + why,
                    Map.of("host", config.host(), "port", config.port()));
        } catch (IOException e) {
            throw Problem.of(
                    Problem.Kind.CONFLICT,
                    "cannot listen on " + config.host() + ":" + config.port() + ": " + e.getMessage());
        }
    }

    private <C extends AutoCloseable> C open(C room) {
        opened.push(room);
        return room;
    }
}
