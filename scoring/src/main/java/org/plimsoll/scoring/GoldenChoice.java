package org.plimsoll.scoring;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;

/**
 * Which rows become golden: few enough to be judged at every load, and among them, of every column,
 *
 * <ol>
 *   <li>the least and the greatest value, and a missing one;
 *   <li>each category: every word, and every value of a column of few whole numbers; of a column with more than a hundred the
 *       first hundred met;
 * </ol>
 *
 * and at least 64 rows, filled up at random. A row that shows something of one column often shows something of another, so rows
 * are taken only where they show what no row before them does. Where even so 400 do not suffice, extremes and missing values of
 * the first columns come first.
 */
final class GoldenChoice {

    private static final int MOST = 400;
    private static final int AT_LEAST = 64;
    private static final int MOST_CATEGORIES = 100;

    private final Columns rows;
    private final List<Column> columns;
    private final BitSet chosen = new BitSet();
    private int taken; // of chosen, counted once

    private GoldenChoice(Columns rows) {
        this.rows = rows;
        this.columns = rows.schema().columns();
    }

    static Columns of(Columns candidates, long seed) {
        GoldenChoice choice = new GoldenChoice(candidates);
        for (int column = 0; column < choice.columns.size(); column++) {
            choice.takeExtremes(column);
        }
        choice.takeCategories();
        choice.fill(new Random(seed));
        return candidates.pick(choice.chosen.stream().toArray());
    }

    private void take(int row) {
        if (taken < MOST) {
            choose(row);
        }
    }

    private void choose(int row) {
        if (!chosen.get(row)) {
            chosen.set(row);
            taken++;
        }
    }

    private void takeExtremes(int column) {
        int missing = -1;
        int least = -1;
        int greatest = -1;
        boolean text = columns.get(column).type().isText();
        for (int row = 0; row < rows.rows(); row++) {
            if (rows.isMissing(column, row)) {
                missing = missing < 0 || chosen.get(row) && !chosen.get(missing) ? row : missing;
            } else if (!text) {
                double value = rows.number(column, row);
                least = least < 0 || value < rows.number(column, least) ? row : least;
                greatest = greatest < 0 || value > rows.number(column, greatest) ? row : greatest;
            }
        }
        for (int row : new int[] {missing, least, greatest}) {
            if (row >= 0) {
                take(row);
            }
        }
    }

    /** First what the chosen rows show already, then each row that shows more. */
    private void takeCategories() {
        int[] categorical = java.util.stream.IntStream.range(0, columns.size())
                .filter(this::isCategorical)
                .toArray();
        List<Set<String>> shown = Arrays.stream(categorical)
                .mapToObj(_ -> (Set<String>) new HashSet<String>())
                .toList();
        chosen.stream().forEach(row -> show(row, categorical, shown));
        for (int row = 0; row < rows.rows() && taken < MOST; row++) {
            if (show(row, categorical, shown)) {
                take(row);
            }
        }
    }

    /** Whether this row has a category that none before it has. */
    private boolean show(int row, int[] categorical, List<Set<String>> shown) {
        boolean isNew = false;
        for (int i = 0; i < categorical.length; i++) {
            Optional<String> category = rows.written(categorical[i], row);
            isNew |= category.isPresent()
                    && shown.get(i).size() < MOST_CATEGORIES
                    && shown.get(i).add(category.get());
        }
        return isNew;
    }

    private boolean isCategorical(int column) {
        ColumnType type = columns.get(column).type();
        if (type != ColumnType.INTEGER) {
            return type.isText(); // booleans are shown by their extremes
        }
        Set<Long> values = new HashSet<>();
        for (int row = 0; row < rows.rows() && values.size() <= MOST_CATEGORIES; row++) {
            if (!rows.isMissing(column, row)) {
                values.add(rows.integer(column, row));
            }
        }
        return values.size() <= MOST_CATEGORIES;
    }

    private void fill(Random random) {
        for (int tries = 0; tries < 10 * AT_LEAST && taken < AT_LEAST && rows.rows() > 0; tries++) {
            choose(random.nextInt(rows.rows()));
        }
    }
}
