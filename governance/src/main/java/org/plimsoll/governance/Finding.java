package org.plimsoll.governance;

import java.time.Instant;
import java.util.Optional;
import org.plimsoll.core.EndpointName;

/**
 * Something that happened without an approval and must be looked at afterwards: a rollback, a drain, a quarantine. Derived from
 * events; only the review is a record of its own.
 *
 * @param id the event's id
 * @param what the event's type, such as {@code endpoint.rolled-back}
 * @param by who did it, as principal id
 * @param due from then on it is overdue: a day after for the gravest tier, three days for the others
 */
public record Finding(
        String id, EndpointName endpoint, String what, String by, Instant at, Instant due, Optional<Review> review) {

    /** Who looked at it, and what they found. */
    public record Review(String by, Instant at, String note) {}

    /** Whether nobody looked at it in time. */
    public boolean isOverdue(Instant now) {
        return review.isEmpty() && now.isAfter(due);
    }
}
