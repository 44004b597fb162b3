package org.plimsoll.gates;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Verdict;
import org.plimsoll.evaluation.Claim;
import org.plimsoll.evaluation.Evaluation;
import org.plimsoll.evaluation.Judged;
import org.plimsoll.gates.Check.Kind;
import org.plimsoll.statistics.Holm;

/**
 * Holds what was found against a policy. Pure: the same evidence gives the same report, to the byte.
 *
 * <p>The two errors are treated apart [1]. To promote, every claim must be proved, each at its own level: an intersection-union
 * test, which needs no correction. To block, one proved harm is enough: a union, so the chances of all checks that could block
 * are corrected together by Holm, and equal models are not blocked by the number of segments.
 *
 * <p>[1] R. Berger, "Multiparameter hypothesis testing and acceptance sampling", Technometrics 24, 1982.
 */
public final class Gates {

    private Gates() {}

    /**
     * The report.
     *
     * @param evaluation empty where the policy measures nothing; where it does, its absence is an ERROR
     * @throws Problem REFUSED where the policy is not for such decisions, or does not provide for a first release
     */
    public static GateReport judge(
            PolicyVersion version, Decision about, Facts facts, Optional<Evaluation> evaluation) {
        Policy policy = version.policy();
        if (!policy.appliesTo().matches(about.version().model(), about.tier(), about.environment())) {
            throw Problem.refused("policy " + version + " is for " + policy.appliesTo() + "; this is "
                    + about.version().model() + " of tier " + about.tier() + " in " + about.environment());
        }
        List<Check> checks = new ArrayList<>();
        smoke(policy, facts).ifPresent(checks::add);
        documents(policy, facts).ifPresent(checks::add);
        size(policy, facts).ifPresent(checks::add);
        if (policy.needsEvidence()) {
            checks.addAll(evidence(policy, about, facts, evaluation));
            evaluation.ifPresent(found -> checks.addAll(claims(policy, found)));
        }
        Verdict verdict = Verdict.worst(checks.stream()
                .flatMap(check -> check.action().counted(check.verdict()).stream())
                .toList());
        boolean isPromotable = verdict == Verdict.PASS
                || verdict == Verdict.INCONCLUSIVE && policy.inconclusiveOrBlock() != Policy.Inconclusive.BLOCK;
        return new GateReport(GateReport.FORMAT, about, version, facts, evaluation, checks, verdict, isPromotable);
    }

    private static Optional<Check> smoke(Policy policy, Facts facts) {
        if (!policy.smoke().map(Policy.Smoke::goldenRows).orElse(false)) {
            return Optional.empty();
        }
        return Optional.of(facts.golden()
                .map(golden -> golden.rows() < 1
                        ? Check.plain(Kind.SMOKE, "golden rows", Verdict.ERROR, "the artifact has no golden rows")
                        : Check.plain(
                                Kind.SMOKE,
                                "golden rows",
                                golden.holds() ? Verdict.PASS : Verdict.HARM,
                                String.format(
                                        Locale.ROOT,
                                        "%,d rows, greatest difference from the trainer's scores %.3g",
                                        golden.rows(),
                                        golden.greatestDifference())))
                .orElseGet(() -> Check.plain(Kind.SMOKE, "golden rows", Verdict.ERROR, "they were not scored")));
    }

    private static Optional<Check> documents(Policy policy, Facts facts) {
        if (policy.documents().orElse(Policy.Documents.ANY) == Policy.Documents.ANY) {
            return Optional.empty();
        }
        return Optional.of(facts.missingDocuments()
                .map(missing -> missing.isEmpty()
                        ? Check.plain(Kind.DOCUMENTS, "card", Verdict.PASS, "complete for its tier")
                        : Check.plain(Kind.DOCUMENTS, "card", Verdict.ERROR, "it lacks " + String.join(", ", missing)))
                .orElseGet(() -> Check.plain(Kind.DOCUMENTS, "card", Verdict.ERROR, "nobody looked at it")));
    }

    private static Optional<Check> size(Policy policy, Facts facts) {
        return policy.budgets()
                .flatMap(Policy.Budgets::modelSize)
                .map(most -> facts.modelBytes()
                        .map(bytes -> Check.plain(
                                Kind.BUDGET,
                                "model size",
                                bytes <= most.bytes() ? Verdict.PASS : Verdict.HARM,
                                String.format(Locale.ROOT, "%,d bytes; at most %s", bytes, most)))
                        .orElseGet(() -> Check.plain(Kind.BUDGET, "model size", Verdict.ERROR, "it is not known")));
    }

