package org.plimsoll.tracking;

import java.util.Optional;
import org.plimsoll.core.Digest;

/**
 * What makes a run a step of another: its name in the pipeline and the key of everything that determines its outputs.
 *
 * @param key digest of the step's key document; the document is kept as the blob of this digest
 * @param restoredFrom the step run whose outputs were taken over instead of executing; empty where it was executed
 */
public record Step(String name, Digest key, Optional<String> restoredFrom) {

    public Step {
        TrackingKeys.check("step", name);
    }
}
