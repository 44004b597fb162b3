package org.plimsoll.gates;

import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.VersionId;
import org.plimsoll.registry.Tier;

/**
 * What is to be decided: may this version take the traffic of this endpoint?
 *
 * @param artifact digest of the version's artifact
 * @param champion what serves there now; empty where nothing does
 */
public record Decision(
        VersionId version,
        Digest artifact,
        Tier tier,
        EndpointName endpoint,
        EnvironmentName environment,
        Optional<VersionId> champion) {}
