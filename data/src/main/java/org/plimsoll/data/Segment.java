package org.plimsoll.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.plimsoll.core.Problem;

/**
 * The rows that share one value of a column: {@code origin = ORD}.
 *
 * @param value as people write it ({@link Columns#written}); {@link #MISSING} for rows without a value
 */
public record Segment(String column, String value) implements Comparable<Segment> {

    /** The value of rows that have none. */
    public static final String MISSING = "(missing)";

    /** More segments than these are no segments any more, but entities. */
    private static final int MOST = 1_000;

    /**
     * The segments of these rows by one column, in the order of their names, each with the numbers of its rows.
     *
     * @throws Problem where the column has over 1,000 values
     */
    public static SortedMap<Segment, int[]> of(Columns rows, String column) {
        int index = rows.index(column);
        Map<String, List<Integer>> byValue = new TreeMap<>();
        for (int row = 0; row < rows.rows(); row++) {
            byValue.computeIfAbsent(rows.written(index, row).orElse(MISSING), _ -> new ArrayList<>())
                    .add(row);
            if (byValue.size() > MOST) {
                throw Problem.invalid("segments", column, "a column of at most " + MOST + " values");
            }
        }
        SortedMap<Segment, int[]> segments = new TreeMap<>();
        byValue.forEach((value, numbers) -> segments.put(
                new Segment(column, value),
                numbers.stream().mapToInt(Integer::intValue).toArray()));
        return segments;
    }

    /** Which of these rows belong to it. */
    public boolean[] contains(Columns rows) {
        int index = rows.index(column);
        boolean[] inside = new boolean[rows.rows()];
        for (int row = 0; row < inside.length; row++) {
            inside[row] = rows.written(index, row).orElse(MISSING).equals(value);
        }
        return inside;
    }

    @Override
    public int compareTo(Segment other) {
        int byColumn = column.compareTo(other.column);
        return byColumn != 0 ? byColumn : value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return column + " = " + value;
    }
}
