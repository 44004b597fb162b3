package org.plimsoll.scoring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.plimsoll.core.Problem;

/**
 * The contributions of raw columns to the margins of some rows: Shapley values, those of all encoded columns of a raw one
 * summed. For each row and output, base and contributions add up to the margin.
 *
 * @param columns the raw columns, in the order of the features
 * @param base by output: the margin before anything of a row is known
 * @param values row × output × column
 */
public record Contributions(int rows, List<String> columns, double[] base, double[] values) {

    private static final Comparator<Reason> STRONGEST = Comparator.comparingDouble(
                    (Reason reason) -> -Math.abs(reason.contribution()))
            .thenComparing(Reason::column);

    public Contributions {
        columns = List.copyOf(columns);
        if (values.length != (long) rows * base.length * columns.size()) {
            throw new IllegalArgumentException(
                    values.length + " values for " + rows + " rows, " + base.length + " outputs, " + columns);
        }
    }

    /** How much a column's value moved this row's margin. */
    public double of(int row, int output, int column) {
        return values[(row * base.length + output) * columns.size() + column];
    }

    /** The margin: base and all contributions. */
    public double margin(int row, int output) {
        double sum = base[output];
        for (int column = 0; column < columns.size(); column++) {
            sum += of(row, output, column);
        }
        return sum;
    }

    /**
     * The columns that moved a row's score most, strongest first, ties by name; columns that moved nothing are no reasons. Of
     * several classes, the reasons for the one with the greatest margin, which is the most probable one.
     *
     * @param most how many at most
     */
    public List<Reason> reasons(int row, int most) {
        if (most < 1) {
            throw Problem.invalid("reasons", most, "at least 1");
        }
        int output = greatest(row);
        List<Reason> all = new ArrayList<>(columns.size());
        for (int column = 0; column < columns.size(); column++) {
            double contribution = of(row, output, column);
            if (contribution != 0) {
                all.add(new Reason(columns.get(column), contribution));
            }
        }
        all.sort(STRONGEST);
        return List.copyOf(all.subList(0, Math.min(most, all.size())));
    }

    private int greatest(int row) {
        int greatest = 0;
        for (int output = 1; output < base.length; output++) {
            if (margin(row, output) > margin(row, greatest)) {
                greatest = output;
            }
        }
        return greatest;
    }
}
