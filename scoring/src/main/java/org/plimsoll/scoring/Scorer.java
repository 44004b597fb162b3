package org.plimsoll.scoring;

import org.plimsoll.data.Columns;

/**
 * A model that is ready to answer: raw columns in, scores out. Safe for any number of threads; the same row gives the same bits
 * alone and in any batch.
 */
public final class Scorer implements AutoCloseable {

    private final Signature signature;
    private final Features features;
    private final Engine engine;

    Scorer(Signature signature, Features features, Engine engine) {
        this.signature = signature;
        this.features = features;
        this.engine = engine;
    }

    public Signature signature() {
        return signature;
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
        float[] x = features.encode(raw);
        return new Scores(raw.rows(), signature.outputs(), engine.score(x, raw.rows()), features.names(), x);
    }

    @Override
    public void close() {
        engine.close();
    }
}
