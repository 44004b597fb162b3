package org.plimsoll.scoring;

import java.util.List;

/**
 * A linear model: for each output the intercept plus the products of coefficients and columns, added in the order of the columns,
 * in its maker's precision. A missing value makes the sum missing; features impute before.
 */
public final class LinearEngine implements MatrixEngine {

    private final double[] coefficients;
    private final double[] intercepts;
    private final int features;
    private final Precision precision;
    private final List<OnnxStep> steps;
    private final Head head;
    private final List<String> names;
    private final String version;

    /**
     * @param coefficients outputs × features
     * @param steps what is done to x before
     * @param names of x's columns, or none
     */
    LinearEngine(
            double[] coefficients,
            double[] intercepts,
            int features,
            Precision precision,
            List<OnnxStep> steps,
            Head head,
            List<String> names,
            String version) {
        this.coefficients = coefficients;
        this.intercepts = intercepts;
        this.features = features;
        this.precision = precision;
        this.steps = steps;
        this.head = head;
        this.names = List.copyOf(names);
        this.version = version;
    }

    @Override
    public int features() {
        return features;
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public CategoryCodes categories() {
        return CategoryCodes.NONE;
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public List<Signature.Output> outputs() {
        return head.outputs();
    }

    @Override
    public String version() {
        return version;
    }

    /** What explains the sums; only for a model that takes x as it comes. */
    Attribution attribution() {
        if (!steps.isEmpty()) {
            throw new IllegalStateException("x is changed before it is multiplied");
        }
        return new LinearShap(coefficients, intercepts, features, precision);
    }

    /** The sums before the link. */
    public double[] margins(double[] x, int rows) {
        double[] given = x;
        for (OnnxStep step : steps) {
            given = step.apply(given, features);
        }
        int width = intercepts.length;
        double[] sums = new double[Math.multiplyExact(rows, width)];
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < width; k++) {
                sums[row * width + k] = precision == Precision.SINGLE
                        ? narrowSum(given, row * features, k)
                        : sum(given, row * features, k);
            }
        }
        return sums;
    }

    private double sum(double[] x, int at, int output) {
        double sum = intercepts[output];
        for (int i = 0; i < features; i++) {
            sum += coefficients[output * features + i] * x[at + i];
        }
        return sum;
    }

    /** As ONNX Runtime's matrix product adds: fused, from nothing, the intercept at the end. */
    private float narrowSum(double[] x, int at, int output) {
        float sum = 0;
        for (int i = 0; i < features; i++) {
            sum = Math.fma((float) coefficients[output * features + i], (float) x[at + i], sum);
        }
        return sum + (float) intercepts[output];
    }

    @Override
    public double[][] score(double[] x, int rows) {
        return head.answers(margins(x, rows), rows);
    }

    @Override
    public String describe() {
        return "linear: " + features + " features, " + intercepts.length
                + (intercepts.length == 1 ? " output" : " outputs");
    }

    @Override
    public void close() {
        // nothing but memory of the JVM
    }
}
