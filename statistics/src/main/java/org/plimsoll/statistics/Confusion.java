package org.plimsoll.statistics;

import org.plimsoll.core.Problem;

/**
 * The four counts (or weights) of a two-class decision, and every rate computed from them, under scikit-learn's names.
 *
 * <p>A rate whose denominator is zero is a Problem, where scikit-learn answers 0 with a warning. Each method is O(1).
 */
public record Confusion(double truePositives, double falsePositives, double falseNegatives, double trueNegatives) {

    public Confusion {
        Inputs.notNegative("true_positives", truePositives);
        Inputs.notNegative("false_positives", falsePositives);
        Inputs.notNegative("false_negatives", falseNegatives);
        Inputs.notNegative("true_negatives", trueNegatives);
    }

    /** Counts rows; a row is predicted positive when its score is at or above the threshold. O(n). */
    public static Confusion at(double[] scores, boolean[] positive, double threshold) {
        return at(scores, positive, Inputs.ones(scores.length), threshold);
    }

    /** Sums weights; a row is predicted positive when its score is at or above the threshold. O(n). */
    public static Confusion at(double[] scores, boolean[] positive, double[] weights, double threshold) {
        BinaryRows.check("confusion", scores, positive);
        Inputs.weights(weights, scores.length);
        if (Double.isNaN(threshold)) {
            throw Problem.invalid("threshold", threshold, "a number");
        }
        Sum[] cells = {new Sum(), new Sum(), new Sum(), new Sum()};
        for (int i = 0; i < scores.length; i++) {
            int cell = (scores[i] >= threshold ? 0 : 2) + (positive[i] ? 0 : 1);
            cells[cell].add(weights[i]);
        }
        return new Confusion(cells[0].value(), cells[1].value(), cells[2].value(), cells[3].value());
    }

    /** All rows, or their weight. */
    public double total() {
        return truePositives + falsePositives + falseNegatives + trueNegatives;
    }

    /** Actual positives, TP + FN. */
    public double positives() {
        return truePositives + falseNegatives;
    }

    /** Actual negatives, FP + TN. */
    public double negatives() {
        return falsePositives + trueNegatives;
    }

    /** Predicted positives, TP + FP. */
    public double flagged() {
        return truePositives + falsePositives;
    }

    /** (TP + TN) / all. */
    public double accuracy() {
        return ratio("accuracy", truePositives + trueNegatives, total(), "there are no rows");
    }

    /** Mean of recall and specificity. */
    public double balancedAccuracy() {
        return (recall() + specificity()) / 2;
    }

    /** TP / (TP + FP). */
    public double precision() {
        return ratio("precision", truePositives, flagged(), "no row is predicted positive");
    }

    /** TP / (TP + FN), the true positive rate. */
    public double recall() {
        return ratio("recall", truePositives, positives(), "no row is positive");
    }

    /** TN / (TN + FP), the true negative rate. */
    public double specificity() {
        return ratio("specificity", trueNegatives, negatives(), "no row is negative");
    }

    /** FP / (FP + TN). */
    public double falsePositiveRate() {
        return ratio("false positive rate", falsePositives, negatives(), "no row is negative");
    }

    /** Share of rows predicted positive, for example an approval rate. */
    public double flaggedRate() {
        return ratio("flagged rate", flagged(), total(), "there are no rows");
    }

    /** (1 + β²)·TP / ((1 + β²)·TP + β²·FN + FP); β above 1 favours recall. */
    public double fBeta(double beta) {
        Inputs.positive("beta", beta);
        double square = beta * beta;
        return ratio(
                "F-beta",
                (1 + square) * truePositives,
                (1 + square) * truePositives + square * falseNegatives + falsePositives,
                "no row is positive or predicted positive");
    }

    /** F-beta with β = 1. */
    public double f1() {
        return fBeta(1);
    }

    /** Matthews correlation: (TP·TN − FP·FN) / √(flagged · positives · negatives · not flagged). */
    public double matthewsCorrelation() {
        double all = ratio("Matthews correlation", total(), 1, "there are no rows");
        double notFlagged = trueNegatives + falseNegatives;
        double scale = Math.sqrt(flagged() / all)
                * Math.sqrt(positives() / all)
                * Math.sqrt(negatives() / all)
                * Math.sqrt(notFlagged / all);
        return ratio(
                "Matthews correlation",
                truePositives / all * (trueNegatives / all) - falsePositives / all * (falseNegatives / all),
                scale,
                "a class is missing among the rows or the predictions");
    }

    /** Precision / prevalence: how many times more positives among the flagged than at random. */
    public double lift() {
        double prevalence = ratio("lift", positives(), total(), "there are no rows");
        return ratio("lift", precision(), prevalence, "no row is positive");
    }

    /** TPR − FPR at this threshold (Youden's J); its greatest value over thresholds is the KS of a scorecard. */
    public double separation() {
        return recall() - falsePositiveRate();
    }

    /** Mean cost of a row. */
    public double expectedCost(CostMatrix costs) {
        double cost = truePositives * costs.truePositive()
                + falsePositives * costs.falsePositive()
                + falseNegatives * costs.falseNegative()
                + trueNegatives * costs.trueNegative();
        return ratio("expected cost", cost, total(), "there are no rows");
    }

    /** The counts of two disjoint sets of rows together. Bit-equal in any order for whole counts. */
    public Confusion merge(Confusion other) {
        return new Confusion(
                truePositives + other.truePositives,
                falsePositives + other.falsePositives,
                falseNegatives + other.falseNegatives,
                trueNegatives + other.trueNegatives);
    }

    private static double ratio(String name, double numerator, double denominator, String whyNot) {
        if (denominator == 0) {
            throw Inputs.undefined(name, whyNot);
        }
        return Inputs.defined(name, numerator / denominator);
    }
}
