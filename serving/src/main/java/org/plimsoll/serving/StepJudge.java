package org.plimsoll.serving;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.plimsoll.core.Verdict;
import org.plimsoll.gates.RolloutPlan;
import org.plimsoll.statistics.CountProcess;
import org.plimsoll.statistics.PairedLosses;

/**
 * What the evidence of a step means, and what follows. Pure: the same counts and the same plan give the same answer for ever.
 *
 * <p>Two one-sided e-processes run on the same counts: one against "not worse than tolerated", one against "worse than the limit
 * to be proved". Each may be looked at after every row; its error stays below the level (Ville's inequality), so looking often
 * costs nothing. Shadows compare the same rows (betting on paired 0/1 losses), canaries count adverse events of two arms that
 * run at the same time ({@link CountProcess}).
 */
final class StepJudge {

    /** What follows. */
    enum Decision {
        /** Wait for more. */
        STAY,
        /** Proved: the next step. */
        ADVANCE,
        /** Harm: the candidate is withdrawn. */
        ROLL_BACK,
        /** The deadline has come without a proof: a person must look. */
        PAUSE
    }

    /** Level of the shadow's two processes where the plan has no guardrail to name one. */
    private static final double USUAL_LEVEL = 0.05;

    private StepJudge() {}

    /** Judges paired rows against the plan of a shadow. */
    static StepEvidence shadow(
            RolloutPlan plan, StepEvidence.Pairs pairs, long waiting, long withoutOutcome, Instant now) {
        RolloutPlan.Shadow shadow = plan.shadow().orElseThrow();
        long equal = pairs.rows() - pairs.candidateOnly() - pairs.championOnly();
        PairedLosses losses = new PairedLosses(pairs.candidateOnly(), equal, pairs.championOnly());
        double harm = losses.logEvidenceOfHarm(shadow.tolerate().value());
        double safe = losses.logEvidenceOfNonInferiority(shadow.proveBelow().value());
        double needed = needed(plan);
        Verdict verdict = verdict(harm, safe, needed, pairs.rows(), pairs.rows(), withoutOutcome);
        return new StepEvidence(0, pairs, List.of(), waiting, withoutOutcome, harm, safe, needed, verdict, now);
    }

    /** Judges the counts of all canary steps so far. */
    static StepEvidence canary(
            RolloutPlan plan,
            int step,
            List<StepEvidence.Stratum> strata,
            long waiting,
            long withoutOutcome,
            Instant now) {
        RolloutPlan.Guardrail guardrail = plan.guardrail().orElseThrow();
        List<CountProcess.Stratum> counts = strata.stream()
                .map(stratum ->
                        new CountProcess.Stratum(stratum.share(), stratum.candidateEvents(), stratum.championEvents()))
                .toList();
        double harm = new CountProcess(CountProcess.Side.HARM, guardrail.tolerateRatio()).logE(counts);
        double safe = new CountProcess(CountProcess.Side.SAFE, guardrail.proveBelow()).logE(counts);
        double needed = needed(plan);
        long candidateRows =
                strata.stream().mapToLong(StepEvidence.Stratum::candidateRows).sum();
        long championRows =
                strata.stream().mapToLong(StepEvidence.Stratum::championRows).sum();
        Verdict verdict = verdict(
                harm,
                safe,
                needed,
                Math.min(candidateRows, championRows),
                candidateRows + championRows,
                withoutOutcome);
        return new StepEvidence(
                step, StepEvidence.Pairs.NONE, strata, waiting, withoutOutcome, harm, safe, needed, verdict, now);
    }

    /**
     * HARM before anything else; without a single row in both arms it is ERROR, never PASS; and where more than a tenth of the
     * mature rows never got an outcome nothing is proved, since those that are missing may be the bad ones.
     *
     * @param rows of the smaller arm
     * @param known rows of both whose truth is known
     */
    private static Verdict verdict(
            double logHarm, double logSafe, double needed, long rows, long known, long withoutOutcome) {
        if (rows == 0 || Double.isNaN(logHarm) || Double.isNaN(logSafe)) {
            return Verdict.ERROR;
        }
        if (logHarm >= needed) {
            return Verdict.HARM;
        }
        boolean isWhole = withoutOutcome <= (known + withoutOutcome) / 10;
        return logSafe >= needed && isWhole ? Verdict.PASS : Verdict.INCONCLUSIVE;
    }

    private static double needed(RolloutPlan plan) {
        double level = plan.guardrail().map(RolloutPlan.Guardrail::levelOrUsual).orElse(USUAL_LEVEL);
        return -Math.log(level);
    }

    /** What follows for a rollout in its present step. Only a proof advances it, and never before its time. */
    static Decision decide(Rollout rollout, StepEvidence evidence) {
        Duration least;
        Duration most;
        boolean enough;
        if (rollout.state() == RolloutState.SHADOW) {
            RolloutPlan.Shadow shadow = rollout.plan().shadow().orElseThrow();
            least = shadow.min().length();
            most = shadow.deadline().length();
            enough = evidence.pairs().rows() >= shadow.rows();
        } else {
            RolloutPlan.Canary canary = rollout.plan().canary().get(rollout.step());
            least = canary.min().length();
            most = canary.deadline().length();
            enough = evidence.strata().stream()
                    .anyMatch(stratum -> stratum.share() == canary.share().value() && stratum.candidateRows() > 0);
        }
        Duration spent = Duration.between(rollout.stepStartedAt(), evidence.judgedAt());
        if (evidence.verdict() == Verdict.HARM) {
            return Decision.ROLL_BACK;
        }
        if (evidence.verdict() == Verdict.PASS && enough && spent.compareTo(least) >= 0) {
            return Decision.ADVANCE;
        }
        return spent.compareTo(most) >= 0 ? Decision.PAUSE : Decision.STAY;
    }
}
