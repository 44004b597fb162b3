package org.plimsoll.statistics;

import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;

/**
 * How badly rows fit the linear structure of the reference: drift in the relations between columns, which no single column shows
 * (NannyML {@code DataReconstructionDriftCalculator}).
 *
 * <p>Columns are standardised (population standard deviation; a constant column stays 0), principal components are kept until
 * they explain more than {@code share} of the variance, and the error of a row is the Euclidean length of what they leave over.
 * O(rows·columns² + columns³) to fit, O(columns·components) a row. Rows finite, at least two; NaN: a Problem, impute first.
 * NannyML's share is 0.65.
 *
 * @param means of the columns
 * @param deviations of the columns, 1 for constant ones
 * @param components {@code components[component][column]}, orthonormal
 */
public record PcaReconstruction(double[] means, double[] deviations, double[][] components) {

    public PcaReconstruction {
        Inputs.finite("means", means);
        Inputs.sameLength("deviations", deviations.length, "the columns", means.length);
        for (double deviation : deviations) {
            Inputs.positive("deviation", deviation);
        }
        for (double[] component : components) {
            Inputs.sameLength("component", component.length, "the columns", means.length);
            Inputs.finite("component", component);
        }
    }

    /** @param reference {@code reference[row][column]} */
    public static PcaReconstruction fit(double[][] reference, double share) {
        Inputs.atLeast("rows", reference.length, 2);
        Inputs.fraction("share", share);
        int columns = Inputs.atLeast("columns", reference[0].length, 1);
        double[] means = new double[columns];
        double[] deviations = new double[columns];
        for (int c = 0; c < columns; c++) {
            Moments moments = Moments.of(column(reference, c, columns));
            means[c] = moments.mean();
            double deviation = Math.sqrt(moments.populationVariance());
            deviations[c] = deviation == 0 ? 1 : deviation;
        }
        EigenDecompositionSymmetric decomposition = new EigenDecompositionSymmetric(
                new Array2DRowRealMatrix(correlation(reference, means, deviations), false));
        double total = 0;
        for (double value : decomposition.getEigenvalues()) {
            total += Math.max(0, value);
        }
        if (total == 0) {
            throw Inputs.undefined("PCA", "all columns are constant");
        }
        double explained = 0;
        int kept = 0;
        while (kept < columns && explained / total <= share) {
            explained += decomposition.getEigenvalue(kept++);
        }
        double[][] components = new double[kept][];
        for (int k = 0; k < kept; k++) {
            components[k] = decomposition.getEigenvector(k).toArray();
        }
        return new PcaReconstruction(means, deviations, components);
    }

    /** The error of one row. */
    public double error(double[] row) {
        Inputs.sameLength("row", row.length, "the columns", means.length);
        Inputs.finite("row", row);
        double[] rest = new double[row.length];
        for (int c = 0; c < rest.length; c++) {
            rest[c] = (row[c] - means[c]) / deviations[c];
        }
        double[] standard = rest.clone();
        for (double[] component : components) {
            double score = Sum.ofProducts(standard, component);
            for (int c = 0; c < rest.length; c++) {
                rest[c] -= score * component[c];
            }
        }
        return Math.sqrt(Sum.ofProducts(rest, rest));
    }

    /** The mean error of rows, the value of a chunk. */
    public double meanError(double[][] rows) {
        double[] errors = new double[rows.length];
        for (int i = 0; i < errors.length; i++) {
            errors[i] = error(rows[i]);
        }
        return Sum.mean(errors);
    }

    private static double[] column(double[][] rows, int column, int columns) {
        double[] values = new double[rows.length];
        for (int i = 0; i < values.length; i++) {
            Inputs.sameLength("row", rows[i].length, "the first row", columns);
            values[i] = rows[i][column];
        }
        return values;
    }

    private static double[][] correlation(double[][] rows, double[] means, double[] deviations) {
        int columns = means.length;
        double[][] cells = new double[columns][columns];
        for (double[] row : rows) {
            for (int a = 0; a < columns; a++) {
                double left = (row[a] - means[a]) / deviations[a];
                for (int b = a; b < columns; b++) {
                    cells[a][b] += left * (row[b] - means[b]) / deviations[b] / rows.length;
                }
            }
        }
        for (int a = 0; a < columns; a++) {
            for (int b = 0; b < a; b++) {
                cells[a][b] = cells[b][a];
            }
        }
        return cells;
    }
}
