package org.plimsoll.predictions;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;

/**
 * What came true of one predicted row. It may come long after the prediction, or before it.
 *
 * @param prediction the id the answer carried
 * @param row the row's number in the request, from 0
 * @param label the truth, as the task's label is written: {@code true}, {@code 1}, {@code late}, {@code 42.5}
 * @param values named business values, such as {@code refund_eur}
 * @param at when it became known
 */
public record Outcome(String prediction, int row, String label, Map<String, Double> values, Instant at) {

    private static final int LONGEST_LABEL = 1_000;
    private static final int MOST_VALUES = 50;

    public Outcome {
        values = values.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(values));
        if (!Ids.isId(prediction)) {
            throw Problem.invalid("prediction", prediction, "the id an answer carried, 32 hex digits");
        }
        if (row < 0) {
            throw Problem.invalid("row", row, "0 or more");
        }
        if (label.isBlank() || label.length() > LONGEST_LABEL) {
            throw Problem.invalid("label", "'" + label + "'", "1 to " + LONGEST_LABEL + " characters");
        }
        if (values.size() > MOST_VALUES) {
            throw Problem.invalid("values", values.size() + " of them", "at most " + MOST_VALUES);
        }
        values.forEach((name, value) -> {
            if (name.isBlank() || !Double.isFinite(value)) {
                throw Problem.invalid("values." + name, value, "a name and a finite number");
            }
        });
    }
}
