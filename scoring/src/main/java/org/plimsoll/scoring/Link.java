package org.plimsoll.scoring;

import java.util.List;

/**
 * From margins, the sums of the leaves, to what the model answers: in float rounded where XGBoost rounds, in double where LightGBM
 * does, and with the {@link Exponential} that both use. Their answers bit for bit where their C library is that of Linux.
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
                margins[i] = 1f / (Exponential.exp(Math.min(-margins[i], LARGEST_EXPONENT)) + 1f + 1e-16f);
            }
        }

        @Override
        void apply(double[] margins, int width) {
            for (int i = 0; i < margins.length; i++) {
                margins[i] = 1 / (1 + Exponential.exp(-margins[i]));
            }
        }
    },
    EXP("prediction") {
        @Override
        void apply(float[] margins, int width) {
            for (int i = 0; i < margins.length; i++) {
                margins[i] = Exponential.exp(margins[i]);
            }
        }

        @Override
        void apply(double[] margins, int width) {
            for (int i = 0; i < margins.length; i++) {
                margins[i] = Exponential.exp(margins[i]);
            }
        }
    },
    /** ln(1 + e^margin): LightGBM's {@code cross_entropy_lambda}. */
    LOG1P_EXP("prediction") {
        @Override
        void apply(float[] margins, int width) {
            for (int i = 0; i < margins.length; i++) {
                margins[i] = (float) Math.log1p(Exponential.exp((double) margins[i]));
            }
        }

        @Override
        void apply(double[] margins, int width) {
            for (int i = 0; i < margins.length; i++) {
                margins[i] = Math.log1p(Exponential.exp(margins[i]));
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
                    margins[from + k] = Exponential.exp(margins[from + k] - greatest);
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
                    margins[from + k] = Exponential.exp(margins[from + k] - greatest);
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

    /** The same in double. */
    abstract void apply(double[] margins, int width);

    /** What the model answers. */
    List<Signature.Output> outputs(int width, Signature.Datatype datatype) {
        String name = this == LOGISTIC && width > 1 ? SOFTMAX.output : output;
        return List.of(new Signature.Output(name, datatype, width));
    }
}
