package org.plimsoll.monitoring;

import java.util.Optional;
import org.plimsoll.core.Problem;

/**
 * A likely cause of an incident.
 *
 * @param weight by which suspects are ranked, greater first. Of a column: its Jensen–Shannon distance times the share of the answers'
 *     movement that hangs on it; 1 more where the kind of fault itself was recognised
 * @param factor by which a column's values are multiplied, where they are
 * @param text one sentence for people
 */
public record Suspect(Kind kind, Optional<String> column, double weight, Optional<Double> factor, String text) {

    /** Kinds of causes. */
    public enum Kind {
        /** A column comes multiplied by a constant. */
        UNIT_CHANGE,
        /** A column, the requests or the truths stopped coming. */
        MISSING_FEED,
        /** Another version answers than in the windows before. */
        NEW_VERSION,
        /** A column's values moved. */
        DRIFT,
        /** The inputs are as they were: what they mean for the answer has changed, or nothing was found. */
        CONCEPT
    }

    public Suspect {
        if (!Double.isFinite(weight)) {
            throw Problem.invalid("weight", weight, "a finite number");
        }
    }
}
