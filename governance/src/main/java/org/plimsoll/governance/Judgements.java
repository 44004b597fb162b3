package org.plimsoll.governance;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Ids;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Verdict;
import org.plimsoll.core.VersionId;
import org.plimsoll.evaluation.Evaluation;
import org.plimsoll.evaluation.EvaluationRequest;
import org.plimsoll.evaluation.Evaluations;
import org.plimsoll.evaluation.Subject;
import org.plimsoll.gates.Facts;
import org.plimsoll.gates.GateReport;
import org.plimsoll.gates.GateReports;
import org.plimsoll.gates.Gates;
import org.plimsoll.gates.PolicyVersion;
import org.plimsoll.governance.Bench.Bound;
import org.plimsoll.governance.GovernanceOperations.EvaluateVersion;
import org.plimsoll.governance.GovernanceOperations.Evaluated;
import org.plimsoll.registry.VersionState;
import org.plimsoll.registry.Versions;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.scoring.Parity;
import org.plimsoll.serving.Endpoint;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Database;
import org.plimsoll.store.Ending;
import org.plimsoll.store.Job;
import org.plimsoll.store.JobKind;
import org.plimsoll.store.Jobs;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/**
 * Evaluates versions, in the server, as a job:
 *
 * <pre>
 *   ask serving who is champion ─▶ lay out artifacts and rows ─▶ measure side by side ─▶ hold against the policy
 *                                                                                             │
 *   one transaction: the report, the version's state, and a candidate where the policy lets one be made
 * </pre>
 *
 * Every attempt on the same rows is counted, because who tries often enough passes by luck.
 */
public final class Judgements {

    /** What the job is asked; rows are fixed when it is queued. */
    public record EvaluationOrder(VersionId version, EndpointName endpoint, Optional<Digest> rows, String askedBy) {}

    /**
     * One evaluation that was held against a policy.
     *
     * @param champion what it was compared with
     * @param report digest of the gate report
     * @param rows digest of what it was judged on
     */
    public record Judgement(
            String id,
            VersionId version,
            EndpointName endpoint,
            Optional<VersionId> champion,
            Digest policy,
            Digest report,
            Optional<Digest> rows,
            Verdict verdict,
            boolean promotable,
            Optional<Long> candidate,
            String askedBy,
            Instant judgedAt) {}

    private static final String KIND = "version.evaluate";

    private final Database database;
    private final BlobStore blobs;
    private final Bench bench;
    private final Evaluations evaluations;
    private final Versions versions;
    private final GateReports reports;
    private final Candidates candidates;

    public Judgements(
            Database database,
            BlobStore blobs,
            Bench bench,
            Evaluations evaluations,
            Versions versions,
            GateReports reports,
            Candidates candidates) {
        this.database = database;
        this.blobs = blobs;
        this.bench = bench;
        this.evaluations = evaluations;
        this.versions = versions;
        this.reports = reports;
        this.candidates = candidates;
    }

    /** The job by which a worker evaluates. */
    public JobKind<EvaluationOrder> jobKind() {
        return new JobKind<>(KIND, EvaluationOrder.class, this::run);
    }

    Job queue(Transaction tx, EvaluateVersion request) {
        EvaluationOrder order = bench.order(tx, request);
        tx.append("version.evaluation-ordered", "version/" + request.id(), order);
        return Jobs.queue(tx, KIND, "version/" + request.id(), order, Instant.ofEpochMilli(tx.now()));
    }

    private JobKind.Closing run(Job job, EvaluationOrder order) {
        Bench.Case is = database.read(db -> bench.look(db, order));
        try (Bench.Layout layout = bench.layOut(is)) {
            Optional<Evaluation> evaluation = measure(is, layout);
            Facts facts = facts(is, layout);
            GateReport report = Gates.judge(is.policy(), is.decision(), facts, evaluation);
            Digest kept = reports.keep(report);
            return tx -> close(tx, order, is, report, kept);
        }
    }

