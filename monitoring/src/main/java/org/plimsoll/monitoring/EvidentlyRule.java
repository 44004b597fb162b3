package org.plimsoll.monitoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Verdict;
import org.plimsoll.monitoring.ComparedColumn.Kind;
import org.plimsoll.monitoring.ComparedColumn.Statistic;
import org.plimsoll.statistics.AndersonDarling;
import org.plimsoll.statistics.CramerVonMises;
import org.plimsoll.statistics.EppsSingleton;
import org.plimsoll.statistics.Evidently;
import org.plimsoll.statistics.KolmogorovSmirnov;
import org.plimsoll.statistics.TestResult;

/**
 * The scores and default thresholds of Evidently 0.7, for people who compare or migrate; {@link Evidently} has the formulas and what is
 * wrong with some. A column's verdict is that of the statistic Evidently chooses by itself; a table has drifted when half of its columns have.
 */
record EvidentlyRule() implements DriftRule {

    private static final double DRIFTED_SHARE = 0.5;
    private static final int FEW = 10;

    @Override
    public String name() {
        return "evidently";
    }

    @Override
    public int mostWholeCategories() {
        return FEW;
    }

    @Override
    public ComparedColumn numbers(String name, double[] reference, double[] current, int columns) {
        double[] first = present(reference);
        double[] second = present(current);
        Scores scores = new Scores();
        scores.test("ks", 0.05, () -> KolmogorovSmirnov.test(first, second));
        scores.distance("wasserstein", () -> Evidently.wasserstein(first, second));
        scores.distance("psi", () -> Evidently.psi(first, second));
        scores.distance("jensenshannon", () -> Evidently.jensenshannon(first, second));
        scores.distance("kl_div", () -> Evidently.klDiv(first, second));
        scores.distance("hellinger", () -> Evidently.hellinger(first, second));
        scores.test("anderson", 0.1, () -> AndersonDarling.test(first, second));
        scores.test("cramer_von_mises", 0.1, () -> {
            double pValue = Evidently.cramerVonMises(first, second);
            return new TestResult(CramerVonMises.test(first, second).statistic(), pValue);
        });
        scores.distance("ed", () -> Evidently.ed(first, second));
        scores.test("es", 0.05, () -> EppsSingleton.test(first, second));
        scores.probability("mannw", 0.05, () -> Evidently.mannw(first, second));
        scores.probability("t_test", 0.05, () -> Evidently.tTest(first, second));
        long distinct = distinct(first, second);
        return scores.column(
                name,
                Kind.NUMBER,
                Evidently.defaultStatistic(true, first.length, distinct).label());
    }

    @Override
    public ComparedColumn categories(String name, Categories reference, Categories current, int columns) {
        long[][] counts = Categories.aligned(reference.counts(), current.counts());
        Scores scores = new Scores();
        scores.probability("chisquare", 0.05, () -> Evidently.chisquare(counts[0], counts[1]));
        scores.probability("z", 0.05, () -> Evidently.z(counts[0], counts[1]));
        scores.distance("jensenshannon", () -> Evidently.jensenshannon(counts[0], counts[1]));
        scores.distance("psi", () -> Evidently.psi(counts[0], counts[1]));
        scores.distance("kl_div", () -> Evidently.klDiv(counts[0], counts[1]));
        scores.distance("hellinger", () -> Evidently.hellinger(counts[0], counts[1]));
        scores.probability("g_test", 0.1, () -> Evidently.gTest(counts[0], counts[1]));
        scores.probability("fisher_exact", 0.1, () -> Evidently.fisherExact(counts[0], counts[1]));
        long rows = LongStream.of(counts[0]).sum();
        return scores.column(
                name,
                Kind.CATEGORY,
                Evidently.defaultStatistic(false, rows, counts[0].length).label());
    }

    /** Scores as they come; one that does not exist for these values is left out. */
    private static final class Scores {
        private final List<Statistic> all = new ArrayList<>();

        void distance(String name, Supplier<Double> score) {
            add(() -> {
                double value = score.get();
                return new Statistic(name, value, Optional.empty(), Optional.of(0.1), value >= 0.1);
            });
        }

        void probability(String name, double bound, Supplier<Double> score) {
            add(() -> {
                double value = score.get();
                return new Statistic(name, value, Optional.empty(), Optional.of(bound), value < bound);
            });
        }

        void test(String name, double bound, Supplier<TestResult> score) {
            add(() -> {
                TestResult result = score.get();
                return new Statistic(
                        name,
                        result.pValue(),
                        Optional.of(result.statistic()),
                        Optional.of(bound),
                        result.pValue() <= bound);
            });
        }

        private void add(Supplier<Statistic> statistic) {
            try {
                all.add(statistic.get());
            } catch (Problem undefined) {
                // Evidently has no such score for these values either
            }
        }

        ComparedColumn column(String name, Kind kind, String chosen) {
            Optional<Statistic> decisive =
                    all.stream().filter(it -> it.name().equals(chosen)).findFirst();
            return decisive.map(it -> new ComparedColumn(
                            name, kind, it.crossed() ? Verdict.HARM : Verdict.PASS, all, Optional.of("by " + chosen)))
                    .orElseGet(() -> new ComparedColumn(
                            name, kind, Verdict.ERROR, all, Optional.of(chosen + " does not exist for these values")));
        }
    }

    private static double[] present(double[] values) {
        return Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
    }

    /** Distinct values of both together, or a few more than matter. */
    private static long distinct(double[] reference, double[] current) {
        return java.util.stream.DoubleStream.concat(Arrays.stream(reference), Arrays.stream(current))
                .distinct()
                .limit(FEW)
                .count();
    }

    @Override
    public Verdict verdict(List<ComparedColumn> columns) {
        long broken =
                columns.stream().filter(it -> it.verdict() == Verdict.ERROR).count();
        long drifted =
                columns.stream().filter(it -> it.verdict() == Verdict.HARM).count();
        if (columns.isEmpty() || broken > 0) {
            return Verdict.ERROR;
        }
        return drifted >= DRIFTED_SHARE * columns.size() ? Verdict.HARM : Verdict.PASS;
    }
}
