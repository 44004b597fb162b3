package org.plimsoll.tracking;

import static org.plimsoll.access.Room.room;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.access.Content;
import org.plimsoll.access.Request;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Role;
import org.plimsoll.access.Room;
import org.plimsoll.core.Digest;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.core.Problem;

/** What anyone can ask of tracking. */
public final class TrackingOperations {

    /** The most points one {@link LogBatch} carries; MLflow's limit. */
    public static final int MOST_POINTS = 1_000;

    /** The most parameters, and the most tags, one {@link LogBatch} carries; MLflow's limit. */
    public static final int MOST_ENTRIES = 100;

    private TrackingOperations() {}

    private interface OnExperiment<R> extends Request<R> {
        ExperimentName experiment();

        @Override
        default Resource on() {
            return Resource.of("experiment", experiment());
        }
    }

    private interface OnRun<R> extends Request<R> {
        String run();

        @Override
        default Resource on() {
            return Resource.of("run", run());
        }
    }

    private interface OnEverything<R> extends Request<R> {
        @Override
        default Resource on() {
            return Resource.ORGANISATION;
        }
    }

    /** Begins an experiment. */
    public record CreateExperiment(ExperimentName experiment) implements OnEverything<Experiment> {}

    /** One experiment. */
    public record GetExperiment(ExperimentName experiment) implements OnExperiment<Experiment> {}

    /** All experiments, by name. */
    public record ListExperiments() implements OnEverything<Experiments.Listing> {}

    /** Begins a run. A rerun names its {@code origin}. */
    public record CreateRun(
            ExperimentName experiment,
            Optional<String> name,
            Optional<String> origin,
            Map<String, String> parameters,
            Map<String, String> tags)
            implements OnExperiment<Run> {

        public CreateRun {
            name.ifPresent(it -> TrackingKeys.check("name", it));
            checkEntries("parameters", parameters, TrackingKeys.LONGEST_PARAMETER);
            checkEntries("tags", tags, TrackingKeys.LONGEST_TAG);
        }
    }

    /** Begins a step of a run. */
    public record CreateStep(String run, String step, Digest key, List<Port> inputs) implements OnRun<Run> {

        public CreateStep {
            TrackingKeys.check("step", step);
            inputs = List.copyOf(inputs);
        }
    }

    /** Adds facts to a running run: points, write-once parameters, tags (also later). */
    public record LogBatch(
            String run, List<MetricPoint> metrics, Map<String, String> parameters, Map<String, String> tags)
            implements OnRun<Logged> {

        public LogBatch {
            metrics = List.copyOf(metrics);
            if (metrics.size() > MOST_POINTS) {
                throw Problem.invalid(
                        "metrics", metrics.size() + " points", "at most " + MOST_POINTS + " in one batch");
            }
            checkEntries("parameters", parameters, TrackingKeys.LONGEST_PARAMETER);
            checkEntries("tags", tags, TrackingKeys.LONGEST_TAG);
        }
    }

    /** How much a batch added. */
    public record Logged(int metrics, int parameters, int tags) {}

    /**
     * Ends a run, or a step with its outputs. From then on its parameters, points, artifacts and ports stand for good.
     *
     * @param restoredFrom the step run of the same key whose outputs these are; empty where the step was executed
     * @param verifications of a rerun: how far each output came out as the first time
     */
    public record CloseRun(
            String run,
            Run.Status status,
            Optional<String> reason,
            List<Port> outputs,
            Optional<String> restoredFrom,
            List<Verification> verifications)
            implements OnRun<Run> {

        public CloseRun {
            if (!status.isClosed()) {
                throw Problem.invalid("status", status, "FINISHED, FAILED or KILLED");
            }
            outputs = List.copyOf(outputs);
            verifications = List.copyOf(verifications);
            if (status != Run.Status.FINISHED && !outputs.isEmpty()) {
                throw Problem.invalid("outputs", outputs.size() + " outputs of a run that did not finish", "none");
            }
        }
    }

    /** One run, by its id, the beginning of its id, or {@code latest}. */
    public record GetRun(String run) implements OnRun<Run> {}

    /** The steps of a run, in the order they began. */
    public record GetSteps(String run) implements OnRun<RunList> {}

    /**
     * Runs of an experiment, or of all; newest first.
     *
     * @param where such as {@code metrics.auc > 0.7 and params.max_depth = '6' and status = 'FINISHED'}; see {@link RunFilter}
     * @param order a metric's key with {@code asc} or {@code desc}, such as {@code metrics.auc desc}; counts closed runs' metrics
     * @param most at most 1,000; 100 where absent
     * @param after the last run of the page before
     */
    public record SearchRuns(
            Optional<ExperimentName> experiment,
            Optional<String> where,
            Optional<String> order,
            Optional<Integer> most,
            Optional<String> after)
            implements OnEverything<RunList> {}

