package org.plimsoll.core;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids for rows and events: UUIDv7 (RFC 9562) in 32 hex digits without dashes, so text order is time order.
 *
 * <pre>
 *  0                   12  13      16 17                  32   hex digits
 *  | Unix milliseconds |7| counter | variant and random |
 * </pre>
 *
 * The 12-bit counter after the millisecond keeps the order of ids made in one process, also when many are made in one
 * millisecond or the clock steps back.
 */
public final class Ids {

    private static final int DIGITS = 32;
    private static final HexFormat HEX = HexFormat.of();
    private static final AtomicLong LAST_TICK = new AtomicLong();

    private Ids() {}

    /** A new id, greater than every id this process made before. */
    public static String next() {
        long now = System.currentTimeMillis() << 12;
        long tick = LAST_TICK.updateAndGet(last -> Math.max(last + 1, now));
        long high = (tick >>> 12) << 16 | 0x7000 | (tick & 0xfff);
        long low = ThreadLocalRandom.current().nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        return HEX.toHexDigits(high) + HEX.toHexDigits(low);
    }

    /** Whether this text has the form of an id; says nothing of whether anything has it. */
    public static boolean isId(String text) {
        if (text.length() != DIGITS) {
            return false;
        }
        for (int i = 0; i < DIGITS; i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }
}
