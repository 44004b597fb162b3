package org.plimsoll.scoring;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Problem;

/**
 * How models are executed that do not run in this process: in Python beside it.
 *
 * @param python the interpreter for models that Python answers: a path or a command; where none is named, the environment made for
 *     the model's requirements, else {@code python3} on the path
 * @param pythonAllowed whether models may be unpickled and run by Python at all; false refuses every such model when it is loaded
 * @param pythonWorkers processes for each model
 * @param pythonQueue requests that may wait for a process; more are refused at once
 * @param pythonDeadline how long one question may take; a process that takes longer is killed
 * @param pythonStart how long a process may take to open its model
 * @param pythonMemoryMib address space of one process, in MiB
 * @param pythonThreads threads of the numerical libraries in one process
 * @param pythonIsolated whether a process is cut off from the network and from other files, where the platform can
 * @param remoteHosts the hosts whose models may be asked; none: any
 */
public record ScoringConfig(
        Optional<String> python,
        boolean pythonAllowed,
        int pythonWorkers,
        int pythonQueue,
        Duration pythonDeadline,
        Duration pythonStart,
        int pythonMemoryMib,
        int pythonThreads,
        boolean pythonIsolated,
        List<String> remoteHosts) {

    /** One isolated process a model, from an interpreter that is found. */
    public static final ScoringConfig DEFAULT = new ScoringConfig(
            Optional.empty(), true, 1, 64, Duration.ofSeconds(10), Duration.ofMinutes(2), 4096, 1, true, List.of());

    public ScoringConfig {
        within("python_workers", pythonWorkers, 1, 64);
        within("python_queue", pythonQueue, 0, 100_000);
        within("python_memory_mib", pythonMemoryMib, 256, 1 << 20);
        within("python_threads", pythonThreads, 1, 256);
        positive("python_deadline", pythonDeadline);
        positive("python_start", pythonStart);
        remoteHosts = List.copyOf(remoteHosts);
    }

    private static void within(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw Problem.invalid(key, value, least + " to " + most);
        }
    }

    private static void positive(String key, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofHours(1)) > 0) {
            throw Problem.invalid(key, value, "more than nothing, at most 1h");
        }
    }
}