    /** Whether the evidence can be believed at all. */
    private static List<Check> evidence(Policy policy, Decision about, Facts facts, Optional<Evaluation> evaluation) {
        if (evaluation.isEmpty()) {
            return List.of(Check.plain(Kind.EVIDENCE, "evaluation", Verdict.ERROR, "there is none"));
        }
        Evaluation found = evaluation.get();
        List<Check> checks = new ArrayList<>();
        for (String error : found.errors()) {
            checks.add(Check.plain(Kind.EVIDENCE, "evaluation", Verdict.ERROR, error));
        }
        for (String unproved : found.unproved()) {
            checks.add(Check.plain(Kind.EVIDENCE, "lineage", Verdict.INCONCLUSIVE, unproved));
        }
        if (!found.candidate().artifact().equals(about.artifact())) {
            checks.add(Check.plain(
                    Kind.EVIDENCE,
                    "evaluation",
                    Verdict.ERROR,
                    "it is about another artifact than the one decided on"));
        }
        Optional<String> judgedAgainst = found.champion().map(Evaluation.Model::name);
        if (!judgedAgainst.equals(about.champion().map(Object::toString))) {
            checks.add(Check.plain(
                    Kind.EVIDENCE,
                    "evaluation",
                    Verdict.ERROR,
                    "it is against " + judgedAgainst.orElse("the constant model") + ", and "
                            + about.champion().map(Object::toString).orElse("nothing") + " serves"));
        }
        policy.evidenceOrUsual().maxEvaluations().ifPresent(most -> {
            boolean isWorn = facts.attempts() > most;
            checks.add(Check.plain(
                    Kind.EVIDENCE,
                    "holdout",
                    isWorn ? Verdict.ERROR : Verdict.PASS,
                    "judged on " + facts.attempts() + " of " + most + " times"
                            + (isWorn ? ": take other rows, luck has had its chances on these" : "")));
        });
        if (checks.stream().allMatch(check -> check.verdict() == Verdict.PASS)) {
            checks.addFirst(Check.plain(
                    Kind.EVIDENCE,
                    "rows",
                    Verdict.PASS,
                    String.format(
                            Locale.ROOT,
                            "%,d rows of %,d clusters, none seen in training",
                            found.rows().judged(),
                            found.rows().clusters())));
        }
        return checks;
    }

    private static List<Check> claims(Policy policy, Evaluation found) {
        Map<Claim, Action> proofs = new LinkedHashMap<>();
        policy.proofs(found.task(), found.isFirstRelease())
                .forEach(proof -> found.expand(proof.claim())
                        .forEach(claim -> proofs.merge(claim, proof.action(), Gates::stricter)));
        Set<Claim> harms = new LinkedHashSet<>();
        policy.harms(found.task()).forEach(claim -> harms.addAll(found.expand(claim)));
        harms.removeAll(proofs.keySet());

        List<Check> checks = new ArrayList<>();
        if (proofs.isEmpty()) {
            checks.add(Check.plain(
                    Kind.PROOF,
                    "must_hold",
                    Verdict.ERROR,
                    "no requirement of the policy speaks of "
                            + found.task().kind().word() + " tasks"));
        }
        Map<Claim, Judged> judged = new LinkedHashMap<>();
        proofs.keySet().forEach(claim -> judged.put(claim, Judged.of(claim, found.measured(claim))));
        harms.forEach(claim -> judged.put(claim, Judged.of(claim, found.measured(claim))));
        Map<Claim, Double> adjusted = adjusted(proofs, judged);
        EvidenceRules rules = policy.evidenceOrUsual();
        double level = rules.harmLevelOrUsual();
        proofs.forEach((claim, action) -> checks.add(
                leftOpen(rules, proof(known(judged, claim), Optional.ofNullable(adjusted.get(claim)), level, action))));
        harms.forEach(claim -> checks.add(
                leftOpen(rules, harm(known(judged, claim), Optional.ofNullable(adjusted.get(claim)), level))));
        checks.addAll(suspicions(policy, found));
        for (Claim claim : policy.observed(found.task())) {
            Judged seen = Judged.of(claim, found.measured(claim));
            checks.add(new Check(
                    Kind.OBSERVED,
                    claim.toString(),
                    Optional.of(seen),
                    Optional.empty(),
                    seen.verdict(),
                    Action.OBSERVE,
                    seen.reason()));
        }
        return checks;
    }

