package org.plimsoll.statistics;

/**
 * Kullback–Leibler divergence of two sets of shares in nats (SciPy {@code entropy(p, q)}).
 *
 * <p>Formula: {@code Σ p·ln(p/q)} after each side is normalised to sum 1; bins with p = 0 add nothing. Undefined where p is above
 * zero and q is not. O(k).
 */
public final class KullbackLeibler {

    private KullbackLeibler() {}

    /** The divergence of the reference from the current shares, p and q. */
    public static double of(double[] reference, double[] current) {
        Inputs.sameLength("current", current.length, "the reference's bins", reference.length);
        double[] p = Shares.normalized("reference", reference);
        double[] q = Shares.normalized("current", current);
        Sum sum = new Sum();
        for (int b = 0; b < p.length; b++) {
            if (p[b] > 0) {
                if (q[b] == 0) {
                    throw Inputs.undefined("Kullback-Leibler divergence", "bin " + b + " is empty on one side only");
                }
                sum.add(p[b] * Math.log(p[b] / q[b]));
            }
        }
        return Inputs.defined("Kullback-Leibler divergence", sum.value());
    }
}
