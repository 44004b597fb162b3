package org.plimsoll.statistics;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * Which class was taken for which, and the rates that follow, under scikit-learn's names.
 *
 * <p>Rows are actual classes, columns predicted ones, cells counts or weights. A rate whose denominator is zero is a Problem, where
 * scikit-learn answers 0 with a warning. O(classes²).
 *
 * @param cells {@code cells[actual][predicted]}, square, at least two classes
 */
public record MulticlassConfusion(double[][] cells) {

    public MulticlassConfusion {
        Inputs.atLeast("classes", cells.length, 2);
        for (double[] row : cells) {
            Inputs.sameLength("predicted classes", row.length, "the actual classes", cells.length);
            for (double cell : row) {
                Inputs.notNegative("cell", cell);
            }
        }
    }

    /** Counts rows by actual and predicted class, both from 0 to classes − 1. O(n). */
    public static MulticlassConfusion of(int[] actual, int[] predicted, double[] weights, int classes) {
        Inputs.sameLength("predicted", predicted.length, "actual", actual.length);
        Inputs.notEmpty("confusion", actual.length);
        Inputs.weights(weights, actual.length);
        Inputs.atLeast("classes", classes, 2);
        Multiclass.classes("actual", actual, classes);
        Multiclass.classes("predicted", predicted, classes);
        Sum[][] sums = new Sum[classes][classes];
        for (Sum[] row : sums) {
            Arrays.setAll(row, k -> new Sum());
        }
        for (int i = 0; i < actual.length; i++) {
            sums[actual[i]][predicted[i]].add(weights[i]);
        }
        double[][] cells = new double[classes][classes];
        for (int a = 0; a < classes; a++) {
            for (int p = 0; p < classes; p++) {
                cells[a][p] = sums[a][p].value();
            }
        }
        return new MulticlassConfusion(cells);
    }

    /** One class against the rest. */
    public Confusion oneVersusRest(int label) {
        double hit = cells[label][label];
        double missed = -hit;
        double mistaken = -hit;
        double rest = 0;
        for (int k = 0; k < cells.length; k++) {
            missed += cells[label][k];
            mistaken += cells[k][label];
            for (int j = 0; j < cells.length; j++) {
                rest += k == label || j == label ? 0 : cells[k][j];
            }
        }
        return new Confusion(hit, Math.max(0, mistaken), Math.max(0, missed), rest);
    }

    /** Share of rows on the diagonal. */
    public double accuracy() {
        double hits = 0;
        for (int a = 0; a < cells.length; a++) {
            hits += cells[a][a];
        }
        return hits / total();
    }

    private double total() {
        double total = 0;
        for (double[] row : cells) {
            total += Sum.of(row);
        }
        if (total == 0) {
            throw Inputs.undefined("confusion", "there are no rows");
        }
        return total;
    }

    /** Mean of the classes' recalls. */
    public double balancedAccuracy() {
        return average(Averaging.MACRO, Confusion::recall);
    }

    /** Precision, each class against the rest. */
    public double precision(Averaging averaging) {
        return average(averaging, Confusion::precision);
    }

    /** Recall, each class against the rest. */
    public double recall(Averaging averaging) {
        return average(averaging, Confusion::recall);
    }

    /** F-beta, each class against the rest. */
    public double fBeta(Averaging averaging, double beta) {
        return average(averaging, confusion -> confusion.fBeta(beta));
    }

    /**
     * Matthews correlation of many classes (Gorodkin's R_K): {@code (c − Σt_k·p_k)/√(Σp_k(1 − p_k)·Σt_k(1 − t_k))} with c the share of rows
     * on the diagonal, t and p the shares of actual and of predicted classes.
     */
    public double matthewsCorrelation() {
        double total = total();
        double covariance = 0;
        double ofActual = 0;
        double ofPredicted = 0;
        for (int k = 0; k < cells.length; k++) {
            Confusion one = oneVersusRest(k);
            double notFlagged = one.trueNegatives() + one.falseNegatives();
            covariance += one.truePositives() / total - one.positives() / total * (one.flagged() / total);
            ofActual += one.positives() / total * (one.negatives() / total);
            ofPredicted += one.flagged() / total * (notFlagged / total);
        }
        double scale = Math.sqrt(ofPredicted) * Math.sqrt(ofActual);
        if (!(scale > 0)) {
            throw Inputs.undefined("Matthews correlation", "all rows or all predictions are of one class");
        }
        return covariance / scale;
    }

    private double average(Averaging averaging, ToDoubleFunction<Confusion> rate) {
        Confusion[] confusions = new Confusion[cells.length];
        for (int k = 0; k < cells.length; k++) {
            confusions[k] = oneVersusRest(k);
        }
        return averaging.of(confusions, rate);
    }
}
