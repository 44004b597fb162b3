package org.plimsoll.core;

import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Something that happened, for good. Written in the same transaction as the change it tells of.
 *
 * @param id sorts by time
 * @param position gap-free, counting from 1; empty until the event has its place in the log
 * @param type what happened, {@code noun.verb-in-the-past}, such as {@code endpoint.rolled-back}
 * @param subject what it happened to, {@code kind/name}, such as {@code endpoint/late-arrival}
 * @param actor the principal's id
 * @param at UTC, milliseconds
 * @param detail the record that tells the rest
 */
public record Event(
        String id, Optional<Long> position, String type, String subject, String actor, Instant at, JsonNode detail) {}
