package org.plimsoll.statistics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Drift against SciPy, NumPy, scikit-learn, Evidently and NannyML (src/test/reference, *drift.py). */
class DriftReferenceTest {

    @TestFactory
    List<DynamicTest> drift_referenceInputs_equalSciPy() {
        Map<String, Function<Given, double[]>> functions = new HashMap<>();
        functions.put("jensen_shannon", ofCounts(JensenShannon::distance));
        functions.put("hellinger", ofCounts(Hellinger::distance));
        functions.put("total_variation", ofCounts(TotalVariation::distance));
        functions.put("l_infinity", ofCounts(LInfinity::distance));
        functions.put("psi", ofCounts(Psi::of));
        functions.put("kullback_leibler", ofNumbers(KullbackLeibler::of));
        functions.put("chi_square", g -> result(ChiSquare.homogeneity(g.counts("reference"), g.counts("current"))));
        functions.put(
                "chi_square_corrected", g -> result(ChiSquare.corrected(g.counts("reference"), g.counts("current"))));
        functions.put(
                "chi_square_goodness_of_fit",
                g -> result(ChiSquare.goodnessOfFit(g.counts("reference"), g.counts("current"))));
        functions.put("ks", g -> result(KolmogorovSmirnov.test(reference(g), current(g))));
        functions.put("ks_asymptotic", g -> result(KolmogorovSmirnov.asymptotic(reference(g), current(g))));
        functions.put("wasserstein", ofNumbers(Wasserstein::distance));
        functions.put("scaled_wasserstein", ofNumbers(Wasserstein::scaled));
        functions.put("energy", ofNumbers(Evidently::ed));
        functions.put("cramer_von_mises", g -> result(CramerVonMises.test(reference(g), current(g))));
        functions.put("cramer_von_mises_exact", g -> result(CramerVonMises.exact(reference(g), current(g))));
        functions.put("anderson_darling", g -> result(AndersonDarling.test(reference(g), current(g))));
        functions.put("epps_singleton", g -> result(EppsSingleton.test(reference(g), current(g))));
        functions.put("quantile_bins", g -> {
            QuantileBins bins = QuantileBins.of(reference(g), 10);
            return DoubleStream.concat(
                            Arrays.stream(bins.edges()),
                            LongStream.concat(
                                            Arrays.stream(bins.counts(reference(g))),
                                            Arrays.stream(bins.counts(current(g))))
                                    .asDoubleStream())
                    .toArray();
        });
        functions.put("sturges", g -> {
            double[] sorted = sorted(g);
            return Arrays.stream(sturges(sorted).countsOfSorted(sorted))
                    .asDoubleStream()
                    .toArray();
        });
        functions.put("sturges_edges", g -> sturges(sorted(g)).edges());
        functions.put(
                "doane_edges", g -> WidthBins.doane(g.numbers("values"), false).edges());
        functions.put("pca_reconstruction", g -> {
            PcaReconstruction pca = PcaReconstruction.fit(g.table("reference"), g.number("share"));
            double[][] rows = g.table("rows");
            return DoubleStream.concat(
                            DoubleStream.of(pca.components().length, pca.meanError(rows)),
                            Arrays.stream(rows).mapToDouble(pca::error))
                    .toArray();
        });
        functions.put("noise_jensen_shannon", g -> new double[] {
            Noise.jensenShannon(g.count("reference_rows"), g.count("current_rows"), g.whole("bins"), g.number("level"))
        });
        functions.put("noise_kolmogorov_smirnov", g -> new double[] {
            Noise.kolmogorovSmirnov(g.count("reference_rows"), g.count("current_rows"), g.number("level"))
        });
        return References.check("drift", functions);
    }

