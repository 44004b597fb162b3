/**
 * Proves what happened: a Merkle log over all events in the open format of C2SP's tiled transparency logs, with signed checkpoints
 * and receipts that anybody can verify offline; and tells followers of every event.
 */
@NullMarked
package org.plimsoll.audit;

import org.jspecify.annotations.NullMarked;
