package org.plimsoll.registry;

import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.core.YamlDocument;

/**
 * What people say of a version: the part of its card that cannot be derived. Written as YAML or JSON:
 *
 * <pre>
 * purpose: Tell the gate team, as a flight leaves, whether it will be more than 15 minutes late.
 * intended_users: [gate team]
 * out_of_scope: [compensation of passengers]
 * limitations: [flights of airports outside the twelve hubs were never seen]
 * risks:
 *   - {harm: gates are reassigned for nothing, mitigation: the gate team decides}
 * data: Departures of January 2001 from the twelve busiest airports.
 * oversight: The gate team sees the score and may ignore it.
 * retraining: {plan: monthly on the last six weeks, when: AUC of a week below 0.60}
 * retirement: Replaced when the airline's own forecast covers all hubs.
 * obligations:
 *   - {metric: auc, at_least: 0.60, window: 7d, cadence: 1d, page: owner}
 * </pre>
 *
 * <p>Which of these a version needs depends on its model's tier ({@link Completeness}); fields that lineage derives cannot be
 * typed here.
 */
public record CardDraft(
        String purpose,
        List<String> intendedUsers,
        List<String> outOfScope,
        List<String> limitations,
        List<Risk> risks,
        Optional<String> data,
        Optional<String> oversight,
        Optional<Retraining> retraining,
        Optional<String> retirement,
        List<Obligation> obligations) {

    /**
     * How the model is kept fresh.
     *
     * @param plan on what, and by whom
     * @param when what starts it
     */
    public record Retraining(String plan, String when) {}

    private static final int LONGEST = 100_000;

    public CardDraft {
        intendedUsers = List.copyOf(intendedUsers);
        outOfScope = List.copyOf(outOfScope);
        limitations = List.copyOf(limitations);
        risks = List.copyOf(risks);
        obligations = List.copyOf(obligations);
        if (purpose.isBlank()) {
            throw Problem.invalid("purpose", "empty", "one sentence that says what the model is for");
        }
    }

    /**
     * Reads a card's draft.
     *
     * @param file what errors call it
     */
    public static CardDraft read(String file, String yaml) {
        if (yaml.length() > LONGEST) {
            throw Problem.invalid(file, yaml.length() + " characters long", "at most " + LONGEST + " characters");
        }
        return YamlDocument.parse(file, yaml).read(CardDraft.class);
    }
}