    private Optional<Evaluation> measure(Bench.Case is, Bench.Layout layout) {
        if (!is.policy().policy().needsEvidence()) {
            return Optional.empty();
        }
        Digest rows = is.rows()
                .orElseThrow(() -> Problem.refused(
                        "there are no rows to judge " + is.version().id()
                                + " on: its run has no output `test`; name rows by their digest with --rows"));
        ModelArtifact candidate = layout.candidate();
        var claims = is.policy().policy().claims(candidate.task(), is.champion().isEmpty());
        Path paired = layout.paired();
        Evaluation evaluation = evaluations.evaluate(
                new EvaluationRequest(
                        subject(layout, is.candidate()),
                        is.champion().map(bound -> subject(layout, bound)),
                        is.anchor().map(bound -> subject(layout, bound)),
                        rows,
                        blobs.fetch(rows),
                        claims),
                paired);
        evaluation.pairedTable().ifPresent(digest -> {
            if (!blobs.add(paired).equals(digest)) {
                throw new IllegalStateException("the paired table is not the one the evaluation names");
            }
        });
        return Optional.of(evaluation);
    }

    private Subject subject(Bench.Layout layout, Bound bound) {
        return new Subject(
                bound.version().toString(),
                bound.artifact(),
                layout.folder(bound.artifact()),
                bound.training(),
                bound.training().map(blobs::fetch));
    }

    private Facts facts(Bench.Case is, Bench.Layout layout) {
        Parity parity = evaluations.parity(layout.candidate());
        return new Facts(
                is.at(),
                Optional.of(new Facts.Golden(parity.rows(), parity.maxDifference(), parity.holds())),
                Optional.of(is.missingDocuments()),
                Optional.of(layout.bytes()),
                is.attempts());
    }

    private Ending close(Transaction tx, EvaluationOrder order, Bench.Case is, GateReport report, Digest kept) {
        reports.record(tx, report);
        VersionState state = versions.get(tx, order.version()).state();
        if (state == VersionState.REGISTERED || state == VersionState.REJECTED) {
            versions.enter(tx, order.version(), VersionState.EVALUATED);
        }
        Optional<Long> candidate = report.promotable()
                ? Optional.of(candidates
                        .open(tx, contents(is, report), is.policy(), order.askedBy())
                        .number())
                : Optional.empty();
        Judgement judgement = new Judgement(
                Ids.next(),
                order.version(),
                order.endpoint(),
                is.champion().map(Bound::version),
                is.policy().digest(),
                kept,
                is.rows(),
                report.verdict(),
                report.promotable(),
                candidate,
                order.askedBy(),
                Instant.ofEpochMilli(tx.now()));
        insert(tx, judgement);
        tx.append("version.evaluated", "version/" + order.version(), judgement);
        return Ending.done(new Evaluated(
                order.version(), order.endpoint(), kept, report.verdict(), report.promotable(), candidate));
    }

    private static CandidateContents contents(Bench.Case is, GateReport report) {
        PolicyVersion policy = is.policy();
        Endpoint endpoint = is.endpoint();
        return new CandidateContents(
                CandidateContents.FORMAT,
                is.version().id(),
                is.decision().tier(),
                is.version().artifact(),
                is.version().card(),
                report.digest(),
                policy.digest(),
                endpoint.name(),
                endpoint.environment(),
                is.champion().map(Bound::version),
                policy.policy().plan());
    }

    /** The newest judgement of this version for this endpoint. */
    public static Optional<Judgement> newest(Reading db, EndpointName endpoint, VersionId version) {
        return db.sql()
                .createQuery("""
                        SELECT id, version, endpoint, champion, policy, report, rows_used AS rows, verdict, promotable,
                            candidate, asked_by, judged_at
                        FROM judgement WHERE endpoint = :endpoint AND version = :version ORDER BY id DESC LIMIT 1""")
                .bind("endpoint", endpoint)
                .bind("version", version)
                .mapTo(Judgement.class)
                .findOne();
    }

    /** The judgement that a candidate came of. */
    static Optional<Judgement> of(Reading db, long candidate) {
        return db.sql()
                .createQuery("""
                        SELECT id, version, endpoint, champion, policy, report, rows_used AS rows, verdict, promotable,
                            candidate, asked_by, judged_at
                        FROM judgement WHERE candidate = :candidate ORDER BY id DESC LIMIT 1""")
                .bind("candidate", candidate)
                .mapTo(Judgement.class)
                .findOne();
    }

    private static void insert(Transaction tx, Judgement judgement) {
        ModelName model = judgement.version().model();
        tx.sql().createUpdate("""
                        INSERT INTO judgement (id, model, version, endpoint, champion, policy, report, rows_used, verdict,
                            promotable, candidate, asked_by, judged_at)
                        VALUES (:id, :model, :version, :endpoint, :champion, :policy, :report, :rows, :verdict,
                            :promotable, :candidate, :askedBy, :judgedAt)""").bind("model", model).bindMethods(judgement).execute();
    }
}
