package org.plimsoll.predictions;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.predictions.PredictionLog.Detail;
import org.plimsoll.predictions.PredictionLog.Received;
import org.plimsoll.store.Database;
import org.plimsoll.store.Ending;
import org.plimsoll.store.Job;
import org.plimsoll.store.JobKind;
import org.plimsoll.store.Jobs;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/**
 * Seals ended segments: the digest of each goes into an event, and so into the audit log, after which nobody can change a
 * prediction without being seen. A job does it every ten minutes.
 */
public final class SealedSegments {

    private static final String KIND = "predictions.seal";
    private static final Duration EVERY = Duration.ofMinutes(10);

    /** Nothing needs to be said. */
    public record SealRequest() {}

    /** A segment with its digest. */
    public record SealedSegment(EndpointName endpoint, long number, Digest digest, long bytes, long batches) {}

    private final FilePredictionLog log;
    private final Database database;

    public SealedSegments(FilePredictionLog log, Database database) {
        this.log = log;
        this.database = database;
    }

    /** The job. */
    public JobKind<SealRequest> kind() {
        return new JobKind<>(KIND, SealRequest.class, (_, _) -> {
            List<SealedSegment> found = unsealed();
            return tx -> {
                found.forEach(segment -> seal(tx, segment));
                return Ending.again(tx.instant().plus(EVERY));
            };
        });
    }

    /** Makes the job due, once for the whole home. */
    public static Job schedule(Transaction tx) {
        return Jobs.queueOnce(
                tx, KIND, "prediction-log/all", new SealRequest(), tx.instant().plus(EVERY));
    }

    /** The ended segments that no event speaks of yet, digested. */
    List<SealedSegment> unsealed() throws IOException {
        List<SealedSegment> found = new ArrayList<>();
        for (EndpointName endpoint : log.endpoints()) {
            List<Long> sealed = database.read(db -> numbers(db, endpoint));
            for (Segment segment : log.ended(endpoint)) {
                if (!sealed.contains(segment.number())) {
                    AtomicLong batches = new AtomicLong();
                    segment.scan(Received.ALWAYS, Detail.SCORES, _ -> batches.incrementAndGet());
                    found.add(new SealedSegment(
                            endpoint, segment.number(), digest(segment), Files.size(segment.file()), batches.get()));
                }
            }
        }
        return found;
    }

    private static List<Long> numbers(Reading db, EndpointName endpoint) {
        return db.sql()
                .createQuery("SELECT number FROM prediction_segment WHERE endpoint = :endpoint")
                .bind("endpoint", endpoint)
                .mapTo(Long.class)
                .list();
    }

    private static Digest digest(Segment segment) throws IOException {
        MessageDigest sha256 = Digest.sha256();
        try (InputStream in = Files.newInputStream(segment.file())) {
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha256.update(buffer, 0, read);
            }
        }
        return Digest.of(sha256);
    }

    /** Enters a segment; again: nothing. */
    static void seal(Transaction tx, SealedSegment segment) {
        int added = tx.sql()
                .createUpdate("""
                        INSERT INTO prediction_segment (endpoint, number, digest, bytes, batches, sealed_at)
                        VALUES (:endpoint, :number, :digest, :bytes, :batches, :now)
                        ON CONFLICT (endpoint, number) DO NOTHING
                        """)
                .bind("endpoint", segment.endpoint())
                .bind("number", segment.number())
                .bind("digest", segment.digest())
                .bind("bytes", segment.bytes())
                .bind("batches", segment.batches())
                .bind("now", tx.now())
                .execute();
        if (added > 0) {
            tx.append(
                    "predictions.sealed",
                    "endpoint/" + segment.endpoint(),
                    Map.of(
                            "segment", segment.number(),
                            "digest", segment.digest(),
                            "bytes", segment.bytes(),
                            "batches", segment.batches()));
        }
    }
}
