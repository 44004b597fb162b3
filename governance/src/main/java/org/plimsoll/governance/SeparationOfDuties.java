package org.plimsoll.governance;

import static org.plimsoll.gates.Approvals.Part.AUTHOR;
import static org.plimsoll.gates.Approvals.Part.CARD_AUTHOR;
import static org.plimsoll.gates.Approvals.Part.REGISTRANT;
import static org.plimsoll.gates.Approvals.Part.TRAINER;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.plimsoll.gates.Approvals.Part;
import org.plimsoll.registry.Tier;

/**
 * Nobody approves their own work. Who is excluded is computed from lineage, never configured: a policy can exclude more people,
 * not fewer.
 *
 * <pre>
 *                              T1   T2   T3   T4
 *  wrote or trained it          x    x    x    s
 *  registered it                x    x    x    s
 *  wrote its card               x    x    x    s
 *  prepared its data            x    x    -    s
 *  changed its policy           x    x    -    s      x excluded · s may, and the approval is labelled "self-approved"
 * </pre>
 *
 * <p>A pure function of facts: involvements name people, not accounts, so that a second account changes nothing.
 */
public final class SeparationOfDuties {

    private SeparationOfDuties() {}

    /** The parts whose people may not approve in this tier. */
    public static Set<Part> excluded(Tier tier) {
        return switch (tier) {
            case T1, T2 -> EnumSet.allOf(Part.class);
            case T3 -> EnumSet.of(AUTHOR, TRAINER, REGISTRANT, CARD_AUTHOR);
            case T4 -> EnumSet.noneOf(Part.class);
        };
    }

    /**
     * Why this person may not approve; empty where they may.
     *
     * @param alsoExcluded the parts that the policy's rule excludes besides
     */
    public static List<Involvement> against(
            String person, Tier tier, Collection<Part> alsoExcluded, Collection<Involvement> involvements) {
        Set<Part> parts = excluded(tier);
        parts.addAll(alsoExcluded);
        return involvements.stream()
                .filter(involvement -> involvement.person().equals(person))
                .filter(involvement -> parts.contains(involvement.part()))
                .distinct()
                .toList();
    }

    /** Whether an approval by this person is one of their own work, and must be labelled so. */
    public static boolean isSelfApproval(String person, Collection<Involvement> involvements) {
        return involvements.stream()
                .anyMatch(involvement -> involvement.person().equals(person));
    }
}
