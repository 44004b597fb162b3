package org.plimsoll.monitoring;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Resources;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Ids;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;
import org.plimsoll.evaluation.Measurement;
import org.plimsoll.evaluation.Metric;
import org.plimsoll.evaluation.PairedTable;
import org.plimsoll.evaluation.Scope;
import org.plimsoll.monitoring.ApprovedVersion.Reference;
import org.plimsoll.monitoring.MonitoringOperations.ListWindows;
import org.plimsoll.predictions.Arm;
import org.plimsoll.predictions.FilePredictionLog;
import org.plimsoll.predictions.Layout;
import org.plimsoll.predictions.PredictionBatch;
import org.plimsoll.predictions.PredictionBatch.Part;
import org.plimsoll.registry.Models;
import org.plimsoll.registry.Obligation;
import org.plimsoll.registry.Versions;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.ScoringConfig;
import org.plimsoll.scoring.Task;
import org.plimsoll.scoring.TrainingProfile;
import org.plimsoll.serving.Endpoints;
import org.plimsoll.statistics.IsotonicRegression;
import org.plimsoll.store.Database;
import org.plimsoll.store.Databases;
import org.plimsoll.store.FileBlobStore;
import org.plimsoll.store.JobKind;
import org.plimsoll.store.MovableClock;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Worker;

/**
 * An endpoint with a version of known behaviour: {@code x} is normal, {@code port} one of three, the score is right about x, truths come
 * with the chance that the score says. Its log and database are real.
 */
final class Harbour implements AutoCloseable {

    static final EndpointName ENDPOINT = new EndpointName("late-arrival");
    static final VersionId VERSION = VersionId.parse("late-arrival@1");
    static final LocalDate FIRST = LocalDate.of(2001, 3, 1);

    /** Approvals of an endpoint that nobody has approved anything for. */
    static final Approvals NOTHING_APPROVED = new Approvals() {
        @Override
        public ApprovedVersion get(Reading db, EndpointName endpoint, VersionId version) {
            throw Problem.notFound("version", version);
        }

        @Override
        public Optional<Task> task(Reading db, EndpointName endpoint) {
            return Optional.empty();
        }
    };

    private static final Schema RAW = Schema.of(
            Column.optional("x", ColumnType.NUMBER),
            Column.optional("port", ColumnType.TEXT),
            Column.optional("at", ColumnType.TIMESTAMP));
    private static final int CLASSES = 3;
    private static final String[] PORTS = {"ATL", "DFW", "ORD"};

    volatile long now;
    final MovableClock clock = new MovableClock();
    final Database database;
    final FilePredictionLog log;
    final Approvals approvals = new Known();
    final Endpoints endpoints = new Endpoints();
    final Windows windows;
    private final Task.Kind kind;
    private final Layout layout;
    private final Random random;
    private final Map<String, List<String>> truths = new java.util.LinkedHashMap<>();
    private ApprovedVersion approved;
    private WindowJob job;
    private Worker worker;

    Harbour(Databases databases, Path folder, long seed) {
        this(databases, folder, seed, Task.Kind.BINARY);
    }

