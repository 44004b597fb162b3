package org.plimsoll.evaluation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Query;
import org.plimsoll.data.Schema;
import org.plimsoll.evaluation.Evaluation.Rows;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.scoring.Parity;
import org.plimsoll.scoring.Scorer;
import org.plimsoll.scoring.Task;

/**
 * Measures a candidate beside champion and anchor on the same rows, through the scorer that would serve it: what was judged is
 * what serves.
 *
 * <p>Evidence that cannot be believed (rows seen in training, labels that are missing, scores that are no numbers) is an
 * {@link Evaluation#errors error of the evaluation}, never an exception and never silently left out.
 */
public final class Evaluations {

    private final Query query;
    private final Execution execution;

    /** @param execution how models are executed */
    public Evaluations(Query query, Execution execution) {
        this.query = query;
        this.execution = execution;
    }

    /**
     * Measures everything the claims need to know.
     *
     * @param pairedTable where the paired table is written, a Parquet file that does not exist yet; the caller keeps it under the
     *     digest in the evaluation
     * @throws Problem where the candidate's artifact itself cannot be opened
     */
    public Evaluation evaluate(EvaluationRequest request, Path pairedTable) {
        ModelArtifact candidate = ModelArtifact.open(request.candidate().folder());
        return new Underway(request, candidate.task(), pairedTable).evaluate();
    }

    /** Whether the model answers its golden rows as its maker did, here and now. */
    public Parity parity(ModelArtifact model) {
        try (Scorer scorer = model.scorer(execution)) {
            return model.golden().judge(scorer);
        }
    }

    /** One evaluation while it runs. */
    private final class Underway {
        private final EvaluationRequest request;
        private final Task task;
        private final Path pairedTable;
        private final List<String> unproved = new ArrayList<>();
        private final List<String> errors = new ArrayList<>();

        Underway(EvaluationRequest request, Task task, Path pairedTable) {
            this.request = request;
            this.task = task;
            this.pairedTable = pairedTable;
        }

        Evaluation evaluate() {
            Columns given;
            try {
                given = query.read(List.of(request.file()));
                check(given.schema());
            } catch (Problem unfit) {
                errors.add("the rows cannot be judged on: " + unfit.detail());
                return nothing(0, List.of(), List.of());
            }
            Separations apart = new Separations(given, task);
            models().forEach(model -> apart.check(model, query));
            errors.addAll(apart.errors());
            unproved.addAll(apart.unproved());
            Columns judged = given.pick(apart.judged());
            List<Double> constant = request.champion().isPresent() ? List.of() : constant(apart, judged);
            check(judged, constant);
            if (!errors.isEmpty()) {
                return nothing(given.rows(), apart.separations(), constant);
            }
            try {
                PairedTable table = new PairedTable(paired(judged, constant), task);
                query.write(table.rows(), pairedTable);
                return found(given.rows(), apart, constant, table, times(judged));
            } catch (Problem failed) {
                errors.add("the rows could not be scored: " + failed.detail());
                return nothing(given.rows(), apart.separations(), constant);
            }
        }

        /** Where the training rows are unknown, that of the rows judged: it cannot be known before them, and is harder to beat. */
        private List<Double> constant(Separations apart, Columns judged) {
            if (!apart.constant().isEmpty()
                    || request.candidate().trainingRows().isPresent()) {
                return apart.constant();
            }
            try {
                return ConstantModel.of(task, task.labels(judged));
            } catch (Problem unreadable) {
                return List.of(); // said when the labels are checked
            }
        }

        private List<Subject> models() {
            List<Subject> models = new ArrayList<>(List.of(request.candidate()));
            request.champion().ifPresent(models::add);
            request.anchor().ifPresent(models::add);
            return models;
        }

