package org.plimsoll.data;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Inspection.ClassCount;
import org.plimsoll.data.Inspection.Target;

/**
 * What the column to be learned is: classes or a quantity, or nothing that can be learned, with what to do instead.
 *
 * <pre>
 *  texts            classes, where they repeat and are at most a hundred
 *  true and false   two classes
 *  numbers          classes where there are two; or few whole ones, each in many rows; or whole ones that number classes
 *                   from 0 or 1; else a quantity
 * </pre>
 */
final class TargetInspection {

    /** More classes than these are told apart by nobody's gate. */
    static final int MOST_CLASSES = 100;

    private static final int FEW_NUMBERS = 10;
    private static final int MOST_NUMBERED_CLASSES = 50;
    private static final int ROWS_A_CLASS = 5;
    private static final int FEW_ROWS = 20;

    private final DuckSession session;
    private final String rowsFile;
    private final RawColumn column;
    private final long there;

    private TargetInspection(DuckSession session, String rowsFile, RawColumn column, long there) {
        this.session = session;
        this.rowsFile = rowsFile;
        this.column = column;
        this.there = there;
    }

    /**
     * Looks at the target.
     *
     * @param rowsFile the table expression of the typed rows
     * @param rows how many there are, with the target or without
     * @throws Problem where nothing can be learned from it
     */
    static Target of(DuckSession session, String rowsFile, RawColumn column, long rows) throws SQLException {
        return new TargetInspection(session, rowsFile, column, rows - column.missing()).look();
    }

    /** Refuses a target that could not be learned whatever its values: before its rows are written. */
    static void refuseUnwritten(RawColumn column, long rows) {
        if (column.refused().isEmpty() && column.missing() == rows) {
            throw refused(column, "is missing in every row; name another column");
        }
        if (!column.isKept()) {
            throw refused(
                    column,
                    "cannot be learned: "
                            + column.refused().orElse("its texts are of up to %,d bytes".formatted(column.longest()))
                            + "; name another column");
        }
    }

    private static Problem refused(RawColumn column, String why) {
        return Problem.of(Problem.Kind.INVALID, "the target " + column.shown() + " " + why);
    }

    private Target look() throws SQLException {
        if (column.type() == ColumnType.TIMESTAMP) {
            throw refused(
                    column, "is a date; a model learns classes or a number: add a column such as the days until then");
        }
        if (column.distinct() == 1) {
            String value = session.rows(
                            "SELECT CAST(any_value(" + column.identifier() + ") AS VARCHAR) FROM " + rowsFile)
                    .getFirst()
                    .getFirst()
                    .orElse("");
            throw refused(
                    column,
                    "is " + Inspection.shown(value) + " in every row" + (column.missing() > 0 ? " that has it" : "")
                            + ", so there is nothing to learn; name another column, or add rows of the other outcome");
        }
        List<ClassCount> classes = isClass() ? values() : List.of();
        boolean couldBe =
                classes.isEmpty() && column.distinct() <= MOST_CLASSES && there >= ROWS_A_CLASS * column.distinct();
        List<ClassCount> wholeNumbers = couldBe && isWhole() ? values() : List.of();
        Optional<Double> mean = Optional.empty();
        Optional<Double> deviation = Optional.empty();
        if (!column.type().isText()) {
            String value = column.type() == ColumnType.BOOLEAN
                    ? "CAST(" + column.identifier() + " AS BIGINT)"
                    : column.identifier();
            List<Optional<String>> row = session.rows(
                            "SELECT avg(" + value + "), stddev_pop(" + value + ") FROM " + rowsFile)
                    .getFirst();
            mean = row.get(0).map(Double::valueOf);
            deviation = row.get(1).map(Double::valueOf);
        }
        return new Target(column.name(), column.type(), column.missing(), classes, wholeNumbers, mean, deviation);
    }

    /** Classes of hardly a row are probably slips of the pen. */
    static Optional<String> rareNote(Target target) {
        List<String> rare = target.classes().stream()
                .filter(each -> each.rows() < ROWS_A_CLASS)
                .map(each -> Inspection.shown(each.value()))
                .toList();
        String some = rare.stream().limit(5).collect(Collectors.joining(", "))
                + (rare.size() > 5 ? " and " + (rare.size() - 5) + " more" : "");
        return rare.isEmpty()
                ? Optional.empty()
                : Optional.of("Fewer than %d rows have %s = %s: no model learns from so few; mend, add or drop them."
                        .formatted(ROWS_A_CLASS, Inspection.shown(target.column()), some));
    }

    private boolean isClass() throws SQLException {
        if (column.type() == ColumnType.BOOLEAN || column.distinct() == 2) {
            return true;
        }
        if (column.type().isText()) {
            if (column.distinct() > MOST_CLASSES || 2 * column.distinct() > there) {
                throw refused(
                        column,
                        "has %,d different texts in %,d rows%s; a model learns up to %d classes that repeat, or a number: name another column, or group its values"
                                .formatted(
                                        column.distinct(),
                                        there,
                                        column.distinct() > 0.9 * there ? ", almost one a row" : "",
                                        MOST_CLASSES));
            }
            return true;
        }
        double least = column.least().orElse(0.0);
        double greatest = column.greatest().orElse(0.0);
        boolean consecutive = greatest - least + 1 == column.distinct();
        if (column.type() == ColumnType.INTEGER && column.distinct() == there && there >= FEW_ROWS && consecutive) {
            throw refused(
                    column,
                    "numbers the rows from " + (long) least + " to " + (long) greatest
                            + ", so there is nothing to learn; name another column");
        }
        boolean numbersClasses =
                (least == 0 || least == 1) && consecutive && column.distinct() <= MOST_NUMBERED_CLASSES;
        return there >= ROWS_A_CLASS * column.distinct()
                && (column.distinct() <= FEW_NUMBERS || numbersClasses)
                && isWhole();
    }

    private boolean isWhole() throws SQLException {
        return column.type() == ColumnType.INTEGER
                || session.rows("SELECT count(*) FROM " + rowsFile + " WHERE " + column.identifier() + " <> round("
                                + column.identifier() + ")")
                        .getFirst()
                        .getFirst()
                        .equals(Optional.of("0"));
    }

    private List<ClassCount> values() throws SQLException {
        String name = column.identifier();
        String written = column.type() == ColumnType.NUMBER
                ? "CASE WHEN " + name + " = round(" + name + ") THEN CAST(CAST(" + name
                        + " AS BIGINT) AS VARCHAR) ELSE CAST(" + name + " AS VARCHAR) END"
                : "CAST(" + name + " AS VARCHAR)";
        return session
                .rows("SELECT " + written + ", count(*) FROM " + rowsFile + " WHERE " + name + " IS NOT NULL GROUP BY "
                        + name + " ORDER BY " + name)
                .stream()
                .map(row -> new ClassCount(
                        row.get(0).orElseThrow(), Long.parseLong(row.get(1).orElseThrow())))
                .toList();
    }
}
