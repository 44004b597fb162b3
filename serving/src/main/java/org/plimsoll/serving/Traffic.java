package org.plimsoll.serving;

import java.util.Optional;
import org.plimsoll.core.VersionId;

/**
 * What an endpoint has answered on this node since the node started.
 *
 * @param version the champion now
 * @param inferenceCount rows answered
 * @param executionCount requests answered
 * @param failed requests that failed on the server's side
 * @param nanos time from decoded request to logged answer, in all
 * @param canaryFailures requests whose canary could not answer and whose champion did
 * @param shadowed rows scored by shadows
 * @param shadowsDropped rows no shadow scored: the queue was full, or the shadow failed
 */
public record Traffic(
        String name,
        Optional<VersionId> version,
        long inferenceCount,
        long executionCount,
        long failed,
        long nanos,
        long canaryFailures,
        long shadowed,
        long shadowsDropped) {}
