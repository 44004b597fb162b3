package org.plimsoll.predictions;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.plimsoll.core.EndpointName;

/**
 * Every answer, kept before it is given. Append-only; safe from any thread.
 *
 * <p>An answer may go out once {@link #append} has returned: the bytes have then left the process, so that a kill loses no
 * acknowledged prediction; for a synced endpoint they are on the disk. A Problem means it is not kept and must not be answered.
 */
public interface PredictionLog extends AutoCloseable {

    /** How much of each batch a reader wants. */
    enum Detail {
        /** Without raw columns and what the engine saw. */
        SCORES,
        /** Without what the engine saw. */
        COLUMNS,
        /** Everything. */
        ALL
    }

    /**
     * Which batches a reader wants.
     *
     * @param from received at or after this, UTC milliseconds
     * @param until received before this
     */
    record Received(long from, long until) {

        /** All there are. */
        public static final Received ALWAYS = new Received(Long.MIN_VALUE, Long.MAX_VALUE);

        boolean has(long at) {
            return at >= from && at < until;
        }
    }

    /**
     * Makes ready to append for an endpoint; what a crash left half-written is cut off. Again with the same endpoint: nothing.
     *
     * @param isSynced whether an answer waits for the disk
     */
    void open(EndpointName endpoint, boolean isSynced);

    /** Keeps a batch. @throws org.plimsoll.core.Problem BUSY or STORAGE_FULL where it could not be kept; do not answer then */
    void append(EndpointName endpoint, PredictionBatch batch);

    /** Hands over every batch of an endpoint, in the order of writing. Without any: nothing happens. */
    void scan(EndpointName endpoint, Received received, Detail detail, Consumer<PredictionBatch> sink);

    /** What {@link #scan(EndpointName, Place, Place, Detail, PlacedBatches)} hands over to. */
    @FunctionalInterface
    interface PlacedBatches {
        /** @param at where the batch begins */
        void take(Place at, PredictionBatch batch);
    }

    /**
     * Hands over the batches of an endpoint between two places, in the order of writing.
     *
     * @param from what begins before is left out, and not read
     * @param until what begins here or later is left out
     * @return the place after the last batch that was whole: go on from there
     */
    Place scan(EndpointName endpoint, Place from, Place until, Detail detail, PlacedBatches sink);

    /** The batch of this id, shadows' answers apart. */
    Optional<PredictionBatch> find(EndpointName endpoint, String id);

    /** The greatest event time ever kept for an endpoint: the time of endpoints that replay. Empty before the first. */
    OptionalLong latestEventTime(EndpointName endpoint);

    @Override
    void close();
}
