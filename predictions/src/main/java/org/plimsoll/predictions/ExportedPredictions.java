package org.plimsoll.predictions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.plimsoll.access.Content;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Query;
import org.plimsoll.data.Schema;
import org.plimsoll.predictions.PredictionBatch.Part;
import org.plimsoll.predictions.PredictionLog.Detail;
import org.plimsoll.predictions.PredictionLog.Received;
import org.plimsoll.predictions.PredictionsOperations.ExportPredictions;
import org.plimsoll.store.Reading;

/**
 * The log joined with outcomes as one Parquet file, a row for each answer, in the order they were written.
 *
 * <pre>
 *  prediction TEXT  row INTEGER       which answer; a shadow's has the id of the answer it stands beside
 *  received_at, event_time TIMESTAMP  entity TEXT
 *  table TEXT  version TEXT  arm TEXT
 *  in.NAME …                          raw columns as they came; missing for shadows
 *  x.NAME …                           what the engine saw, in the model file's order
 *  out.NAME …                         what it answered
 *  outcome TEXT  outcome_at TIMESTAMP outcome.NAME …
 * </pre>
 */
public final class ExportedPredictions {

    /** Rows of one part; two parts are held in memory at once. */
    private static final int TOGETHER = 50_000;

    private final PredictionLog log;
    private final Query query;
    private final Path scratch;

    /** @param scratch a folder for files that live as long as one download */
    public ExportedPredictions(PredictionLog log, Query query, Path scratch) {
        this.log = log;
        this.query = query;
        this.scratch = scratch;
    }

