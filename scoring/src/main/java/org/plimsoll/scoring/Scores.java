package org.plimsoll.scoring;

import java.util.List;
import org.plimsoll.core.Problem;

/**
 * The answers of a model for some rows, with what its engine saw.
 *
 * @param outputs what was answered
 * @param values for each output its values, row-major: row × width
 * @param encodedNames the columns of x, in the model's order; none where the engine takes raw columns
 * @param encoded the matrix x, row-major, in the engine's precision, NaN where missing
 */
public record Scores(
        int rows, List<Signature.Output> outputs, double[][] values, List<String> encodedNames, double[] encoded) {

    /** The values of this output, row-major. @throws Problem where there is none of this name */
    public double[] output(String name) {
        for (int i = 0; i < outputs.size(); i++) {
            if (outputs.get(i).name().equals(name)) {
                return values[i];
            }
        }
        throw Problem.invalid(
                "output",
                name,
                String.join(", ", outputs.stream().map(Signature.Output::name).toList()));
    }

    /**
     * The one number of each row that decides: the probability of the positive class, the prediction, the ranking score.
     *
     * @throws Problem where the first output has several values a row
     */
    public double[] primary() {
        if (outputs.getFirst().width() != 1) {
            throw Problem.invalid("output", outputs.getFirst(), "one value a row");
        }
        return values[0];
    }
}
