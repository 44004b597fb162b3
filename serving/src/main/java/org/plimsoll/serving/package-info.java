/**
 * From a permitted version to an answer: environments, endpoints, routing tables, inference, shadows, rollouts, rollback.
 *
 * <p>Two halves meet in the routing table. The database side decides and records ({@code Endpoints}, {@code Rollouts},
 * {@code Permits}); the node's side answers from memory and from signed files alone ({@code LocalTables}, {@code LiveEndpoints},
 * {@code Inference}), so that it boots, serves and rolls back while the database is away.
 */
@NullMarked
package org.plimsoll.serving;

import org.jspecify.annotations.NullMarked;
