package org.plimsoll.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.plimsoll.core.Problem;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.LatestRows;
import org.plimsoll.data.Query;
import org.plimsoll.data.Schema;
import org.plimsoll.tracking.Port;

/**
 * Divides rows into those a model learns from and those it is tested on, and writes each with all columns, in the order they
 * came. Rows must still know the file and row they come from: evaluation proves by them that no tested row was learned from.
 */
record SplitExecution(Work.Split work) implements StepExecution {

    /** Shares are told apart by the first 52 bits of an MD5, stable in every version. */
    private static final long ALL = 1L << 52;

    /** Rows from (included) to (not included), in epoch milliseconds. */
    private record Span(long from, long to) {
        boolean holds(long at) {
            return from <= at && at < to;
        }
    }

    /** Which rows go to one side. */
    private record Side(String condition, Map<String, Object> values) {}

    @Override
    public void execute(Workbench bench) {
        Workbench.Input input = bench.onlyInput();
        String alias = PipelineStep.alias(input.port().name());
        Query.Table table = bench.query().describe(paths(alias, input));
        check(input, table.schema());
        Rows rows = new Rows(bench, input, alias, table);
        switch (work.rule()) {
            case SplitRule.Ranges ranges -> byTime(rows, rows.times(), ranges);
            case SplitRule.LastDays last -> {
                long[] times = rows.times();
                byTime(rows, times, from(begin(times, last)));
            }
            case SplitRule.Latest latest -> {
                long[] times = rows.times();
                Instant begin = begin(times, latest);
                rows.said.add("test from " + begin.toString().replace("T00:00:00Z", "") + " on");
                byTime(rows, times, from(begin));
            }
            case SplitRule.Entities entities ->
                byEntity(rows, columns().entity().orElseThrow(), entities.share());
            case SplitRule.Rows each -> byHash(rows, "_file || '/' || _row", Optional.empty(), each.share());
        }
        bench.say(String.join("; ", rows.said));
    }

    private static List<Path> paths(String alias, Workbench.Input input) {
        return SqlExecution.tabular(alias, input).stream()
                .map(Query.Input::file)
                .toList();
    }

