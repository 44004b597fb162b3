package org.plimsoll.monitoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.plimsoll.access.AccessOperations.CreateService;
import org.plimsoll.access.AccessOperations.CreateToken;
import org.plimsoll.access.AccessOperations.RoleWanted;
import org.plimsoll.access.Content;
import org.plimsoll.access.Entrance;
import org.plimsoll.access.Operations;
import org.plimsoll.access.Principal;
import org.plimsoll.access.Principals;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Role;
import org.plimsoll.core.Actor;
import org.plimsoll.core.DatasetName;
import org.plimsoll.core.Digest;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.data.DataOperations.AddSnapshot;
import org.plimsoll.data.DataOperations.GetSnapshot;
import org.plimsoll.data.Query;
import org.plimsoll.data.Snapshot;
import org.plimsoll.data.SnapshotFiles;
import org.plimsoll.governance.GovernanceOperations.EvaluateVersion;
import org.plimsoll.governance.GovernanceOperations.Evaluated;
import org.plimsoll.monitoring.Retrainings.StepRetraining;
import org.plimsoll.predictions.ExportedPredictions;
import org.plimsoll.registry.CardDraft;
import org.plimsoll.registry.RegistryOperations.RegisterVersion;
import org.plimsoll.registry.Version;
import org.plimsoll.registry.Versions;
import org.plimsoll.scoring.Task;
import org.plimsoll.serving.Endpoint;
import org.plimsoll.serving.Endpoints;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Database;
import org.plimsoll.store.Ending;
import org.plimsoll.store.Job;
import org.plimsoll.store.JobKind;
import org.plimsoll.store.Jobs;
import org.plimsoll.store.Reading;
import org.plimsoll.tracking.Run;
import org.plimsoll.tracking.Runs;
import org.plimsoll.tracking.TrackingOperations.CloseRun;
import org.plimsoll.tracking.TrackingOperations.CreateRun;
import org.plimsoll.tracking.TrackingOperations.GetArtifact;
import org.plimsoll.tracking.TrackingOperations.GetRun;

/**
 * Carries retrainings out, a state at a time, in the name of a program of its own. What it asks of other rooms it asks under keys
 * made of the retraining's number: asked again after a kill, they give the first answer.
 */
public final class RetrainingJob {

    /** Login of the program that retrains; it never approves. */
    public static final String PROGRAM = "retraining";

    private static final Duration SERVED = Duration.ofDays(28);
    private static final Duration LOOK = Duration.ofMillis(300);
    private static final Duration TURN = Duration.ofSeconds(5);
    private static final Duration TOKEN_VALID = Duration.ofHours(12);

    private final Database database;
    private final Entrance entrance;
    private final Endpoints endpoints;
    private final Versions versions;
    private final Retrainings retrainings;
    private final ExportedPredictions predictions;
    private final java.util.function.Function<Endpoint, Task> tasks;
    private final PipelineProcess process;
    private final BlobStore blobs;
    private final Query query;
    private final Path scratch;
    private final Semaphore training = new Semaphore(1);

    /** @param tasks what an endpoint's champion is asked */
    public RetrainingJob(
            Database database,
            Entrance entrance,
            Endpoints endpoints,
            Versions versions,
            Retrainings retrainings,
            ExportedPredictions predictions,
            java.util.function.Function<Endpoint, Task> tasks,
            PipelineProcess process,
            BlobStore blobs,
            Query query,
            Path scratch) {
        this.database = database;
        this.entrance = entrance;
        this.endpoints = endpoints;
        this.versions = versions;
        this.retrainings = retrainings;
        this.predictions = predictions;
        this.tasks = tasks;
        this.process = process;
        this.blobs = blobs;
        this.query = query;
        this.scratch = scratch;
    }

    /** The kind of job, for the worker. */
    public JobKind<StepRetraining> kind() {
        return new JobKind<>(Retrainings.JOB, StepRetraining.class, this::work);
    }

    private JobKind.Closing work(Job job, StepRetraining request) throws InterruptedException {
        Retraining now = database.read(db -> Retrainings.get(db, request.retraining()));
        try {
            return switch (now.state()) {
                case ORDERED -> prepare(now);
                case TRAINING -> trainAlone(now);
                case EVALUATING -> await(now);
                case CANDIDATE, REFUSED, UNCHANGED, FAILED -> _ -> Ending.done(now.state());
            };
        } catch (Problem problem) {
            if (problem.kind() == Problem.Kind.UNREACHABLE || problem.kind() == Problem.Kind.BUSY) {
                throw problem;
            }
            return fail(now, Optional.empty(), problem.detail());
        }
    }

    private static JobKind.Closing fail(Retraining now, Optional<String> run, String why) {
        return tx -> Ending.done(
                Retrainings.keep(tx, now.failed(run, why, tx.instant())).state());
    }

