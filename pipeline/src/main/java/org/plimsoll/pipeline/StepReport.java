package org.plimsoll.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.tracking.Port;
import org.plimsoll.tracking.Verification;

/**
 * How a step went.
 *
 * @param run the step's own run
 * @param restoredFrom the step run whose outputs were taken; empty where it was executed
 * @param took from its beginning to its last byte
 * @param sentences what it said about itself
 * @param differsFrom an earlier executed step of the same key with other outputs: the step is not deterministic
 * @param verifications in a rerun: the level each output reached
 */
public record StepReport(
        String name,
        String run,
        Digest key,
        Optional<String> restoredFrom,
        Duration took,
        List<String> sentences,
        List<Port> outputs,
        Optional<String> differsFrom,
        List<Verification> verifications) {}