    private void check(Workbench.Input input, Schema schema) {
        if (!schema.hasRowIdentity() && input.port().form() != Port.Form.SNAPSHOT) { // of raw files it is known
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the rows of " + input.port().name()
                            + " no longer say which raw file and row they come from: carry _file and _row "
                            + "through every SELECT (they prove that no tested row was learned from)",
                    Map.of("input", input.port().name()));
        }
        columns().check(schema);
    }

    private Work.SplitColumns columns() {
        return work.columns();
    }

    private static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /** The rows to be divided, without those that lack what they need where these are to be left out. */
    private final class Rows {
        private final Workbench bench;
        private final String alias;
        private final List<Query.Input> files;
        private final Query.Table table;
        private final List<String> said = new ArrayList<>();
        private final String complete;

        Rows(Workbench bench, Workbench.Input input, String alias, Query.Table table) {
            this.bench = bench;
            this.alias = alias;
            this.files = SqlExecution.tabular(alias, input);
            this.table = table;
            this.complete = work.incomplete().isEmpty() ? "true" : complete(table.schema());
        }

        private String complete(Schema schema) {
            List<String> conditions = new ArrayList<>();
            for (String name : columns().needed()) {
                conditions.add(quoted(name) + " IS NOT NULL");
                if (schema.column(name).type() == ColumnType.NUMBER) {
                    conditions.add("NOT isnan(CAST(" + quoted(name) + " AS DOUBLE))");
                }
            }
            return String.join(" AND ", conditions);
        }

        /** Writes both sides. @return how many rows were divided */
        long divide(Side train, Side test) {
            long[] found = new long[2];
            long[] written = new long[2];
            List<Side> sides = List.of(train, test);
            for (int i = 0; i < 2; i++) {
                Path whole = bench.folder().resolve("whole-" + i + ".parquet");
                found[i] = bench.query()
                        .transform(
                                "SELECT * FROM " + alias + " WHERE " + complete + " AND " + sides.get(i).condition,
                                Map.of(alias, files),
                                sides.get(i).values,
                                whole)
                        .rows();
                refuseEmpty(i == 0 ? "training" : "test", found[i]);
                written[i] = thin(whole, found[i], bench.output(i));
            }
            said.add("train %,d rows, test %,d rows".formatted(written[0], written[1]));
            if (written[0] + written[1] < found[0] + found[1]) {
                said.add("drawn from %,d and %,d".formatted(found[0], found[1]));
            }
            return found[0] + found[1];
        }

        void sayIncomplete(long incomplete) {
            if (incomplete > 0 && work.incomplete().isPresent()) {
                said.add("left out %,d rows that lack %s"
                        .formatted(incomplete, String.join(", or ", columns().needed())));
            }
        }

        /** Of more rows than are wanted a part that a seeded hash draws. */
        private long thin(Path whole, long rows, Path output) {
            long most = work.atMost().orElse(Long.MAX_VALUE);
            if (rows <= most) {
                try {
                    Files.move(whole, output);
                } catch (IOException e) {
                    throw Problem.internal("cannot write " + output, e);
                }
                return rows;
            }
            Map<String, Object> values =
                    Map.of("seed", "draw/" + bench.seed(), "bound", (long) ((double) most / rows * ALL));
            Query.Input drawn = new Query.Input(whole, files.getFirst().digest());
            return bench.query()
                    .transform(
                            "SELECT * FROM drawn WHERE " + place("_file || '/' || _row") + " < $bound",
                            Map.of("drawn", List.of(drawn)),
                            values,
                            output)
                    .rows();
        }

        /** The event times of the rows that are divided. */
        long[] times() {
            String column = columns().eventTime().orElseThrow();
            if (work.incomplete().isEmpty()) {
                refuseMissing(this, column);
            }
            Path known = bench.folder().resolve("times.parquet");
            bench.query()
                    .transform(
                            "SELECT " + quoted(column) + " FROM " + alias + " WHERE " + complete,
                            Map.of(alias, files),
                            Map.of(),
                            known);
            Columns read = bench.query().read(List.of(known), List.of(column));
            if (read.rows() == 0) {
                throw Problem.of(Problem.Kind.INVALID, "there are no rows to split");
            }
            long[] times = new long[read.rows()];
            for (int row = 0; row < times.length; row++) {
                times[row] = read.integer(0, row);
            }
            return times;
        }
    }

    private Instant begin(long[] times, SplitRule.LastDays last) {
        ZoneId zone = columns().zone();
        long greatest = LongStream.of(times).max().orElseThrow();
        LocalDate lastDay = Instant.ofEpochMilli(greatest).atZone(zone).toLocalDate();
        return lastDay.minusDays(last.days() - 1L).atStartOfDay(zone).toInstant();
    }

    private Instant begin(long[] times, SplitRule.Latest latest) {
        return LatestRows.begin(times, latest.share(), columns().zone())
                .orElseThrow(() -> Problem.of(
                        Problem.Kind.INVALID,
                        "all rows have the same %s, so the past cannot train and the latest test; divide otherwise, such as by: row"
                                .formatted(columns().eventTime().orElseThrow())));
    }

    /** What was known before trains, what comes from then on tests. */
    private static SplitRule.Ranges from(Instant begin) {
        return new SplitRule.Ranges(Optional.empty(), begin, begin, Optional.empty());
    }

    private void byTime(Rows rows, long[] times, SplitRule.Ranges ranges) {
        Instant known = ranges.testFrom().minus(columns().maturity());
        Instant trainTo = ranges.trainTo().isBefore(known) ? ranges.trainTo() : known;
        Span train =
                new Span(ranges.trainFrom().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE), trainTo.toEpochMilli());
        Span test = new Span(
                ranges.testFrom().toEpochMilli(),
                ranges.testTo().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE));
        Span unknown = new Span(trainTo.toEpochMilli(), ranges.trainTo().toEpochMilli());
        long leftOut = 0;
        for (long time : times) {
            leftOut += unknown.holds(time) ? 1 : 0;
        }
        String column = quoted(columns().eventTime().orElseThrow());
        String condition = column + " >= $begin AND " + column + " < $end";
        long divided = rows.divide(new Side(condition, values(train)), new Side(condition, values(test)));
        if (ranges.trainFrom().isEmpty()
                && ranges.testTo().isEmpty()
                && ranges.trainTo().equals(ranges.testFrom())) {
            rows.sayIncomplete(rows.table.rows() - divided - leftOut);
        }
        if (leftOut > 0) {
            rows.said.add("left out %,d rows whose truth was not known yet when the test begins".formatted(leftOut));
        }
    }

    /** DuckDB's timestamps are microseconds in 64 bits, so open ends are far away rather than infinite. */
    private static Map<String, Object> values(Span span) {
        long far = Instant.parse("9999-01-01T00:00:00Z").toEpochMilli();
        return Map.of(
                "begin", Instant.ofEpochMilli(Math.max(span.from, -far)),
                "end", Instant.ofEpochMilli(Math.min(span.to, far)));
    }

    private void byEntity(Rows rows, String entity, double share) {
        byHash(rows, "CAST(" + quoted(entity) + " AS VARCHAR)", Optional.of(entity), share);
    }

    /** Tested on is what stands below the share. */
    private void byHash(Rows rows, String key, Optional<String> column, double share) {
        Map<String, Object> values = new HashMap<>();
        values.put("seed", Long.toString(rows.bench.seed()));
        values.put("bound", (long) (share * ALL));
        if (column.isPresent() && work.incomplete().isEmpty()) {
            refuseMissing(rows, column.get());
        }
        long divided =
                rows.divide(new Side(place(key) + " >= $bound", values), new Side(place(key) + " < $bound", values));
        rows.sayIncomplete(rows.table.rows() - divided);
    }

    private static String place(String key) {
        return "CAST('0x' || substr(md5($seed || '/' || " + key + "), 1, 13) AS BIGINT)";
    }

    private static void refuseMissing(Rows rows, String column) {
        if (!rows.table.schema().column(column).optional()) {
            return;
        }
        Columns read = rows.bench
                .query()
                .read(rows.files.stream().map(Query.Input::file).toList(), List.of(column));
        long missing = 0;
        for (int row = 0; row < read.rows(); row++) {
            missing += read.isMissing(0, row) ? 1 : 0;
        }
        throw Problem.of(
                Problem.Kind.INVALID,
                "%,d of %,d rows have no %s, by which they are split; leave them out or give them one in a step before, or say incomplete: leave_out"
                        .formatted(missing, read.rows(), column));
    }

    private void refuseEmpty(String which, long rows) {
        if (rows == 0) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the split leaves no " + which + " rows: " + described(work.rule()),
                    Map.of("field", "split"));
        }
    }

    private static String described(SplitRule rule) {
        return switch (rule) {
            case SplitRule.Ranges it ->
                "train " + it.trainFrom().map(Instant::toString).orElse("the beginning") + " to " + it.trainTo()
                        + ", test " + it.testFrom() + " to "
                        + it.testTo().map(Instant::toString).orElse("the end");
            case SplitRule.LastDays it -> "test the last " + it.days() + " days";
            case SplitRule.Latest it -> "test the latest " + it.share() + " of the rows";
            case SplitRule.Entities it -> "test " + it.share() + " of the entities";
            case SplitRule.Rows it -> "test " + it.share() + " of the rows";
        };
    }
}
