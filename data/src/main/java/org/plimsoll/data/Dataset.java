package org.plimsoll.data;

import java.time.Instant;
import org.plimsoll.core.DatasetName;
import org.plimsoll.core.Digest;

/**
 * A line of snapshots.
 *
 * @param latest the snapshot added last
 * @param snapshots how often one was added
 * @param rows of the latest snapshot
 * @param bytes of the latest snapshot
 */
public record Dataset(
        DatasetName name,
        String createdBy,
        Instant createdAt,
        Digest latest,
        long snapshots,
        long rows,
        long bytes,
        Instant addedAt) {}
