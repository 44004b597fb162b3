package org.plimsoll.monitoring;

import java.util.Optional;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.VersionId;
import org.plimsoll.scoring.Task;
import org.plimsoll.store.Reading;

/** Knows what versions were approved for. */
interface Approvals {

    /** What was known of a version that serves on an endpoint, when it was approved. */
    ApprovedVersion get(Reading db, EndpointName endpoint, VersionId version);

    /** What the endpoint is asked; empty before it had a champion. */
    Optional<Task> task(Reading db, EndpointName endpoint);
}
