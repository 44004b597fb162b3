package org.plimsoll.statistics;

import java.util.function.DoubleUnaryOperator;

/**
 * A metric on weighted rows together with what each row contributes to its error: the influence values.
 *
 * <p>With weights w and influence values ψ, {@code Σ w·ψ = 0} and, to first order, {@code Var(metric) = Σ_g (Σ_{i∈g} w_i·ψ_i)² /
 * (Σ w)²} over independent clusters g of rows. A difference of two metrics on the same rows has the difference of their
 * influence values, which is what makes a paired comparison sharp. Means of losses, costs, coverage: {@link #mean}; ratios:
 * {@link #ratio}; decisions at a threshold: {@link ConfusionInfluence}; the area under the ROC curve: {@link Placements}.
 * Factories are O(n); rows finite, weights 0 or more, else a Problem.
 *
 * <p>Formulas: mean {@code ψ = a − mean}; ratio R = Σwa/Σwb {@code ψ = (a − R·b)/mean(b)}; functions of a metric by the chain
 * rule [1].
 *
 * <p>[1] F. Hampel, "The influence curve and its role in robust estimation", J. Amer. Statist. Assoc. 69, 1974.
 *
 * @param metric the metric on these rows
 * @param values ψ of each row, in row order
 */
public record Influence(double metric, double[] values) {

    public Influence {
        Inputs.defined("metric", metric);
        for (double value : values) {
            Inputs.defined("influence value", value);
        }
    }

    /** A weighted mean of row values: any loss, cost or profit; coverage and accuracy as means of 0 and 1. */
    public static Influence mean(double[] rows, double[] weights) {
        double mean = Sum.mean(rows, weights);
        double[] values = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            values[i] = rows[i] - mean;
        }
        return new Influence(mean, values);
    }

    /** A ratio of weighted sums, such as cost per approval; undefined when the denominators sum to zero. */
    public static Influence ratio(double[] numerators, double[] denominators, double[] weights) {
        Inputs.sameLength("denominators", denominators.length, "numerators", numerators.length);
        double top = Sum.mean(numerators, weights);
        double bottom = Sum.mean(denominators, weights);
        if (bottom == 0) {
            throw Inputs.undefined("ratio", "its denominator is zero");
        }
        double ratio = top / bottom;
        double[] values = new double[numerators.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (numerators[i] - ratio * denominators[i]) / bottom;
        }
        return new Influence(ratio, values);
    }

    /** R² = 1 − Σw(y − f)² / Σw(y − ȳ)²; undefined when all actual values are equal. */
    public static Influence rSquared(double[] actual, double[] predicted, double[] weights) {
        double[] errors = Regression.squaredErrors(actual, predicted);
        double mean = Sum.mean(actual, weights);
        double[] spread = new double[actual.length];
        for (int i = 0; i < spread.length; i++) {
            spread[i] = (actual[i] - mean) * (actual[i] - mean);
        }
        return ratio(errors, spread, weights).map(share -> 1 - share, -1);
    }

    /** ln of this metric, for relative changes: ψ/metric. Undefined unless the metric is above zero. */
    public Influence logarithm() {
        return aboveZero("logarithm").map(Math::log, 1 / metric);
    }

    /** Root of this metric, RMSE from the mean squared error: ψ/(2·root). Undefined unless the metric is above zero. */
    public Influence squareRoot() {
        return aboveZero("square root").map(Math::sqrt, 0.5 / Math.sqrt(metric));
    }

    /** This metric plus {@code factor} times another on the same rows. */
    public Influence plus(double factor, Influence other) {
        Inputs.sameLength("influence", other.values.length, "the other metric", values.length);
        double[] sums = new double[values.length];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = values[i] + factor * other.values[i];
        }
        return new Influence(metric + factor * other.metric, sums);
    }

    /** A smooth function of this metric, whose slope at the metric is given. */
    Influence map(DoubleUnaryOperator function, double slope) {
        double[] scaled = new double[values.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = values[i] * slope;
        }
        return new Influence(function.applyAsDouble(metric), scaled);
    }

    private Influence aboveZero(String name) {
        if (!(metric > 0)) {
            throw Inputs.undefined(name, "the metric is not above zero");
        }
        return this;
    }
}
