package org.plimsoll.gates;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.PolicyName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.YamlDocument;
import org.plimsoll.evaluation.Bound;
import org.plimsoll.evaluation.Claim;
import org.plimsoll.evaluation.Metric;
import org.plimsoll.evaluation.Reference;
import org.plimsoll.evaluation.Scope;
import org.plimsoll.scoring.Task;

/**
 * The rules a candidate is judged by, as risk people read and write them: a closed vocabulary in YAML. A statistic can be chosen
 * here, never computed.
 *
 * <pre>
 *  policy: t3
 *  endpoint: late-arrival                  # of a policy for one model and one environment
 *  applies_to: {tiers: [T3], environments: [production]}
 *  from: previous_environment              # or any
 *  smoke: {golden_rows: true}
 *  evidence: {max_evaluations: 20, confidence: 95%, min_rows: 300, min_positives: 30}
 *  must_hold:                              # all must be PROVED
 *    - {metric: auc, not_worse_than: champion by 0.005}
 *    - {metric: auc, for_each: segments, not_worse_than: champion by 0.02}
 *  must_not_happen:                        # any PROVED harm blocks, Holm over all that are listed
 *    - harm: {metric: auc, beyond: 0.02, in: segments}
 *  first_release: {better_than_constant: [auc]}
 *  inconclusive: block                     # or ask_approvers, extend_in_shadow
 *  approvals: {who: [{role: owner, not: [author, trainer]}], valid_for: 14d}
 *  rollout: {…}                            # see RolloutPlan
 * </pre>
 *
 * @param policy its name
 * @param purpose a sentence for people
 * @param endpoint where candidates of its one model serve; made with the first that is judged by it
 * @param observeOnly metrics that are reported and never block
 * @param documents whether the card must be complete for the model's tier
 * @param firstRelease absent: a model without a champion cannot be judged by this policy
 */
