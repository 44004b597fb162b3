package org.plimsoll.statistics;

/**
 * Jensen–Shannon distance of two sets of shares, from 0 to 1 (SciPy {@code jensenshannon(base=2)}): a metric, symmetric, finite whatever is
 * empty.
 *
 * <p>Formula: {@code √(½Σ p·log₂(p/m) + ½Σ q·log₂(q/m))}, m the mean of p and q. It is summed as {@code ½Σ m·f((p − q)/(p + q))}
 * with {@code f(d) = (1 + d)ln(1 + d) + (1 − d)ln(1 − d)}, whose terms are not negative, and by its series for small d; so the
 * distance keeps its accuracy near 0, where the textbook sum cancels to about 1e-8. O(k). Nothing on a side: a Problem.
 */
public final class JensenShannon {

    private JensenShannon() {}

    /** The distance of two samples counted in the same bins or categories. */
    public static double distance(long[] reference, long[] current) {
        return distance(Shares.of("reference", reference), Shares.of("current", current));
    }

    /** The distance of shares; each side is normalised to sum 1. */
    public static double distance(double[] reference, double[] current) {
        return Math.min(1, Math.sqrt(divergence(reference, current) / Math.log(2)));
    }

    /** The divergence in nats, from 0 to ln 2: the square of the distance in base e. */
    public static double divergence(double[] reference, double[] current) {
        Inputs.sameLength("current", current.length, "the reference's bins", reference.length);
        double[] p = Shares.normalized("reference", reference);
        double[] q = Shares.normalized("current", current);
        Sum sum = new Sum();
        for (int b = 0; b < p.length; b++) {
            double both = p[b] + q[b];
            if (both > 0) {
                sum.add(both / 4 * spread((p[b] - q[b]) / both));
            }
        }
        return sum.value();
    }

    /** (1 + d)ln(1 + d) + (1 − d)ln(1 − d) = d² + d⁴/6 + d⁶/15 + d⁸/28 + …, for d in [−1, 1]. */
    private static double spread(double d) {
        double square = d * d;
        if (square < 1e-4) {
            return square * (1 + square * (1 / 6.0 + square * (1 / 15.0 + square / 28.0)));
        }
        if (square == 1) {
            return 2 * Math.log(2);
        }
        return (1 + d) * Math.log1p(d) + (1 - d) * Math.log1p(-d);
    }
}
