package org.plimsoll.scoring;

/**
 * The contributions of a linear model: coefficient × value, with the intercept as base, as XGBoost's {@code pred_contribs} gives
 * them for its linear booster. These are the Shapley values against a row of zeros, which is the average training row where the
 * features are standardised.
 *
 * @param coefficients outputs × features
 */
record LinearShap(double[] coefficients, double[] intercepts, int features, Precision precision)
        implements Attribution {

    @Override
    public double[] base() {
        return intercepts.clone();
    }

    @Override
    public double[] explain(double[] x, int rows) {
        int width = intercepts.length;
        double[] values = new double[Math.multiplyExact(rows, width * features)];
        for (int row = 0; row < rows; row++) {
            for (int output = 0; output < width; output++) {
                for (int i = 0; i < features; i++) {
                    values[(row * width + output) * features + i] =
                            coefficients[output * features + i] * x[row * features + i];
                }
            }
        }
        return values;
    }
}
