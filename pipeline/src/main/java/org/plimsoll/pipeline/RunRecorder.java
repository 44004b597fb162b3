package org.plimsoll.pipeline;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.access.Bytes;
import org.plimsoll.access.Operations;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.core.Problem;
import org.plimsoll.tracking.MetricPoint;
import org.plimsoll.tracking.Port;
import org.plimsoll.tracking.Run;
import org.plimsoll.tracking.TrackingOperations;
import org.plimsoll.tracking.TrackingOperations.CloseRun;
import org.plimsoll.tracking.TrackingOperations.CreateExperiment;
import org.plimsoll.tracking.TrackingOperations.CreateRun;
import org.plimsoll.tracking.TrackingOperations.CreateStep;
import org.plimsoll.tracking.TrackingOperations.FindSteps;
import org.plimsoll.tracking.TrackingOperations.GetExperiment;
import org.plimsoll.tracking.TrackingOperations.LogBatch;
import org.plimsoll.tracking.TrackingOperations.PutArtifact;
import org.plimsoll.tracking.TrackingOperations.SearchRuns;
import org.plimsoll.tracking.Verification;

/** Writes what happens into tracking, here or on the team's server. */
final class RunRecorder {

    /** Tag of a run: host, process and its start, so that a run whose process is gone is known as such. */
    private static final String PROCESS = "plimsoll.process";

    private final Operations operations;
    private final Clock clock;

    RunRecorder(Operations operations, Clock clock) {
        this.operations = operations;
        this.clock = clock;
    }

    /** Begins a run, its experiment too if it is the first. */
    Run start(
            ExperimentName experiment, Optional<String> name, Optional<String> origin, Map<String, String> parameters) {
        ensure(experiment);
        Run run = operations.perform(new CreateRun(experiment, name, origin, Map.of(), Map.of(PROCESS, thisProcess())));
        log(run.id(), List.of(), parameters);
        return run;
    }

    private void ensure(ExperimentName experiment) {
        try {
            operations.perform(new GetExperiment(experiment));
        } catch (Problem absent) {
            if (absent.kind() != Problem.Kind.NOT_FOUND) {
                throw absent;
            }
            try {
                operations.perform(new CreateExperiment(experiment));
            } catch (Problem taken) {
                if (taken.kind() != Problem.Kind.CONFLICT) { // somebody else was faster, which is as good
                    throw taken;
                }
            }
        }
    }

    /** Ends runs of this experiment that a process of this machine left behind when it was killed. */
    void endAbandoned(ExperimentName experiment) {
        var left = operations.perform(new SearchRuns(
                Optional.of(experiment),
                Optional.of("status = 'RUNNING' and tags.`" + PROCESS + "` like '" + host() + "/%'"),
                Optional.empty(),
                Optional.of(100),
                Optional.empty()));
        for (Run run : left.runs()) {
            if (!isAlive(run.tags().getOrDefault(PROCESS, ""))) {
                operations.perform(new CloseRun(
                        run.id(),
                        Run.Status.KILLED,
                        Optional.of("its process ended without a word; what its steps had made is in the cache"),
                        List.of(),
                        Optional.empty(),
                        List.of()));
            }
        }
    }

    private static String thisProcess() {
        ProcessHandle self = ProcessHandle.current();
        return host() + "/" + self.pid() + "/" + startOf(self);
    }

    private static String startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("");
    }

    private static boolean isAlive(String process) {
        String[] parts = process.split("/", 3);
        if (parts.length < 3 || !parts[1].matches("[0-9]{1,18}")) {
            return false;
        }
        return ProcessHandle.of(Long.parseLong(parts[1]))
                .filter(ProcessHandle::isAlive)
                .filter(it -> startOf(it).equals(parts[2])) // the same number may be another process by now
                .isPresent();
    }

    private static String host() {
        String name = Optional.ofNullable(System.getenv("HOSTNAME")).orElse("");
        if (name.isEmpty()) {
            try {
                name = java.net.InetAddress.getLocalHost().getHostName();
            } catch (java.net.UnknownHostException e) {
                name = "localhost";
            }
        }
        return name.replaceAll("[^A-Za-z0-9.-]", "-");
    }

    Run step(Run run, String name, StepKey key) {
        return operations.perform(new CreateStep(run.id(), name, key.digest(), key.inputs()));
    }

    /** Steps that were executed under this key, newest first. */
    List<Run> executed(StepKey key) {
        return operations.perform(new FindSteps(key.digest())).runs();
    }

    void finishStep(Run step, List<Port> outputs, Optional<String> restoredFrom) {
        operations.perform(
                new CloseRun(step.id(), Run.Status.FINISHED, Optional.empty(), outputs, restoredFrom, List.of()));
    }

    void finish(Run run, List<Verification> verifications) {
        operations.perform(new CloseRun(
                run.id(), Run.Status.FINISHED, Optional.empty(), List.of(), Optional.empty(), verifications));
    }

    /** Ends a run, with the steps that still run. */
    void end(Run run, Run.Status status, String reason) {
        String brief = reason.length() > 2_000 ? reason.substring(0, 2_000) + " …" : reason;
        operations.perform(new CloseRun(run.id(), status, Optional.of(brief), List.of(), Optional.empty(), List.of()));
    }

    void keep(Run run, String path, Bytes bytes) {
        operations.upload(new PutArtifact(run.id(), path), bytes);
    }

    MetricPoint point(String key, double value, long step) {
        return new MetricPoint(key, value, step, Instant.ofEpochMilli(clock.millis()));
    }

    /** Sends points and parameters, in batches as large as tracking takes them. */
    void log(String run, List<MetricPoint> points, Map<String, String> parameters) {
        List<Map<String, String>> parts = new ArrayList<>();
        parameters.forEach((key, value) -> {
            if (parts.isEmpty() || parts.getLast().size() == TrackingOperations.MOST_ENTRIES) {
                parts.add(new LinkedHashMap<>());
            }
            parts.getLast().put(key, value);
        });
        for (Map<String, String> part : parts) {
            operations.perform(new LogBatch(run, List.of(), part, Map.of()));
        }
        for (int from = 0; from < points.size(); from += TrackingOperations.MOST_POINTS) {
            int to = Math.min(points.size(), from + TrackingOperations.MOST_POINTS);
            operations.perform(new LogBatch(run, points.subList(from, to), Map.of(), Map.of()));
        }
    }
}