    @TestFactory
    List<DynamicTest> evidently_referenceInputs_equalEvidently() {
        Map<String, Function<Given, double[]>> functions = new HashMap<>();
        functions.put("ks", ofNumbers(Evidently::ks));
        functions.put("wasserstein", ofNumbers(Evidently::wasserstein));
        functions.put("psi", ofNumbers(Evidently::psi));
        functions.put("jensenshannon", ofNumbers(Evidently::jensenshannon));
        functions.put("kl_div", ofNumbers(Evidently::klDiv));
        functions.put("hellinger", ofNumbers(Evidently::hellinger));
        functions.put("ed", ofNumbers(Evidently::ed));
        functions.put("anderson", ofNumbers(Evidently::anderson));
        functions.put("cramer_von_mises", ofNumbers(Evidently::cramerVonMises));
        functions.put("es", ofNumbers(Evidently::es));
        functions.put("mannw", ofNumbers(Evidently::mannw));
        functions.put("t_test", ofNumbers(Evidently::tTest));
        functions.put("psi_of_categories", ofCounts(Evidently::psi));
        functions.put("jensenshannon_of_categories", ofCounts(Evidently::jensenshannon));
        functions.put("kl_div_of_categories", ofCounts(Evidently::klDiv));
        functions.put("hellinger_of_categories", ofCounts(Evidently::hellinger));
        functions.put("chisquare_of_categories", ofCounts(Evidently::chisquare));
        functions.put("z_of_categories", ofCounts(Evidently::z));
        functions.put("g_test_of_categories", ofCounts(Evidently::gTest));
        functions.put("fisher_exact", ofCounts(Evidently::fisherExact));
        functions.put("default", g -> new double[] {
            List.of("ks", "chisquare", "z", "wasserstein", "jensenshannon")
                    .indexOf(Evidently.defaultStatistic(g.flag("numeric"), g.count("rows"), g.count("distinct"))
                            .label())
        });
        return References.check("evidently", functions);
    }

    @TestFactory
    List<DynamicTest> nannyMl_referenceInputs_equalNannyMl() {
        Map<String, Function<Given, double[]>> functions = new HashMap<>();
        functions.put("jensen_shannon", ofChunks(NannyMl::jensenShannon));
        functions.put("hellinger", ofChunks(NannyMl::hellinger));
        functions.put("kolmogorov_smirnov", ofChunks(NannyMl::kolmogorovSmirnov));
        functions.put("wasserstein", ofChunks(NannyMl::wasserstein));
        functions.put("jensen_shannon_of_categories", g ->
                new double[] {NannyMl.jensenShannon(g.counts("reference"), g.counts("chunk"))});
        functions.put("hellinger_of_categories", g ->
                new double[] {NannyMl.hellinger(g.counts("reference"), g.counts("chunk"))});
        functions.put("l_infinity_of_categories", g ->
                new double[] {NannyMl.lInfinity(g.counts("reference"), g.counts("chunk"))});
        functions.put("chi2", g -> new double[] {
            NannyMl.chi2(g.counts("reference"), g.counts("chunk")).statistic()
        });
        functions.put("thresholds", g -> NannyMl.thresholds(g.numbers("values"), 3));
        return References.check("nannyml", functions);
    }

    private static WidthBins sturges(double[] sorted) {
        return WidthBins.sturges(sorted[0], sorted[sorted.length - 1], sorted.length, false);
    }

    private static double[] sorted(Given g) {
        double[] sorted = g.numbers("values").clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static double[] result(TestResult result) {
        return new double[] {result.statistic(), result.pValue()};
    }

    private static Function<Given, double[]> ofCounts(ToDoubleBiFunction<long[], long[]> distance) {
        return g -> new double[] {distance.applyAsDouble(g.counts("reference"), g.counts("current"))};
    }

    private static Function<Given, double[]> ofNumbers(ToDoubleBiFunction<double[], double[]> distance) {
        return g -> new double[] {distance.applyAsDouble(reference(g), current(g))};
    }

    private static Function<Given, double[]> ofChunks(ToDoubleBiFunction<double[], double[]> distance) {
        return g -> new double[] {distance.applyAsDouble(reference(g), g.numbers("chunk"))};
    }

    private static double[] reference(Given g) {
        double[] reference = g.numbers("reference");
        if (g.has("appended")) {
            reference = Arrays.copyOf(reference, reference.length + 1);
            reference[reference.length - 1] = g.number("appended");
        }
        return reference;
    }

    private static double[] current(Given g) {
        return g.numbers("current");
    }
}
