package org.plimsoll.registry;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Spans;

/**
 * A time that moves with the clock, as a retraining plan says it: {@code now}, {@code today - 14d - 12h}, {@code month + 1d}. Any
 * other text stands for itself.
 */
final class Moment {

    private static final Pattern BEGINS = Pattern.compile("\\s*(now|today|month)\\b.*", Pattern.DOTALL);
    private static final Pattern FORM = Pattern.compile("\\s*(now|today|month)((?:\\s*[-+]\\s*[0-9]{1,9}[dhms])*)\\s*");
    private static final Pattern STEP = Pattern.compile("([-+])\\s*([0-9]{1,9}[dhms])");

    private Moment() {}

    /** Refuses what begins like a time and is none. */
    static void check(String field, String text) {
        if (BEGINS.matcher(text).matches() && !FORM.matcher(text).matches()) {
            throw Problem.invalid(field, text, "now, today or month, and spans after it such as today - 14d - 12h");
        }
    }

    /** The text, or the moment it means, as RFC 3339. */
    static String at(String text, Instant now, ZoneId zone) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return text;
        }
        LocalDate today = now.atZone(zone).toLocalDate();
        Instant moment = switch (form.group(1)) {
            case "now" -> now;
            case "today" -> today.atStartOfDay(zone).toInstant();
            default -> today.withDayOfMonth(1).atStartOfDay(zone).toInstant();
        };
        Matcher step = STEP.matcher(form.group(2));
        while (step.find()) {
            Duration span = Spans.parse(step.group(2));
            moment = step.group(1).equals("-") ? moment.minus(span) : moment.plus(span);
        }
        return moment.toString();
    }
}
