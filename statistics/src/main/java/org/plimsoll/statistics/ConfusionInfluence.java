package org.plimsoll.statistics;

/**
 * Influence values of the metrics of a decision at a threshold.
 *
 * <p>Each metric here is a ratio of linear forms of the four cell shares (TP, FP, FN, TN), or a smooth combination of such
 * ratios; {@link Influence} has the formulas and their source. Undefined where {@link Confusion} is. O(n).
 */
public final class ConfusionInfluence {

    private static final double[] TP = {1, 0, 0, 0};
    private static final double[] TN = {0, 0, 0, 1};
    private static final double[] RIGHT = {1, 0, 0, 1};
    private static final double[] FLAGGED = {1, 1, 0, 0};
    private static final double[] NOT_FLAGGED = {0, 0, 1, 1};
    private static final double[] POSITIVE = {1, 0, 1, 0};
    private static final double[] NEGATIVE = {0, 1, 0, 1};
    private static final double[] ALL = {1, 1, 1, 1};

    private final int[] cells;
    private final double[] weights;
    private final Confusion confusion;

    private ConfusionInfluence(int[] cells, double[] weights, Confusion confusion) {
        this.cells = cells;
        this.weights = weights;
        this.confusion = confusion;
    }

    /** The rows of one model, predicted positive at or above {@code threshold}. */
    public static ConfusionInfluence at(double[] scores, boolean[] positive, double[] weights, double threshold) {
        Confusion confusion = Confusion.at(scores, positive, weights, threshold);
        int[] cells = new int[scores.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = (scores[i] >= threshold ? 0 : 2) + (positive[i] ? 0 : 1);
        }
        return new ConfusionInfluence(cells, weights, confusion);
    }

    /** (TP + TN) / all. */
    public Influence accuracy() {
        return ratio(RIGHT, ALL);
    }

    /** TP / (TP + FP). */
    public Influence precision() {
        confusion.precision();
        return ratio(TP, FLAGGED);
    }

    /** TP / (TP + FN). */
    public Influence recall() {
        confusion.recall();
        return ratio(TP, POSITIVE);
    }

    /** TN / (TN + FP). */
    public Influence specificity() {
        confusion.specificity();
        return ratio(TN, NEGATIVE);
    }

    /** (TP + FP) / all. */
    public Influence flaggedRate() {
        return ratio(FLAGGED, ALL);
    }

    /** Mean of recall and specificity. */
    public Influence balancedAccuracy() {
        return recall().plus(1, specificity()).map(sum -> sum / 2, 0.5);
    }

    /** TPR − FPR at this threshold. */
    public Influence separation() {
        return recall().plus(1, specificity()).map(sum -> sum - 1, 1);
    }

    /** (1 + β²)·TP / ((1 + β²)·TP + β²·FN + FP). */
    public Influence fBeta(double beta) {
        confusion.fBeta(beta);
        double square = beta * beta;
        return ratio(new double[] {1 + square, 0, 0, 0}, new double[] {1 + square, 1, square, 0});
    }

    /** Precision / prevalence. */
    public Influence lift() {
        double lift = confusion.lift();
        if (lift == 0) {
            throw Inputs.undefined("lift", "its relative error does not exist at zero");
        }
        return precision()
                .logarithm()
                .plus(-1, ratio(POSITIVE, ALL).logarithm())
                .map(log -> lift, lift);
    }

    /** Matthews correlation M = (TP·TN − FP·FN)/√(F·P·N·Q); dM = d(numerator)/√ − M/2·Σ d(ln factor). */
    public Influence matthewsCorrelation() {
        double correlation = confusion.matthewsCorrelation();
        double total = confusion.total();
        double[] share = {
            confusion.truePositives() / total,
            confusion.falsePositives() / total,
            confusion.falseNegatives() / total,
            confusion.trueNegatives() / total
        };
        double[] numerator = {share[3], -share[2], -share[1], share[0]};
        double[][] factors = {FLAGGED, POSITIVE, NEGATIVE, NOT_FLAGGED};
        double scale = 1;
        for (double[] factor : factors) {
            scale *= Math.sqrt(dot(factor, share));
        }
        double[] slopes = new double[4];
        for (int cell = 0; cell < 4; cell++) {
            slopes[cell] = numerator[cell] / scale;
            for (double[] factor : factors) {
                slopes[cell] -= correlation / 2 * factor[cell] / dot(factor, share);
            }
        }
        return new Influence(
                correlation, spread(slopes)); // centred already: M does not change when all shares are doubled
    }

    private Influence ratio(double[] numerator, double[] denominator) {
        return Influence.ratio(spread(numerator), spread(denominator), weights);
    }

    private double[] spread(double[] coefficients) {
        double[] rows = new double[cells.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = coefficients[cells[i]];
        }
        return rows;
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
    }
}
