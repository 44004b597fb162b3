package org.plimsoll.statistics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Anytime-valid inference against confseq and SciPy (src/test/reference/sequential.py). */
class SequentialReferenceTest {

    @TestFactory
    List<DynamicTest> sequential_referenceInputs_equalOutsideValues() {
        Map<String, Function<Given, double[]>> functions = new HashMap<>();
        functions.put("bounded_mean", g -> {
            BoundedMeanProcess process = new BoundedMeanProcess(g.number("null_mean"));
            for (double x : g.numbers("x")) {
                process.add(x);
            }
            return new double[] {process.logE()};
        });
        functions.put("paired_losses", g -> {
            PairedLosses losses = new PairedLosses(g.count("worse"), g.count("equal"), g.count("better"));
            return new double[] {
                losses.logEvidenceOfHarm(g.number("margin")), losses.logEvidenceOfNonInferiority(g.number("margin"))
            };
        });
        functions.put("count_process", g -> {
            List<CountProcess.Stratum> strata = new ArrayList<>();
            for (int i = 0; i < g.numbers("shares").length; i++) {
                strata.add(new CountProcess.Stratum(
                        g.numbers("shares")[i], g.counts("canary")[i], g.counts("champion")[i]));
            }
            CountProcess process = new CountProcess(CountProcess.Side.valueOf(g.text("side")), g.number("null_ratio"));
            return new double[] {process.logE(strata)};
        });
        functions.put("two_arm_mean", g -> {
            TwoArmMeanProcess process = new TwoArmMeanProcess(g.number("tolerated"));
            for (int i = 0; i < g.numbers("x").length; i++) {
                process.add(g.booleans("canary")[i], g.numbers("x")[i], g.number("share"));
            }
            return new double[] {process.logE()};
        });
        functions.put("normal_mixture", g -> new double[] {
            ConfidenceSequence.normalMixture(g.number("variance"), g.number("tuned_to"), g.number("level"))
        });
        functions.put("one_sided_normal_mixture", g -> new double[] {
            ConfidenceSequence.oneSidedNormalMixture(g.number("variance"), g.number("tuned_to"), g.number("level"))
        });
        functions.put(
                "bernoulli_sequence",
                g -> bounds(ConfidenceSequence.bernoulli(
                        g.number("successes"), g.count("trials"), g.number("level"), g.number("tuned_to"))));
        functions.put(
                "asymptotic_sequence",
                g -> bounds(ConfidenceSequence.asymptotic(
                        Moments.of(g.numbers("x")), g.number("level"), g.number("tuned_to"))));
        functions.put("moments", g -> {
            Moments moments = Moments.NONE;
            for (double x : g.numbers("x")) {
                moments = moments.add(x);
            }
            return new double[] {moments.mean(), moments.populationVariance(), moments.sampleVariance()};
        });
        functions.put("empirical_bernstein", g -> {
            EmpiricalBernstein sequence = EmpiricalBernstein.start(g.number("level"));
            for (double x : g.numbers("x")) {
                sequence = sequence.add(x);
            }
            return bounds(sequence.interval());
        });
        functions.put("e_average", g -> new double[] {EValues.average(g.numbers("log_e"))});
        functions.put("e_bh", g -> zeroOne(EValues.benjaminiHochberg(g.numbers("log_e"), g.number("level"))));
        functions.put("e_bonferroni", g -> zeroOne(EValues.bonferroni(g.numbers("log_e"), g.number("level"))));
        functions.put("e_detector", g -> {
            EDetector detector = EDetector.start(1000);
            for (double log : g.numbers("log_e")) {
                detector = detector.next(log);
            }
            return new double[] {detector.logM()};
        });
        functions.put("dirichlet_multinomial", g -> new double[] {
            WindowNull.logLikelihood(g.counts("counts"), g.number("concentration"), g.numbers("shares"))
        });
        return References.check("sequential", functions);
    }

    private static double[] bounds(ConfidenceSequence sequence) {
        return new double[] {sequence.lower(), sequence.upper()};
    }

    private static double[] zeroOne(boolean[] flags) {
        double[] numbers = new double[flags.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = flags[i] ? 1 : 0;
        }
        return numbers;
    }
}
