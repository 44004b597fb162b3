package org.plimsoll.gates;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.plimsoll.core.Problem;
import org.plimsoll.evaluation.Reference;

/**
 * A reference and a distance from it, written {@code champion by 0.005}.
 *
 * @param by in the metric's unit, 0 or more; 0 where it is not written
 */
public record Comparison(Reference reference, double by) {

    private static final Pattern FORM = Pattern.compile("(\\w+)(?:\\s+by\\s+(\\d+(?:\\.\\d+)?(?:[eE]-?\\d+)?))?");

    public Comparison {
        if (!(by >= 0 && Double.isFinite(by))) {
            throw Problem.invalid("margin", by, "a finite number, 0 or more");
        }
    }

    @JsonCreator
    public static Comparison of(String written) {
        Matcher form = FORM.matcher(written.strip());
        if (!form.matches()) {
            throw Problem.invalid("comparison", written, "a reference and a margin, such as champion by 0.005");
        }
        double by = form.group(2) == null ? 0 : Double.parseDouble(form.group(2));
        return new Comparison(Reference.of(form.group(1)), by);
    }

    @JsonValue
    @Override
    public String toString() {
        return reference.word() + " by " + by;
    }
}
