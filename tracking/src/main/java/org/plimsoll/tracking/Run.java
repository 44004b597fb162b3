package org.plimsoll.tracking;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.core.ExperimentName;

/**
 * One execution, with what went in and what came out. A run of a pipeline has a child run for each step.
 *
 * @param id UUIDv7 in 32 hex digits
 * @param origin the run that a {@link Purpose#RERUN} repeats
 * @param parent the run this is a step of
 * @param startedBy principal id; only they write to the run
 * @param reason why it failed or was killed
 * @param seal digest over everything the run recorded, from its closing on; see {@link RunSeal}
 * @param metrics the latest value of each metric, by key
 * @param inputs of a step: data, outputs of earlier steps, and {@link Port#CODE}
 * @param outputs of a step that finished
 * @param verifications of a rerun that finished: the level reached by each output
 */
public record Run(
        String id,
        ExperimentName experiment,
        Optional<String> name,
        Purpose purpose,
        Optional<String> origin,
        Optional<String> parent,
        Optional<Step> step,
        Status status,
        String startedBy,
        Instant startedAt,
        Optional<Instant> endedAt,
        Optional<String> reason,
        Optional<Digest> seal,
        Map<String, String> parameters,
        Map<String, String> tags,
        List<MetricPoint> metrics,
        List<Port> inputs,
        List<Port> outputs,
        List<Verification> verifications) {

    /** Why it was executed. */
    public enum Purpose {
        /** To make something. */
        RUN,
        /** To see whether an earlier run can be repeated; always executes. */
        RERUN
    }

    /** How far it came. */
    public enum Status {
        SCHEDULED,
        RUNNING,
        FINISHED,
        FAILED,
        KILLED;

        /** Whether nothing more is written to the run. */
        public boolean isClosed() {
            return this == FINISHED || this == FAILED || this == KILLED;
        }
    }

    /** The output of this name. */
    public Optional<Port> output(String name) {
        return outputs.stream().filter(port -> port.name().equals(name)).findFirst();
    }

    /** The input of this name. */
    public Optional<Port> input(String name) {
        return inputs.stream().filter(port -> port.name().equals(name)).findFirst();
    }

    /** The latest value of this metric. */
    public Optional<MetricPoint> metric(String key) {
        return metrics.stream().filter(point -> point.key().equals(key)).findFirst();
    }
}