    /** Some runs; {@code next} is what to hand in as {@code after} for more. */
    public record RunList(List<Run> runs, Optional<String> next) {}

    /** All points of one metric of a run, by step, then time. */
    public record GetMetricHistory(String run, String key, Optional<Integer> most, Optional<Integer> skip)
            implements OnRun<MetricHistory> {}

    /** Points of one metric. */
    public record MetricHistory(String run, List<MetricPoint> points) {}

    /** Keeps a file with a running run. */
    public record PutArtifact(String run, String path) implements Request.Upload<RunArtifact>, OnRun<RunArtifact> {

        public PutArtifact {
            TrackingKeys.checkPath(path);
        }
    }

    /** The files a run kept, by path. */
    public record ListArtifacts(String run) implements OnRun<ArtifactList> {}

    /** Files of a run. */
    public record ArtifactList(String run, List<RunArtifact> artifacts) {}

    /** The bytes of one file that a run kept. */
    public record GetArtifact(String run, String path) implements OnRun<Content> {

        public GetArtifact {
            TrackingKeys.checkPath(path);
        }
    }

    /** The step runs that were executed under this key and finished, newest first. More than one digest: not deterministic. */
    public record FindSteps(Digest key) implements OnEverything<RunList> {}

    /** Everything these bytes were made from, transitively. */
    public record GetLineage(Digest digest) implements OnEverything<LineageGraph> {}

    /** Lines of lineage that lead to {@code digest}, and everybody on them. */
    public record LineageGraph(Digest digest, List<Edge> edges, List<String> people) {}

    /** Experiments. */
    public static final Room<Experiments> EXPERIMENTS = room("tracking", Experiments.class)
            .change(
                    "experiment.create",
                    "POST /experiments",
                    Role.BUILDERS,
                    CreateExperiment.class,
                    Experiments::create)
            .read("experiment.list", "GET /experiments", Role.READERS, ListExperiments.class, Experiments::list)
            .read(
                    "experiment.get",
                    "GET /experiments/{experiment}",
                    Role.READERS,
                    GetExperiment.class,
                    Experiments::get);

    /** Runs, their steps and metrics. */
    public static final Room<Runs> RUNS = room("tracking", Runs.class)
            .change("run.create", "POST /experiments/{experiment}/runs", Role.BUILDERS, CreateRun.class, Runs::create)
            .read("run.search", "GET /runs", Role.READERS, SearchRuns.class, Runs::search)
            .read("run.get", "GET /runs/{run}", Role.READERS, GetRun.class, Runs::get)
            .change("run.close", "POST /runs/{run}/close", Role.BUILDERS, CloseRun.class, Runs::measure, Runs::close)
            .measure("run.log", "POST /runs/{run}/log", Role.BUILDERS, LogBatch.class, Runs::log)
            .read("run.history", "GET /runs/{run}/metrics", Role.READERS, GetMetricHistory.class, Runs::history)
            .change("step.create", "POST /runs/{run}/steps", Role.BUILDERS, CreateStep.class, Runs::begin)
            .read("step.list", "GET /runs/{run}/steps", Role.READERS, GetSteps.class, Runs::steps)
            .read("step.find", "GET /steps/{key}", Role.READERS, FindSteps.class, Runs::executed);

    /** Files of runs. */
    public static final Room<Artifacts> ARTIFACTS = room("tracking", Artifacts.class)
            .upload(
                    "artifact.put",
                    "PUT /runs/{run}/artifacts/{+path}",
                    Role.BUILDERS,
                    PutArtifact.class,
                    Artifacts::stage,
                    Artifacts::keep)
            .read("artifact.list", "GET /runs/{run}/artifacts", Role.READERS, ListArtifacts.class, Artifacts::list)
            .read("artifact.get", "GET /runs/{run}/artifacts/{+path}", Role.READERS, GetArtifact.class, Artifacts::get);

    /** What was made from what. */
    public static final Room<Lineage> LINEAGE = room("tracking", Lineage.class)
            .read("lineage.get", "GET /lineage/{digest}", Role.READERS, GetLineage.class, Lineage::get);

    private static void checkEntries(String kind, Map<String, String> entries, int longest) {
        if (entries.size() > MOST_ENTRIES) {
            throw Problem.invalid(kind, entries.size() + " entries", "at most " + MOST_ENTRIES + " in one batch");
        }
        entries.forEach((key, value) -> TrackingKeys.checkValue(kind, key, value, longest));
    }
}
