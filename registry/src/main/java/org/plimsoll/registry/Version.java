package org.plimsoll.registry;

import java.time.Instant;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.core.VersionId;

/**
 * One version of a model: exact bytes with a card.
 *
 * @param artifact digest of the folder as registered
 * @param run the run that made the artifact; empty for one that was brought from elsewhere
 * @param card digest of the card; another card makes another candidate
 * @param registeredBy principal id
 * @param revision counts up with each change of card or state, from 1
 */
public record Version(
        VersionId id,
        Digest artifact,
        Optional<String> run,
        Digest card,
        GoldenParity parity,
        VersionState state,
        String registeredBy,
        Instant registeredAt,
        long revision) {}
