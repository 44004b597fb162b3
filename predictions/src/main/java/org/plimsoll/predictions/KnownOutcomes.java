package org.plimsoll.predictions;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The outcomes of a stretch of predictions, by id and row. */
public final class KnownOutcomes {

    private static final @Nullable Outcome[] NONE = {};

    private final Map<String, @Nullable Outcome[]> byPrediction = new HashMap<>();

    void add(Outcome outcome) {
        @Nullable Outcome[] rows = byPrediction.getOrDefault(outcome.prediction(), NONE);
        if (outcome.row() >= rows.length) {
            rows = Arrays.copyOf(rows, Math.max(outcome.row() + 1, 2 * rows.length));
            byPrediction.put(outcome.prediction(), rows);
        }
        rows[outcome.row()] = outcome;
    }

    public Optional<Outcome> of(PredictionBatch batch, int row) {
        @Nullable Outcome[] rows = byPrediction.getOrDefault(batch.id(), NONE);
        return row < rows.length ? Optional.ofNullable(rows[row]) : Optional.empty();
    }
}
