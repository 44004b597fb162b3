package org.plimsoll.monitoring;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Verdict;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Query;
import org.plimsoll.data.TableFile;
import org.plimsoll.monitoring.ComparedColumn.Kind;
import org.plimsoll.monitoring.ComparedColumn.Statistic;
import org.plimsoll.monitoring.DriftRule.Categories;

/**
 * Two tables compared, column by column, exactly. Memory: one column of each at a time, 8 bytes a row.
 *
 * @param v the format's version, 1
 * @param reference where the first table came from
 * @param current where the second came from
 * @param rule whose numbers and bounds these are
 * @param verdict PASS: no drift; HARM: drift; INCONCLUSIVE: too few rows; ERROR: something could not be compared
 * @param columns in the reference's order, then those that are new
 */
public record DriftReport(
        int v,
        String reference,
        String current,
        long referenceRows,
        long currentRows,
        String rule,
        Verdict verdict,
        List<ComparedColumn> columns) {

    /** The format this code writes. */
    public static final int FORMAT = 1;

    private static final String GONE = "all of its values are missing now";

    /** Whose numbers and bounds are wanted. */
    public enum Compat {
        /** Evidently's. */
        EVIDENTLY,
        /** NannyML's. */
        NANNYML;

        /** As people write it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public DriftReport {
        columns = List.copyOf(columns);
    }

    /** By our own rule. @param floor the least distance that counts; .1 where it is not given */
    public static DriftReport of(Query query, Path reference, Path current, Optional<Double> floor) {
        return of(query, reference, current, new PlimsollRule(floor.orElse(PlimsollRule.USUAL_FLOOR)));
    }

    /** By the rule of another tool. */
    public static DriftReport of(Query query, Path reference, Path current, Compat compat) {
        return of(
                query,
                reference,
                current,
                switch (compat) {
                    case EVIDENTLY -> new EvidentlyRule();
                    case NANNYML -> new NannyMlRule();
                });
    }

    private static DriftReport of(Query query, Path reference, Path current, DriftRule rule) {
        try (TableFile first = query.open(reference);
                TableFile second = query.open(current)) {
            requireRows(reference, first);
            requireRows(current, second);
            List<ComparedColumn> columns = new Tables(first, second, rule).compare();
            return new DriftReport(
                    FORMAT,
                    reference.toString(),
                    current.toString(),
                    first.rows(),
                    second.rows(),
                    rule.name(),
                    rule.verdict(columns.stream()
                            .filter(it -> it.kind() != Kind.NONE || it.verdict() == Verdict.ERROR)
                            .toList()),
                    columns);
        }
    }

    private static void requireRows(Path file, TableFile table) {
        if (table.rows() == 0) {
            throw Problem.invalid(
                    "file", file + " without rows", "a table with rows; nothing can be said of an empty one");
        }
        if (table.rows() > Integer.MAX_VALUE - 8) {
            throw Problem.of(
                    Problem.Kind.TOO_LARGE,
                    "%s has %,d rows; at most %,d fit into memory, a column at a time"
                            .formatted(file, table.rows(), Integer.MAX_VALUE - 8));
        }
    }

    /** The work, with arrays that are used again for each column. */
    private static final class Tables {
        private final TableFile reference;
        private final TableFile current;
        private final DriftRule rule;
        private final List<Column> shared = new ArrayList<>();
        private double[] first = {};
        private double[] second = {};

        Tables(TableFile reference, TableFile current, DriftRule rule) {
            this.reference = reference;
            this.current = current;
            this.rule = rule;
            for (Column column : reference.schema().columns()) {
                if (current.schema().has(column.name())) {
                    shared.add(column);
                }
            }
        }

        List<ComparedColumn> compare() {
            List<ComparedColumn> compared = new ArrayList<>();
            for (Column column : reference.schema().columns()) {
                compared.add(
                        shared.contains(column)
                                ? compare(column, current.schema().column(column.name()))
                                : ComparedColumn.broken(
                                        column.name(), "it is gone: the current table has no such column"));
            }
            for (Column column : current.schema().columns()) {
                if (!reference.schema().has(column.name())) {
                    compared.add(untouched(column.name(), "new: the reference has no such column"));
                }
            }
            for (String name : reference.unreadable()) {
                compared.add(untouched(name, "its type has no order and no categories"));
            }
            return compared;
        }

        private static ComparedColumn untouched(String name, String why) {
            return new ComparedColumn(name, Kind.NONE, Verdict.PASS, List.of(), Optional.of(why));
        }

        private ComparedColumn compare(Column before, Column now) {
            boolean wasNumber = isNumber(before.type());
            if (before.type() == ColumnType.TIMESTAMP && now.type() == ColumnType.TIMESTAMP) {
                return untouched(before.name(), "time moves on by itself");
            }
            if (wasNumber != isNumber(now.type())
                    || before.type() == ColumnType.TIMESTAMP
                    || now.type() == ColumnType.TIMESTAMP) {
                if (current.counts(now.name()).filter(TreeMap::isEmpty).isPresent()) {
                    return ComparedColumn.broken(before.name(), GONE); // a CSV file without values tells no type
                }
                return ComparedColumn.broken(
                        before.name(),
                        "it was " + before.type().word() + " and is "
                                + now.type().word() + " now");
            }
            try {
                boolean whole = before.type() == ColumnType.INTEGER && now.type() == ColumnType.INTEGER;
                return wasNumber && !(whole && isCategory(before.name()))
                        ? numbers(before.name())
                        : words(before.name());
            } catch (Problem undefined) {
                return ComparedColumn.broken(before.name(), undefined.detail());
            }
        }

        private static boolean isNumber(ColumnType type) {
            return type == ColumnType.NUMBER || type == ColumnType.INTEGER;
        }

        private boolean isCategory(String column) {
            int most = rule.mostWholeCategories();
            return most > 0
                    && reference
                            .counts(column)
                            .filter(counts -> counts.size() <= most)
                            .isPresent();
        }

        private ComparedColumn numbers(String name) {
            first = first.length == 0 ? new double[(int) reference.rows()] : first;
            second = second.length == 0 ? new double[(int) current.rows()] : second;
            reference.numbers(name, first);
            current.numbers(name, second);
            long infiniteBefore = setInfiniteMissing(first);
            long infinite = setInfiniteMissing(second);
            boolean wasEmpty = isEmpty(first);
            if (wasEmpty || isEmpty(second)) {
                return wasEmpty && isEmpty(second)
                        ? untouched(name, "it has no values in either table")
                        : ComparedColumn.broken(name, wasEmpty ? "the reference has no values of it" : GONE);
            }
            boolean becameConstant = !isConstant(first) && isConstant(second);
            ComparedColumn compared = rule.numbers(name, first, second, shared.size());
            if (infinite + infiniteBefore > 0) {
                compared = compared.noting("%,d infinite values now, %,d before: taken as missing"
                                .formatted(infinite, infiniteBefore))
                        .with(List.of(Statistic.of("infinite", infinite / (double) current.rows())));
            }
            return becameConstant
                    ? new ComparedColumn(name, compared.kind(), Verdict.HARM, compared.statistics(), compared.note())
                            .noting("it is constant now")
                    : compared;
        }

        private static long setInfiniteMissing(double[] values) {
            long infinite = 0;
            for (int i = 0; i < values.length; i++) {
                if (Math.abs(values[i]) == Double.POSITIVE_INFINITY) {
                    values[i] = Double.NaN;
                    infinite++;
                }
            }
            return infinite;
        }

        private static boolean isEmpty(double[] values) {
            for (double value : values) {
                if (!Double.isNaN(value)) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isConstant(double[] values) {
            double seen = Double.NaN;
            for (double value : values) {
                if (!Double.isNaN(seen) && !Double.isNaN(value) && value != seen) {
                    return false;
                }
                seen = Double.isNaN(value) ? seen : value;
            }
            return true;
        }

        private ComparedColumn words(String name) {
            if (reference.counts(name).isEmpty() || current.counts(name).isEmpty()) {
                return untouched(
                        name,
                        "more than %,d different values: it names things, and does not sort them"
                                .formatted(TableFile.MOST_CATEGORIES));
            }
            Categories before = categories(reference, name);
            Categories now = categories(current, name);
            if (before.counts().isEmpty() || now.counts().isEmpty()) {
                return before.counts().isEmpty() && now.counts().isEmpty()
                        ? untouched(name, "it has no values in either table")
                        : ComparedColumn.broken(
                                name, before.counts().isEmpty() ? "the reference has no values of it" : GONE);
            }
            return rule.categories(name, before, now, shared.size());
        }

        private static Categories categories(TableFile table, String name) {
            Columns column = table.read(name);
            int rows = column.rows();
            if (!column.schema().columns().getFirst().type().isText()) {
                return written(column, rows);
            }
            int[] codes = column.codes(0);
            List<String> words = column.dictionary(0);
            long[] counts = new long[words.size()];
            long missing = 0;
            for (int code : codes) {
                if (code < 0) {
                    missing++;
                } else {
                    counts[code]++;
                }
            }
            return new Categories(codes, words, counted(words, counts), missing);
        }

        /** Booleans and whole numbers by the words that people read. */
        private static Categories written(Columns column, int rows) {
            TreeMap<String, Integer> codeOf = new TreeMap<>();
            List<String> words = new ArrayList<>();
            int[] codes = new int[rows];
            long[] counts = {};
            long missing = 0;
            for (int row = 0; row < rows; row++) {
                Optional<String> word = column.written(0, row);
                if (word.isEmpty()) {
                    codes[row] = -1;
                    missing++;
                    continue;
                }
                int code = codeOf.computeIfAbsent(word.get(), fresh -> {
                    words.add(fresh);
                    return words.size() - 1;
                });
                codes[row] = code;
                counts = code < counts.length ? counts : Arrays.copyOf(counts, 2 * code + 2);
                counts[code]++;
            }
            return new Categories(codes, words, counted(words, counts), missing);
        }

        private static TreeMap<String, Long> counted(List<String> words, long[] counts) {
            TreeMap<String, Long> counted = new TreeMap<>();
            for (int w = 0; w < words.size(); w++) {
                if (counts[w] > 0) {
                    counted.put(words.get(w), counts[w]);
                }
            }
            return counted;
        }
    }
}
