package org.plimsoll.scoring;

/** In what width an engine compares and computes: that of its maker, since another one would give other answers. */
public enum Precision {
    /** IEEE 754 of 32 bits: XGBoost, and most ONNX graphs. Values of x are rounded to it before the engine sees them. */
    SINGLE("a number that fits a 32-bit float") {
        @Override
        double rounded(double value) {
            return (float) value;
        }
    },
    /** IEEE 754 of 64 bits: LightGBM, scikit-learn, and our linear models. */
    DOUBLE("a finite number") {
        @Override
        double rounded(double value) {
            return value;
        }
    };

    private final String expected;

    Precision(String expected) {
        this.expected = expected;
    }

    /** The nearest number of this width. */
    abstract double rounded(double value);

    /** What a value must be to have a finite one, for errors. */
    String expected() {
        return expected;
    }
}
