package org.plimsoll.scoring;

import java.util.Optional;
import org.plimsoll.scoring.OnnxModel.Constant;
import org.plimsoll.scoring.OnnxModel.Node;

/**
 * A step that changes each column of x by itself: {@code (x - offset) * scale}, {@code x * scale}, {@code x + offset}, or a
 * missing value replaced. Computed in the graph's width, operation by operation, so it rounds as ONNX Runtime does.
 *
 * @param from the value it takes
 * @param kind what it does
 * @param offsets by column; none where it has none
 * @param scales by column; none where it has none
 */
record OnnxStep(String from, Kind kind, double[] offsets, double[] scales, Precision precision) {

    /** What a step does. */
    enum Kind {
        NOTHING,
        /** (x - offset) * scale. */
        SCALE,
        /** x * scale. */
        TIMES,
        /** x + offset. */
        PLUS,
        /** NaN becomes offset. */
        IMPUTE
    }

    private static final double[] NONE = new double[0];

    /** The step of this node; empty where it does anything else. */
    static Optional<OnnxStep> of(OnnxModel model, Node node, int features, Precision precision) {
        if (node.inputs().isEmpty()) {
            return Optional.empty();
        }
        String from = node.inputs().getFirst();
        if (node.is("Identity") || node.is("Cast") && node.whole("to", 0) == (precision == Precision.SINGLE ? 1 : 11)) {
            return Optional.of(new OnnxStep(from, Kind.NOTHING, NONE, NONE, precision));
        }
        if (precision == Precision.DOUBLE) {
            return Optional.empty(); // steps over doubles give floats: not proven
        }
        if (node.isMl("Scaler")) {
            Optional<double[]> offsets = spread(node.numbers("offset"), features);
            Optional<double[]> scales = spread(node.numbers("scale"), features);
            return offsets.isPresent() && scales.isPresent()
                    ? Optional.of(new OnnxStep(from, Kind.SCALE, offsets.get(), scales.get(), precision))
                    : Optional.empty();
        }
        if (node.isMl("Imputer")) {
            Optional<double[]> values = spread(node.numbers("imputed_value_floats"), features);
            boolean ofMissing = node.attribute("replaced_value_float")
                    .filter(replaced -> Float.isNaN(replaced.number()))
                    .isPresent();
            return values.isPresent() && ofMissing
                    ? Optional.of(new OnnxStep(from, Kind.IMPUTE, values.get(), NONE, precision))
                    : Optional.empty();
        }
        boolean arithmetic = node.domain().isEmpty()
                && (node.is("Mul") || node.is("Add"))
                && node.inputs().size() == 2;
        Optional<double[]> constant = arithmetic
                ? model.constant(node.inputs().get(1))
                        .filter(value -> value.type() == 1)
                        .map(Constant::numbers)
                        .flatMap(values -> spread(values, features))
                : Optional.empty();
        return constant.map(values -> node.is("Mul")
                ? new OnnxStep(from, Kind.TIMES, NONE, values, precision)
                : new OnnxStep(from, Kind.PLUS, values, NONE, precision));
    }

    /** One number for each column; a single one is for all. */
    private static Optional<double[]> spread(double[] values, int features) {
        if (values.length == features) {
            return Optional.of(values);
        }
        if (values.length == 1) {
            double[] all = new double[features];
            java.util.Arrays.fill(all, values[0]);
            return Optional.of(all);
        }
        return Optional.empty();
    }

    boolean isIdentity() {
        return kind == Kind.NOTHING;
    }

    /** The matrix after this step. */
    double[] apply(double[] x, int features) {
        double[] after = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int column = i % features;
            after[i] = switch (kind) {
                case NOTHING -> x[i];
                case SCALE -> ((float) x[i] - (float) offsets[column]) * (float) scales[column];
                case TIMES -> (float) x[i] * (float) scales[column];
                case PLUS -> (float) x[i] + (float) offsets[column];
                case IMPUTE -> Double.isNaN(x[i]) ? offsets[column] : x[i];
            };
        }
        return after;
    }
}
