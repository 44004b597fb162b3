package org.plimsoll.governance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.plimsoll.access.Role;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.gates.Decision;
import org.plimsoll.gates.GateReports;
import org.plimsoll.gates.Policies;
import org.plimsoll.gates.PolicyVersion;
import org.plimsoll.governance.GovernanceOperations.EvaluateVersion;
import org.plimsoll.governance.Judgements.EvaluationOrder;
import org.plimsoll.registry.Models;
import org.plimsoll.registry.Tier;
import org.plimsoll.registry.Version;
import org.plimsoll.registry.VersionState;
import org.plimsoll.registry.Versions;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.serving.Endpoint;
import org.plimsoll.serving.EndpointView;
import org.plimsoll.serving.Endpoints;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Folders;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;
import org.plimsoll.tracking.Port;
import org.plimsoll.tracking.Run;
import org.plimsoll.tracking.Runs;

/** Brings everything together that an evaluation needs, as the server's own records name it, and clears it away after. */
public final class Bench {

    /** A version with its bytes and the rows it was trained on. */
    record Bound(VersionId version, Digest artifact, Optional<Digest> training) {}

    /** What is to be judged, against what, by which rules, on which rows. */
    record Case(
            Version version,
            Decision decision,
            Endpoint endpoint,
            PolicyVersion policy,
            Bound candidate,
            Optional<Bound> champion,
            Optional<Bound> anchor,
            Optional<Digest> rows,
            List<String> missingDocuments,
            long attempts,
            Instant at) {}

    private final Models models;
    private final Versions versions;
    private final Endpoints endpoints;
    private final Policies policies;
    private final BlobStore blobs;
    private final Path scratch;

    /** @param scratch a folder for artifacts while they are measured */
    public Bench(
            Models models, Versions versions, Endpoints endpoints, Policies policies, BlobStore blobs, Path scratch) {
        this.models = models;
        this.versions = versions;
        this.endpoints = endpoints;
        this.policies = policies;
        this.blobs = blobs;
        this.scratch = scratch;
    }

    /** What was asked, with the endpoint and the rows found; refuses what cannot be evaluated before any work is done. */
    EvaluationOrder order(Transaction tx, EvaluateVersion request) {
        Version version = versions.get(tx, request.id());
        if (version.state() == VersionState.RETIRED) {
            throw Problem.refused(version.id() + " is retired");
        }
        Endpoint endpoint = endpoint(tx, request);
        Tier tier = models.get(tx, request.model()).tier();
        policies.matching(tx, request.model(), tier, endpoint.environment());
        Optional<Digest> rows = request.rows().or(() -> testRows(tx, version));
        rows.ifPresent(digest -> {
            if (!blobs.has(digest)) {
                throw Problem.notFound("blob of rows", digest);
            }
        });
        return new EvaluationOrder(
                version.id(), endpoint.name(), rows, tx.actor().principal());
    }

    Case look(Reading db, EvaluationOrder order) {
        Version version = versions.get(db, order.version());
        Endpoint endpoint = endpoints.get(db, order.endpoint());
        Tier tier = models.get(db, order.version().model()).tier();
        Optional<VersionId> champion = endpoints.champion(db, endpoint.name());
        return new Case(
                version,
                new Decision(version.id(), version.artifact(), tier, endpoint.name(), endpoint.environment(), champion),
                endpoint,
                policies.matching(db, version.id().model(), tier, endpoint.environment()),
                bound(db, version.id()),
                champion.map(id -> bound(db, id)),
                anchor(db, endpoint.name()).map(id -> bound(db, id)),
                order.rows(),
                versions.completeness(db, version).missing(),
                1
                        + order.rows()
                                .map(rows -> GateReports.attempts(
                                        db, rows, version.id().model()))
                                .orElse(0L),
                Instant.ofEpochMilli(db.now()));
    }

