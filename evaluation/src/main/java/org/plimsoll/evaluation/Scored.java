package org.plimsoll.evaluation;

import java.util.List;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.scoring.Scorer;
import org.plimsoll.scoring.Scores;

/**
 * What a model answered on some rows.
 *
 * @param values row by row
 * @param width values of a row: 1, or one a class
 */
record Scored(double[] values, int width) {

    /** The answers of a model. @throws Problem where one is no number */
    static Scored by(String name, ModelArtifact artifact, Execution execution, Columns rows) {
        try (Scorer scorer = artifact.scorer(execution)) {
            Scores scores = scorer.score(rows);
            double[] values = scores.values()[0];
            int width = scores.outputs().getFirst().width();
            for (int i = 0; i < values.length; i++) {
                if (!Double.isFinite(values[i])) {
                    throw Problem.of(Problem.Kind.INVALID, name + " answers " + values[i] + " for row " + i / width);
                }
            }
            return new Scored(values, width);
        }
    }

    /** The same answer for every row. */
    static Scored always(List<Double> answer, int rows) {
        double[] values = new double[rows * answer.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = answer.get(i % answer.size());
        }
        return new Scored(values, answer.size());
    }
}