    /** @param kind binary, or multiclass: on time, late, cancelled, numbered from 0 */
    Harbour(Databases databases, Path folder, long seed, Task.Kind kind) {
        this.kind = kind;
        layout = new Layout(
                VERSION,
                List.of(),
                kind == Task.Kind.BINARY ? List.of("probability") : PairedTable.columns("probability", CLASSES));
        random = new Random(seed);
        var versions = new Versions(
                new Models(),
                new FileBlobStore(folder.resolve("blobs")),
                folder.resolve("scratch"),
                Execution.in(folder, ScoringConfig.DEFAULT));
        var retrainings = new Retrainings(endpoints, versions, _ -> now);
        windows = new Windows(endpoints, _ -> now, approvals, new Incidents(endpoints, retrainings));
        database = databases.fresh(clock);
        log = new FilePredictionLog(folder.resolve("predictions"), FilePredictionLog.Limits.USUAL, clock);
        log.open(ENDPOINT, false);
        database.write(Actor.SYSTEM, tx -> {
            tx.sql().execute("""
                    INSERT INTO endpoint (name, environment, model, time, synced, created_at, revision, edition)
                    VALUES (?, 'production', 'late-arrival', 'REPLAY', FALSE, 0, 0, 0)""", ENDPOINT.value());
            Resources.add(tx, Resource.endpoint(ENDPOINT), Resource.model(new ModelName("late-arrival")));
            return tx;
        });
        approved = approved(List.of(new Obligation(
                metric(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(kind == Task.Kind.BINARY ? 0.65 : 0.6),
                Optional.empty(),
                "3d",
                "1d",
                Obligation.Page.ON_CALL)));
        restart();
    }

    private final class Known implements Approvals {
        @Override
        public ApprovedVersion get(Reading db, EndpointName endpoint, VersionId version) {
            return approved;
        }

        @Override
        public Optional<Task> task(Reading db, EndpointName endpoint) {
            return Optional.of(Harbour.this.task());
        }
    }

    private Metric metric() {
        return Metric.parse(kind == Task.Kind.BINARY ? "auc" : "accuracy");
    }

    private Task task() {
        return new Task(
                kind,
                "late",
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.of("at"),
                Optional.empty(),
                Optional.of(Task.DAY),
                List.of("port"),
                Optional.of(Duration.ofHours(12)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** What a node that starts anew knows. */
    void restart() {
        job = new WindowJob(database, endpoints, _ -> now, log, approvals, windows);
        worker = new Worker(database, Ids.next(), List.of(job.kind()), 1);
        database.write(Actor.SYSTEM, WindowJob::schedule);
    }

    JobKind<?> kind() {
        return job.kind();
    }

    /** Looks until nothing is due. */
    void look() {
        long before = -1;
        for (long judged = events("window.judged"); judged != before; judged = events("window.judged")) {
            before = judged;
            clock.advance(Duration.ofSeconds(10));
            if (!worker.runOne()) {
                throw new IllegalStateException("the job is gone");
            }
        }
    }

    // ---- what training and the gate saw ----

    private ApprovedVersion approved(List<Obligation> obligations) {
        ColumnsBuilder training = Columns.builder(RAW, 20_000);
        for (int day = 1; day <= 20; day++) {
            for (int i = 0; i < 1_000; i++) {
                training.number(0, random.nextGaussian())
                        .text(1, PORTS[random.nextInt(3)])
                        .integer(2, LocalDate.of(2001, 1, day).atStartOfDay().toEpochSecond(ZoneOffset.UTC) * 1_000)
                        .endRow();
            }
        }
        TrainingProfile inputs = TrainingProfile.of(task(), List.of("x", "port"), training.build());
        int width = layout.outputs().size();
        List<Column> columns = new ArrayList<>(List.of(
                Column.required(PairedTable.CLUSTER, ColumnType.TEXT),
                Column.required(PairedTable.LABEL, ColumnType.NUMBER),
                Column.required(PairedTable.WEIGHT, ColumnType.NUMBER),
                Column.required(PairedTable.SEGMENT + "port", ColumnType.TEXT)));
        PairedTable.columns(PairedTable.CANDIDATE, width)
                .forEach(name -> columns.add(Column.required(name, ColumnType.NUMBER)));
        ColumnsBuilder judged = Columns.builder(new Schema(columns), 7_000);
        ColumnsBuilder scores = Columns.builder(
                new Schema(PairedTable.columns(DriftWatch.SCORE, width).stream()
                        .map(name -> Column.optional(name, ColumnType.NUMBER))
                        .toList()),
                7_000);
        String[] days = new String[7_000];
        double[] all = new double[7_000];
        boolean[] positive = new boolean[7_000];
        double[] ones = new double[7_000];
        for (int i = 0; i < 7_000; i++) {
            double[] answer = answer(random.nextGaussian());
            int truth = truth(answer);
            positive[i] = truth == 1;
            all[i] = answer[0];
            ones[i] = 1;
            days[i] = "2001-02-0" + (1 + i / 1_000);
            judged.text(0, days[i]).number(1, truth).number(2, 1).text(3, PORTS[i % 3]);
            for (int k = 0; k < width; k++) {
                judged.number(4 + k, answer[k]);
                scores.number(k, answer[k]);
            }
            judged.endRow();
            scores.endRow();
        }
        PairedTable table = new PairedTable(judged.build(), task());
        Measurement measured = table.measure(metric(), Scope.ALL, Optional.empty());
        return new ApprovedVersion(
                VERSION,
                task(),
                obligations,
                Optional.of(Reference.of(inputs)),
                Optional.of(Reference.of(TrainingProfile.of(scores.build(), days))),
                ApprovedVersion.record(table, task(), List.of(measured)),
                kind == Task.Kind.BINARY ? Optional.of(IsotonicRegression.fit(all, positive, ones)) : Optional.empty());
    }

    /** What the model answers: the chance of being late, or those of on time, late, cancelled. */
    private double[] answer(double x) {
        double late = score(x);
        return kind == Task.Kind.BINARY ? new double[] {late} : new double[] {1 - late, 0.7 * late, 0.3 * late};
    }

    /** A class drawn with the chances that were answered. */
    private int truth(double[] answer) {
        double drawn = random.nextDouble();
        if (kind == Task.Kind.BINARY) {
            return drawn < answer[0] ? 1 : 0;
        }
        return drawn < answer[0] ? 0 : drawn < answer[0] + answer[1] ? 1 : 2;
    }

    private int anyClass() {
        return random.nextInt(kind == Task.Kind.BINARY ? 2 : CLASSES);
    }

    static double score(double x) {
        return 1 / (1 + Math.exp(1 - 1.5 * x));
    }

    // ---- traffic ----

    /** How the rows of a day are made. */
    record Sea(
            double shift,
            double scale,
            double missing,
            double infinite,
            String strange,
            boolean isFlat,
            double wrong,
            boolean isPortGone) {
        static final Sea CALM = new Sea(0, 1, 0, 0, "", false, 0, false);

        static Sea shifted(double shift) {
            return new Sea(shift, 1, 0, 0, "", false, 0, false);
        }

        static Sea scaled(double scale) {
            return new Sea(0, scale, 0, 0, "", false, 0, false);
        }

        static Sea missing(double share) {
            return new Sea(0, 1, share, 0, "", false, 0, false);
        }

        static Sea infinite(double share) {
            return new Sea(0, 1, 0, share, "", false, 0, false);
        }

        static Sea strange(String port) {
            return new Sea(0, 1, 0, 0, port, false, 0, false);
        }

        static Sea flat() {
            return new Sea(0, 1, 0, 0, "", true, 0, false);
        }

        /** Whoever asks does not send the port any more. */
        static Sea withoutPort() {
            return new Sea(0, 1, 0, 0, "", false, 0, true);
        }

        /** The share of truths that are a coin's instead of the score's. */
        static Sea wrong(double share) {
            return new Sea(0, 1, 0, 0, "", false, share, false);
        }
    }

    /** Asks about a day's rows; time goes on to its last hour. */
    void sail(LocalDate day, int rows, Sea sea) {
        for (int from = 0; from < rows; from += 100) {
            int n = Math.min(100, rows - from);
            ColumnsBuilder raw = Columns.builder(RAW, n);
            long[] times = new long[n];
            int width = layout.outputs().size();
            double[] scores = new double[n * width];
            int[] places = new int[n];
            List<String> came = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                double x = sea.isFlat() ? 0.5 : sea.scale() * (random.nextGaussian() + sea.shift());
                boolean isMissing = random.nextDouble() < sea.missing();
                boolean isInfinite = random.nextDouble() < sea.infinite();
                times[i] = at(day) + (from + i) * 82_800_000L / rows;
                if (!isMissing) {
                    raw.number(0, isInfinite ? Double.POSITIVE_INFINITY : x);
                }
                raw.text(
                                1,
                                !sea.strange().isEmpty() && random.nextInt(5) == 0
                                        ? sea.strange()
                                        : PORTS[random.nextInt(3)])
                        .integer(2, times[i])
                        .endRow();
                double[] answer = answer(isMissing || isInfinite ? 0 : x);
                System.arraycopy(answer, 0, scores, i * width, width);
                places[i] = i;
                int truth = random.nextDouble() < sea.wrong() ? anyClass() : truth(answer);
                came.add(kind == Task.Kind.BINARY ? String.valueOf(truth == 1) : String.valueOf(truth));
            }
            String id = Ids.next();
            String[] entities = new String[n];
            java.util.Arrays.fill(entities, "");
            log.append(
                    ENDPOINT,
                    new PredictionBatch(
                            id,
                            clock.millis(),
                            Digest.of("table"),
                            entities,
                            times,
                            sea.isPortGone() ? raw.build().select(List.of("x", "at")) : raw.build(),
                            List.of(new Part(layout, Arm.CHAMPION, places, new double[0], scores))));
            truths.put(id, came);
            now = Math.max(now, times[n - 1]);
        }
    }

    static long at(LocalDate day) {
        return day.atStartOfDay().toEpochSecond(ZoneOffset.UTC) * 1_000;
    }

    /** Tells every truth that was not told yet. */
    void tell() {
        tell(1);
    }

    /** Tells a share of the truths that were not told yet; the rest stay untold. */
    void tell(double share) {
        List<Object[]> told = new ArrayList<>();
        for (var each : truths.entrySet()) {
            List<String> rows = each.getValue();
            for (int row = 0; row < rows.size(); row++) {
                if (random.nextDouble() < share) {
                    told.add(new Object[] {each.getKey(), row, rows.get(row)});
                }
            }
        }
        Map<String, List<String>> before = new java.util.LinkedHashMap<>(truths);
        if (share == 1) {
            truths.clear();
        }
        database.write(Actor.SYSTEM, tx -> {
            var batch = tx.sql().prepareBatch("""
                    INSERT INTO outcome (endpoint, prediction, row_number, label, named_values, at, received_at)
                    VALUES (?, ?, ?, ?, '{}', 0, ?) ON CONFLICT DO NOTHING""");
            told.forEach(it -> batch.add(ENDPOINT.value(), it[0], it[1], it[2], tx.now()));
            if (!told.isEmpty()) {
                batch.execute();
            }
            return before;
        });
    }

    // ---- what was found ----

    Window window(LocalDate day) {
        return database.read(db -> windows.find(db, ENDPOINT, day).orElseThrow());
    }

    List<Window> all() {
        return database.read(db -> windows.list(
                        db, new ListWindows(ENDPOINT, Optional.empty(), Optional.empty(), Optional.of(2_000))))
                .windows()
                .reversed();
    }

    MonitoringOperations.WindowList list() {
        return database.read(db ->
                windows.list(db, new ListWindows(ENDPOINT, Optional.empty(), Optional.empty(), Optional.empty())));
    }

    long events(String type) {
        return database.read(db -> db.sql()
                .createQuery("SELECT count(*) FROM event WHERE type = :type")
                .bind("type", type)
                .mapTo(Long.class)
                .one());
    }

    @Override
    public void close() {
        log.close();
        database.close();
    }
}
