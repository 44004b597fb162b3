package org.plimsoll.statistics;

import java.util.function.ToDoubleFunction;
import org.plimsoll.core.Problem;

/**
 * Metrics of scores for three or more classes (two work as well), under scikit-learn's names.
 *
 * <p>Shapes: {@code scores[row][class]}, {@code actual[row]} from 0 to classes − 1, a weight per row. O(rows·classes·log rows). A class
 * without rows, no rows, NaN: a Problem.
 */
public final class Multiclass {

    private Multiclass() {}

    /** One-versus-rest AUC ({@code roc_auc_score(multi_class='ovr', average=…)}); MICRO pools all rows·classes scores. */
    public static double auc(double[][] scores, int[] actual, double[] weights, Averaging averaging) {
        return oneVersusRest(
                scores, actual, weights, averaging, rest -> Auc.of(rest.scores, rest.positive, rest.weights));
    }

    /** One-versus-rest average precision. */
    public static double averagePrecision(double[][] scores, int[] actual, double[] weights, Averaging averaging) {
        return oneVersusRest(
                scores,
                actual,
                weights,
                averaging,
                rest -> AveragePrecision.of(rest.scores, rest.positive, rest.weights));
    }

    /** Log loss in nats ({@code log_loss}); each row of probabilities must sum to 1 within 1e-6. Clipped as {@link LogLoss}. */
    public static double logLoss(double[][] probabilities, int[] actual, double[] weights) {
        return Sum.mean(logLosses(probabilities, actual), weights);
    }

    /** The log loss of each row. */
    public static double[] logLosses(double[][] probabilities, int[] actual) {
        check(probabilities, actual);
        double[] losses = new double[actual.length];
        for (int i = 0; i < losses.length; i++) {
            Inputs.probabilities("probabilities", probabilities[i]);
            double total = Sum.of(probabilities[i]);
            if (!(Math.abs(total - 1) <= 1e-6)) {
                throw Problem.invalid("probabilities[" + i + "]", "a row with sum " + total, "a row that sums to 1");
            }
            losses[i] = LogLoss.ofActual(probabilities[i][actual[i]]);
        }
        return losses;
    }

    /** Share of rows whose class is among the k highest scores ({@code top_k_accuracy_score}). */
    public static double topK(double[][] scores, int[] actual, double[] weights, int k) {
        return Sum.mean(topKHits(scores, actual, k), weights);
    }

    /** 1 where the actual class is among the k highest scores, else 0; of tied scores the higher class number comes first. */
    public static double[] topKHits(double[][] scores, int[] actual, int k) {
        int classes = check(scores, actual);
        if (!(k >= 1 && k <= classes)) {
            throw Problem.invalid("k", k, "a whole number from 1 to the " + classes + " classes");
        }
        double[] hits = new double[actual.length];
        for (int i = 0; i < hits.length; i++) {
            double own = scores[i][actual[i]];
            int before = 0;
            for (int c = 0; c < classes; c++) {
                if (scores[i][c] > own || scores[i][c] == own && c > actual[i]) {
                    before++;
                }
            }
            hits[i] = before < k ? 1 : 0;
        }
        return hits;
    }

    /** The class with the highest score of each row; of tied scores the lower class number, as NumPy's argmax. */
    public static int[] predicted(double[][] scores) {
        int[] predicted = new int[scores.length];
        for (int i = 0; i < predicted.length; i++) {
            Inputs.finite("scores", scores[i]);
            for (int c = 1; c < scores[i].length; c++) {
                if (scores[i][c] > scores[i][predicted[i]]) {
                    predicted[i] = c;
                }
            }
        }
        return predicted;
    }

    private record Rest(double[] scores, boolean[] positive, double[] weights) {}

    private static double oneVersusRest(
            double[][] scores, int[] actual, double[] weights, Averaging averaging, ToDoubleFunction<Rest> metric) {
        int classes = check(scores, actual);
        Inputs.weights(weights, actual.length);
        if (averaging == Averaging.MICRO) {
            return metric.applyAsDouble(pooled(scores, actual, weights, classes));
        }
        double[] values = new double[classes];
        double[] support = new double[classes];
        for (int c = 0; c < classes; c++) {
            Rest rest = rest(scores, actual, weights, c);
            values[c] = metric.applyAsDouble(rest);
            support[c] = averaging == Averaging.MACRO
                    ? 1
                    : BinaryRows.weightOf("one-versus-rest", true, rest.positive, weights);
        }
        return Sum.mean(values, support);
    }

    private static Rest rest(double[][] scores, int[] actual, double[] weights, int label) {
        double[] column = new double[actual.length];
        boolean[] positive = new boolean[actual.length];
        for (int i = 0; i < actual.length; i++) {
            column[i] = scores[i][label];
            positive[i] = actual[i] == label;
        }
        return new Rest(column, positive, weights);
    }

    private static Rest pooled(double[][] scores, int[] actual, double[] weights, int classes) {
        double[] all = new double[actual.length * classes];
        boolean[] positive = new boolean[all.length];
        double[] repeated = new double[all.length];
        for (int i = 0; i < all.length; i++) {
            int row = i / classes;
            all[i] = scores[row][i % classes];
            positive[i] = actual[row] == i % classes;
            repeated[i] = weights[row];
        }
        return new Rest(all, positive, repeated);
    }

    private static int check(double[][] scores, int[] actual) {
        Inputs.sameLength("actual", actual.length, "scores", scores.length);
        Inputs.notEmpty("multiclass metric", scores.length);
        int classes = Inputs.atLeast("classes", scores[0].length, 2);
        for (double[] row : scores) {
            Inputs.sameLength("scores of a row", row.length, "the classes", classes);
            Inputs.finite("scores", row);
        }
        classes("actual", actual, classes);
        return classes;
    }

    static void classes(String name, int[] labels, int classes) {
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw Problem.invalid(name + "[" + i + "]", labels[i], "a class from 0 to " + (classes - 1));
            }
        }
    }
}
