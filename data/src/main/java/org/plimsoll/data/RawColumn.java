package org.plimsoll.data;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A column of a person's file while it is looked at: how its values are read, as SQL over its part of the {@link RawTable}, and what
 * all rows say of it. {@link TypeInference} fills it in, on one thread.
 */
final class RawColumn {

    /** Longer texts are no values that a model learns from. */
    static final int LONGEST_TEXT = 10_000;

    private final String name;
    private final String table;
    private final String source;
    private final Optional<ColumnType> given;
    private final Optional<String> refused;
    private final Set<String> alsoMissing = new LinkedHashSet<>();
    private List<TextValues> readings = List.of();
    private long missing;
    private long distinct;
    private Optional<Double> least = Optional.empty();
    private Optional<Double> greatest = Optional.empty();
    private long longest;

    private RawColumn(String name, String table, String source, Optional<ColumnType> given, Optional<String> refused) {
        this.name = name;
        this.table = table;
        this.source = source;
        this.given = given;
        this.refused = refused;
    }

    /**
     * One whose values are texts that are to be read.
     *
     * @param table the table expression that has it
     * @param source its SQL there, NULL where {@link TextValues#present} says so
     */
    static RawColumn text(String name, String table, String source) {
        return new RawColumn(name, table, source, Optional.empty(), Optional.empty());
    }

    /** One that has a type of ours already. @param source its SQL in this table */
    static RawColumn typed(String name, String table, String source, ColumnType type) {
        return new RawColumn(name, table, source, Optional.of(type), Optional.empty());
    }

    /** One that no model takes. @param why in words */
    static RawColumn refused(String name, String table, String why) {
        return new RawColumn(name, table, "CAST(NULL AS VARCHAR)", Optional.empty(), Optional.of(why));
    }

    /** The same column with its values read otherwise, from the text that they are written as. */
    RawColumn rereadAs(TextValues reading) {
        RawColumn other = text(name, table, isText() ? source : "CAST(" + value() + " AS VARCHAR)");
        other.alsoMissing.addAll(alsoMissing);
        other.readings = List.of(reading);
        return other;
    }

    /** These in their order, those beside each other that stand in one table together, at most so many. */
    static List<List<RawColumn>> together(List<RawColumn> columns, int most) {
        List<List<RawColumn>> groups = new ArrayList<>();
        for (RawColumn column : columns) {
            List<RawColumn> last = groups.isEmpty() ? List.of() : groups.getLast();
            if (last.isEmpty() || last.size() == most || !last.getFirst().table.equals(column.table)) {
                last = new ArrayList<>();
                groups.add(last);
            }
            last.add(column);
        }
        return groups;
    }

    String name() {
        return name;
    }

    /** The table expression that its SQL is read from. */
    String table() {
        return table;
    }

    /** Its name as SQL has it once the rows are written. */
    String identifier() {
        return SelectStatement.identifier(name);
    }

    /** As it can stand in a sentence. */
    String shown() {
        return Inspection.shown(name);
    }

    /** Whether its values are texts, so that a type has to be found. */
    boolean isText() {
        return given.isEmpty();
    }

    ColumnType type() {
        return given.orElseGet(() -> readings.getFirst().type());
    }

    /** Why no model takes it, whatever its values; empty where one could. */
    Optional<String> refused() {
        return refused;
    }

    /** Whether its rows are written. */
    boolean isKept() {
        return refused.isEmpty() && longest <= LONGEST_TEXT;
    }

    // ---- what all rows say

    void counted(long missingRows, long distinctValues, Optional<Double> min, Optional<Double> max, long bytes) {
        this.missing = missingRows;
        this.distinct = distinctValues;
        this.least = min;
        this.greatest = max;
        this.longest = bytes;
    }

    void countedExactly(long distinctValues) {
        this.distinct = distinctValues;
    }

    /** Rows without a value. */
    long missing() {
        return missing;
    }

    long distinct() {
        return distinct;
    }

    /** Of numbers, booleans (0 and 1) and instants (epoch milliseconds). */
    Optional<Double> least() {
        return least;
    }

    Optional<Double> greatest() {
        return greatest;
    }

    /** Bytes of its longest text. */
    long longest() {
        return longest;
    }

    // ---- how values are read

    /** Readings of its texts that fit so far, the one in use first. */
    void readBy(List<TextValues> fitting) {
        readings = fitting;
    }

    /** These words mean that there is no value. */
    void readAsMissing(Set<String> words) {
        alsoMissing.addAll(words);
    }

    /** Takes the next reading. @return false where there is no other */
    boolean readOtherwise() {
        if (readings.size() < 2) {
            return false;
        }
        readings = readings.subList(1, readings.size());
        return true;
    }

    /** What people should know of the reading. */
    Optional<String> note() {
        return readings.stream().findFirst().flatMap(TextValues::note);
    }

    /** SQL of its value as it stands in the file: a text without space around it, or a value of its type; NULL where there is none. */
    String value() {
        if (isText()) {
            return alsoMissing.isEmpty()
                    ? source
                    : alsoMissing.stream()
                            .map(word ->
                                    "lower(" + source + ") = " + SelectStatement.quoted(word.toLowerCase(Locale.ROOT)))
                            .collect(Collectors.joining(" OR ", "CASE WHEN NOT (", ") THEN " + source + " END"));
        }
        return switch (type()) {
            case BOOLEAN -> source;
            case INTEGER -> "CAST(" + source + " AS BIGINT)";
            case NUMBER -> "CASE WHEN isfinite(CAST(" + source + " AS DOUBLE)) THEN CAST(" + source + " AS DOUBLE) END";
            case TEXT, CATEGORY -> "CAST(" + source + " AS VARCHAR)";
            case TIMESTAMP -> "CAST(" + source + " AS TIMESTAMP)";
        };
    }

    /** SQL that reads what {@link #value} gives; NULL where it does not fit. @param value an expression of it */
    String read(String value) {
        return isText() ? readings.getFirst().of(value) : value;
    }

    /** SQL of its typed value, NULL where there is none. */
    String typed() {
        return read(value());
    }

    /** SQL of a typed value as a number; NULL for words. @param typed an expression of it */
    String number(String typed) {
        return switch (type()) {
            case BOOLEAN -> "CAST(" + typed + " AS BIGINT)";
            case INTEGER, NUMBER -> typed;
            case TIMESTAMP -> "epoch_ms(" + typed + ")";
            case TEXT, CATEGORY -> "CAST(NULL AS BIGINT)";
        };
    }
}