    /** READ {@code predictions.export}. */
    public Content export(Reading db, ExportPredictions request) throws IOException {
        Outcomes.refuseUnknown(db, request.endpoint());
        Received received = new Received(
                request.from().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE),
                request.until().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE));
        Files.createDirectories(scratch);
        Path folder = Files.createTempDirectory(scratch, "predictions-");
        try {
            Path file = write(db, request.endpoint(), received, _ -> true, (_, _, _, _) -> true, folder)
                    .file();
            return new Content(
                    "application/vnd.apache.parquet", Optional.of(request.endpoint() + "-predictions.parquet"), out -> {
                        try {
                            Files.copy(file, out);
                        } finally {
                            delete(folder);
                        }
                    });
        } catch (RuntimeException | IOException e) {
            delete(folder);
            throw e;
        }
    }

    /** Which answers a file has. */
    private interface Keep {
        boolean row(PredictionBatch batch, Part part, int row, Optional<Outcome> outcome);
    }

    private record Written(Path file, long rows) {}

    /**
     * Writes the answers that somebody got to what was asked in [from, until) by event time and whose truth is known, in the same
     * columns, into this folder.
     *
     * @return the file; empty where there is none
     */
    public Optional<Path> writeKnown(Reading db, EndpointName endpoint, Instant from, Instant until, Path folder)
            throws IOException {
        long first = from.toEpochMilli();
        long end = until.toEpochMilli();
        Written written = write(
                db,
                endpoint,
                Received.ALWAYS,
                batch -> Arrays.stream(batch.eventTimes()).anyMatch(time -> time >= first && time < end),
                (batch, part, row, outcome) -> outcome.isPresent()
                        && part.arm() != Arm.SHADOW
                        && batch.eventTimes()[row] >= first
                        && batch.eventTimes()[row] < end,
                folder);
        return written.rows() > 0 ? Optional.of(written.file()) : Optional.empty();
    }

    /** Writes the file into a folder of its own. */
    private Written write(
            Reading db,
            EndpointName endpoint,
            Received received,
            Predicate<PredictionBatch> wanted,
            Keep keep,
            Path folder)
            throws IOException {
        Shape shape = shape(db, endpoint, received, wanted);
        List<Path> parts;
        long all;
        try (PartFiles files = new PartFiles(query, folder)) {
            Rows rows = new Rows(shape, keep, files::add);
            new JoinedLog(log).scan(db, endpoint, received, Detail.ALL, wanted, rows::add);
            rows.end();
            parts = files.written();
            all = rows.all;
        }
        if (parts.size() == 1) {
            return new Written(parts.getFirst(), all);
        }
        Path whole = folder.resolve("whole.parquet");
        List<Query.Input> inputs = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            inputs.add(new Query.Input(parts.get(i), new Digest("sha256:%064x".formatted(i)))); // a number, to sort by
        }
        String names = shape.schema().names().stream()
                .map(name -> "\"" + name.replace("\"", "\"\"") + "\"")
                .collect(Collectors.joining(", "));
        query.transform(
                "SELECT " + names + " FROM parts ORDER BY _file, _row", Map.of("parts", inputs), Map.of(), whole);
        return new Written(whole, all);
    }

    /** Files of some rows each. One is written while the rows of the next are put together. */
    private static final class PartFiles implements AutoCloseable {
        private final Query query;
        private final Path folder;
        private final List<Path> files = new ArrayList<>();
        private final ExecutorService beside = Executors.newSingleThreadExecutor(
                Thread.ofVirtual().name("predictions-export").factory());
        private Future<?> last = CompletableFuture.completedFuture(true);

        PartFiles(Query query, Path folder) {
            this.query = query;
            this.folder = folder;
        }

        void add(Columns rows) {
            await();
            Path file = folder.resolve("part-" + files.size() + ".parquet");
            files.add(file);
            last = beside.submit(() -> query.write(rows, file));
        }

        /** All files, once the last is written. */
        List<Path> written() {
            await();
            return files;
        }

        private void await() {
            try {
                last.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException failure
                        ? failure
                        : new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Problem.of(Problem.Kind.BUSY, "the export of predictions was interrupted");
            }
        }

        /** Also ends a file that is being written, where something else went wrong. */
        @Override
        public void close() {
            beside.shutdownNow();
            beside.close();
        }
    }

    /** Outcomes are looked at only where some carry values: those are columns too. */
    private Shape shape(Reading db, EndpointName endpoint, Received received, Predicate<PredictionBatch> wanted) {
        Shape shape = new Shape();
        log.scan(endpoint, received, Detail.COLUMNS, batch -> {
            if (wanted.test(batch)) {
                shape.widen(batch);
            }
        });
        if (Outcomes.haveValues(db, endpoint, shape.first, shape.last)) {
            new JoinedLog(log).scan(db, endpoint, received, Detail.SCORES, wanted, shape::widen);
        }
        return shape;
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            System.getLogger(ExportedPredictions.class.getName())
                    .log(System.Logger.Level.WARNING, folder + " could not be removed", e);
        }
    }

    /** The columns all batches need together. */
    private static final class Shape {
        private final Map<String, ColumnType> raw = new LinkedHashMap<>();
        private final Set<String> features = new LinkedHashSet<>();
        private final Set<String> outputs = new LinkedHashSet<>();
        private final Set<String> values = new TreeSet<>();
        private final Set<Layout> seenLayouts = new LinkedHashSet<>();
        private final Set<Schema> seenSchemas = new LinkedHashSet<>();
        private String first = ""; // the least id and the greatest; both empty where there is none
        private String last = "";

        void widen(PredictionBatch batch) {
            first = first.isEmpty() || batch.id().compareTo(first) < 0 ? batch.id() : first;
            last = batch.id().compareTo(last) > 0 ? batch.id() : last;
            if (seenSchemas.add(batch.raw().schema())) {
                for (Column column : batch.raw().schema().columns()) {
                    raw.merge(column.name(), column.type(), Shape::common);
                }
            }
            for (Part part : batch.parts()) {
                if (seenLayouts.add(part.layout())) {
                    features.addAll(part.layout().features());
                    outputs.addAll(part.layout().outputs());
                }
            }
        }

        void widen(PredictionBatch batch, KnownOutcomes known) {
            for (int row = 0; row < batch.rows(); row++) {
                known.of(batch, row)
                        .ifPresent(outcome -> values.addAll(outcome.values().keySet()));
            }
        }

        /** A type that takes both. */
        private static ColumnType common(ColumnType one, ColumnType other) {
            if (one.takes(other)) {
                return one;
            }
            return other.takes(one) ? other : ColumnType.TEXT;
        }

        Schema schema() {
            List<Column> columns = new ArrayList<>(List.of(
                    Column.required("prediction", ColumnType.TEXT),
                    Column.required("row", ColumnType.INTEGER),
                    Column.required("received_at", ColumnType.TIMESTAMP),
                    Column.required("event_time", ColumnType.TIMESTAMP),
                    Column.optional("entity", ColumnType.TEXT),
                    Column.required("table", ColumnType.TEXT),
                    Column.required("version", ColumnType.TEXT),
                    Column.required("arm", ColumnType.TEXT)));
            raw.forEach((name, type) -> columns.add(Column.optional("in." + name, type)));
            features.forEach(name -> columns.add(Column.optional("x." + name, ColumnType.NUMBER)));
            outputs.forEach(name -> columns.add(Column.optional("out." + name, ColumnType.NUMBER)));
            columns.add(Column.optional("outcome", ColumnType.TEXT));
            columns.add(Column.optional("outcome_at", ColumnType.TIMESTAMP));
            values.forEach(name -> columns.add(Column.optional("outcome." + name, ColumnType.NUMBER)));
            return new Schema(columns);
        }
    }

    /** Where a part's features and outputs go. */
    private record Places(int[] features, int[] outputs) {}

    /** Takes batches, gives tables. */
    private static final class Rows {
        private final Schema schema;
        private final Keep keep;
        private final Consumer<Columns> sink;
        private final Map<String, Integer> places = new HashMap<>();
        private final Map<Layout, Places> layouts = new HashMap<>();
        private final Map<Schema, int[]> inputs = new HashMap<>();
        private ColumnsBuilder builder;
        private int filled;
        private long all;

        Rows(Shape shape, Keep keep, Consumer<Columns> sink) {
            this.schema = shape.schema();
            this.keep = keep;
            for (int i = 0; i < schema.size(); i++) {
                places.put(schema.columns().get(i).name(), i);
            }
            this.sink = sink;
            this.builder = Columns.builder(schema, 1_000);
        }

        private int place(String column) {
            return Optional.ofNullable(places.get(column)).orElseThrow(() -> Problem.notFound("column", column));
        }

        private int[] places(String prefix, List<String> names) {
            return names.stream().mapToInt(name -> place(prefix + name)).toArray();
        }

        void add(PredictionBatch batch, KnownOutcomes known) {
            int[] raw = inputs.computeIfAbsent(batch.raw().schema(), it -> places("in.", it.names()));
            String table = batch.table().toString();
            for (Part part : batch.parts()) {
                String version = part.layout().version().toString();
                Places own = layouts.computeIfAbsent(
                        part.layout(), it -> new Places(places("x.", it.features()), places("out.", it.outputs())));
                for (int i = 0; i < part.rows().length; i++) {
                    Optional<Outcome> outcome = known.of(batch, part.rows()[i]);
                    if (keep.row(batch, part, part.rows()[i], outcome)) {
                        add(batch, table, part, version, i, raw, own, outcome);
                    }
                }
            }
        }

        private void add(
                PredictionBatch batch,
                String table,
                Part part,
                String version,
                int i,
                int[] raw,
                Places own,
                Optional<Outcome> outcome) {
            int row = part.rows()[i];
            builder.text(0, batch.id())
                    .integer(1, row)
                    .integer(2, batch.receivedAt())
                    .integer(3, batch.eventTimes()[row]);
            if (!batch.entities()[row].isEmpty()) {
                builder.text(4, batch.entities()[row]);
            }
            builder.text(5, table).text(6, version).text(7, part.arm().word());
            for (int c = 0; c < raw.length; c++) {
                raw(batch.raw(), c, row, raw[c]);
            }
            if (part.x().length > 0) {
                for (int f = 0; f < own.features().length; f++) {
                    builder.number(own.features()[f], part.x()[i * own.features().length + f]);
                }
            }
            for (int o = 0; o < own.outputs().length; o++) {
                builder.number(own.outputs()[o], part.score(i, o));
            }
            outcome.ifPresent(known -> {
                builder.text(place("outcome"), known.label())
                        .integer(place("outcome_at"), known.at().toEpochMilli());
                known.values().forEach((name, value) -> builder.number(place("outcome." + name), value));
            });
            builder.endRow();
            all++;
            if (++filled == TOGETHER) {
                flush();
            }
        }

        private void raw(Columns rows, int c, int row, int place) {
            if (rows.isMissing(c, row)) {
                return;
            }
            switch (schema.columns().get(place).type()) {
                case NUMBER -> builder.number(place, rows.number(c, row));
                case BOOLEAN, INTEGER, TIMESTAMP -> builder.integer(place, rows.integer(c, row));
                case TEXT, CATEGORY -> builder.text(place, rows.written(c, row).orElseThrow());
            }
        }

        private void flush() {
            sink.accept(builder.build());
            builder = Columns.builder(schema, 1_000);
            filled = 0;
        }

        void end() {
            if (filled > 0 || all == 0) {
                flush();
            }
        }
    }
}
