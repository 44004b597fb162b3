package org.plimsoll.registry;

import java.time.Instant;
import org.plimsoll.core.ModelName;

/**
 * A named line of versions that answer the same question.
 *
 * @param purpose one sentence for whoever finds it in the inventory
 * @param versions how many versions were registered so far
 * @param revision counts up with each change, from 1
 */
public record Model(
        ModelName name,
        Tier tier,
        String purpose,
        Contacts contacts,
        long versions,
        long revision,
        String createdBy,
        Instant createdAt) {}