    private Endpoint endpoint(Reading db, EvaluateVersion request) {
        if (request.endpoint().isPresent()) {
            Endpoint endpoint = endpoints.get(db, request.endpoint().get());
            if (!endpoint.model().equals(request.model())) {
                throw Problem.invalid(
                        "endpoint",
                        endpoint.name(),
                        "an endpoint of " + request.model() + "; this one is of " + endpoint.model());
            }
            return endpoint;
        }
        List<Endpoint> all = endpoints.of(db, request.model()).stream()
                .map(EndpointView::endpoint)
                .toList();
        if (all.size() != 1) {
            throw Problem.invalid(
                    "endpoint",
                    "absent",
                    all.isEmpty()
                            ? "an endpoint of " + request.model() + "; there is none yet: plimsoll endpoint create"
                            : "one of "
                                    + String.join(
                                            ", ",
                                            all.stream()
                                                    .map(it -> it.name().value())
                                                    .toList()));
        }
        return all.getFirst();
    }

    private Bound bound(Reading db, VersionId id) {
        Version version = versions.get(db, id);
        return new Bound(id, version.artifact(), training(db, version));
    }

    /** What the step that made the artifact was given to learn from. */
    private static Optional<Digest> training(Reading db, Version version) {
        return steps(db, version)
                .filter(step ->
                        step.outputs().stream().anyMatch(port -> port.digest().equals(version.artifact())))
                .findFirst()
                .or(() -> Runs.producer(db, version.artifact()))
                .flatMap(step -> step.inputs().stream()
                        .filter(port ->
                                port.form() == Port.Form.FILE && !port.name().equals(Port.CODE))
                        .min(Comparator.comparing(port -> !port.name().endsWith("train")))
                        .map(Port::digest));
    }

    /** The rows that the version's own run kept apart for judging. */
    private static Optional<Digest> testRows(Reading db, Version version) {
        return steps(db, version)
                .flatMap(step -> step.output("test").stream())
                .map(Port::digest)
                .findFirst();
    }

    private static Stream<Run> steps(Reading db, Version version) {
        return version.run().stream().flatMap(run -> Runs.steps(db, run).stream());
    }

    /** The last version on this endpoint that a validator approved without a part in it. */
    private static Optional<VersionId> anchor(Reading db, EndpointName endpoint) {
        return db.sql()
                .createQuery("""
                        SELECT candidate.version FROM candidate JOIN approval ON approval.candidate = candidate.number
                        WHERE candidate.endpoint = :endpoint AND candidate.outcome = 'PROMOTED'
                            AND approval.capacity = :validator AND approval.self_approved = FALSE
                            AND approval.revoked_at IS NULL
                        ORDER BY candidate.ended_at DESC LIMIT 1""")
                .bind("endpoint", endpoint)
                .bind("validator", Role.VALIDATOR.name())
                .mapTo(VersionId.class)
                .findOne();
    }

    /** Unpacks the artifacts of a case. */
    Layout layOut(Case is) {
        try {
            Files.createDirectories(scratch);
            Layout layout = new Layout(
                    Files.createTempDirectory(scratch, "evaluation-"),
                    is.version().artifact());
            Stream.of(Optional.of(is.candidate()), is.champion(), is.anchor())
                    .flatMap(Optional::stream)
                    .map(Bound::artifact)
                    .distinct()
                    .forEach(layout::unpack);
            return layout;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Artifacts laid out as folders, until it is closed. */
    final class Layout implements AutoCloseable {

        private final Path folder;
        private final Digest candidate;
        private final Map<Digest, Path> artifacts = new HashMap<>();

        private Layout(Path folder, Digest candidate) {
            this.folder = folder;
            this.candidate = candidate;
        }

        private void unpack(Digest artifact) {
            Path target = folder.resolve(artifact.hex());
            Folders.restore(blobs, artifact, target);
            artifacts.put(artifact, target);
        }

        Path folder(Digest artifact) {
            return Optional.ofNullable(artifacts.get(artifact)).orElseThrow();
        }

        ModelArtifact candidate() {
            return ModelArtifact.open(folder(candidate));
        }

        long bytes() {
            return Folders.read(blobs, candidate).bytes();
        }

        Path paired() {
            return folder.resolve("paired.parquet");
        }

        @Override
        public void close() {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
