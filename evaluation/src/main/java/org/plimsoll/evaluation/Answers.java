package org.plimsoll.evaluation;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import org.plimsoll.core.Problem;
import org.plimsoll.scoring.Task;
import org.plimsoll.statistics.AveragePrecision;
import org.plimsoll.statistics.Brier;
import org.plimsoll.statistics.CalibrationCurve;
import org.plimsoll.statistics.CalibrationError;
import org.plimsoll.statistics.ConfusionInfluence;
import org.plimsoll.statistics.CostMatrix;
import org.plimsoll.statistics.Influence;
import org.plimsoll.statistics.LogLoss;
import org.plimsoll.statistics.Multiclass;
import org.plimsoll.statistics.OperatingPoint;
import org.plimsoll.statistics.Placements;
import org.plimsoll.statistics.Regression;

/**
 * What one model answered on some rows, beside the truth.
 *
 * @param scores of binary tasks the score or probability of the positive class, of regression the prediction; of multiclass tasks
 *     the probability of each class, row by row
 * @param width scores of one row
 * @param labels 1 and 0, the place of the class, or the number that came true
 * @param weights of the rows
 */
record Answers(double[] scores, int width, double[] labels, double[] weights) {

    /** Bins of the calibration error. */
    private static final int BINS = 10;

    /** These rows only. */
    Answers pick(int[] rows) {
        double[] some = new double[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(scores, rows[i] * width, some, i * width, width);
        }
        return new Answers(some, width, picked(labels, rows), picked(weights, rows));
    }

    private double[][] probabilities() {
        double[][] rows = new double[labels.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(scores, i * width, (i + 1) * width);
        }
        return rows;
    }

