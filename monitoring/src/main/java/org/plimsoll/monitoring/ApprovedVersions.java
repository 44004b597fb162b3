package org.plimsoll.monitoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Query;
import org.plimsoll.data.Schema;
import org.plimsoll.evaluation.Evaluation;
import org.plimsoll.evaluation.PairedTable;
import org.plimsoll.gates.GateReports;
import org.plimsoll.governance.Candidates;
import org.plimsoll.monitoring.ApprovedVersion.Approved;
import org.plimsoll.monitoring.ApprovedVersion.Reference;
import org.plimsoll.registry.Card;
import org.plimsoll.registry.Version;
import org.plimsoll.registry.Versions;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.scoring.Task;
import org.plimsoll.scoring.TrainingProfile;
import org.plimsoll.serving.Endpoints;
import org.plimsoll.statistics.IsotonicRegression;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Folder;
import org.plimsoll.store.Folders;
import org.plimsoll.store.Reading;

/** Finds what was known of versions when they were approved, from artifact, card and gate report. */
public final class ApprovedVersions implements Approvals {

    private static final int MOST_STRETCHES = 400;
    private static final int PARTS = 10;

    private final Endpoints endpoints;
    private final Versions versions;
    private final Candidates candidates;
    private final GateReports reports;
    private final BlobStore blobs;
    private final Query query;
    private final Map<Key, ApprovedVersion> known = new ConcurrentHashMap<>();
    private final Map<VersionId, Task> tasks = new ConcurrentHashMap<>();

    /** What determines the answer; another card or report makes another one. */
    private record Key(EndpointName endpoint, VersionId version, Digest card, Optional<Digest> report) {}

    public ApprovedVersions(
            Endpoints endpoints,
            Versions versions,
            Candidates candidates,
            GateReports reports,
            BlobStore blobs,
            Query query) {
        this.endpoints = endpoints;
        this.versions = versions;
        this.candidates = candidates;
        this.reports = reports;
        this.blobs = blobs;
        this.query = query;
    }

    @Override
    public Optional<Task> task(Reading db, EndpointName endpoint) {
        return endpoints.champion(db, endpoint).map(version -> task(db, version));
    }

    /** A version's task lies in its artifact, which never changes. */
    private Task task(Reading db, VersionId id) {
        return Optional.ofNullable(tasks.get(id)).orElseGet(() -> {
            Task task = task(Folders.read(blobs, versions.get(db, id).artifact()), id);
            tasks.put(id, task);
            return task;
        });
    }

    private Task task(Folder folder, VersionId id) {
        return ModelArtifact.readTask(
                file(folder, ModelArtifact.TASK).orElseThrow(() -> Problem.notFound("task.json of", id)));
    }

    @Override
    public ApprovedVersion get(Reading db, EndpointName endpoint, VersionId id) {
        Version version = versions.get(db, id);
        Optional<Digest> report = candidates
                .newest(db, endpoint, id)
                .map(candidate -> candidate.contents().report());
        Key key = new Key(endpoint, id, version.card(), report);
        ApprovedVersion found = known.get(key);
        if (found == null) {
            found = load(db, version, report);
            known.put(key, found);
        }
        return found;
    }

    private ApprovedVersion load(Reading db, Version version, Optional<Digest> report) {
        Folder folder = Folders.read(blobs, version.artifact());
        Task task = task(folder, version.id());
        Card card = versions.card(db, version);
        Optional<Reference> inputs =
                file(folder, ModelArtifact.PROFILE).map(TrainingProfile::read).map(Reference::of);
        Optional<Evaluation> evaluation =
                report.flatMap(digest -> reports.get(db, digest).evaluation());
        Optional<Columns> judged =
                evaluation.flatMap(Evaluation::pairedTable).map(digest -> query.read(List.of(blobs.fetch(digest))));
        Optional<Reference> outputs = judged.filter(rows -> rows.rows() > 0).map(rows -> outputs(rows, task));
        List<Approved> record = judged.map(rows -> ApprovedVersion.record(
                        new PairedTable(rows, task),
                        task,
                        evaluation.orElseThrow().measurements()))
                .orElse(List.of());
        return new ApprovedVersion(
                version.id(),
                task,
                card.declared().obligations(),
                inputs,
                outputs,
                record,
                judged.flatMap(rows -> calibration(rows, task)));
    }

    private Optional<byte[]> file(Folder folder, String name) {
        return folder.file(name).map(file -> blobs.read(file.digest()));
    }

    /** The scores by day where the gate's clusters are days, else in equal parts. */
    private static Reference outputs(Columns judged, Task task) {
        boolean isByDay = task.clusterOrDefault().equals(Optional.of(Task.DAY));
        int clusters = judged.index(PairedTable.CLUSTER);
        String[] stretch = new String[judged.rows()];
        for (int row = 0; row < stretch.length; row++) {
            stretch[row] = isByDay
                    ? judged.text(clusters, row).orElse("")
                    : "part " + (1 + (int) ((long) row * PARTS / stretch.length));
        }
        if (Arrays.stream(stretch).distinct().count() > MOST_STRETCHES) {
            Arrays.fill(stretch, "all");
        }
        List<double[]> answers = PairedTable.columns(PairedTable.CANDIDATE, judged.schema()).stream()
                .map(judged::numbers)
                .toList();
        ColumnsBuilder scores = Columns.builder(
                new Schema(PairedTable.columns(DriftWatch.SCORE, answers.size()).stream()
                        .map(name -> Column.optional(name, ColumnType.NUMBER))
                        .toList()),
                judged.rows());
        for (int row = 0; row < judged.rows(); row++) {
            for (int k = 0; k < answers.size(); k++) {
                scores.number(k, answers.get(k)[row]);
            }
            scores.endRow();
        }
        return Reference.of(TrainingProfile.of(scores.build(), stretch));
    }

    private static Optional<IsotonicRegression> calibration(Columns judged, Task task) {
        if (task.kind() != Task.Kind.BINARY) {
            return Optional.empty();
        }
        List<Integer> known = new ArrayList<>();
        double[] scores = judged.numbers(PairedTable.CANDIDATE);
        double[] labels = judged.numbers(PairedTable.LABEL);
        for (int row = 0; row < scores.length; row++) {
            if (!Double.isNaN(labels[row]) && Double.isFinite(scores[row])) {
                known.add(row);
            }
        }
        boolean[] positive = new boolean[known.size()];
        double[] ofKnown = new double[positive.length];
        double[] weights = new double[positive.length];
        for (int i = 0; i < positive.length; i++) {
            ofKnown[i] = scores[known.get(i)];
            positive[i] = labels[known.get(i)] == 1;
            weights[i] = 1;
        }
        return positive.length < 2 ? Optional.empty() : Optional.of(IsotonicRegression.fit(ofKnown, positive, weights));
    }
}
