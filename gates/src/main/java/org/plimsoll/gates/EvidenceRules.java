package org.plimsoll.gates;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.evaluation.Claim;

/**
 * How much evidence a policy wants.
 *
 * @param maxEvaluations how often one set of rows may be judged on before it must be replaced; a candidate that is tried ten
 *     times on the same rows passes by luck four times in ten
 * @param confidence of one-sided bounds for proofs; 95% where it is not given
 * @param harmLevel chance, over all checks together, to call harm where there is none; 5% where it is not given
 * @param minRows least rows of a check; 300 where it is not given
 * @param minPositives least rows of the rarer class; 30 where it is not given
 * @param tooFew what a check of fewer rows comes to: {@code error}, which blocks, or {@code inconclusive}, which leaves it to what the
 *     policy says of that; an error where it is not given
 */
public record EvidenceRules(
        Optional<Long> maxEvaluations,
        Optional<Share> confidence,
        Optional<Share> harmLevel,
        Optional<Long> minRows,
        Optional<Long> minPositives,
        Optional<TooFew> tooFew) {

    /** What a check of too few rows comes to. */
    public enum TooFew {
        ERROR,
        INCONCLUSIVE;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        public static TooFew of(String word) {
            return switch (word) {
                case "error" -> ERROR;
                case "inconclusive" -> INCONCLUSIVE;
                default -> throw Problem.invalid("too_few", word, "error or inconclusive");
            };
        }
    }

    /** Nothing said: the usual. */
    static final EvidenceRules USUAL = new EvidenceRules(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public EvidenceRules {
        maxEvaluations.ifPresent(most -> atLeastOne("max_evaluations", most));
        minRows.ifPresent(least -> atLeastOne("min_rows", least));
        minPositives.ifPresent(least -> atLeastOne("min_positives", least));
        confidence.ifPresent(share -> {
            if (!(share.value() >= 0.5 && share.value() < 1)) {
                throw Problem.invalid("confidence", share, "at least 50% and less than 100%, such as 95%");
            }
        });
        harmLevel.ifPresent(share -> {
            if (!(share.value() > 0 && share.value() <= 0.5)) {
                throw Problem.invalid("harm_level", share, "more than 0% and at most 50%, such as 5%");
            }
        });
    }

    private static void atLeastOne(String field, long number) {
        if (number < 1) {
            throw Problem.invalid(field, number, "1 or more");
        }
    }

    boolean isTooFewOpen() {
        return tooFew.filter(TooFew.INCONCLUSIVE::equals).isPresent();
    }

    double levelOrUsual() {
        return confidence.map(Share::complement).orElse(Claim.USUAL_LEVEL);
    }

    double harmLevelOrUsual() {
        return Share.or(harmLevel, Claim.USUAL_LEVEL);
    }

    long rowsOrUsual() {
        return minRows.orElse(Claim.USUAL_ROWS);
    }

    long positivesOrUsual() {
        return minPositives.orElse(Claim.USUAL_RARER);
    }
}
