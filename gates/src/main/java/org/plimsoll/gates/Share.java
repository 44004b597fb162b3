package org.plimsoll.gates;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.plimsoll.core.Problem;

/**
 * A share of a whole, written {@code 5%} or {@code 0.05}.
 *
 * @param value from 0 to 1
 */
public record Share(double value) {

    private static final Pattern PERCENT = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*%");

    public Share {
        if (!(value >= 0 && value <= 1)) {
            throw Problem.invalid("share", value, "0% to 100%, such as 5%");
        }
    }

    /** Reads {@code 5%} or the number 0.05. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Share of(Object written) {
        if (written instanceof Number number) {
            return new Share(number.doubleValue());
        }
        Matcher percent = PERCENT.matcher(written.toString().strip());
        if (!percent.matches()) {
            throw Problem.invalid("share", written, "a percentage such as 5%");
        }
        return new Share(new BigDecimal(percent.group(1)).movePointLeft(2).doubleValue());
    }

    /** This share, or another where none is written. */
    static double or(Optional<Share> given, double otherwise) {
        return given.map(Share::value).orElse(otherwise);
    }

    /** What is left of the whole, without the dust of binary fractions: of 95 % it is exactly 0.05. */
    double complement() {
        return BigDecimal.ONE.subtract(new BigDecimal(Double.toString(value))).doubleValue();
    }

    /** {@code 5%}. */
    @JsonValue
    @Override
    public String toString() {
        return new BigDecimal(Double.toString(value))
                        .movePointRight(2)
                        .stripTrailingZeros()
                        .toPlainString() + "%";
    }
}
