package org.plimsoll.gates;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import org.plimsoll.core.Verdict;
import org.plimsoll.evaluation.Judged;

/**
 * One thing that was looked at.
 *
 * @param name in words, such as {@code auc of origin = DFW not worse than champion by 0.02}
 * @param judged the claim with its numbers, for checks that are about a measurement
 * @param harmAdjusted chance of seeing so much harm where there is none, corrected by Holm for all checks that could block
 * @param verdict of this check alone
 * @param action what it does to the whole
 * @param reason in words
 */
public record Check(
        Kind kind,
        String name,
        Optional<Judged> judged,
        Optional<Double> harmAdjusted,
        Verdict verdict,
        Action action,
        String reason) {

    /** What sort of thing was looked at. */
    public enum Kind {
        /** Whether the evidence can be believed. */
        EVIDENCE,
        /** A claim that must be proved. */
        PROOF,
        /** A harm that must not be proved. */
        HARM,
        /** An improvement too good to be true. */
        SUSPICION,
        /** A metric that is only reported. */
        OBSERVED,
        /** Golden rows. */
        SMOKE,
        /** The card. */
        DOCUMENTS,
        /** Size. */
        BUDGET;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        public static Kind of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    static Check plain(Kind kind, String name, Verdict verdict, String reason) {
        return new Check(kind, name, Optional.empty(), Optional.empty(), verdict, Action.ENFORCE, reason);
    }
}
