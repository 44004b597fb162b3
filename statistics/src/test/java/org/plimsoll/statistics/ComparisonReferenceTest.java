package org.plimsoll.statistics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Paired comparisons against statsmodels, SciPy, MLstatkit and brute force (src/test/reference/comparison.py). */
class ComparisonReferenceTest {

    @TestFactory
    List<DynamicTest> comparison_referenceInputs_equalOutsideValues() {
        Map<String, Function<Given, double[]>> functions = new HashMap<>();
        functions.put("influence_accuracy", g -> decisions(g).accuracy().values());
        functions.put("influence_precision", g -> decisions(g).precision().values());
        functions.put("influence_recall", g -> decisions(g).recall().values());
        functions.put("influence_specificity", g -> decisions(g).specificity().values());
        functions.put("influence_flagged_rate", g -> decisions(g).flaggedRate().values());
        functions.put(
                "influence_balanced_accuracy",
                g -> decisions(g).balancedAccuracy().values());
        functions.put("influence_separation", g -> decisions(g).separation().values());
        functions.put("influence_f_beta", g -> decisions(g).fBeta(2).values());
        functions.put("influence_lift", g -> decisions(g).lift().values());
        functions.put("influence_mcc", g -> decisions(g).matthewsCorrelation().values());
        functions.put(
                "influence_auc",
                g -> Placements.influence(g.numbers("scores"), g.booleans("positive"), g.numbers("weights"))
                        .values());
        functions.put(
                "influence_ratio",
                g -> Influence.ratio(g.numbers("numerators"), g.numbers("denominators"), g.numbers("weights"))
                        .values());
        functions.put("influence_mean", g -> mean(g).values());
        functions.put("influence_log", g -> mean(g).logarithm().values());
        functions.put("influence_rmse", g -> mean(g).squareRoot().values());
        functions.put(
                "influence_r2",
                g -> Influence.rSquared(g.numbers("actual"), g.numbers("predicted"), g.numbers("weights"))
                        .values());
        functions.put("cluster_t", g -> {
            PairedDifference difference = clusterRobust(g);
            return new double[] {
                difference.difference(),
                difference.standardError(),
                difference.lower(0.95),
                difference.upper(0.95),
                difference.pValue()
            };
        });
        functions.put("cluster_t_bound", g -> {
            PairedDifference difference = clusterRobust(g);
            return new double[] {difference.pValueAbove(g.number("above")), difference.pValueBelow(g.number("below"))};
        });
        functions.put("delong", g -> {
            PairedDifference difference =
                    DeLong.compare(g.numbers("candidate"), g.numbers("champion"), g.booleans("positive"));
            return new double[] {
                difference.candidate(),
                difference.champion(),
                difference.difference(),
                difference.standardError(),
                difference.pValue()
            };
        });
        functions.put("delong_standard_error", g ->
                new double[] {DeLong.standardError(g.numbers("scores"), g.booleans("positive"))});
        functions.put("delong_clustered", g -> {
            PairedDifference difference = DeLong.clustered(
                    g.numbers("candidate"),
                    g.numbers("champion"),
                    g.booleans("positive"),
                    g.numbers("weights"),
                    Clusters.of(g.counts("groups")));
            return new double[] {difference.difference(), difference.standardError()};
        });
        functions.put("tango_interval", g -> {
            Tango tango = tango(g);
            return new double[] {tango.difference(), tango.lower(0.95), tango.upper(0.95)};
        });
        functions.put("tango_p", g -> {
            Tango tango = tango(g);
            return new double[] {tango.pValueAbove(g.number("bound")), tango.pValueBelow(g.number("bound"))};
        });
        functions.put("mcnemar_exact", g ->
                new double[] {McNemar.exact(g.whole("candidate_only"), g.whole("champion_only"))});
        functions.put(
                "mcnemar_mid_p", g -> new double[] {McNemar.midP(g.whole("candidate_only"), g.whole("champion_only"))});
        functions.put("holm", g -> Holm.adjust(g.numbers("p_values")));
        functions.put("benjamini_hochberg", g -> BenjaminiHochberg.adjust(g.numbers("p_values")));
        functions.put("power", g -> new double[] {
            Power.of(g.number("standard_error"), g.number("margin"), g.number("difference"), g.number("level"))
        });
        functions.put("units_needed", g -> new double[] {
            Power.unitsNeeded(
                    g.number("deviation"),
                    g.number("margin"),
                    g.number("difference"),
                    g.number("level"),
                    g.number("power"))
        });
        functions.put("provable_margin", g -> new double[] {
            Power.provableMargin(
                    g.number("deviation"),
                    g.number("difference"),
                    g.count("units"),
                    g.number("level"),
                    g.number("power"))
        });
        functions.put("deviation_of_paired_proportions", g ->
                new double[] {Power.deviationOfPairedProportions(g.number("discordance"), g.number("difference"))});
        functions.put("deviation_of_auc", g -> new double[] {
            Power.standardErrorOfAuc(
                    g.number("candidate"),
                    g.number("champion"),
                    g.number("correlation"),
                    g.count("positives"),
                    g.count("negatives"))
        });
        functions.put("growth_of_pairs", g ->
                new double[] {Power.growthOfPairs(g.number("worse"), g.number("better"), g.number("tolerated"))});
        functions.put("growth_of_counts", g -> new double[] {
            Power.growthOfCounts(
                    CountProcess.Side.valueOf(g.text("side")),
                    g.number("share"),
                    g.number("null_ratio"),
                    g.number("ratio"))
        });
        functions.put("poisson_weights", g -> {
            PoissonWeights weights = new PoissonWeights(g.count("seed"));
            List<Double> drawn = new ArrayList<>();
            for (int replicate : g.wholes("replicates")) {
                for (long key : g.counts("keys")) {
                    drawn.add((double) weights.of(replicate, key));
                }
            }
            return drawn.stream().mapToDouble(Double::doubleValue).toArray();
        });
        functions.put("bootstrap_error", g ->
                new double[] {new BootstrapReplicates(0, g.numbers("replicates")).standardError()});
        return References.check("comparison", functions);
    }

    private static ConfusionInfluence decisions(Given g) {
        return ConfusionInfluence.at(
                g.numbers("scores"), g.booleans("positive"), g.numbers("weights"), g.number("threshold"));
    }

    private static Influence mean(Given g) {
        return Influence.mean(g.numbers("rows"), g.numbers("weights"));
    }

    private static PairedDifference clusterRobust(Given g) {
        double[] weights = g.numbers("weights");
        return ClusterRobust.compare(
                Influence.mean(g.numbers("candidate"), weights),
                Influence.mean(g.numbers("champion"), weights),
                weights,
                Clusters.of(g.counts("groups")));
    }

    private static Tango tango(Given g) {
        return new Tango(g.count("candidate_only"), g.count("champion_only"), g.count("rows"));
    }
}
