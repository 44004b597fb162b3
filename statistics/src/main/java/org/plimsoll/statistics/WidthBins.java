package org.plimsoll.statistics;

import org.plimsoll.core.Problem;

/**
 * Bins of equal width as NumPy makes them, for statistics that must equal those of other tools. One outlier can put everything
 * into a single bin: prefer {@link QuantileBins}.
 *
 * <p>NumPy's rules: width from Sturges {@code range/(log₂ n + 1)} or Doane {@code range/(1 + log₂ n + log₂(1 + |g₁|/σ_g))}; bins
 * = ⌈range/width⌉; edges {@code i·(range/bins) + min}, the last the maximum itself; a value x is in bin k when {@code edge_k ≤ x
 * < edge_{k+1}}, the last bin is closed; values outside are in none. All values equal: one bin of ±½. Widths of whole numbers are
 * at least 1. Making them is O(n), counting a sorted sample O(bins·log n). A range beyond 1e308: a Problem.
 *
 * @param edges outer and inner edges, ascending; bins + 1 of them
 */
public record WidthBins(double[] edges) {

    public WidthBins {
        Inputs.atLeast("edges", edges.length, 2);
        Inputs.ascending("edges", edges);
    }

    /** {@code numpy.histogram_bin_edges(x, 'sturges')} from the extremes and number of a sample. */
    public static WidthBins sturges(double minimum, double maximum, long rows, boolean whole) {
        double range = Inputs.defined("range", maximum - minimum);
        return ofWidth(minimum, maximum, range / (log2(rows) + 1), whole);
    }

    /** {@code numpy.histogram_bin_edges(x, 'doane')}. */
    public static WidthBins doane(double[] values, boolean whole) {
        Inputs.finite("values", values);
        double minimum = values[0];
        double maximum = values[0];
        for (double value : values) {
            minimum = Math.min(minimum, value);
            maximum = Math.max(maximum, value);
        }
        double n = values.length;
        if (n <= 2 || minimum == maximum) {
            return ofWidth(minimum, maximum, 0, whole);
        }
        Moments moments = Moments.of(values);
        double deviation = Math.sqrt(moments.populationVariance());
        Sum cubes = new Sum();
        for (double value : values) {
            double z = (value - moments.mean()) / deviation;
            cubes.add(z * z * z);
        }
        double skewness = Math.abs(cubes.value() / n);
        double error = Math.sqrt(6 * (n - 2) / ((n + 1) * (n + 3)));
        return ofWidth(minimum, maximum, (maximum - minimum) / (1 + log2(n) + log2(1 + skewness / error)), whole);
    }

    /** {@code numpy.histogram_bin_edges(x, bins)}. */
    public static WidthBins equal(double minimum, double maximum, int bins) {
        Inputs.atLeast("bins", bins, 1);
        Inputs.finite("minimum", minimum);
        Inputs.finite("maximum", maximum);
        if (minimum > maximum) {
            throw Problem.invalid("maximum", maximum, "not below the minimum, " + minimum);
        }
        double low = minimum == maximum ? minimum - 0.5 : minimum;
        double high = minimum == maximum ? maximum + 0.5 : maximum;
        double step = Inputs.defined("range", high - low) / bins;
        if (!(step > 0)) {
            throw Inputs.undefined(
                    "bins of equal width", "the values are too large or too close for " + bins + " bins");
        }
        double[] edges = new double[bins + 1];
        for (int i = 0; i < bins; i++) {
            edges[i] = i * step + low;
        }
        edges[bins] = high;
        return new WidthBins(edges);
    }

    private static WidthBins ofWidth(double minimum, double maximum, double width, boolean whole) {
        double taken = whole && width < 1 ? 1 : width;
        double range = maximum - minimum;
        return equal(minimum, maximum, width > 0 ? (int) Math.ceil(range / taken) : 1);
    }

    /** Counts of an ascending sample; values outside the edges are not counted. */
    public long[] countsOfSorted(double[] sorted) {
        long[] counts = new long[edges.length - 1];
        int before = Quantile.countBelow(sorted, edges[0]);
        for (int k = 0; k < counts.length; k++) {
            int upTo = k == counts.length - 1
                    ? Quantile.countNotAbove(sorted, edges[k + 1])
                    : Quantile.countBelow(sorted, edges[k + 1]);
            counts[k] = upTo - before;
            before = upTo;
        }
        return counts;
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }
}
