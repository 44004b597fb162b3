package org.plimsoll.data;

import java.util.Optional;
import java.util.regex.Pattern;

/** Why a column is not for the model, by its counts alone: it says nothing, or it names the row. What gives the target away is {@link Leakage}'s. */
final class Exclusion {

    private static final Pattern ID = Pattern.compile(
            "(?i)(.*[_ .-])?(id|ids|uuid|guid|key|index|idx|rownames?|row_?(number|id|index)|serial|account_?no)|.*[a-z](Id|ID|Key|UUID)|unnamed: ?[0-9]+");
    private static final double ALMOST_ALL = 0.9;
    private static final int FEW_ROWS = 20;
    private static final int FEW_VALUES = 50;

    private Exclusion() {}

    /** That no model takes it, or that it says nothing. @param rows with a value in it or without */
    static Optional<String> useless(RawColumn column, long rows) {
        if (column.refused().isPresent()) {
            return column.refused();
        }
        if (column.missing() == rows) {
            return Optional.of("missing in every row");
        }
        if (!column.isKept()) {
            return Optional.of("texts of up to %,d bytes".formatted(column.longest()));
        }
        return column.distinct() == 1 && column.missing() == 0
                ? Optional.of("the same in every row")
                : Optional.empty();
    }

    /** That it names the row, or holds numbers that would not be told apart. */
    static Optional<String> identifying(RawColumn column, long rows) {
        long there = rows - column.missing();
        return switch (column.type()) {
            case TEXT, CATEGORY -> text(column, there);
            case INTEGER -> integer(column, there);
            case NUMBER ->
                column.greatest().map(Math::abs).orElse(0.0) > Float.MAX_VALUE
                                || column.least().map(Math::abs).orElse(0.0) > Float.MAX_VALUE
                        ? Optional.of("numbers beyond what a 32-bit float holds")
                        : Optional.empty();
            case BOOLEAN, TIMESTAMP -> Optional.empty();
        };
    }

    private static Optional<String> text(RawColumn column, long there) {
        if (there >= FEW_ROWS && column.distinct() == there) {
            return Optional.of("an identifier or free text: unique in every row");
        }
        if (there >= FEW_ROWS && column.distinct() >= ALMOST_ALL * there) {
            return Optional.of(
                    "an identifier or free text: %,d different values in %,d rows".formatted(column.distinct(), there));
        }
        return byName(column);
    }

    private static Optional<String> integer(RawColumn column, long there) {
        boolean unique = column.distinct() == there && there >= FEW_ROWS;
        double span = column.greatest().orElse(0.0) - column.least().orElse(0.0) + 1;
        if (unique && span == there) {
            return Optional.of("an identifier: it numbers the rows");
        }
        return unique && isCalledId(column) ? Optional.of("an identifier: unique in every row") : byName(column);
    }

    private static Optional<String> byName(RawColumn column) {
        return isCalledId(column) && column.distinct() > FEW_VALUES
                ? Optional.of("an identifier by its name; if rows share it, say --entity " + column.shown())
                : Optional.empty();
    }

    private static boolean isCalledId(RawColumn column) {
        return ID.matcher(column.name()).matches();
    }
}
