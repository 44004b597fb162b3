package org.plimsoll.monitoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.VersionId;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Query;
import org.plimsoll.monitoring.Incident.Cause;
import org.plimsoll.monitoring.IncidentOperations.DistributionList;
import org.plimsoll.monitoring.IncidentOperations.GetDistributions;
import org.plimsoll.monitoring.Suspect.Kind;
import org.plimsoll.predictions.PredictionBatch;
import org.plimsoll.predictions.PredictionLog;
import org.plimsoll.predictions.PredictionLog.Detail;
import org.plimsoll.predictions.PredictionLog.Received;
import org.plimsoll.registry.Version;
import org.plimsoll.registry.Versions;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.scoring.Scorer;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Database;
import org.plimsoll.store.Folders;
import org.plimsoll.store.Reading;
import org.plimsoll.tracking.Port;
import org.plimsoll.tracking.Run;
import org.plimsoll.tracking.Runs;

/**
 * Looks for what may have caused an incident:
 *
 * <pre>
 *  the window's rows as they were asked ─┬─ each column's deciles beside those of the training rows: another unit?
 *                                        ├─ how much the answers move when the column's values are dealt out anew:
 *                                        │  its share of all such movement is its importance
 *                                        └─ × how far it drifted = its weight
 *  the window before                     ─── another version answered: a suspect too
 *  no requests, no truths                ─── what stopped, and since when
 * </pre>
 *
 * Importance is measured on this window's rows, by the model that answered them, so that a column that hardly moves an answer is
 * not blamed for it, however far it drifted.
 */
public final class Investigation {

    private static final System.Logger LOG = System.getLogger(Investigation.class.getName());

    private static final int ROWS = 4_000;
    private static final double NOTICEABLE = 0.05;
    private static final int MOST = 8;

    private final Database database;
    private final Windows windows;
    private final Versions versions;
    private final PredictionLog log;
    private final BlobStore blobs;
    private final Query query;
    private final Path scratch;
    private final Execution execution;

    /** @param scratch a folder for a model while it is asked */
    public Investigation(
            Database database,
            Windows windows,
            Versions versions,
            PredictionLog log,
            BlobStore blobs,
            Query query,
            Path scratch,
            Execution execution) {
        this.execution = execution;
        this.database = database;
        this.windows = windows;
        this.versions = versions;
        this.log = log;
        this.blobs = blobs;
        this.query = query;
        this.scratch = scratch;
    }

    /** What the records say, before anything is measured. */
    private record Seen(
            Optional<Window> window,
            Optional<Window> before,
            Optional<Digest> artifact,
            Optional<Digest> training,
            Received received) {}

    /** The likeliest causes, the likeliest first; never empty, and never a failure: whoever waits for a page must get it. */
    List<Suspect> suspects(Incident incident) {
        List<Suspect> found = new ArrayList<>();
        try {
            Seen seen = database.read(db -> see(db, incident));
            feeds(incident, seen, found);
            newVersion(seen, found);
            seen.window().ifPresent(window -> missing(window, found));
            if (seen.window().isPresent() && seen.artifact().isPresent()) {
                columns(incident, seen, seen.window().get(), found);
            }
        } catch (RuntimeException | IOException e) {
            LOG.log(Level.WARNING, "incident " + incident.number() + " could not be looked into", e);
        }
        if (found.isEmpty()) {
            found.add(new Suspect(
                    Kind.CONCEPT,
                    Optional.empty(),
                    0,
                    Optional.empty(),
                    incident.cause() == Cause.PERFORMANCE
                            ? "No input moved noticeably: what the inputs mean for the answer may have changed."
                            : "Nothing that would explain it was found in the window's rows."));
        }
        found.sort(Comparator.comparingDouble(Suspect::weight).reversed());
        return found.stream().limit(MOST).toList();
    }

    private Seen see(Reading db, Incident incident) {
        LocalDate day = incident.days().getLast();
        Optional<Window> window = windows.find(db, incident.endpoint(), day);
        Optional<Window> before =
                windows.find(db, incident.endpoint(), incident.since().minusDays(1));
        return see(db, window, before, incident.version());
    }

    private Seen see(Reading db, Optional<Window> window, Optional<Window> before, Optional<VersionId> id) {
        Optional<Version> version = id.map(it -> versions.get(db, it));
        return new Seen(
                window,
                before,
                version.map(Version::artifact),
                version.flatMap(it -> training(db, it)),
                window.map(it -> received(db, it)).orElse(Received.ALWAYS));
    }

    /** The rows of a day were received after the window two days before was judged, and before it was judged itself. */
    private Received received(Reading db, Window window) {
        return windows.find(db, window.endpoint(), window.day().minusDays(2))
                .map(earlier -> new Received(
                        Math.min(
                                earlier.judgedAt().toEpochMilli(), window.from().toEpochMilli()),
                        window.judgedAt().toEpochMilli() + 1))
                .orElse(Received.ALWAYS);
    }