public record Policy(
        PolicyName policy,
        Optional<String> purpose,
        Optional<EndpointName> endpoint,
        AppliesTo appliesTo,
        Optional<From> from,
        Optional<Smoke> smoke,
        Optional<EvidenceRules> evidence,
        List<Requirement> mustHold,
        List<Prohibition> mustNotHappen,
        Optional<FirstRelease> firstRelease,
        List<Metric> observeOnly,
        Optional<Inconclusive> inconclusive,
        Optional<Documents> documents,
        Optional<Budgets> budgets,
        Optional<Approvals> approvals,
        Optional<RolloutPlan> rollout) {

    /** Where an artifact must have served before. */
    public enum From {
        /** As champion, one environment below. */
        PREVIOUS_ENVIRONMENT,
        /** Anywhere or nowhere. */
        ANY;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        public static From of(String word) {
            return named(From.values(), From::word, "from", word);
        }
    }

    /** What happens when not everything is proved and nothing is refuted. */
    public enum Inconclusive {
        /** It cannot be promoted. */
        BLOCK,
        /** The approvers decide, with the power statement before them. */
        ASK_APPROVERS,
        /** It may begin its rollout; the shadow must prove the rest. */
        EXTEND_IN_SHADOW;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        public static Inconclusive of(String word) {
            return named(Inconclusive.values(), Inconclusive::word, "inconclusive", word);
        }
    }

    /** What the card must be. */
    public enum Documents {
        /** Everything the model's tier asks for. */
        COMPLETE,
        /** Whatever it is. */
        ANY;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        public static Documents of(String word) {
            return named(Documents.values(), Documents::word, "documents", word);
        }
    }

    /** @param goldenRows whether the loaded model must give the scores its trainer gave */
    public record Smoke(boolean goldenRows) {}

    /** @param modelSize greatest artifact, such as {@code 200MB} */
    public record Budgets(Optional<ByteSize> modelSize) {}

    /** @param betterThanConstant metrics in which it must be proved better than the constant model of the training rows */
    public record FirstRelease(List<Metric> betterThanConstant) {
        public FirstRelease {
            betterThanConstant = List.copyOf(betterThanConstant);
            if (betterThanConstant.isEmpty()) {
                throw Problem.invalid("better_than_constant", "empty", "a metric, such as auc");
            }
        }
    }

    public Policy {
        mustHold = List.copyOf(mustHold);
        mustNotHappen = List.copyOf(mustNotHappen);
        observeOnly = List.copyOf(observeOnly);
        if (endpoint.isPresent()
                && (appliesTo.models().size() != 1 || appliesTo.environments().size() != 1)) {
            throw Problem.invalid(
                    "endpoint",
                    endpoint.get(),
                    "a policy that applies to one model and one environment, which it names");
        }
        if (mustHold.isEmpty() && (!mustNotHappen.isEmpty() || firstRelease.isPresent())) {
            throw Problem.invalid("must_hold", "empty", "what must be proved, since other parts speak of evidence");
        }
        if (mustHold.isEmpty() && smoke.isEmpty()) {
            throw Problem.invalid(
                    "policy " + policy, "without a check", "smoke or must_hold: a rule without a check proves nothing");
        }
    }

    private static <E> E named(E[] all, java.util.function.Function<E, String> word, String field, String given) {
        return Stream.of(all)
                .filter(each -> word.apply(each).equals(given))
                .findFirst()
                .orElseThrow(() -> Problem.invalid(
                        field,
                        given,
                        String.join(" or ", Stream.of(all).map(word).toList())));
    }

    /** Reads a policy file. @throws Problem with file, line and column where it is not one */
    public static Policy read(String text, String file) {
        YamlDocument document = YamlDocument.parse(file, text);
        Policy policy = document.read(Policy.class);
        for (int i = 0; i < policy.mustHold.size(); i++) {
            if (policy.mustHold.get(i).bounds().isEmpty()) {
                throw document.problemAtValue(
                        "/must_hold/" + i,
                        "nothing is asked of " + policy.mustHold.get(i).metric()
                                + "; expected at_least, at_most, not_worse_than, not_worse_than_anchor_by or better_than");
            }
        }
        return policy;
    }

    @JsonIgnore
    public From fromOrPrevious() {
        return from.orElse(From.PREVIOUS_ENVIRONMENT);
    }

    @JsonIgnore
    public EvidenceRules evidenceOrUsual() {
        return evidence.orElse(EvidenceRules.USUAL);
    }

    @JsonIgnore
    public Inconclusive inconclusiveOrBlock() {
        return inconclusive.orElse(Inconclusive.BLOCK);
    }

    @JsonIgnore
    public Approvals approvalsOrNone() {
        return approvals.orElse(Approvals.NONE);
    }

    @JsonIgnore
    public RolloutPlan plan() {
        return rollout.orElse(RolloutPlan.AT_ONCE);
    }

    /** Whether anything must be measured, so that a candidate needs an evaluation. */
    public boolean needsEvidence() {
        return !mustHold.isEmpty();
    }

    /**
     * Everything that has to be measured for this task; claims may speak of each value of a segment.
     *
     * @throws Problem REFUSED for a first release where the policy does not provide for one
     */
    public List<Claim> claims(Task task, boolean isFirstRelease) {
        List<Claim> claims = new ArrayList<>();
        proofs(task, isFirstRelease).forEach(proof -> claims.add(proof.claim));
        claims.addAll(harms(task));
        suspicions(task).forEach(suspicion -> claims.add(claimOf(suspicion)));
        observed(task).forEach(claims::add);
        return claims.stream().distinct().toList();
    }

    /** A claim that must be proved. */
    record Proof(Claim claim, Action action) {}

    /** Everything that must be proved. */
    List<Proof> proofs(Task task, boolean isFirstRelease) {
        List<Proof> proofs = new ArrayList<>();
        for (Requirement requirement : mustHold) {
            if (requirement.concerns(task)) {
                requirement
                        .claims(task, evidenceOrUsual())
                        .forEach(claim -> proofs.add(new Proof(claim, requirement.actionOrEnforce())));
            }
        }
        if (isFirstRelease && needsEvidence()) {
            firstRelease
                    .orElseThrow(() -> Problem.refused("policy " + policy
                            + " does not provide for a first release: nothing serves yet, and it has no first_release"))
                    .betterThanConstant()
                    .stream()
                    .filter(metric -> metric.isOf(task.kind()))
                    .forEach(metric -> proofs.add(
                            new Proof(usual(metric, new Bound.Better(Reference.CHAMPION, 0)), Action.ENFORCE)));
        }
        return proofs;
    }

    /** Every harm that blocks when it is proved. */
    List<Claim> harms(Task task) {
        return mustNotHappen.stream()
                .flatMap(each -> each.harm().stream())
                .filter(harm -> harm.concerns(task))
                .flatMap(harm -> harm.claims(task, evidenceOrUsual()).stream())
                .toList();
    }

    List<Prohibition.SuspiciousImprovement> suspicions(Task task) {
        return mustNotHappen.stream()
                .flatMap(each -> each.suspiciousImprovement().stream())
                .filter(suspicion -> suspicion.concerns(task))
                .toList();
    }

    /** The claim whose proof would be suspicious. */
    Claim claimOf(Prohibition.SuspiciousImprovement suspicion) {
        return usual(suspicion.metric(), new Bound.Better(Reference.CHAMPION, suspicion.moreThan()));
    }

    /** Metrics that are only reported, as claims that would hold if the candidate were no worse at all. */
    List<Claim> observed(Task task) {
        return observeOnly.stream()
                .filter(metric -> metric.isOf(task.kind()))
                .map(metric -> usual(metric, new Bound.NotWorse(Reference.CHAMPION, 0)))
                .toList();
    }

    private Claim usual(Metric metric, Bound bound) {
        EvidenceRules rules = evidenceOrUsual();
        return Claim.of(metric, Scope.ALL, bound)
                .with(rules.levelOrUsual(), rules.rowsOrUsual(), rules.positivesOrUsual());
    }
}
