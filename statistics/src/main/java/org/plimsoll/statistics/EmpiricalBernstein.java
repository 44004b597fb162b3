package org.plimsoll.statistics;

import org.plimsoll.core.Problem;

/**
 * A confidence sequence for the mean of numbers in [0, 1] that adapts to their variance: predictable plug-in empirical Bernstein
 * (confseq {@code predmix_empbern_twosided_cs}).
 *
 * <p>Formula [1], each side at α/2: {@code Σλx/Σλ ± (ln(2/α) + Σ(x − mean before)²·ψ(λ))/Σλ}, {@code ψ(λ) = −ln(1 − λ) − λ},
 * {@code λ_t = min(½, √(2 ln(2/α)/(s²_{t−1}·t·ln(1 + t))))}. λ depends on what came before, so the state can be stored and continued
 * but not merged; for shards use {@link ConfidenceSequence#bernoulli}. O(1) a step.
 *
 * <p>[1] I. Waudby-Smith, A. Ramdas, J. Royal Statistical Society B 86, 2024.
 *
 * @param level α of both sides together
 * @param count observations so far
 * @param sum Σx
 * @param squares Σ(x − regularised mean)², from the mean after each observation
 * @param bets Σλ
 * @param weighted Σλx
 * @param penalty Σ(x − mean before)²·ψ(λ), around the lower side's running mean
 * @param penaltyAbove the same for 1 − x
 */
public record EmpiricalBernstein(
        double level,
        long count,
        double sum,
        double squares,
        double bets,
        double weighted,
        double penalty,
        double penaltyAbove) {

    public EmpiricalBernstein {
        Inputs.fraction("level", level);
        Inputs.count("count", count);
        Inputs.notNegative("sum", sum);
        Inputs.notNegative("squares", squares);
        Inputs.notNegative("bets", bets);
        Inputs.notNegative("weighted", weighted);
        Inputs.notNegative("penalty", penalty);
        Inputs.notNegative("penalty_above", penaltyAbove);
    }

    /** Before the first observation. */
    public static EmpiricalBernstein start(double level) {
        return new EmpiricalBernstein(level, 0, 0, 0, 0, 0, 0, 0);
    }

    /** After one more observation, in [0, 1]. */
    public EmpiricalBernstein add(double x) {
        if (!(x >= 0 && x <= 1)) {
            throw Problem.invalid("x", x, "a number from 0 to 1");
        }
        long t = count + 1;
        double variance = (0.25 + squares) / t;
        double bet = Math.min(0.5, Math.sqrt(2 * Math.log(2 / level) / (t * Math.log1p(t) * variance)));
        double psi = -Math.log1p(-bet) - bet;
        double before = count == 0 ? 0 : sum / count;
        double beforeAbove = count == 0 ? 0 : 1 - before;
        double mean = (0.5 + sum + x) / (t + 1);
        return new EmpiricalBernstein(
                level,
                t,
                sum + x,
                squares + (x - mean) * (x - mean),
                bets + bet,
                weighted + bet * x,
                penalty + (x - before) * (x - before) * psi,
                penaltyAbove + (1 - x - beforeAbove) * (1 - x - beforeAbove) * psi);
    }

    /** The interval now, inside [0, 1]; all of [0, 1] before the first observation. */
    public ConfidenceSequence interval() {
        if (count == 0) {
            return new ConfidenceSequence(0, 1);
        }
        double limit = Math.log(2 / level);
        double lower = Math.max(0, (weighted - limit - penalty) / bets);
        double upper = 1 - Math.max(0, (bets - weighted - limit - penaltyAbove) / bets);
        return new ConfidenceSequence(lower, upper);
    }
}
