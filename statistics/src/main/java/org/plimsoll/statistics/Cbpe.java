package org.plimsoll.statistics;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Confidence-based performance estimation: what a model's quality must be, before any label arrives, if its calibrated
 * probabilities are right (NannyML {@code CBPE}).
 *
 * <p>Each row counts as positive with its calibrated probability p and as negative with 1 − p. Expected confusion: {@code TP =
 * Σp} over flagged rows, {@code FP = Σ(1 − p)} over flagged, and so on [1]; its rates are estimates of the metrics. AUC and
 * average precision are those of the doubled, weighted rows, ties grouped; NannyML's differ by its rounding to five decimals.
 * Covariate shift is covered, a change of the relation between input and outcome is not: no method without labels sees that.
 * O(n), ranks O(n log n).
 *
 * <p>[1] J. Kivimäki, J. Białek, W. Kuberski, J. Nurminen, "Performance estimation in binary classification using calibrated
 * confidence", 2025.
 */
public final class Cbpe {

    private Cbpe() {}

    /** Expected confusion of decisions; its accuracy, precision, recall, F-beta and expected cost are the estimates. */
    public static Confusion confusion(double[] calibrated, boolean[] flagged) {
        check(calibrated, flagged.length);
        Sum[] cells = {new Sum(), new Sum(), new Sum(), new Sum()};
        for (int i = 0; i < calibrated.length; i++) {
            int row = flagged[i] ? 0 : 2;
            cells[row].add(calibrated[i]);
            cells[row + 1].add(1 - calibrated[i]);
        }
        return new Confusion(cells[0].value(), cells[1].value(), cells[2].value(), cells[3].value());
    }

    /** Expected AUC of scores. */
    public static double auc(double[] scores, double[] calibrated) {
        check(calibrated, scores.length);
        return Auc.of(doubled(scores), firstHalf(scores.length), both(calibrated));
    }

    /** Expected average precision of scores. */
    public static double averagePrecision(double[] scores, double[] calibrated) {
        check(calibrated, scores.length);
        return AveragePrecision.of(doubled(scores), firstHalf(scores.length), both(calibrated));
    }

    /** Expected accuracy with many classes: the mean probability of the predicted class. */
    public static double accuracy(double[][] calibrated, int[] predicted) {
        Inputs.sameLength("predicted", predicted.length, "the rows", calibrated.length);
        double[] own = new double[predicted.length];
        for (int i = 0; i < own.length; i++) {
            Multiclass.classes("predicted", new int[] {predicted[i]}, calibrated[i].length);
            own[i] = calibrated[i][predicted[i]];
        }
        Inputs.probabilities("calibrated", own);
        return Sum.mean(own);
    }

    /** Expected one-versus-rest AUC, mean over classes; {@code [row][class]}. */
    public static double macroAuc(double[][] scores, double[][] calibrated) {
        Inputs.sameLength("calibrated", calibrated.length, "scores", scores.length);
        Inputs.notEmpty("scores", scores.length);
        double[] areas = new double[scores[0].length];
        for (int i = 0; i < scores.length; i++) {
            Inputs.sameLength("scores[" + i + "]", scores[i].length, "the classes", areas.length);
            Inputs.sameLength("calibrated[" + i + "]", calibrated[i].length, "the classes", areas.length);
        }
        for (int c = 0; c < areas.length; c++) {
            double[] own = new double[scores.length];
            double[] chances = new double[scores.length];
            for (int i = 0; i < own.length; i++) {
                own[i] = scores[i][c];
                chances[i] = calibrated[i][c];
            }
            areas[c] = auc(own, chances);
        }
        return Sum.mean(areas);
    }

    /**
     * An interval for the accuracy these rows will turn out to have, if rows are independent and calibrated: exact tails of the
     * number of correct rows ({@link PoissonBinomial}).
     */
    public static double[] accuracyInterval(double[] calibrated, boolean[] flagged, double confidence) {
        check(calibrated, flagged.length);
        double[] right = new double[calibrated.length];
        for (int i = 0; i < right.length; i++) {
            right[i] = flagged[i] ? calibrated[i] : 1 - calibrated[i];
        }
        return shareInterval(right, confidence);
    }

