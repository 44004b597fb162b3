package org.plimsoll.statistics;

/**
 * Two samples of numbers in ascending order: what every exact two-sample distance starts from.
 *
 * <p>Distribution functions of the two samples are step functions F and G; {@link #walk} visits their distinct values once, in
 * O(n + m) ({@link StepDifference}).
 *
 * @param reference ascending, finite
 * @param current ascending, finite
 */
public record SortedPair(double[] reference, double[] current) {

    public SortedPair {
        Inputs.ascending("reference", reference);
        Inputs.ascending("current", current);
    }

    /** Sorts copies of both samples; O(n log n). NaN and infinities: a Problem. */
    public static SortedPair of(double[] reference, double[] current) {
        Inputs.finite("reference", reference);
        Inputs.finite("current", current);
        return new SortedPair(sorted(reference), sorted(current));
    }

    /** −0.0 becomes 0.0, as libraries that compare bits would rank them apart. */
    private static double[] sorted(double[] values) {
        double[] sorted = new double[values.length];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = values[i] + 0.0;
        }
        RadixSort.sort(sorted);
        return sorted;
    }

    /** All values of both samples, ascending; O(n + m). */
    double[] pooled() {
        double[] pooled = new double[reference.length + current.length];
        int i = 0;
        int j = 0;
        for (int k = 0; k < pooled.length; k++) {
            boolean first = j == current.length || i < reference.length && reference[i] <= current[j];
            pooled[k] = first ? reference[i++] : current[j++];
        }
        return pooled;
    }

    /**
     * What the walk finds.
     *
     * @param kolmogorovSmirnov greatest |F − G|
     * @param wasserstein ∫|F − G| dx, in the unit of the values
     * @param energy √(2∫(F − G)² dx)
     */
    public record Distances(double kolmogorovSmirnov, double wasserstein, double energy) {}

    /** All three distances in one walk. Distances beyond 1e308: a Problem. */
    public Distances walk() {
        StepDifference difference = new StepDifference(reference, current);
        difference.walkOrdered(0, reference.length, 0, current.length);
        return new Distances(difference.kolmogorovSmirnov(), difference.wasserstein(), difference.energy());
    }
}
