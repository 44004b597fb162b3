package org.plimsoll.governance;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.plimsoll.access.Role;
import org.plimsoll.gates.Approvals;

/**
 * Whether enough people agreed. Asked again when an approved promotion is carried out, because meanwhile people leave, lose
 * roles, take their word back, or it expires.
 *
 * @param counted approvals that count
 * @param dropped approvals that do not, each with the reason
 * @param waitingFor how many more people each role must give, in the policy's order; empty when it is complete
 */
public record Quorum(List<Approval> counted, Map<String, String> dropped, Map<Role, Integer> waitingFor) {

    public Quorum {
        counted = List.copyOf(counted);
        dropped = Map.copyOf(dropped);
        waitingFor = Map.copyOf(waitingFor);
    }

    /**
     * Counts approvals against a policy's rules; each person counts once, in the capacity of their first approval that counts.
     *
     * @param objection why an approval does not count, if anything
     */
    public static Quorum of(Approvals rules, List<Approval> approvals, Function<Approval, Optional<String>> objection) {
        Map<Role, Integer> waitingFor = new LinkedHashMap<>();
        for (Approvals.Rule rule : rules.who()) {
            waitingFor.merge(roleOf(rule), rule.people(), Integer::sum);
        }
        List<Approval> counted = new ArrayList<>();
        Map<String, String> dropped = new LinkedHashMap<>();
        Set<String> people = new HashSet<>();
        for (Approval approval : approvals) {
            Optional<String> against = objection.apply(approval);
            if (against.isPresent()) {
                dropped.put(approval.id(), against.get());
            } else if (people.contains(approval.person())) {
                dropped.put(approval.id(), "the same person approved already");
            } else if (!waitingFor.containsKey(approval.capacity())) {
                dropped.put(approval.id(), "the policy does not ask for " + words(approval.capacity()));
            } else {
                people.add(approval.person());
                counted.add(approval);
                waitingFor.merge(approval.capacity(), -1, Integer::sum);
            }
        }
        waitingFor.values().removeIf(missing -> missing <= 0);
        return new Quorum(counted, dropped, waitingFor);
    }

    /** Whether nobody is waited for. */
    public boolean isComplete() {
        return waitingFor.isEmpty();
    }

    /** {@code 2 approvals: owner, validator}; empty when it is complete. */
    public String waiting() {
        List<String> people = waitingFor.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> (entry.getValue() > 1 ? entry.getValue() + " × " : "") + words(entry.getKey()))
                .toList();
        return String.join(", ", people);
    }

    /** The role that a rule asks for. */
    static Role roleOf(Approvals.Rule rule) {
        return Role.valueOf(rule.role().toUpperCase(Locale.ROOT));
    }

    /** A role as people say it: {@code on call}. */
    static String words(Role role) {
        return role.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