    /** The same for precision: the flagged rows alone. Without a flagged row: a Problem. */
    public static double[] precisionInterval(double[] calibrated, boolean[] flagged, double confidence) {
        check(calibrated, flagged.length);
        int rows = BinaryRows.count(flagged);
        if (rows == 0) {
            throw Inputs.undefined("precision", "no row is predicted positive");
        }
        return shareInterval(BinaryRows.select(calibrated, flagged, true, rows), confidence);
    }

    /**
     * For F-beta, and recall as β → ∞: estimate ± z·SE by the delta method, inside [0, 1]. With {@code F = (1 + β²)TP/(flagged +
     * β²·positives)} and row variances p(1 − p): a flagged row moves F by {@code ((1 + β²) − F·β²)/D}, another by {@code
     * −F·β²/D}.
     */
    public static double[] fBetaInterval(double[] calibrated, boolean[] flagged, double beta, double confidence) {
        Inputs.positive("beta", beta);
        double square = beta * beta;
        double estimate = confusion(calibrated, flagged).fBeta(beta);
        double all = BinaryRows.count(flagged) + square * Sum.of(calibrated);
        return normalInterval(
                calibrated,
                flagged,
                estimate,
                (1 + square - estimate * square) / all,
                -estimate * square / all,
                confidence);
    }

    /** For recall: estimate ± z·SE by the delta method, inside [0, 1]. */
    public static double[] recallInterval(double[] calibrated, boolean[] flagged, double confidence) {
        double estimate = confusion(calibrated, flagged).recall();
        double all = Sum.of(calibrated);
        return normalInterval(calibrated, flagged, estimate, (1 - estimate) / all, -estimate / all, confidence);
    }

    private static double[] normalInterval(
            double[] calibrated,
            boolean[] flagged,
            double estimate,
            double ofFlagged,
            double ofOthers,
            double confidence) {
        Sum variance = new Sum();
        for (int i = 0; i < calibrated.length; i++) {
            double slope = flagged[i] ? ofFlagged : ofOthers;
            variance.add(slope * slope * calibrated[i] * (1 - calibrated[i]));
        }
        double z = NormalDistribution.of(0, 1)
                .inverseCumulativeProbability((1 + Inputs.fraction("confidence", confidence)) / 2);
        double width = z * Math.sqrt(variance.value());
        return new double[] {Math.max(0, estimate - width), Math.min(1, estimate + width)};
    }

    private static double[] shareInterval(double[] chances, double confidence) {
        double tail = (1 - Inputs.fraction("confidence", confidence)) / 2;
        PoissonBinomial law = PoissonBinomial.of(chances);
        return new double[] {
            law.quantile(tail) / (double) chances.length, law.quantile(1 - tail) / (double) chances.length
        };
    }

    private static void check(double[] calibrated, int rows) {
        Inputs.sameLength("calibrated", calibrated.length, "the rows", rows);
        Inputs.probabilities("calibrated", calibrated);
    }

    private static double[] doubled(double[] scores) {
        double[] twice = Arrays.copyOf(scores, 2 * scores.length);
        System.arraycopy(scores, 0, twice, scores.length, scores.length);
        return twice;
    }

    private static boolean[] firstHalf(int rows) {
        boolean[] positive = new boolean[2 * rows];
        Arrays.fill(positive, 0, rows, true);
        return positive;
    }

    /** p of each row as a positive, then 1 − p of each as a negative. */
    private static double[] both(double[] calibrated) {
        double[] weights = Arrays.copyOf(calibrated, 2 * calibrated.length);
        for (int i = 0; i < calibrated.length; i++) {
            weights[calibrated.length + i] = 1 - calibrated[i];
        }
        return weights;
    }
}
