package org.plimsoll.data;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds columns that give the target away: the same in other words, or known only after it. A model that sees one of them looks
 * perfect, and fails when it is asked before the truth is known.
 *
 * <pre>
 *  classes     a column that tells the class of rows it was not read from, but for 2 % of what guessing gets wrong;
 *              that orders two classes with an AUC of 0.995; that is filled (or empty) for one class alone
 *  quantities  a straight line or an order that explains 99 % of it; two columns whose sum, difference or product it is
 *  dates       later, in half of the rows or more, than the time of asking
 * </pre>
 *
 * Each is a suspicion with its number; whoever knows the column overrules it.
 */
final class Leakage {

    /** Of fewer rows nothing is said. */
    static final int LEAST_ROWS = 20;

    private static final double MOSTLY = 0.5;

    private Leakage() {}

    /**
     * The suspects among some rows' columns, each with the reason in words.
     *
     * @param rows the target among their columns, missing nowhere
     * @param isClass whether the target's values are classes
     * @param time the column that says when the question was asked
     */
    static Map<String, String> suspects(Columns rows, String target, boolean isClass, Optional<String> time) {
        Map<String, String> suspects = new LinkedHashMap<>();
        if (rows.rows() < LEAST_ROWS) {
            return suspects;
        }
        ValueCodes values = new ValueCodes(rows);
        int wanted = rows.index(target);
        if (isClass) {
            ClassLeakage leakage = new ClassLeakage(values, wanted);
            others(rows, wanted)
                    .forEach(column -> leakage.why(column).ifPresent(why -> suspects.put(name(rows, column), why)));
        } else {
            QuantityLeakage leakage = new QuantityLeakage(values, wanted);
            others(rows, wanted)
                    .forEach(column -> leakage.why(column).ifPresent(why -> suspects.put(name(rows, column), why)));
            leakage.arithmetic(suspects);
        }
        time.ifPresent(asked -> later(rows, rows.index(asked), suspects));
        return suspects;
    }

    private static IntStream others(Columns rows, int target) {
        return IntStream.range(0, rows.schema().size()).filter(column -> column != target);
    }

    private static String name(Columns rows, int column) {
        return rows.schema().columns().get(column).name();
    }

    /** Dates that lie after the time of asking are not known then. */
    private static void later(Columns rows, int asked, Map<String, String> suspects) {
        others(rows, asked)
                .filter(column -> rows.schema().columns().get(column).type() == ColumnType.TIMESTAMP)
                .forEach(column -> {
                    int[] known = IntStream.range(0, rows.rows())
                            .filter(row -> !rows.isMissing(asked, row) && !rows.isMissing(column, row))
                            .toArray();
                    long after = IntStream.of(known)
                            .filter(row -> rows.integer(column, row) > rows.integer(asked, row))
                            .count();
                    if (after > 0 && after >= MOSTLY * known.length) {
                        suspects.putIfAbsent(
                                name(rows, column),
                                String.format(
                                        Locale.ROOT,
                                        "known only afterwards: later than %s in %.0f %% of rows",
                                        name(rows, asked),
                                        100.0 * after / known.length));
                    }
                });
    }
}
