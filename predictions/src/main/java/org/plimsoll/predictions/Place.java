package org.plimsoll.predictions;

import java.util.Comparator;

/**
 * A place in the prediction log of one endpoint, before or after a batch; places are in the order of writing. Whoever keeps one goes on
 * from there and reads nothing twice.
 *
 * @param segment number of the segment
 * @param offset in bytes from its beginning
 */
public record Place(long segment, long offset) implements Comparable<Place> {

    /** Before everything. */
    public static final Place START = new Place(0, 0);

    private static final Comparator<Place> ORDER =
            Comparator.comparingLong(Place::segment).thenComparingLong(Place::offset);

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }
}
