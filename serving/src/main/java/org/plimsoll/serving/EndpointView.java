package org.plimsoll.serving;

import java.time.Instant;
import java.util.Optional;

/**
 * One endpoint as people look at it.
 *
 * @param serving the newest table; empty until a first champion is promoted
 * @param championSince when the champion began to answer, without interruption by another champion
 * @param rollout the open rollout
 */
public record EndpointView(
        Endpoint endpoint,
        Optional<PublishedTable> serving,
        Optional<Instant> championSince,
        Optional<Rollout> rollout) {}