    private int[] classes() {
        int[] classes = new int[labels.length];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = (int) labels[i];
        }
        return classes;
    }

    /** Where the most probable class came true. */
    private boolean[] hits() {
        int[] predicted = Multiclass.predicted(probabilities());
        boolean[] hits = new boolean[predicted.length];
        for (int i = 0; i < hits.length; i++) {
            hits[i] = predicted[i] == (int) labels[i];
        }
        return hits;
    }

    private static double[] ones(boolean[] where) {
        double[] ones = new double[where.length];
        for (int i = 0; i < ones.length; i++) {
            ones[i] = where[i] ? 1 : 0;
        }
        return ones;
    }

    static double[] picked(double[] values, int[] rows) {
        double[] picked = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            picked[i] = values[rows[i]];
        }
        return picked;
    }

    boolean[] positive() {
        boolean[] positive = new boolean[labels.length];
        for (int i = 0; i < positive.length; i++) {
            positive[i] = labels[i] == 1;
        }
        return positive;
    }

    /** Rows of the rarer class; without classes all rows. */
    static long rarer(Task.Kind kind, double[] labels) {
        if (kind != Task.Kind.BINARY) {
            return labels.length;
        }
        long positives = 0;
        for (double label : labels) {
            if (label == 1) {
                positives++;
            }
        }
        return Math.min(positives, labels.length - positives);
    }

    /**
     * The score at which a decision metric decides for these rows; empty for metrics that decide nothing. Taken on all rows, then
     * held for every segment: one model has one threshold.
     */
    OptionalDouble threshold(Metric metric, Task task) {
        if (!metric.kind().decides() || task.kind() != Task.Kind.BINARY) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(
                switch (metric.point()) {
                    case Metric.Point.AtTask _ -> task.decisionThreshold();
                    case Metric.Point.AtScore at -> at.score();
                    case Metric.Point.AtRate at ->
                        OperatingPoint.atFlaggedRate(scores, positive(), weights, at.share())
                                .threshold();
                    case Metric.Point.AtFalsePositiveRate at ->
                        OperatingPoint.atFalsePositiveRate(scores, positive(), weights, at.share())
                                .threshold();
                });
    }

    /** The metric with what each row contributes to its error; empty for metrics without a closed form. */
    Optional<Influence> influence(Metric metric, Task task, OptionalDouble threshold) {
        return switch (metric.kind()) {
            case AUC -> Optional.of(Placements.influence(scores, positive(), weights));
            case LOG_LOSS ->
                Optional.of(Influence.mean(
                        task.kind() == Task.Kind.MULTICLASS
                                ? Multiclass.logLosses(probabilities(), classes())
                                : LogLoss.rows(scores, positive()),
                        weights));
            case BRIER -> Optional.of(Influence.mean(Brier.rows(scores, positive()), weights));
            case ACCURACY ->
                Optional.of(
                        task.kind() == Task.Kind.MULTICLASS
                                ? Influence.mean(ones(hits()), weights)
                                : decided(threshold).accuracy());
            case BALANCED_ACCURACY -> Optional.of(decided(threshold).balancedAccuracy());
            case PRECISION -> Optional.of(decided(threshold).precision());
            case RECALL -> Optional.of(decided(threshold).recall());
            case SPECIFICITY -> Optional.of(decided(threshold).specificity());
            case EXPECTED_COST ->
                Optional.of(Influence.mean(costs(task).rows(scores, positive(), threshold.orElseThrow()), weights));
            case MAE -> Optional.of(Influence.mean(Regression.absoluteErrors(labels, scores), weights));
            case MSE -> Optional.of(Influence.mean(Regression.squaredErrors(labels, scores), weights));
            case RMSE ->
                Optional.of(Influence.mean(Regression.squaredErrors(labels, scores), weights)
                        .squareRoot());
            case R_SQUARED -> Optional.of(Influence.rSquared(labels, scores, weights));
            case AVERAGE_PRECISION, CALIBRATION_ERROR -> Optional.empty();
        };
    }

    /**
     * Whether each row that a metric is a share of was decided rightly: all rows of the accuracy, the positive ones of the recall,
     * the negative ones of the specificity. Empty for other metrics.
     */
    Optional<boolean[]> right(Metric metric, Task task, OptionalDouble threshold) {
        return switch (metric.kind()) {
            case ACCURACY -> Optional.of(task.kind() == Task.Kind.MULTICLASS ? hits() : decidedRightly(threshold));
            case RECALL -> Optional.of(where(1, decidedRightly(threshold)));
            case SPECIFICITY -> Optional.of(where(0, decidedRightly(threshold)));
            case AUC,
                    AVERAGE_PRECISION,
                    LOG_LOSS,
                    BRIER,
                    CALIBRATION_ERROR,
                    BALANCED_ACCURACY,
                    PRECISION,
                    EXPECTED_COST,
                    MAE,
                    MSE,
                    RMSE,
                    R_SQUARED -> Optional.empty();
        };
    }

    private boolean[] decidedRightly(OptionalDouble threshold) {
        boolean[] right = new boolean[labels.length];
        for (int i = 0; i < right.length; i++) {
            right[i] = scores[i] >= threshold.orElseThrow() == (labels[i] == 1);
        }
        return right;
    }

    /** Those of the rows with this label. */
    private boolean[] where(double label, boolean[] right) {
        boolean[] some = new boolean[right.length];
        int rows = 0;
        for (int i = 0; i < right.length; i++) {
            if (labels[i] == label) {
                some[rows++] = right[i];
            }
        }
        return Arrays.copyOf(some, rows);
    }

    private ConfusionInfluence decided(OptionalDouble threshold) {
        return ConfusionInfluence.at(scores, positive(), weights, threshold.orElseThrow());
    }

    private static CostMatrix costs(Task task) {
        Task.Costs costs = task.costs()
                .orElseThrow(() -> Problem.invalid(
                        "metric", "expected_cost", "a metric that needs no costs, or a task that declares its costs"));
        return new CostMatrix(0, costs.falsePositive(), costs.falseNegative(), 0);
    }

    /** A metric without a closed form, when the rows count so much. */
    double value(Metric metric, double[] otherWeights) {
        return switch (metric.kind()) {
            case AVERAGE_PRECISION -> AveragePrecision.of(scores, positive(), otherWeights);
            case CALIBRATION_ERROR ->
                CalibrationError.expected(CalibrationCurve.equalMass(scores, positive(), otherWeights, BINS));
            default -> throw new IllegalArgumentException(metric + " has a closed form");
        };
    }
}
