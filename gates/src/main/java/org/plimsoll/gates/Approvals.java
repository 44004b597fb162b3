package org.plimsoll.gates;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.plimsoll.core.Problem;

/**
 * Who must agree before a candidate may serve, and for how long they have agreed.
 *
 * @param who one rule for each capacity; none means that nobody is asked
 * @param validFor how long an approval holds; 14 days where it is not given
 */
public record Approvals(List<Rule> who, Optional<Span> validFor) {

    /** Nobody is asked. */
    static final Approvals NONE = new Approvals(List.of(), Optional.empty());

    private static final Span USUAL = Span.of("14d");

    /** A part somebody may have had in what is approved; who had it does not count. Computed from lineage. */
    public enum Part {
        AUTHOR,
        TRAINER,
        REGISTRANT,
        CARD_AUTHOR,
        DATA_PREPARER,
        POLICY_EDITOR;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        public static Part of(String word) {
            return Stream.of(values())
                    .filter(part -> part.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> Problem.invalid(
                            "not", word, Stream.of(values()).map(Part::word).collect(Collectors.joining(", "))));
        }
    }

    /**
     * So many people of one role.
     *
     * @param role in lower case, such as {@code owner}; a person's, never a program's or an administrator's
     * @param count people; 1 where it is not given
     * @param not who had one of these parts does not count
     */
    public record Rule(String role, Optional<Integer> count, Set<Part> not) {

        /** Roles that people have; a program's or an administrator's never approves. */
        private static final List<String> PEOPLE =
                List.of("approver", "data_scientist", "ml_engineer", "on_call", "owner", "validator");

        public Rule {
            not = Set.copyOf(not);
            if (!PEOPLE.contains(role)) {
                throw Problem.invalid("role", role, "one of " + String.join(", ", PEOPLE));
            }
            count.ifPresent(number -> {
                if (number < 1) {
                    throw Problem.invalid("count", number, "1 or more");
                }
            });
        }

        public int people() {
            return count.orElse(1);
        }
    }

    public Approvals {
        who = List.copyOf(who);
    }

    public Span validForOrUsual() {
        return validFor.orElse(USUAL);
    }
}