        private void check(Schema schema) {
            if (!schema.hasRowIdentity()) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "they have lost " + Schema.FILE + " and " + Schema.ROW
                                + ", so nothing shows that they were not in training");
            }
            task.check(schema);
        }

        private void check(Columns judged, List<Double> constant) {
            if (judged.rows() == 0) {
                errors.add("no row is left to judge on");
                return;
            }
            try {
                long without =
                        Arrays.stream(task.labels(judged)).filter(Double::isNaN).count();
                if (without > 0) {
                    errors.add(without + " of " + judged.rows() + " rows have no " + task.label());
                }
            } catch (Problem unreadable) {
                errors.add(unreadable.detail());
            }
            if (request.champion().isEmpty() && constant.isEmpty() && errors.isEmpty()) {
                errors.add("the training rows have no " + task.label() + ", so there is no constant model to beat");
            }
            for (Subject model : models()) {
                Digest digest = ModelArtifact.open(model.folder()).digest();
                if (!digest.equals(model.artifact())) {
                    errors.add(model.name() + " has other bytes than its digest says: " + digest);
                }
            }
        }

        private Columns paired(Columns judged, List<Double> constant) {
            Scored candidate = scores(request.candidate(), judged);
            Scored champion = request.champion()
                    .map(model -> scores(model, judged))
                    .orElseGet(() -> Scored.always(constant, judged.rows()));
            Scored anchor = request.anchor().map(model -> scores(model, judged)).orElse(champion);
            Map<String, Scored> roles = new LinkedHashMap<>();
            roles.put(PairedTable.CANDIDATE, candidate);
            roles.put(Reference.CHAMPION.word(), champion);
            roles.put(Reference.ANCHOR.word(), anchor);
            return PairedTable.columns(task, judged, roles);
        }

        private Scored scores(Subject model, Columns judged) {
            ModelArtifact artifact = ModelArtifact.open(model.folder());
            if (artifact.task().kind() != task.kind()
                    || !artifact.task().classes().equals(task.classes())) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        model.name() + " answers a " + words(artifact.task()) + " task, and the candidate a "
                                + words(task) + " one");
            }
            return Scored.by(model.name(), artifact, execution, judged);
        }

        private static String words(Task task) {
            return task.kind().word()
                    + (task.classes().isEmpty() ? "" : " (" + String.join(", ", task.classes()) + ")");
        }

        private Optional<long[]> times(Columns judged) {
            return task.eventTime().map(name -> judged.integers(judged.index(name)));
        }

        private Evaluation found(
                long given, Separations apart, List<Double> constant, PairedTable table, Optional<long[]> times) {
            Set<Measurement> measurements = new LinkedHashSet<>();
            Set<String> asked = new LinkedHashSet<>();
            for (Claim claim : request.claims()) {
                for (Scope scope : scopes(claim, apart, table)) {
                    if (asked.add(claim.metric() + "|" + scope + "|" + claim.reference())) {
                        measurements.add(table.measure(claim.metric(), scope, claim.reference()));
                    }
                }
            }
            Rows rows = new Rows(
                    request.rows(),
                    given,
                    given - table.rows().rows(),
                    table.rows().rows(),
                    table.clusters(),
                    times.map(
                            all -> Instant.ofEpochMilli(Arrays.stream(all).min().orElseThrow())),
                    times.map(
                            all -> Instant.ofEpochMilli(Arrays.stream(all).max().orElseThrow())));
            return evaluation(
                    rows, apart.separations(), constant, Optional.of(digest(pairedTable)), List.copyOf(measurements));
        }

        /** Each value that has rows, and each that a model was trained for: a segment that has vanished is not judged well. */
        private static List<Scope> scopes(Claim claim, Separations apart, PairedTable table) {
            if (!claim.scope().isEach()) {
                return List.of(claim.scope());
            }
            String segment = claim.scope().column().orElseThrow();
            SortedSet<String> values = new TreeSet<>(table.values(segment));
            values.addAll(apart.trained(segment));
            return values.stream().map(value -> Scope.of(segment, value)).toList();
        }

        private Evaluation nothing(long given, List<Evaluation.Separation> separations, List<Double> constant) {
            Rows rows = new Rows(request.rows(), given, 0, 0, 0, Optional.empty(), Optional.empty());
            return evaluation(rows, separations, constant, Optional.empty(), List.of());
        }

        private Evaluation evaluation(
                Rows rows,
                List<Evaluation.Separation> separations,
                List<Double> constant,
                Optional<Digest> table,
                List<Measurement> measurements) {
            Optional<Evaluation.Model> champion = request.champion().map(Evaluations::model);
            return new Evaluation(
                    Evaluation.FORMAT,
                    model(request.candidate()),
                    champion,
                    request.anchor().map(Evaluations::model).or(() -> champion),
                    constant,
                    task,
                    rows,
                    separations,
                    table,
                    measurements,
                    unproved,
                    errors);
        }
    }

    private static Evaluation.Model model(Subject subject) {
        return new Evaluation.Model(subject.name(), subject.artifact(), subject.training());
    }

    private static Digest digest(Path file) {
        MessageDigest sha256 = Digest.sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha256.update(buffer, 0, read);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Digest.of(sha256);
    }
}
