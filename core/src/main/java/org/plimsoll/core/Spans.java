package org.plimsoll.core;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as people write them: {@code 90d}, {@code 12h}, {@code 30m}, {@code 45s}; a day is 24 hours. */
public final class Spans {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([dhms])");

    private Spans() {}

    /** Reads {@code 12h}, or ISO 8601's {@code PT12H}. */
    public static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            long count = Long.parseLong(form.group(1));
            return switch (form.group(2)) {
                case "d" -> Duration.ofDays(count);
                case "h" -> Duration.ofHours(count);
                case "m" -> Duration.ofMinutes(count);
                default -> Duration.ofSeconds(count);
            };
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw Problem.invalid("span", text, "a whole number and d, h, m or s, such as 12h");
        }
    }

    /** Writes the span in the largest unit that says it in a whole number; below a second as ISO 8601. */
    public static String text(Duration span) {
        if (span.isNegative() || span.getNano() != 0) {
            return span.toString();
        }
        long seconds = span.toSeconds();
        if (seconds == 0) {
            return "0s";
        }
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
