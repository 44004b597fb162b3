/**
 * The words every room shares: digests, names and ids, canonical JSON, events, actors, verdicts and problems. No input or output.
 */
@NullMarked
package org.plimsoll.core;

import org.jspecify.annotations.NullMarked;
