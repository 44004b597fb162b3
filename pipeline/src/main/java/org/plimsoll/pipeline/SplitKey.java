package org.plimsoll.pipeline;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.scoring.Task;
import tools.jackson.databind.JsonNode;

/**
 * A split as the file says it.
 *
 * @param by {@code time}, {@code entity} or {@code row}
 * @param column that time or entity is read from, where the task does not say; the task's from then on
 * @param train of a split by time with ranges
 * @param test a range, {@code last 7 days}, or a share of the entities or rows
 * @param incomplete {@code leave_out}: rows without label, event time or entity are on neither side
 * @param atMost rows of either side
 */
record SplitKey(
        String by,
        Optional<String> column,
        Optional<Range> train,
        JsonNode test,
        Optional<Work.Incomplete> incomplete,
        Optional<Long> atMost) {

    private static final Pattern LAST = Pattern.compile("last ([0-9]{1,5}) days?");

    /** From (included; empty: from the first row on) to (not included; empty: to the last row). */
    record Range(Optional<String> from, Optional<String> to) {}

    /**
     * The task, with the column that this split names as its time or entity.
     *
     * @throws Problem where the task names another
     */
    Task completed(Task task) {
        if (column.isEmpty()) {
            return task;
        }
        Optional<String> known = switch (by) {
            case "time" -> task.eventTime();
            case "entity" -> task.entity();
            default -> throw Problem.invalid("split.column", column.get(), "none, of a split by " + by);
        };
        if (known.isPresent() && !known.equals(column)) {
            throw Problem.invalid(
                    "split.column",
                    column.get(),
                    known.get() + ", the task's " + (by.equals("time") ? "event_time" : "entity")
                            + "; change it there, or leave column away");
        }
        return by.equals("time") ? task.withEventTime(column.get()) : task.withEntity(column.get());
    }

    Work.Split work(Task task) {
        if (atMost.isPresent() && atMost.get() < 1) {
            throw Problem.invalid("split.at_most", atMost.get(), "1 or more");
        }
        return new Work.Split(rule(task), task, incomplete, atMost);
    }

    private SplitRule rule(Task task) {
        return switch (by) {
            case "time" -> byTime(task);
            case "entity" -> byEntity(task);
            case "row" -> new SplitRule.Rows(share("rows"));
            default -> throw Problem.invalid("split.by", by, "time, entity or row");
        };
    }

    private SplitRule byTime(Task task) {
        if (task.eventTime().isEmpty()) {
            throw Problem.invalid(
                    "split.column", "missing", "the column that a split by time divides by, or event_time in the task");
        }
        if (test.isString()) {
            Matcher last = LAST.matcher(test.stringValue().strip());
            if (!last.matches() || train.isPresent()) {
                throw Problem.invalid(
                        "split.test", test.stringValue(), "`last 7 days` without a train range, or a range {from, to}");
            }
            return new SplitRule.LastDays(Integer.parseInt(last.group(1)));
        }
        if (!test.isObject() || train.isEmpty()) {
            throw Problem.invalid("split", "one range", "ranges for train and test: {from: …, to: …}");
        }
        ZoneId zone = task.zoneOrUtc();
        Range tested = Json.MAPPER.treeToValue(test, Range.class);
        return new SplitRule.Ranges(
                train.get().from().map(text -> instant(text, zone)),
                instant(train.get().to().orElseThrow(() -> missing("split.train.to")), zone),
                instant(tested.from().orElseThrow(() -> missing("split.test.from")), zone),
                tested.to().map(text -> instant(text, zone)));
    }

    private SplitRule byEntity(Task task) {
        if (task.entity().isEmpty()) {
            throw Problem.invalid(
                    "split.column", "missing", "the column that a split by entity divides by, or entity in the task");
        }
        return new SplitRule.Entities(share("entities"));
    }

    private double share(String what) {
        if (!test.isNumber() || train.isPresent()) {
            throw Problem.invalid(
                    "split.test", test, "the share of " + what + " to test on, such as 0.2, and no train");
        }
        return test.doubleValue();
    }

    private static Problem missing(String field) {
        return Problem.invalid(field, "missing", "a date or an instant");
    }

    /** A date is its first instant in the task's zone; a time without a zone is in it. */
    static Instant instant(String text, ZoneId zone) {
        try {
            if (text.length() <= 10) {
                return LocalDate.parse(text).atStartOfDay(zone).toInstant();
            }
            String written = text.replace(' ', 'T');
            boolean zoned = written.endsWith("Z") || written.lastIndexOf('+') > 10 || written.lastIndexOf('-') > 10;
            return zoned
                    ? OffsetDateTime.parse(written).toInstant()
                    : LocalDateTime.parse(written).atZone(zone).toInstant();
        } catch (DateTimeException e) {
            throw Problem.invalid(
                    "time", text, "a date such as 2001-01-25, or an instant such as 2001-01-24T12:00:00Z");
        }
    }
}
