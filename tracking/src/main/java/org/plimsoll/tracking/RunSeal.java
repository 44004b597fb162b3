package org.plimsoll.tracking;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Digest;
import org.plimsoll.store.Reading;

/**
 * What a run recorded, under one digest, which the closing event carries: a point or a parameter that changes later is found by
 * computing the seal again. Tags are left out, because people go on tagging closed runs.
 *
 * <pre>
 *  seal = SHA-256 of the canonical JSON of {v, run, status, parameters, points, metrics, inputs, outputs, artifacts}
 *    points   the number of points
 *    metrics  SHA-256 of one line a point, in the order of key, step, time and value, NaN last:
 *             key TAB step TAB epoch-milliseconds TAB the double's 64 bits in hex LF
 * </pre>
 *
 * @param points how many
 * @param digest of the points
 * @param latest the value of each metric
 */
record RunSeal(long points, Digest digest, List<MetricPoint> latest) {

    private static final int FETCH = 10_000;

    private record Document(
            int v,
            String run,
            Run.Status status,
            Map<String, String> parameters,
            long points,
            Digest metrics,
            List<Port> inputs,
            List<Port> outputs,
            List<Kept> artifacts) {}

    private record Kept(String path, Digest digest) {}

    /** Reads all points of a run; the long part of sealing. */
    static RunSeal measure(Reading db, String run) {
        MessageDigest hash = Digest.sha256();
        List<MetricPoint> latest = new ArrayList<>();
        long count = 0;
        var query =
                db.sql().createQuery("""
                        SELECT key, step, at, value FROM metric WHERE run = :run
                        ORDER BY key, step, at, value NULLS LAST""").bind("run", run).setFetchSize(FETCH).map(RunRows::point);
        try (Stream<MetricPoint> points = query.stream()) {
            for (MetricPoint point : (Iterable<MetricPoint>) points::iterator) {
                hash.update(line(point));
                count++;
                int last = latest.size() - 1;
                if (last < 0 || !latest.get(last).key().equals(point.key())) {
                    latest.add(point);
                } else if (point.supersedes(latest.get(last))) {
                    latest.set(last, point);
                }
            }
        }
        return new RunSeal(count, Digest.of(hash), List.copyOf(latest));
    }

    private static byte[] line(MetricPoint point) {
        double value = Double.isNaN(point.value()) ? Double.NaN : point.value(); // one NaN of the many
        String line = point.key()
                + '\t'
                + point.step()
                + '\t'
                + point.at().toEpochMilli()
                + '\t'
                + Long.toHexString(Double.doubleToLongBits(value))
                + '\n';
        return line.getBytes(StandardCharsets.UTF_8);
    }

    /** The seal of this run as it stands, with these points. */
    Digest over(Reading db, Run run, Run.Status status, List<Port> outputs) {
        List<Kept> artifacts = db.sql()
                .createQuery("SELECT path, digest FROM run_artifact WHERE run = :run ORDER BY path")
                .bind("run", run.id())
                .map((row, context) -> new Kept(row.getString("path"), new Digest(row.getString("digest"))))
                .list();
        return CanonicalJson.digest(
                new Document(1, run.id(), status, run.parameters(), points, digest, run.inputs(), outputs, artifacts));
    }
}
