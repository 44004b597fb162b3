package org.plimsoll.gates;

import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Verdict;
import org.plimsoll.core.VersionId;
import org.plimsoll.evaluation.Evaluation;
import org.plimsoll.gates.GatesOperations.GetGateReport;
import org.plimsoll.gates.GatesOperations.ListGateReports;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Pins;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** Keeps gate reports: the document as a blob under its digest, a row to find it by. */
public final class GateReports {

    private static final int MOST_LISTED = 200;

    /** What a report found, without its checks. */
    public record GateReportLine(
            Digest digest,
            VersionId version,
            EndpointName endpoint,
            Optional<VersionId> champion,
            String policy,
            Verdict verdict,
            boolean promotable,
            String madeBy,
            Instant madeAt) {}

    /** Reports of a model, newest first. */
    public record GateReportListing(List<GateReportLine> reports) {}

    private final BlobStore blobs;

    public GateReports(BlobStore blobs) {
        this.blobs = blobs;
    }

    /** Writes the document; before the transaction that {@link #record records} it. */
    public Digest keep(GateReport report) {
        return blobs.add(new ByteArrayInputStream(report.bytes()));
    }

    /** Enters a report whose document {@link #keep is kept}, with what it was computed from. Again: nothing. */
    public void record(Transaction tx, GateReport report) {
        Digest digest = report.digest();
        int added = tx.sql()
                .createUpdate("""
                        INSERT INTO gate_report (digest, model, version, endpoint, champion, policy, holdout, paired_table,
                                                 verdict, promotable, made_by, made_at)
                        VALUES (:digest, :model, :version, :endpoint, :champion, :policy, :holdout, :table,
                                :verdict, :promotable, :by, :at)
                        ON CONFLICT (digest) DO NOTHING
                        """)
                .bind("digest", digest)
                .bind("model", report.about().version().model())
                .bind("version", report.about().version().number())
                .bind("endpoint", report.about().endpoint())
                .bind("champion", report.about().champion().map(VersionId::toString))
                .bind("policy", report.policy().toString())
                .bind("holdout", report.evaluation().map(found -> found.rows().digest()))
                .bind("table", report.evaluation().flatMap(Evaluation::pairedTable))
                .bind("verdict", report.verdict())
                .bind("promotable", report.promotable())
                .bind("by", tx.actor().principal())
                .bind("at", tx.now())
                .execute();
        if (added == 0) {
            return;
        }
        String holder = "gate-report/" + digest.hex();
        Pins.keep(tx, digest, holder);
        report.evaluation().flatMap(Evaluation::pairedTable).ifPresent(table -> Pins.keep(tx, table, holder));
        tx.append(
                "gate.judged",
                "version/" + report.about().version(),
                Map.of(
                        "report", digest,
                        "endpoint", report.about().endpoint(),
                        "policy", report.policy().toString(),
                        "policy_digest", report.policy().digest(),
                        "verdict", report.verdict(),
                        "promotable", report.promotable()));
    }

    /** How often rows of this digest have been judged on for a model, as reports show it; the next attempt is one more. */
    public static long attempts(Reading db, Digest holdout, ModelName model) {
        return db.sql()
                .createQuery("SELECT COUNT(*) FROM gate_report WHERE holdout = :holdout AND model = :model")
                .bind("holdout", holdout)
                .bind("model", model)
                .mapTo(Long.class)
                .one();
    }

    /** The report of this digest. @throws Problem NOT_FOUND where none was recorded */
    public GateReport get(Reading db, Digest digest) {
        boolean isKnown = db.sql()
                        .createQuery("SELECT COUNT(*) FROM gate_report WHERE digest = :digest")
                        .bind("digest", digest)
                        .mapTo(Long.class)
                        .one()
                > 0;
        if (!isKnown) {
            throw Problem.notFound("gate report", digest);
        }
        return GateReport.read(blobs.read(digest));
    }

    /** READ {@code gate.get}: by the whole digest, or by enough of its first hex digits. */
    public GateReport get(Reading db, GetGateReport request) {
        String wanted = request.report().startsWith("sha256:") ? request.report() : "sha256:" + request.report();
        List<Digest> found = db.sql()
                .createQuery("""
                        SELECT digest FROM gate_report
                        WHERE digest >= :from AND digest < :until ORDER BY digest LIMIT 2
                        """)
                .bind("from", wanted)
                .bind("until", wanted + "g")
                .mapTo(Digest.class)
                .list();
        if (found.isEmpty()) {
            throw Problem.notFound("gate report", request.report());
        }
        if (found.size() > 1) {
            throw Problem.invalid("gate report", request.report(), "more of its digest, since several begin like this");
        }
        return GateReport.read(blobs.read(found.getFirst()));
    }

    /** READ {@code gate.list}. */
    public GateReportListing list(Reading db, ListGateReports request) {
        return new GateReportListing(db.sql()
                .createQuery("""
                        SELECT digest, model, version, endpoint, champion, policy, verdict, promotable, made_by, made_at
                        FROM gate_report WHERE model = :model ORDER BY made_at DESC, digest LIMIT :most
                        """)
                .bind("model", request.model())
                .bind("most", MOST_LISTED)
                .map((row, _) -> new GateReportLine(
                        new Digest(row.getString("digest")),
                        new VersionId(new ModelName(row.getString("model")), row.getLong("version")),
                        new EndpointName(row.getString("endpoint")),
                        Optional.ofNullable(row.getString("champion")).map(VersionId::parse),
                        row.getString("policy"),
                        Verdict.valueOf(row.getString("verdict")),
                        row.getBoolean("promotable"),
                        row.getString("made_by"),
                        Instant.ofEpochMilli(row.getLong("made_at"))))
                .list());
    }
}
