package org.plimsoll.data;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where the latest rows begin, which a model is tested on: so that about a share of all lies at or after it, at the first instant of a
 * day where that leaves rows on both sides.
 */
public final class LatestRows {

    private LatestRows() {}

    /**
     * Of rows at these instants.
     *
     * @param instants in epoch milliseconds, in any order; sorted here
     * @param share of them, between 0 and 1
     * @param zone where days begin
     * @return empty where all are the same
     */
    public static Optional<Instant> begin(long[] instants, double share, ZoneId zone) {
        Arrays.sort(instants);
        int place = Math.max(1, (int) Math.ceil((1 - share) * instants.length)) - 1; // as quantile_disc
        return begin(instants[0], instants[instants.length - 1], instants[place], zone);
    }

    /**
     * Of rows between two instants, where as many are wanted as lie at or after a third.
     *
     * @return empty where all are the same
     */
    static Optional<Instant> begin(long first, long last, long wanted, ZoneId zone) {
        if (first == last) {
            return Optional.empty();
        }
        Instant day = Instant.ofEpochMilli(wanted)
                .atZone(zone)
                .truncatedTo(ChronoUnit.DAYS)
                .toInstant();
        if (day.toEpochMilli() > first) {
            return Optional.of(day);
        }
        Instant next = day.atZone(zone).plusDays(1).toInstant();
        return Optional.of(
                next.toEpochMilli() > first && next.toEpochMilli() <= last
                        ? next
                        : Instant.ofEpochMilli(Math.max(wanted, first + 1)));
    }
}
