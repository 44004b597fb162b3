package org.plimsoll.core;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/** Instants as text. */
final class Instants {

    private static final String FORM = "dddd-dd-ddTdd:dd:dd";
    private static final int SECONDS_A_DAY = 86_400;
    private static final int MOST_DIGITS = 9;

    private Instants() {}

    /**
     * The instant in a text of the form that {@link Instant#toString} writes, {@code 2001-02-03T04:05:06.789Z}, years 0000 to 9999: a
     * tenth of the time of {@link Instant#parse}. Empty for every other text, which may still be an instant.
     */
    static Optional<Instant> plain(String text) {
        int end = text.length() - 1;
        if (end < FORM.length() || text.charAt(end) != 'Z' || !hasForm(text)) {
            return Optional.empty();
        }
        int nanos = 0;
        if (end > FORM.length()) {
            int digits = end - FORM.length() - 1;
            if (text.charAt(FORM.length()) != '.' || digits < 1 || digits > MOST_DIGITS) {
                return Optional.empty();
            }
            for (int i = 0; i < MOST_DIGITS; i++) {
                int digit = i < digits ? text.charAt(FORM.length() + 1 + i) - '0' : 0;
                if (digit < 0 || digit > 9) {
                    return Optional.empty();
                }
                nanos = 10 * nanos + digit;
            }
        }
        int hour = two(text, 11);
        int minute = two(text, 14);
        int second = two(text, 17);
        if (hour > 23 || minute > 59 || second > 59) {
            return Optional.empty();
        }
        try {
            long day = LocalDate.of(100 * two(text, 0) + two(text, 2), two(text, 5), two(text, 8))
                    .toEpochDay();
            return Optional.of(
                    Instant.ofEpochSecond(SECONDS_A_DAY * day + 3_600L * hour + 60L * minute + second, nanos));
        } catch (DateTimeException noSuchDay) {
            return Optional.empty();
        }
    }

    private static boolean hasForm(String text) {
        for (int i = 0; i < FORM.length(); i++) {
            char wanted = FORM.charAt(i);
            char found = text.charAt(i);
            if (wanted == 'd' ? found < '0' || found > '9' : found != wanted) {
                return false;
            }
        }
        return true;
    }

    private static int two(String text, int at) {
        return 10 * (text.charAt(at) - '0') + text.charAt(at + 1) - '0';
    }
}
