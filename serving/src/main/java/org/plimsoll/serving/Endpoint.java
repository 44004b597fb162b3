package org.plimsoll.serving;

import java.time.Instant;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.ModelName;

/**
 * A stable serving name, in one environment, for versions of one model.
 *
 * @param time what "now" means here; fixed for good
 * @param synced whether an answer waits until its prediction is on the disk, not only with the operating system
 */
public record Endpoint(
        EndpointName name,
        EnvironmentName environment,
        ModelName model,
        EndpointTime time,
        boolean synced,
        Instant createdAt) {}