    private static String key(Retraining now, String what) {
        return "retraining-" + now.number() + "-" + what;
    }

    // ---- ORDERED: what it is made from ----

    private JobKind.Closing prepare(Retraining now) {
        Operations program = program();
        Endpoint endpoint = database.read(db -> endpoints.get(db, now.endpoint()));
        Task task = tasks.apply(endpoint);
        Optional<Digest> served = served(now, task, program);
        CardDraft.Retraining plan = database.read(db -> retrainings.plan(db, now.from()))
                .orElseThrow(() -> Problem.refused("the card of " + now.from() + " has no retraining plan any more"));
        Map<String, String> references = new LinkedHashMap<>(origin(now).data());
        references.putAll(plan.data());
        Map<String, Digest> snapshots = new TreeMap<>();
        references.forEach((name, reference) ->
                snapshots.put(name, program.perform(new GetSnapshot(reference)).digest()));
        Map<String, String> parameters = plan.parametersAt(now.at(), task.zoneOrUtc());
        return tx -> {
            Retrainings.keep(tx, now.training(served, snapshots, parameters));
            return Ending.again(tx.instant());
        };
    }

    /**
     * What was answered in the last four weeks and has its truth, as a snapshot of a dataset of its own, {@code ENDPOINT-served};
     * empty where there is nothing yet.
     */
    private Optional<Digest> served(Retraining now, Task task, Operations program) {
        Path folder = folder();
        Instant until = now.at().minus(task.maturityOrZero());
        Instant from = until.minus(SERVED);
        try {
            Optional<Path> matured =
                    database.read(db -> predictions.writeKnown(db, now.endpoint(), from, until, folder));
            if (matured.isEmpty()) {
                return Optional.empty();
            }
            DatasetName dataset = new DatasetName(now.endpoint() + "-served");
            Snapshot snapshot = SnapshotFiles.keep(dataset, List.of(matured.get()), blobs, query);
            program.perform(new AddSnapshot(dataset, snapshot), key(now, "served"));
            return Optional.of(snapshot.digest());
        } finally {
            delete(folder);
        }
    }

    /** The run that made the champion, with the data its pipeline names. */
    private record Origin(Run run, Map<String, String> data) {}