    private static Action stricter(Action one, Action other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /** The chances of harm of everything that could block, corrected together. */
    private static Map<Claim, Double> adjusted(Map<Claim, Action> proofs, Map<Claim, Judged> judged) {
        List<Claim> family = judged.keySet().stream()
                .filter(claim -> proofs.getOrDefault(claim, Action.ENFORCE) != Action.OBSERVE)
                .filter(claim -> known(judged, claim).chanceIfHarmless().isPresent())
                .toList();
        Map<Claim, Double> adjusted = new LinkedHashMap<>();
        if (!family.isEmpty()) {
            double[] corrected = Holm.adjust(family.stream()
                    .mapToDouble(
                            claim -> known(judged, claim).chanceIfHarmless().orElseThrow())
                    .toArray());
            for (int i = 0; i < corrected.length; i++) {
                adjusted.put(family.get(i), corrected[i]);
            }
        }
        return adjusted;
    }

    private static Judged known(Map<Claim, Judged> judged, Claim claim) {
        return Optional.ofNullable(judged.get(claim)).orElseThrow();
    }

    private static Check proof(Judged judged, Optional<Double> adjusted, double level, Action action) {
        boolean isHarm = adjusted.map(chance -> chance <= level).orElse(judged.verdict() == Verdict.HARM);
        boolean isDoubtful = !isHarm && judged.verdict() == Verdict.HARM;
        Verdict verdict = isHarm ? Verdict.HARM : isDoubtful ? Verdict.INCONCLUSIVE : judged.verdict();
        return new Check(
                Kind.PROOF,
                judged.claim().toString(),
                Optional.of(judged),
                adjusted,
                verdict,
                action,
                isDoubtful
                        ? "it looks harmful, which is not proved once all checks are counted"
                        : isHarm ? "proved harm" : judged.reason());
    }

    private static Check harm(Judged judged, Optional<Double> adjusted, double level) {
        Verdict verdict = adjusted.map(chance -> chance <= level ? Verdict.HARM : Verdict.PASS)
                .orElse(Verdict.ERROR);
        return new Check(
                Kind.HARM,
                "no harm: " + judged.claim(),
                Optional.of(judged),
                adjusted,
                verdict,
                Action.ENFORCE,
                switch (verdict) {
                    case HARM -> "proved harm";
                    case PASS -> "no harm is proved";
                    case ERROR, INCONCLUSIVE -> judged.reason();
                });
    }

    /** A check that had too few rows to judge, where the policy lets that be an open question. */
    private static Check leftOpen(EvidenceRules rules, Check check) {
        boolean isOpen = rules.isTooFewOpen()
                && check.verdict() == Verdict.ERROR
                && check.judged().filter(Gates::hadTooFew).isPresent();
        return isOpen
                ? new Check(
                        check.kind(),
                        check.name(),
                        check.judged(),
                        check.harmAdjusted(),
                        Verdict.INCONCLUSIVE,
                        check.action(),
                        check.reason())
                : check;
    }

    private static boolean hadTooFew(Judged judged) {
        return judged.measured().rows() < judged.claim().leastRows()
                || judged.measured().rarer() < judged.claim().leastRarer()
                || judged.measured().clusters() < 2;
    }

    /** Against the constant model any good candidate improves suspiciously; so only against a champion. */
    private static List<Check> suspicions(Policy policy, Evaluation found) {
        if (found.isFirstRelease()) {
            return List.of();
        }
        List<Check> checks = new ArrayList<>();
        for (Prohibition.SuspiciousImprovement suspicion : policy.suspicions(found.task())) {
            Claim claim = policy.claimOf(suspicion);
            Judged judged = Judged.of(claim, found.measured(claim));
            Verdict verdict = switch (judged.verdict()) {
                case PASS -> Verdict.HARM;
                case INCONCLUSIVE, HARM -> Verdict.PASS;
                case ERROR -> Verdict.ERROR;
            };
            checks.add(new Check(
                    Kind.SUSPICION,
                    "no suspicious improvement: " + suspicion.metric() + " by more than " + suspicion.moreThan(),
                    Optional.of(judged),
                    Optional.empty(),
                    verdict,
                    Action.ENFORCE,
                    switch (verdict) {
                        case HARM -> "too good to be true: look for leakage";
                        case PASS -> "believable";
                        case ERROR, INCONCLUSIVE -> judged.reason();
                    }));
        }
        return checks;
    }
}
