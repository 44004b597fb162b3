package org.plimsoll.store;

import java.time.Instant;
import org.plimsoll.core.Digest;

/**
 * Somebody needs a blob, so it is not collected.
 *
 * @param holder {@code kind/name} of what needs it, such as {@code version/late-arrival@3}
 */
public record Pin(Digest blob, String holder, Instant at) {}
