package org.plimsoll.store;

import java.time.Instant;

/**
 * The right to do something alone, for a while.
 *
 * @param name what it is for
 * @param holder who has it
 * @param until when it ends unless it is extended
 * @param fence counts up with every new holder; what an older holder brings is refused by {@link Leases#require}
 */
public record Lease(String name, String holder, Instant until, long fence) {}
