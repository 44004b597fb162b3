package org.plimsoll.scoring;

import java.util.List;

/**
 * From margins, the sums of the leaves, to what the model answers. In float, rounded where XGBoost rounds: its {@code expf} is
 * the exponential rounded to float, which the double exponential rounded to float equals but for one unit in the last place at
 * most [1].
 *
 * <p>[1] glibc's expf has an error below 0.502 units; the double result is right to 1 unit of double, so they differ only where
 * the true value lies that near to the middle between two floats.
 */
enum Link {
    IDENTITY("prediction") {
        @Override
        void apply(float[] margins, int width) {
            // the margin is the answer
        }

        @Override
        void apply(double[] margins, int width) {
            // the margin is the answer
        }
    },
    SCORE("score") {
        @Override
        void apply(float[] margins, int width) {
            // the margin is the answer
        }

        @Override
        void apply(double[] margins, int width) {
            // the margin is the answer
        }
    },
    LOGISTIC("probability") {
        @Override
        void apply(float[] margins, int width) {
            for (int i = 0; i < margins.length; i++) {
                margins[i] = 1f / (exp(Math.min(-margins[i], LARGEST_EXPONENT)) + 1f + 1e-16f);
            }
        }

        @Override
        void apply(double[] margins, int width) {
            for (int i = 0; i < margins.length; i++) {
                margins[i] = 1 / (1 + Math.exp(-margins[i]));
            }
        }
    },
    EXP("prediction") {
        @Override
        void apply(float[] margins, int width) {
            for (int i = 0; i < margins.length; i++) {
                margins[i] = exp(margins[i]);
            }
        }

        @Override
        void apply(double[] margins, int width) {
            for (int i = 0; i < margins.length; i++) {
                margins[i] = Math.exp(margins[i]);
            }
        }
    },
    /** ln(1 + e^margin): LightGBM's {@code cross_entropy_lambda}. */
    LOG1P_EXP("prediction") {
        @Override
        void apply(float[] margins, int width) {
            for (int i = 0; i < margins.length; i++) {
                margins[i] = (float) Math.log1p(Math.exp(margins[i]));
            }
        }

        @Override
        void apply(double[] margins, int width) {
            for (int i = 0; i < margins.length; i++) {
                margins[i] = Math.log1p(Math.exp(margins[i]));
            }
        }
    },
    /** The square with the margin's sign: LightGBM's regressions trained on square roots. */
    SQUARE("prediction") {
        @Override
        void apply(float[] margins, int width) {
            for (int i = 0; i < margins.length; i++) {
                margins[i] *= Math.abs(margins[i]);
            }
        }

        @Override
        void apply(double[] margins, int width) {
            for (int i = 0; i < margins.length; i++) {
                margins[i] *= Math.abs(margins[i]);
            }
        }
    },
    SOFTMAX("probabilities") {
        @Override
        void apply(float[] margins, int width) {
            for (int from = 0; from < margins.length; from += width) {
                float greatest = margins[from];
                for (int k = 1; k < width; k++) {
                    greatest = Math.max(greatest, margins[from + k]);
                }
                double sum = 0;
                for (int k = 0; k < width; k++) {
                    margins[from + k] = exp(margins[from + k] - greatest);
                    sum += margins[from + k];
                }
                for (int k = 0; k < width; k++) {
                    margins[from + k] /= (float) sum;
                }
            }
        }

        @Override
        void apply(double[] margins, int width) {
            for (int from = 0; from < margins.length; from += width) {
                double greatest = margins[from];
                for (int k = 1; k < width; k++) {
                    greatest = Math.max(greatest, margins[from + k]);
                }
                double sum = 0;
                for (int k = 0; k < width; k++) {
                    margins[from + k] = Math.exp(margins[from + k] - greatest);
                    sum += margins[from + k];
                }
                for (int k = 0; k < width; k++) {
                    margins[from + k] /= sum;
                }
            }
        }
    };

    /** Beyond it expf overflows; XGBoost's sigmoid stops here too. */
    private static final float LARGEST_EXPONENT = 88.7f;

    private final String output;

    Link(String output) {
        this.output = output;
    }

    /** Turns margins into answers in place; {@code width} values a row. */
    abstract void apply(float[] margins, int width);

    /** The same in double, as LightGBM rounds; its {@code exp} may differ from ours by one unit in the last place of a double. */
    abstract void apply(double[] margins, int width);

    /** What the model answers. */
    List<Signature.Output> outputs(int width, Signature.Datatype datatype) {
        String name = this == LOGISTIC && width > 1 ? SOFTMAX.output : output;
        return List.of(new Signature.Output(name, datatype, width));
    }

    static float exp(float value) {
        return (float) Math.exp(value);
    }
}
