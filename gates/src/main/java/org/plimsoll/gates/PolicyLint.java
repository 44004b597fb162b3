package org.plimsoll.gates;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.plimsoll.core.PolicyName;
import org.plimsoll.evaluation.Bound;
import org.plimsoll.statistics.Power;

/**
 * A policy in prose, and what it can prove before anything is judged by it.
 *
 * <p>The power lines are for a paired difference of right and wrong decisions with 10 % discordance between equally good models:
 * {@code (z_{1-level} + z_{power})·√(0.1/n)} is the smallest margin that n independent rows prove with a chance of 80 %. Rows that
 * share luck count less; AUC needs more.
 *
 * @param sentences what it says
 * @param power what it can prove
 * @param warnings what its author may not have meant
 */
public record PolicyLint(PolicyName policy, List<String> sentences, List<String> power, List<String> warnings) {

    private static final double DISCORDANCE = 0.10;
    private static final double WISHED = 0.8;
    private static final long[] SIZES = {300, 1_000, 5_000, 20_000, 100_000};

    public PolicyLint {
        sentences = List.copyOf(sentences);
        power = List.copyOf(power);
        warnings = List.copyOf(warnings);
    }

    /** Looks at a policy. */
    public static PolicyLint of(Policy policy) {
        return new PolicyLint(policy.policy(), sentences(policy), power(policy), warnings(policy));
    }

    private static List<String> sentences(Policy policy) {
        List<String> sentences = new ArrayList<>();
        sentences.add("It is for " + policy.appliesTo() + ".");
        policy.smoke()
                .filter(Policy.Smoke::goldenRows)
                .ifPresent(_ -> sentences.add("The loaded model must give its trainer's scores on the golden rows."));
        for (Requirement requirement : policy.mustHold()) {
            String whose = requirement.forEach().isEmpty()
                    ? "over all rows"
                    : requirement.forEach().equals(List.of(Requirement.SEGMENTS))
                            ? "in every segment"
                            : "for each " + String.join(" and each ", requirement.forEach());
            requirement
                    .bounds()
                    .forEach(bound -> sentences.add("It must be proved that " + requirement.metric() + " " + whose
                            + " is " + words(bound) + "."));
        }
        for (Prohibition prohibition : policy.mustNotHappen()) {
            prohibition
                    .harm()
                    .ifPresent(harm -> sentences.add("Proved harm to " + harm.metric() + " of more than "
                            + harm.beyond() + (harm.in().isEmpty() ? "" : " in any segment") + " blocks."));
            prohibition
                    .suspiciousImprovement()
                    .ifPresent(suspicion -> sentences.add("A proved improvement of " + suspicion.metric()
                            + " by more than " + suspicion.moreThan() + " blocks, until leakage is excluded."));
        }
        sentences.add(policy.firstRelease()
                .map(first -> "Where nothing serves yet, it must be proved better than the constant model in "
                        + String.join(
                                ", ",
                                first.betterThanConstant().stream()
                                        .map(Object::toString)
                                        .toList()) + ".")
                .orElse("Where nothing serves yet, it " + (policy.needsEvidence() ? "refuses." : "asks no more.")));
        sentences.add(
                switch (policy.inconclusiveOrBlock()) {
                    case BLOCK -> "What is neither proved nor refuted blocks.";
                    case ASK_APPROVERS -> "What is neither proved nor refuted is left to the approvers.";
                    case EXTEND_IN_SHADOW -> "What is neither proved nor refuted must be proved in shadow.";
                });
        List<String> people = policy.approvalsOrNone().who().stream()
                .map(rule -> rule.people() + " × " + rule.role()
                        + (rule.not().isEmpty() ? " (whoever built it included)" : " (nobody who had a part in it)"))
                .toList();
        sentences.add(people.isEmpty() ? "Nobody is asked." : "It needs " + String.join(" and ", people) + ".");
        return sentences;
    }

    private static String words(Bound bound) {
        return switch (bound) {
            case Bound.AtLeast at -> "at least " + at.limit();
            case Bound.AtMost at -> "at most " + at.limit();
            case Bound.NotWorse not -> "not worse than the " + not.than().word() + "'s by " + not.margin() + " or more";
            case Bound.Better better -> "better than the " + better.than().word() + "'s by more than " + better.gain();
        };
    }

    private static List<String> power(Policy policy) {
        double level = policy.evidenceOrUsual().levelOrUsual();
        List<String> lines = new ArrayList<>();
        if (policy.needsEvidence()) {
            for (long rows : SIZES) {
                double margin = Power.provableMargin(
                        Power.deviationOfPairedProportions(DISCORDANCE, 0), 0, rows, level, WISHED);
                lines.add(String.format(
                        Locale.ROOT,
                        "%,7d independent rows prove a margin of %.4f in 8 of 10 equal models",
                        rows,
                        margin));
            }
        }
        return lines;
    }

    private static List<String> warnings(Policy policy) {
        List<String> warnings = new ArrayList<>();
        if (policy.needsEvidence() && policy.firstRelease().isEmpty()) {
            warnings.add("no first_release: a model without a champion can never be judged by this policy");
        }
        if (policy.needsEvidence() && policy.evidenceOrUsual().maxEvaluations().isEmpty()) {
            warnings.add("no max_evaluations: whoever tries often enough on the same rows passes by luck");
        }
        if (policy.needsEvidence()
                && policy.mustHold().stream().allMatch(each -> each.forEach().isEmpty())) {
            warnings.add("no requirement speaks of segments: better on the whole may be worse for some");
        }
        for (Requirement requirement : policy.mustHold()) {
            for (Bound bound : requirement.bounds()) {
                if (bound instanceof Bound.NotWorse not && not.margin() == 0) {
                    warnings.add("a margin of 0 on " + requirement.metric()
                            + ": equally good models prove it one time in twenty, however many rows there are");
                }
            }
        }
        if (policy.approvalsOrNone().who().isEmpty() && policy.needsEvidence()) {
            warnings.add("nobody is asked before it serves");
        }
        return warnings.stream().distinct().toList();
    }
}
