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
 * A split as the file says it. The columns of time and entity are the task's, so that each is said in one place.
 *
 * @param by {@code time}, {@code entity} or {@code row}; where it is not said, the first of them that the task has a column for
 * @param train of a split by time with ranges
 * @param test a range or {@code last 7 days}, both by time; or a share: the latest, of the entities, or of the rows
 * @param incomplete {@code leave_out}: rows without label, event time or entity are on neither side
 * @param atMost rows of either side
 */
record SplitKey(
        Optional<String> by,
        Optional<Range> train,
        JsonNode test,
        Optional<Work.Incomplete> incomplete,
        Optional<Long> atMost) {

    private static final String TIME = "time";
    private static final String ENTITY = "entity";
    private static final String ROW = "row";
    private static final Pattern LAST = Pattern.compile("last ([0-9]{1,5}) days?");

    /** From (included; empty: from the first row on) to (not included; empty: to the last row). */
    record Range(Optional<String> from, Optional<String> to) {}

    Work.Split work(Task task) {
        if (atMost.isPresent() && atMost.get() < 1) {
            throw Problem.invalid("split.at_most", atMost.get(), "1 or more");
        }
        return new Work.Split(rule(task), Work.SplitColumns.of(task), incomplete, atMost);
    }

    private SplitRule rule(Task task) {
        String rule = by.orElseGet(() -> usual(task));
        return switch (rule) {
            case TIME -> byTime(task);
            case ENTITY -> byEntity(task);
            case ROW -> new SplitRule.Rows(share("rows"));
            default -> throw Problem.invalid("split.by", rule, "time, entity or row");
        };
    }

    private String usual(Task task) {
        if (task.eventTime().isPresent() || !test.isNumber()) {
            return TIME;
        }
        return task.entity().isPresent() ? ENTITY : ROW;
    }

    private SplitRule byTime(Task task) {
        if (task.eventTime().isEmpty()) {
            throw Problem.invalid(
                    "task.event_time",
                    "missing",
                    "the column that a split by time divides by; or divide by row: {by: row, test: 0.2}");
        }
        if (test.isNumber()) {
            return new SplitRule.Latest(share("latest rows"));
        }
        if (test.isString()) {
            Matcher last = LAST.matcher(test.stringValue().strip());
            if (!last.matches() || train.isPresent()) {
                throw Problem.invalid(
                        "split.test",
                        test.stringValue(),
                        "a share such as 0.2 or `last 7 days`, both without a train range; or a range {from, to}");
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
                    "task.entity",
                    "missing",
                    "the column that a split by entity divides by; or divide by row: {by: row, test: 0.2}");
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