    /**
     * Columns of this window that drifted because they come in another unit: a fault of whoever sends them, however well the
     * model still does.
     */
    List<Crossing> unitChanges(EndpointName endpoint, LocalDate day) {
        Seen seen = database.read(db -> {
            Optional<Window> window = windows.find(db, endpoint, day);
            return see(db, window, Optional.empty(), window.flatMap(Window::version));
        });
        List<Crossing> found = new ArrayList<>();
        if (seen.window().isEmpty() || seen.training().isEmpty()) {
            return found;
        }
        Window window = seen.window().get();
        Optional<Columns> asked = rows(endpoint, seen.received(), window);
        for (Crossing crossing : window.crossings()) {
            if (asked.isPresent() && isSuspicious(window, crossing)) {
                String column = crossing.column().orElseThrow();
                unitChange(seen.training().get(), asked.get(), column)
                        .map(change -> crossing(crossing, column, change))
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    /** READ {@code monitor.distributions}: how the inputs of a window were spread, beside the rows its version learned from. */
    DistributionList distributions(Reading db, GetDistributions request) {
        Optional<Window> window = windows.find(db, request.endpoint(), request.day());
        Seen seen = see(db, window, Optional.empty(), window.flatMap(Window::version));
        if (window.isEmpty() || seen.training().isEmpty()) {
            return new DistributionList(List.of());
        }
        Optional<Columns> asked = rows(request.endpoint(), seen.received(), window.get());
        List<Path> training = List.of(blobs.fetch(seen.training().get()));
        List<String> known = query.describe(training).schema().names();
        List<String> names = window.get().columns().stream()
                .filter(column -> column.part() == WatchedColumn.Part.INPUT)
                .map(WatchedColumn::name)
                .filter(name -> known.contains(name)
                        && asked.isPresent()
                        && asked.get().schema().names().contains(name))
                .toList();
        if (names.isEmpty()) {
            return new DistributionList(List.of());
        }
        Columns before = query.read(training, names);
        return new DistributionList(names.stream()
                .flatMap(name -> Distribution.of(name, before, asked.orElseThrow()).stream())
                .toList());
    }

    /** An input that drifted, and whose mean is not what it was by a fifth or more. */
    static boolean isSuspicious(Window window, Crossing crossing) {
        return crossing.kind() == Crossing.Kind.INPUT_DRIFT
                && window.columns().stream()
                        .filter(column -> crossing.column().equals(Optional.of(column.name())))
                        .filter(column ->
                                column.mean().isPresent() && column.meanBefore().isPresent())
                        .anyMatch(column -> UnitChange.isBeyond(
                                column.mean().get() / column.meanBefore().get()));
    }

    private static Crossing crossing(Crossing drift, String column, UnitChange change) {
        return new Crossing(
                Crossing.Kind.DATA,
                Crossing.Severity.ALARM,
                "unit",
                Optional.of(column),
                Optional.empty(),
                Optional.empty(),
                Optional.of(change.factor()),
                Optional.of(1.0),
                drift.since(),
                1,
                drift.page(),
                "`" + column + "` comes in another unit: every decile is " + change.text() + ".");
    }

    /** The rows the version learned from, as its own run records them. */
    private static Optional<Digest> training(Reading db, Version version) {
        return version.run()
                .flatMap(run -> Runs.steps(db, run).stream()
                        .filter(step -> step.outputs().stream()
                                .anyMatch(port -> port.digest().equals(version.artifact())))
                        .findFirst())
                .map(Run::inputs)
                .flatMap(inputs -> inputs.stream()
                        .filter(port ->
                                port.form() == Port.Form.FILE && !port.name().equals(Port.CODE))
                        .map(Port::digest)
                        .findFirst());
    }

    private static void feeds(Incident incident, Seen seen, List<Suspect> found) {
        String since = incident.since().toString();
        if (incident.cause() == Cause.TRAFFIC) {
            String before = seen.before()
                    .filter(it -> it.rows() > 0)
                    .map(it -> String.format(Locale.ROOT, "; the day before had %,d rows", it.rows()))
                    .orElse("");
            found.add(feed("Requests stopped on " + since + before + ": ask whoever sends them."));
        }
        if (incident.cause() == Cause.TRUTHS) {
            found.add(feed("Truths of " + since + " did not come: ask whoever sends outcomes."));
        }
    }

    private static Suspect feed(String text) {
        return new Suspect(Kind.MISSING_FEED, Optional.empty(), 2, Optional.empty(), text);
    }

    private static void newVersion(Seen seen, List<Suspect> found) {
        Optional<VersionId> now = seen.window().flatMap(Window::version);
        Optional<VersionId> then = seen.before().flatMap(Window::version);
        if (now.isPresent() && then.isPresent() && !now.equals(then)) {
            found.add(new Suspect(
                    Kind.NEW_VERSION,
                    Optional.empty(),
                    0.5,
                    Optional.empty(),
                    now.get() + " answers since; the day before it was " + then.get() + "."));
        }
    }

    private static void missing(Window window, List<Suspect> found) {
        for (WatchedColumn column : window.columns()) {
            double more = column.missing() - column.missingBefore();
            if (column.part() == WatchedColumn.Part.INPUT && more > 0.2) {
                found.add(new Suspect(
                        Kind.MISSING_FEED,
                        Optional.of(column.name()),
                        1 + more,
                        Optional.empty(),
                        String.format(
                                Locale.ROOT,
                                "`%s` is missing in %.0f %% of the rows, in training in %.0f %%: its feed may have"
                                        + " stopped.",
                                column.name(),
                                100 * column.missing(),
                                100 * column.missingBefore())));
            }
        }
    }

    // ---- columns ----

    private void columns(Incident incident, Seen seen, Window window, List<Suspect> found) throws IOException {
        Optional<Columns> asked = rows(incident.endpoint(), seen.received(), window);
        if (asked.isEmpty()) {
            return;
        }
        Map<String, Double> importance = importance(seen.artifact().orElseThrow(), asked.get());
        for (WatchedColumn column : window.columns()) {
            boolean isInput = column.part() == WatchedColumn.Part.INPUT && importance.containsKey(column.name());
            double drift = column.jensenShannon().orElse(0.0);
            if (!isInput || drift < NOTICEABLE) {
                continue;
            }
            double share = importance.getOrDefault(column.name(), 0.0);
            Optional<UnitChange> unit = seen.training().flatMap(rows -> unitChange(rows, asked.get(), column.name()));
            found.add(unit.map(change -> new Suspect(
                            Kind.UNIT_CHANGE,
                            Optional.of(column.name()),
                            1 + drift * share,
                            Optional.of(change.factor()),
                            "`" + column.name() + "` comes in another unit: every decile is " + change.text() + "."))
                    .orElseGet(() -> drifted(column, drift, share)));
        }
    }

    private static Suspect drifted(WatchedColumn column, double drift, double share) {
        String means = column.mean().isPresent() && column.meanBefore().isPresent()
                ? String.format(
                        Locale.ROOT,
                        ", mean %.4g, in training %.4g",
                        column.mean().get(),
                        column.meanBefore().get())
                : "";
        return new Suspect(
                Kind.DRIFT,
                Optional.of(column.name()),
                drift * share,
                Optional.empty(),
                String.format(
                        Locale.ROOT,
                        "`%s` drifted (Jensen–Shannon %.2f%s) and moves %.0f %% of the answer.",
                        column.name(),
                        drift,
                        means,
                        100 * share));
    }

    /** Some of the window's rows as they were asked, spread over the day. */
    private Optional<Columns> rows(EndpointName endpoint, Received received, Window window) {
        List<Columns> batches = new ArrayList<>();
        log.scan(endpoint, received, Detail.COLUMNS, batch -> {
            if (batch.raw().schema().size() > 0) {
                int[] inside = inside(batch, window.from(), window.until());
                if (inside.length > 0) {
                    batches.add(batch.raw().pick(inside));
                }
            }
        });
        if (batches.isEmpty()) {
            return Optional.empty();
        }
        Columns all = Columns.concat(batches);
        int step = Math.max(1, all.rows() / ROWS);
        return Optional.of(all.pick(
                IntStream.range(0, all.rows() / step).map(i -> i * step).toArray()));
    }

    private static int[] inside(PredictionBatch batch, Instant from, Instant until) {
        long[] times = batch.eventTimes();
        return IntStream.range(0, times.length)
                .filter(row -> times[row] >= from.toEpochMilli() && times[row] < until.toEpochMilli())
                .toArray();
    }

    /** Each column's share of the movement of the answers, when its values come from rows half a window away. */
    private Map<String, Double> importance(Digest artifact, Columns rows) throws IOException {
        Files.createDirectories(scratch);
        Path folder = Files.createTempDirectory(scratch, "investigation-");
        try {
            Path model = folder.resolve("model");
            Folders.restore(blobs, artifact, model);
            try (Scorer scorer = ModelArtifact.open(model).scorer(execution)) {
                return importance(scorer, rows);
            }
        } finally {
            delete(folder);
        }
    }

    static Map<String, Double> importance(Scorer scorer, Columns rows) {
        double[] answers = scorer.score(rows).values()[0];
        Map<String, Double> moved = new LinkedHashMap<>();
        double total = 0;
        for (String column : scorer.signature().inputs().names()) {
            double[] other = scorer.score(dealtAnew(rows, column)).values()[0];
            double sum = 0;
            for (int i = 0; i < answers.length; i++) {
                sum += Math.abs(other[i] - answers[i]);
            }
            moved.put(column, sum);
            total += sum;
        }
        double all = total;
        moved.replaceAll((_, sum) -> all > 0 ? sum / all : 0);
        return moved;
    }

    private static Columns dealtAnew(Columns rows, String column) {
        int half = rows.rows() / 2;
        int[] turned = IntStream.range(0, rows.rows())
                .map(row -> (row + half) % rows.rows())
                .toArray();
        return rows.with(column, rows.pick(turned));
    }

    private Optional<UnitChange> unitChange(Digest training, Columns rows, String column) {
        Columns before = query.read(List.of(blobs.fetch(training)), List.of(column));
        if (before.schema().columns().getFirst().type().isText()) {
            return Optional.empty();
        }
        return UnitChange.recognise(before.numbers(0), rows.numbers(column));
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
