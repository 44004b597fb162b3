package org.plimsoll.serving;

import java.time.Instant;
import java.util.Optional;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.VersionId;

/**
 * What an urgent act did to one endpoint.
 *
 * @param from the version that answers no more
 * @param to the version that answers everyone; empty where the endpoint was drained
 * @param revision of the table now in force
 * @param publishedAt when it came into force
 * @param tookMillis from the order to the new table in force, both files and memory
 * @param lastAnswerAt when the last request of the table before was answered; empty where one still runs
 * @param lastAnswerMillis from the order to that answer
 * @param failed requests of this endpoint that failed on the server's side meanwhile
 */
public record RolledBack(
        EndpointName endpoint,
        VersionId from,
        Optional<VersionId> to,
        long revision,
        Instant publishedAt,
        long tookMillis,
        Optional<Instant> lastAnswerAt,
        Optional<Long> lastAnswerMillis,
        long failed) {}
