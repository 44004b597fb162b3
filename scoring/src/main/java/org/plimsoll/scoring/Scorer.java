package org.plimsoll.scoring;

import java.util.List;
import java.util.Optional;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;

/**
 * A model that is ready to answer: raw columns in, scores out. Safe for any number of threads; the same row gives the same bits
 * alone and in any batch.
 */
public final class Scorer implements AutoCloseable {

    /** What the adding up of float shares may leave a probability above 1 or below 0. */
    static final double ROUNDING = 1e-6;

    private final Signature signature;
    private final Optional<Features> features;
    private final Engine engine;
    private final boolean isProbability;

    Scorer(Signature signature, Optional<Features> features, Engine engine) {
        this.signature = signature;
        this.features = features;
        this.engine = engine;
        this.isProbability = List.of("probability", "probabilities")
                .contains(signature.outputs().getFirst().name());
    }

    public Signature signature() {
        return signature;
    }

    /** Who computes the answers: what stands in golden rows made with it. */
    String by() {
        return switch (engine) {
            case PythonEngine python -> python.version();
            case RemoteEngine remote -> remote.where();
            case MatrixEngine _, OnnxEngine _ -> "Plimsoll";
        };
    }

    /** Whether a row gives the same bits alone and in any batch; where not, it may differ in the last digits. */
    public boolean isExact() {
        return engine.isExact();
    }

    /** Which engine answers, for people. */
    public String engine() {
        return engine.describe();
    }

    /**
     * The answers for these rows.
     *
     * @throws org.plimsoll.core.Problem INVALID, naming the input, where the rows do not fit the signature
     */
    public Scores score(Columns raw) {
        return switch (engine) {
            case MatrixEngine matrix -> {
                Features encoding = features.orElseThrow();
                double[] x = encoding.encode(raw, matrix.precision());
                yield scores(raw, matrix.score(x, raw.rows()), encoding.names(), x);
            }
            case ColumnEngine columns
            when features.isPresent() -> {
                Features encoding = features.orElseThrow();
                double[] x = encoding.encode(raw, Precision.DOUBLE);
                yield scores(raw, columns.score(columns(columns, x, raw.rows())), encoding.names(), x);
            }
            case ColumnEngine columns -> {
                signature.check(raw.schema());
                yield scores(raw, columns.score(raw), List.of(), new double[0]);
            }
        };
    }

    private Scores scores(Columns raw, double[][] values, List<String> names, double[] x) {
        if (isProbability) {
            for (int i = 0; i < values[0].length; i++) {
                values[0][i] = withinOne(values[0][i]);
            }
        }
        return new Scores(raw.rows(), signature.outputs(), values, names, x);
    }

    /** Shares of a forest's trees, added up in float, may be some units in the last place above 1. */
    private static double withinOne(double value) {
        if (value > 1 && value <= 1 + ROUNDING) {
            return 1;
        }
        return value < 0 && value >= -ROUNDING ? 0 : value;
    }

    /** The matrix x as columns, for engines that ask for columns. */
    private static Columns columns(ColumnEngine engine, double[] x, int rows) {
        int width = engine.inputs().size();
        ColumnsBuilder builder = Columns.builder(engine.inputs(), rows);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < width; column++) {
                builder.number(column, x[row * width + column]);
            }
            builder.endRow();
        }
        return builder.build();
    }

    @Override
    public void close() {
        engine.close();
    }
}
