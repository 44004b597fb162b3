package org.plimsoll.access;

import java.time.Instant;

/**
 * Somebody has a role on a resource and on everything below it. Owner, deputy and on-call of a model <em>are</em> grants.
 *
 * @param principal who has it
 * @param since when it was given
 * @param by the principal who gave it
 */
public record Grant(String principal, Role role, Resource resource, Instant since, String by) {}
