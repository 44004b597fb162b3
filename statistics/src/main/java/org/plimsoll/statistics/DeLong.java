package org.plimsoll.statistics;

/**
 * Paired comparison of two areas under the ROC curve on the same rows.
 *
 * <p>Formula [1]: {@code Var(AUC_c − AUC_b) = var(V₁₀ᶜ − V₁₀ᵇ)/m + var(V₀₁ᶜ − V₀₁ᵇ)/n} over m positives and n negatives, V being
 * {@link Placements}, sample variances with m − 1 and n − 1; referred to the normal law. Assumes independent rows and at least
 * two rows of each class. {@link #clustered} sums influence values by cluster instead and allows any correlation inside one.
 * O(n log n), about 40 bytes a row.
 *
 * <p>[1] E. DeLong, D. DeLong, D. Clarke-Pearson, Biometrics 44, 1988.
 */
public final class DeLong {

    private DeLong() {}

    /** Compares the scores of two models on the same unweighted, independent rows. */
    public static PairedDifference compare(double[] candidate, double[] champion, boolean[] positive) {
        Inputs.sameLength("champion", champion.length, "candidate", candidate.length);
        Placements first = Placements.of(candidate, positive);
        Placements second = Placements.of(champion, positive);
        double centre = first.auc() - second.auc();
        double[] differences = first.values();
        subtract(differences, second.values());
        double variance = variance(differences, centre, positive);
        return new PairedDifference(
                first.auc(),
                second.auc(),
                centre,
                Math.sqrt(variance),
                Double.POSITIVE_INFINITY,
                positive.length,
                positive.length);
    }

    /** The standard error of one model's AUC. */
    public static double standardError(double[] scores, boolean[] positive) {
        Placements placements = Placements.of(scores, positive);
        return Math.sqrt(variance(placements.values(), placements.auc(), positive));
    }

    private static void subtract(double[] from, double[] values) {
        for (int i = 0; i < from.length; i++) {
            from[i] -= values[i];
        }
    }

    private static double variance(double[] values, double centre, boolean[] positive) {
        int positives = BinaryRows.count(positive);
        int negatives = positive.length - positives;
        if (positives < 2 || negatives < 2) {
            throw Inputs.undefined("DeLong variance", "it needs two rows of each class or more");
        }
        return squares(values, centre, positive, true) / (positives - 1.0) / positives
                + squares(values, centre, positive, false) / (negatives - 1.0) / negatives;
    }

    private static double squares(double[] values, double centre, boolean[] positive, boolean wanted) {
        Sum squares = new Sum();
        for (int i = 0; i < values.length; i++) {
            if (positive[i] == wanted) {
                double distance = values[i] - centre;
                squares.add(distance * distance);
            }
        }
        return squares.value();
    }

    /** The same difference on weighted rows whose clusters (customers, days) are independent; Student's t with G − 1. */
    public static PairedDifference clustered(
            double[] candidate, double[] champion, boolean[] positive, double[] weights, Clusters clusters) {
        Inputs.sameLength("champion", champion.length, "candidate", candidate.length);
        return ClusterRobust.compare(
                Placements.influence(candidate, positive, weights),
                Placements.influence(champion, positive, weights),
                weights,
                clusters);
    }
}
