package org.plimsoll.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.plimsoll.scoring.Task;

/**
 * The model that answers every row the same, what a first release must beat: the base rate of a binary task, the share of each
 * class of a multiclass one, the mean of a regression.
 */
final class ConstantModel {

    private ConstantModel() {}

    /**
     * What it answers.
     *
     * @param labels of the rows it is made from, as {@link Task#labels} reads them; a class that none of them has counts as half a
     *     row, since a share of nothing would lose infinitely much
     * @return one number, or one a class; empty where a label is missing or there is no row
     */
    static List<Double> of(Task task, double[] labels) {
        if (labels.length == 0 || Arrays.stream(labels).anyMatch(label -> !Double.isFinite(label))) {
            return List.of();
        }
        if (task.kind() != Task.Kind.MULTICLASS) {
            return List.of(Arrays.stream(labels).average().orElseThrow());
        }
        int greatest = (int) Arrays.stream(labels).max().orElseThrow();
        double[] rows = new double[Math.max(task.classes().size(), greatest + 1)];
        for (double label : labels) {
            rows[(int) label]++;
        }
        double all = 0;
        for (int place = 0; place < rows.length; place++) {
            rows[place] = Math.max(rows[place], 0.5);
            all += rows[place];
        }
        List<Double> shares = new ArrayList<>();
        for (double row : rows) {
            shares.add(row / all);
        }
        return List.copyOf(shares);
    }
}
