package org.plimsoll.registry;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether everything is said that a tier asks to be said before production.
 *
 * <p>The graver the tier, the more is needed; the lists follow the union of model cards, the EU AI Act's Annex IV and SR 26-2:
 *
 * <pre>
 *                       T4   T3   T2   T1
 *  owner, purpose        x    x    x    x
 *  on call               -    x    x    x
 *  out of scope          -    x    x    x
 *  limitations           -    x    x    x
 *  risks                 -    x    x    x
 *  data                  -    x    x    x
 *  retraining plan       -    x    x    x
 *  an obligation         -    x    x    x
 *  deputy                -    -    x    x
 *  intended users        -    -    x    x
 *  oversight             -    -    x    x
 *  retirement plan       -    -    x    x
 * </pre>
 *
 * @param needed how many things the tier asks for
 * @param missing what is not there, in words
 */
public record Completeness(Tier tier, int needed, List<String> missing) {

    private static final String RETRAINING = "retraining";
    private static final String OBLIGATIONS = "obligations";

    public Completeness {
        missing = List.copyOf(missing);
    }

    /** What this card and these contacts lack for this tier. */
    public static Completeness of(Tier tier, CardDraft card, Contacts contacts) {
        Count count = new Count();
        count.need(contacts.owner().isPresent(), "an owner");
        count.need(!card.purpose().isBlank(), "purpose");
        if (tier != Tier.T4) {
            count.need(!contacts.onCall().isEmpty(), "somebody on call");
            count.need(!card.outOfScope().isEmpty(), "out_of_scope");
            count.need(!card.limitations().isEmpty(), "limitations");
            count.need(!card.risks().isEmpty(), "risks");
            count.need(card.data().isPresent(), "data");
            count.need(card.retraining().isPresent(), RETRAINING);
            count.need(!card.obligations().isEmpty(), OBLIGATIONS);
        }
        if (tier.isGraverThan(Tier.T3)) {
            count.need(contacts.deputy().isPresent(), "a deputy");
            count.need(!card.intendedUsers().isEmpty(), "intended_users");
            count.need(card.oversight().isPresent(), "oversight");
            count.need(card.retirement().isPresent(), "retirement");
        }
        return new Completeness(tier, count.needed, count.missing);
    }

    /**
     * What no policy may do without: from T3 upwards nobody promotes what is not promised anything about, nor what nobody knows
     * how to make anew.
     */
    public List<String> missingPromises() {
        return tier == Tier.T4
                ? List.of()
                : missing.stream()
                        .filter(what -> what.equals(OBLIGATIONS) || what.equals(RETRAINING))
                        .toList();
    }

    /** Whether nothing is missing. */
    public boolean isComplete() {
        return missing.isEmpty();
    }

    /** {@code complete for tier T2 (13 of 13)}, or what is missing. */
    public String text() {
        String share = " for tier " + tier + " (" + (needed - missing.size()) + " of " + needed + ")";
        return isComplete() ? "complete" + share : "incomplete" + share + ": " + String.join(", ", missing);
    }

    private static final class Count {
        private int needed;
        private final List<String> missing = new ArrayList<>();

        void need(boolean isThere, String what) {
            needed++;
            if (!isThere) {
                missing.add(what);
            }
        }
    }
}
