package org.plimsoll.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.tracking.Verification;

/**
 * How a run went, for people and {@code --json}.
 *
 * @param origin the run that was repeated
 * @param differences a rerun: how its surroundings differ from the first run's, such as another version of Java
 */
public record RunReport(
        String run,
        ExperimentName experiment,
        Optional<String> origin,
        Duration took,
        List<StepReport> steps,
        List<String> differences) {

    /** Whether nothing had to be executed. */
    public boolean isRestored() {
        return steps.stream().allMatch(step -> step.restoredFrom().isPresent());
    }

    /** Whether every output of a rerun came out as the first time, as far as its level says. */
    public boolean isRepeated() {
        return steps.stream()
                .flatMap(step -> step.verifications().stream())
                .noneMatch(it -> it.level() == Verification.Level.DIFFERENT);
    }
}
