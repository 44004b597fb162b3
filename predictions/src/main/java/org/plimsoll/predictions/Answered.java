package org.plimsoll.predictions;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.plimsoll.core.Problem;
import org.plimsoll.predictions.PredictionBatch.Part;
import org.plimsoll.scoring.Task;
import org.plimsoll.statistics.Influence;
import org.plimsoll.statistics.Multiclass;
import org.plimsoll.statistics.Placements;
import org.plimsoll.statistics.Regression;

/** Answers beside the truth where it is known, as they come. */
final class Answered {

    private double[] answers = new double[64];
    private double[] truths = new double[64];
    private int width = 1;
    private int labelled;
    private long rows;
    private long positives;

    /** One more row; its answer is kept where the truth is known. */
    void add(Part part, int i, OptionalDouble truth) {
        if (truth.isEmpty()) {
            rows++;
        } else {
            add(part.scores(), i * part.width(), part.width(), truth.getAsDouble());
        }
    }

    /** All rows of another. */
    void add(Answered other) {
        for (int i = 0; i < other.labelled; i++) {
            add(other.answers, i * other.width, other.width, other.truths[i]);
        }
        rows += other.rows - other.labelled;
    }

    private void add(double[] from, int at, int values, double truth) {
        rows++;
        width = values;
        if (labelled == truths.length) {
            truths = Arrays.copyOf(truths, 2 * labelled);
        }
        if ((labelled + 1) * width > answers.length) {
            answers = Arrays.copyOf(answers, Math.max(2 * answers.length, (labelled + 1) * width));
        }
        System.arraycopy(from, at, answers, labelled * width, width);
        truths[labelled++] = truth;
        positives += truth == 1 ? 1 : 0;
    }

    long rows() {
        return rows;
    }

    int labelled() {
        return labelled;
    }

    /** Rows whose truth is 1. */
    long positives() {
        return positives;
    }

    /** Of tasks that answer one number. */
    double[] scores() {
        return Arrays.copyOf(answers, labelled * width);
    }

    boolean[] positive() {
        boolean[] positive = new boolean[labelled];
        for (int i = 0; i < labelled; i++) {
            positive[i] = truths[i] == 1;
        }
        return positive;
    }

    /** The metric a task of this kind is watched by. @throws Problem where it does not exist on these rows */
    Influence influence(Task task, double[] weights) {
        return switch (task.kind()) {
            case BINARY -> Placements.influence(scores(), positive(), weights);
            case MULTICLASS -> Influence.mean(Multiclass.logLosses(probabilities(), classes()), weights);
            case REGRESSION ->
                Influence.mean(Regression.squaredErrors(Arrays.copyOf(truths, labelled), scores()), weights)
                        .squareRoot();
            case RANKING -> throw Problem.invalid("metric", "auc", "a binary, multiclass or regression task");
        };
    }

    private double[][] probabilities() {
        double[][] probabilities = new double[labelled][];
        for (int i = 0; i < labelled; i++) {
            probabilities[i] = Arrays.copyOfRange(answers, i * width, (i + 1) * width);
        }
        return probabilities;
    }

    private int[] classes() {
        int[] classes = new int[labelled];
        for (int i = 0; i < labelled; i++) {
            classes[i] = (int) truths[i];
        }
        return classes;
    }
}