    private Origin origin(Retraining now) {
        Run run = database.read(
                db -> Runs.find(db, versions.get(db, now.from()).run().orElseThrow()));
        Content text = program().perform(new GetArtifact(run.id(), "pipeline.yaml"));
        var bytes = new java.io.ByteArrayOutputStream();
        try {
            text.writer().to(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var document = org.plimsoll.core.YamlDocument.parse(
                "pipeline.yaml", bytes.toString(java.nio.charset.StandardCharsets.UTF_8));
        Map<String, String> data = new LinkedHashMap<>();
        document.tree()
                .path("data")
                .properties()
                .forEach(it -> data.put(it.getKey(), it.getValue().asString()));
        return new Origin(run, data);
    }

    // ---- TRAINING: the same pipeline ----

    /** One at a time on a node: training may take hours, and pages and rollouts need a worker meanwhile. */
    private JobKind.Closing trainAlone(Retraining now) throws InterruptedException {
        if (!training.tryAcquire()) {
            return tx -> Ending.again(tx.instant().plus(TURN));
        }
        try {
            return train(now);
        } finally {
            training.release();
        }
    }

    private JobKind.Closing train(Retraining now) throws InterruptedException {
        Operations program = program();
        Run origin = database.read(
                db -> Runs.find(db, versions.get(db, now.from()).run().orElseThrow()));
        Run run = begin(now, origin.experiment(), program);
        if (run.status() == Run.Status.RUNNING) {
            Map<String, String> data = new HashMap<>();
            now.data().forEach((name, digest) -> data.put(name, digest.value()));
            process.execute(
                    new PipelineProcess.Order(run.id(), origin.id(), data, now.parameters(), !isTeam()),
                    token(now, run, program));
            run = program.perform(new GetRun(run.id()));
        }
        if (run.status() == Run.Status.RUNNING) {
            run = program.perform(new CloseRun(
                    run.id(),
                    Run.Status.KILLED,
                    Optional.of("its process ended without a word"),
                    List.of(),
                    Optional.empty(),
                    List.of()));
        }
        if (run.status() != Run.Status.FINISHED) {
            return fail(
                    now,
                    Optional.of(run.id()),
                    "run " + run.id() + " is " + run.status() + ": "
                            + run.reason().orElse("no reason was given"));
        }
        String runId = run.id();
        VersionId made;
        try {
            made = register(now, runId, program);
        } catch (Problem refused) {
            VersionId same = sameAs(now, runId)
                    .filter(_ -> refused.kind() == Problem.Kind.CONFLICT)
                    .orElseThrow(() -> refused);
            return tx -> Ending.done(Retrainings.keep(tx, now.unchanged(runId, same, tx.instant()))
                    .state());
        }
        Job evaluation = program.perform(
                new EvaluateVersion(made.model(), made.number(), Optional.of(now.endpoint()), Optional.empty()),
                key(now, "evaluation"));
        return tx -> {
            Retrainings.keep(tx, now.evaluating(runId, made, evaluation.id()));
            return Ending.again(tx.instant().plus(LOOK));
        };
    }

    private static Run begin(Retraining now, ExperimentName experiment, Operations program) {
        Map<String, String> tags = new TreeMap<>();
        tags.put(Runs.RETRAINED_FROM, now.from().toString());
        tags.put("plimsoll.retraining", String.valueOf(now.number()));
        now.incident().ifPresent(incident -> tags.put("plimsoll.incident", String.valueOf(incident)));
        now.served().ifPresent(served -> tags.put("plimsoll.served", served.value()));
        Run run = program.perform(
                new CreateRun(experiment, Optional.of("retraining " + now.number()), Optional.empty(), Map.of(), tags),
                key(now, "run"));
        return program.perform(new GetRun(run.id()));
    }

    /** What the process may do: look, put blobs, and write this run with its steps. */
    private static String token(Retraining now, Run run, Operations program) {
        List<String> scopes = List.of(
                "read",
                "blob.put",
                "run.log:" + run.id(),
                "run.close:" + run.id(),
                "step.create:" + run.id(),
                "artifact.put:" + run.id());
        return program.perform(new CreateToken(
                        "retraining " + now.number(), Optional.empty(), scopes, Optional.of(TOKEN_VALID)))
                .secret();
    }

    private VersionId register(Retraining now, String run, Operations program) {
        CardDraft card = database.read(db -> versions.card(db, versions.get(db, now.from())))
                .declared();
        Version version = program.perform(
                new RegisterVersion(
                        now.from().model(),
                        Optional.empty(),
                        Optional.of(run),
                        Json.text(card.about(changed(now, card)))),
                key(now, "version"));
        return version.id();
    }

    private Optional<VersionId> sameAs(Retraining now, String run) {
        return database.read(db -> versions.sameAs(db, now.from().model(), run)).map(Version::id);
    }

    /** The champion's words about its data, and what is different now; of an earlier retraining only the words before it. */
    private static String changed(Retraining now, CardDraft card) {
        String words = card.data().orElse("").replaceFirst("(?s)\\s*Retrained from .*", "");
        StringBuilder text = new StringBuilder(words)
                .append(words.isEmpty() ? "" : "\n")
                .append("Retrained from ")
                .append(now.from())
                .append(", retraining ")
                .append(now.number())
                .append(". ")
                .append(now.because())
                .append(". Snapshots:");
        now.data()
                .forEach((name, digest) ->
                        text.append(' ').append(name).append(' ').append(digest.brief()));
        now.parameters()
                .forEach((name, value) ->
                        text.append("; ").append(name).append(' ').append(value));
        return text.append('.').toString();
    }

    // ---- EVALUATING: the same gates ----

    private JobKind.Closing await(Retraining now) {
        Job job = database.read(db -> Jobs.find(db, now.evaluation().orElseThrow()))
                .orElseThrow();
        return switch (job.state()) {
            case WAITING -> tx -> Ending.again(tx.instant().plus(LOOK));
            case FAILED ->
                fail(
                        now,
                        Optional.empty(),
                        "the evaluation failed: " + job.outcome().orElse("no reason"));
            case DONE -> {
                Evaluated found = Json.read(job.outcome().orElseThrow(), Evaluated.class);
                yield tx -> Ending.done(Retrainings.keep(
                                tx, now.judged(found.report(), found.verdict(), found.candidate(), tx.instant()))
                        .state());
            }
        };
    }

    // ---- the program ----

    /** The program that retrains; made when it is first needed. */
    private Operations program() {
        Principal program = database.read(db -> find(db, PROGRAM))
                .orElseGet(() -> entrance.as(Actor.SYSTEM)
                        .perform(
                                new CreateService(
                                        PROGRAM,
                                        "Retraining",
                                        List.of(new RoleWanted(Role.SERVICE, Resource.ORGANISATION))),
                                "program-" + PROGRAM));
        return entrance.as(new Actor(program.id(), Actor.Proof.TOKEN, Set.of()));
    }

    private static Optional<Principal> find(Reading db, String login) {
        try {
            return Optional.of(Principals.find(db, login));
        } catch (Problem absent) {
            return Optional.empty();
        }
    }

    private boolean isTeam() {
        return database.read(Principals::isTeam);
    }

    private Path folder() {
        try {
            Files.createDirectories(scratch);
            return Files.createTempDirectory(scratch, "retraining-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
