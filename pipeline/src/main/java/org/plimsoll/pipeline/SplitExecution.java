package org.plimsoll.pipeline;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Query;
import org.plimsoll.data.Schema;

/**
 * Divides rows into those a model learns from and those it is tested on, and writes each with all columns, in the order they
 * came. Rows must still know the file and row they come from: evaluation proves by them that no tested row was learned from.
 */
record SplitExecution(Work.Split work) implements StepExecution {

    /** Rows from (included) to (not included), in epoch milliseconds. */
    private record Span(long from, long to) {
        boolean holds(long at) {
            return from <= at && at < to;
        }
    }

    @Override
    public void execute(Workbench bench) {
        Workbench.Input input = bench.onlyInput();
        String alias = PipelineStep.alias(input.port().name());
        Query.Table table = bench.query().describe(paths(alias, input));
        check(input.port().name(), table.schema());
        switch (work.rule()) {
            case SplitRule.Ranges ranges -> byTime(bench, input, alias, ranges);
            case SplitRule.LastDays last -> byTime(bench, input, alias, ranges(bench, input, alias, last));
            case SplitRule.Entities entities -> byEntity(bench, input, alias, entities, table.rows());
        }
    }

    private static List<Path> paths(String alias, Workbench.Input input) {
        return SqlExecution.tabular(alias, input).stream()
                .map(Query.Input::file)
                .toList();
    }

    private void check(String input, Schema schema) {
        if (!schema.hasRowIdentity()) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the rows of " + input
                            + " no longer say which raw file and row they come from: carry _file and _row "
                            + "through every SELECT (they prove that no tested row was learned from)",
                    Map.of("input", input));
        }
        work.task().check(schema);
    }

    private SplitRule.Ranges ranges(Workbench bench, Workbench.Input input, String alias, SplitRule.LastDays last) {
        long[] times = times(bench, input, alias);
        long greatest = Long.MIN_VALUE;
        for (long time : times) {
            greatest = Math.max(greatest, time);
        }
        var zone = work.task().zoneOrUtc();
        LocalDate lastDay = Instant.ofEpochMilli(greatest).atZone(zone).toLocalDate();
        Instant begin = lastDay.minusDays(last.days() - 1L).atStartOfDay(zone).toInstant();
        return new SplitRule.Ranges(java.util.Optional.empty(), begin, begin, java.util.Optional.empty());
    }

    private void byTime(Workbench bench, Workbench.Input input, String alias, SplitRule.Ranges ranges) {
        Instant known = ranges.testFrom().minus(work.task().maturityOrZero());
        Instant trainTo = ranges.trainTo().isBefore(known) ? ranges.trainTo() : known;
        Span train =
                new Span(ranges.trainFrom().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE), trainTo.toEpochMilli());
        Span test = new Span(
                ranges.testFrom().toEpochMilli(),
                ranges.testTo().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE));
        Span unknown = new Span(trainTo.toEpochMilli(), ranges.trainTo().toEpochMilli());
        long trained = 0;
        long tested = 0;
        long leftOut = 0;
        for (long time : times(bench, input, alias)) {
            trained += train.holds(time) ? 1 : 0;
            tested += test.holds(time) ? 1 : 0;
            leftOut += unknown.holds(time) ? 1 : 0;
        }
        String column = "\"" + work.task().eventTime().orElseThrow().replace("\"", "\"\"") + "\"";
        refuseEmpty("training", trained);
        refuseEmpty("test", tested);
        select(bench, input, alias, column + " >= $begin AND " + column + " < $end", span(train), 0);
        select(bench, input, alias, column + " >= $begin AND " + column + " < $end", span(test), 1);
        bench.say("train %,d rows, test %,d rows".formatted(trained, tested)
                + (leftOut == 0
                        ? ""
                        : "; left out %,d rows whose truth was not known yet when the test begins".formatted(leftOut)));
    }

    /** DuckDB's timestamps are microseconds in 64 bits, so open ends are far away rather than infinite. */
    private static Map<String, Object> span(Span span) {
        long far = Instant.parse("9999-01-01T00:00:00Z").toEpochMilli();
        return Map.of(
                "begin", Instant.ofEpochMilli(Math.max(span.from, -far)),
                "end", Instant.ofEpochMilli(Math.min(span.to, far)));
    }

    private long[] times(Workbench bench, Workbench.Input input, String alias) {
        String column = work.task().eventTime().orElseThrow();
        Columns read = bench.query().read(paths(alias, input), List.of(column));
        if (read.rows() == 0) {
            throw Problem.of(Problem.Kind.INVALID, "there are no rows to split");
        }
        long missing = 0;
        for (int row = 0; row < read.rows(); row++) {
            missing += read.isMissing(0, row) ? 1 : 0;
        }
        if (missing > 0) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "%,d of %,d rows have no %s, by which they are split; leave them out or give them one in a step before"
                            .formatted(missing, read.rows(), column));
        }
        return read.integers(0);
    }

    /** An entity is tested on where the first 52 bits of MD5(seed/entity) are below the share; stable in every version. */
    private void byEntity(
            Workbench bench, Workbench.Input input, String alias, SplitRule.Entities entities, long rows) {
        String entity = "\"" + work.task().entity().orElseThrow().replace("\"", "\"\"") + "\"";
        String place = "CAST('0x' || substr(md5($seed || '/' || CAST(" + entity + " AS VARCHAR)), 1, 13) AS BIGINT)";
        long bound = (long) (entities.share() * (1L << 52));
        Map<String, Object> values = Map.of("seed", Long.toString(bench.seed()), "bound", bound);
        long trained = select(bench, input, alias, place + " >= $bound", values, 0);
        long tested = select(bench, input, alias, place + " < $bound", values, 1);
        refuseEmpty("training", trained);
        refuseEmpty("test", tested);
        if (trained + tested != rows) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "%,d of %,d rows have no %s, by which they are split"
                            .formatted(
                                    rows - trained - tested,
                                    rows,
                                    work.task().entity().orElseThrow()));
        }
        bench.say("train %,d rows, test %,d rows".formatted(trained, tested));
    }

    private static long select(
            Workbench bench,
            Workbench.Input input,
            String alias,
            String condition,
            Map<String, Object> values,
            int output) {
        String sql = "SELECT * FROM " + alias + " WHERE " + condition;
        return bench.query()
                .transform(sql, Map.of(alias, SqlExecution.tabular(alias, input)), values, bench.output(output))
                .rows();
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
            case SplitRule.Entities it -> "test " + it.share() + " of the entities";
        };
    }
}
